"""Dates, numbers and files as people type them, in the forms of the admin."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import unfold.fields
import unfold.widgets
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils import translation
from django.utils.html import strip_tags
from pytest_django.asserts import assertHTMLEqual

from evaluation.admin import forms as ours
from evaluation.admin.display import shown_field


@pytest.mark.parametrize(
    ("field", "typed", "read"),
    [
        (ours.JalaliDateField(), "۱۴۰۴/۰۵/۱۲", date(2025, 8, 3)),
        (ours.JalaliDateField(), "1404-5-12", date(2025, 8, 3)),
        (ours.JalaliDateField(), "۱۴۰۳/۱۲/۳۰", date(2025, 3, 20)),  # a leap year has 30 Esfand
        (ours.JalaliDateField(required=False), "", None),
        (ours.JalaliDateTimeField(), "۱۴۰۴/۰۵/۱۲ ۱۴:۳۰", datetime(2025, 8, 3, 11, 0, tzinfo=UTC)),
        (ours.PersianDecimalField(), "۱۲٫۵", Decimal("12.5")),
        (ours.PersianDecimalField(), "١٬٢٥٠٫٧٥", Decimal("1250.75")),
        (ours.PersianIntegerField(), "۱۴۰۴", 1404),
        (ours.PersianIntegerField(required=False), "", None),
    ],
)
def test_what_people_type_is_read(field, typed, read):
    assert field.clean(typed) == read


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        (ours.JalaliDateField(), "1402/12/30", "“1402/12/30” is a date that does not exist."),
        (ours.JalaliDateField(), "soon", "“soon” is not a date. Write year, month and day, like 1404/05/12."),
        (ours.JalaliDateTimeField(), "1404/05/12 25:00", "“1404/05/12 25:00” is a time that does not exist."),
        (
            ours.PersianDecimalField(max_digits=24, decimal_places=6),
            "9" * 18,
            "Ensure this value is less than or equal to 999999999999999499.",
        ),
        (ours.PersianDecimalField(), "twelve", "“twelve” is not a number. Write it in digits, like 1250."),
        (ours.PersianIntegerField(), "12.5", "Write a whole number, without decimals."),
        (ours.PersianIntegerField(max_value=10), "11", "Ensure this value is less than or equal to 10."),
    ],
)
def test_what_cannot_be_read_is_said(field, typed, sentence):
    with translation.override("en"):
        with pytest.raises(ValidationError) as refusal:
            field.clean(typed)
        assert [str(message) for message in refusal.value.messages] == [sentence]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        (
            forms.CharField(max_length=250),
            "x" * 3000,
            "این مقدار باید حداکثر ۲۵۰ نویسه داشته باشد (اکنون ۳۰۰۰ نویسه دارد).",
        ),
        (ours.PersianIntegerField(min_value=0), "-5", "این مقدار باید بزرگ‌تر از ۰ یا برابر با آن باشد."),
        (ours.PersianDecimalField(max_digits=8, decimal_places=2), "1.234", "نباید بیش از ۲ رقم اعشار داشته باشد."),
        (forms.ChoiceField(choices=[("a", "a")]), "G-101", "یک گزینهٔ معتبر انتخاب کنید. G-101 از گزینه‌های موجود نیست."),
    ],
)
def test_the_limits_of_a_field_are_said_in_persian_digits(field, typed, sentence):
    with translation.override("fa"):
        with pytest.raises(ValidationError) as refusal:
            field.clean(typed)
        assert refusal.value.messages == [sentence]


class Sheet(forms.Form):
    day = ours.JalaliDateField()
    at = ours.JalaliDateTimeField()
    score = ours.PersianDecimalField(max_digits=8, decimal_places=3)
    year = ours.PersianIntegerField()


STORED = {
    "day": date(2025, 8, 3),
    "at": datetime(2025, 8, 3, 20, 29, 59, tzinfo=UTC),
    "score": Decimal("1250.500"),
    "year": 1404,
}


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("fa", {"day": "۱۴۰۴/۰۵/۱۲", "at": "۱۴۰۴/۰۵/۱۲ ۲۳:۵۹:۵۹", "score": "۱٬۲۵۰٫۵", "year": "۱۴۰۴"}),
        ("en", {"day": "1404/05/12", "at": "1404/05/12 23:59:59", "score": "1,250.5", "year": "1404"}),
    ],
)
def test_what_is_shown_goes_back_unchanged(language, shown):
    with translation.override(language):
        empty = Sheet(initial=STORED)
        values = {name: empty[name].field.widget.format_value(empty[name].value()) for name in shown}
        assert values == shown
        back = Sheet(values, initial=STORED)
        assert back.is_valid(), back.errors
        assert (back.changed_data, back.cleaned_data) == ([], STORED)


def test_a_refused_form_keeps_what_was_typed():
    form = Sheet({"day": "۱۴۰۲/۱۲/۳۰", "at": "", "score": "x", "year": ""})
    assert not form.is_valid()
    assert 'value="۱۴۰۲/۱۲/۳۰"' in str(form["day"])
    assert 'value="x"' in str(form["score"])


def test_numbers_are_text_inputs_so_that_no_digit_is_dropped():
    html = str(Sheet())
    assert 'type="number"' not in html
    assert (html.count('inputmode="decimal"'), html.count('inputmode="numeric"')) == (1, 1)


def test_the_calendar_begins_on_saturday_and_speaks_the_language():
    for language, first, last in (("fa", "شنبه", "جمعه"), ("en", "Saturday", "Friday")):
        with translation.override(language):
            days = ours.calendar_words()["weekdays"]
        assert (days[0], days[-1], len(days)) == (first, last, 7)


def test_every_date_and_number_of_a_model_gets_these_fields():
    expected = {
        models.DateField: ours.JalaliDateField,
        models.DateTimeField: ours.JalaliDateTimeField,
        models.DecimalField: ours.PersianDecimalField,
        models.IntegerField: ours.PersianIntegerField,
        models.BigIntegerField: ours.PersianIntegerField,
    }
    assert {
        model: given.get("form_class") for model, given in ours.FORMFIELD_OVERRIDES.items() if model in expected
    } == expected


def test_a_stored_file_is_named_and_not_linked():
    class Stored:
        url = "/media/secret/letter.pdf"

        shown_name = "نامه.pdf"

        def __str__(self):
            return "secret/9f.pdf"

    html = ours.PlainFileWidget().render("file", Stored(), {"id": "id_file"})
    assert "نامه.pdf" in html
    assert "secret" not in html


def test_many_files_are_a_list():
    field = ours.ManyFilesField()
    files = [SimpleUploadedFile(name, b"%PDF-1.7 x") for name in ("a.pdf", "b.pdf")]
    assert [file.name for file in field.clean(files)] == ["a.pdf", "b.pdf"]
    with translation.override("en"):
        with pytest.raises(ValidationError) as refusal:
            field.clean([])
        assert refusal.value.messages == ["This field is required."]


@pytest.mark.parametrize(
    ("value", "field", "persian", "english"),
    [
        (Decimal("1000.000000"), models.DecimalField(decimal_places=6), "۱٬۰۰۰", "1,000"),
        (Decimal("1.450000"), models.DecimalField(decimal_places=6), "۱٫۴۵", "1.45"),
        (1404, models.IntegerField(), "۱۴۰۴", "1404"),
        (1, models.IntegerField(choices=[(1, "first")]), "first", "first"),
        (None, models.DecimalField(decimal_places=6), "—", "—"),
    ],
)
def test_figures_that_are_only_read_stand_as_people_write_them(value, field, persian, english):
    assert unfold.fields.display_for_field is shown_field
    for language, expected in (("fa", persian), ("en", english)):
        with translation.override(language):
            assert strip_tags(shown_field(value, field, "—")) == expected


def test_a_select_is_written_at_once_as_unfold_draws_it():
    choices = [("", "—"), (1, "<b>یک</b>"), ("گروه", [(2, "دو"), (3, "سه & چهار")])]
    drawn = [
        select(choices=choices).render("x", 2, {"id": "id_x", "required": True})
        for select in (unfold.widgets.UnfoldAdminSelectWidget, ours.SelectWidget)
    ]
    assertHTMLEqual(*drawn)
    assert ("selected" in drawn[1], "<b>" in drawn[1]) == (True, False)
