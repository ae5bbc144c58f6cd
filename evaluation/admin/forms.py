"""Form fields and widgets for dates, numbers and files as people here write them."""

import datetime
import json

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from unfold.widgets import INPUT_CLASSES, UnfoldAdminExpandableTextareaWidget, UnfoldAdminSelectWidget

from evaluation import persian
from evaluation.process.door import Refusal
from evaluation.process.files.accept import accept

SATURDAY = 5  # of date.weekday()


class FieldWidget(forms.TextInput):
    """Unfold's text input."""

    def __init__(self, attrs=None):
        attrs = {"autocomplete": "off", **(attrs or {})}
        super().__init__({**attrs, "class": " ".join([*INPUT_CLASSES, attrs.get("class", "")]).strip()})


class LatinWidget(FieldWidget):
    """For codes, hashes and e-mail: left to right, Latin digits."""

    def __init__(self, attrs=None):
        super().__init__({"dir": "ltr", "spellcheck": "false", **(attrs or {}), "class": "latin"})


class DecimalWidget(FieldWidget):
    def __init__(self, attrs=None):
        super().__init__({"inputmode": "decimal", **(attrs or {})})

    def format_value(self, value):
        return value if value is None or isinstance(value, str) else persian.format_decimal(value, None)


class IntegerWidget(FieldWidget):
    """Whole numbers without grouping: a year is ۱۴۰۴, not ۱٬۴۰۴."""

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "numeric", **(attrs or {})})

    def format_value(self, value):
        return value if value is None or isinstance(value, str) else persian.localise_digits(value)


class JalaliDateWidget(FieldWidget):
    """A date typed as ۱۴۰۴/۰۵/۱۲, with a calendar to choose from."""

    template_name = "evaluation/widgets/jalali.html"
    supports_microseconds = False
    kind = "date"

    def __init__(self, attrs=None):
        super().__init__({"data-jalali": self.kind, "placeholder": self.example(), **(attrs or {})})

    def example(self):
        return _Localised("1404/05/12")

    def format_value(self, value):
        return value if value is None or isinstance(value, str) else persian.format_jalali(value)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["words"] = json.dumps(calendar_words(), ensure_ascii=False)
        context["widget"]["today"] = persian.format_jalali(timezone.localdate(), language="en")
        return context


class JalaliDateTimeWidget(JalaliDateWidget):
    """A moment typed as ۱۴۰۴/۰۵/۱۲ ۱۴:۳۰."""

    kind = "datetime"

    def example(self):
        return _Localised("1404/05/12 14:30")

    def format_value(self, value):
        if value is None or isinstance(value, str):
            return value
        seconds = f":{value:%S}" if value.second else ""  # else saving an untouched form would round it
        return f"{persian.format_jalali(value)} {persian.format_time(value)}{persian.localise_digits(seconds)}"


class _Localised:
    """A text whose digits follow the language of the request, not of the import."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        return persian.localise_digits(self.text)


def calendar_words():
    """What the calendar's script shows, in the active language; the week begins on Saturday."""
    language = "fa" if persian.is_persian() else "en"
    days = persian.WEEKDAYS[language]
    return {
        "title": _("Calendar"),
        "today": _("Today"),
        "clear": _("Empty"),
        "month_before": _("Month before"),
        "month_after": _("Month after"),
        "year_before": _("Year before"),
        "year_after": _("Year after"),
        "months": persian.MONTHS[language],
        "weekdays": days[SATURDAY:] + days[:SATURDAY],
    }


class SelectWidget(UnfoldAdminSelectWidget):
    """Unfold's select, whose options are written at once: a template for each of hundreds of cycles takes longer."""

    template_name = "evaluation/widgets/select.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["options"] = format_html_join("", "{}", map(group_of, context["widget"]["optgroups"]))
        return context


def group_of(group):
    """(HTML,) of some options, below the name of their group where they have one."""
    name, options, _index = group
    lines = [(flatatt(option["attrs"]), option["value"], option["label"]) for option in options]
    listed = format_html_join("", '<option{} value="{}">{}</option>', lines)
    return (format_html('<optgroup label="{}">{}</optgroup>', name, listed) if name else listed,)


class PlainFileWidget(forms.ClearableFileInput):
    """The browser's own file input, and the name of the file that is there.

    The name is no link: files are handed out by pages that ask for rights.
    """

    template_name = "evaluation/widgets/file.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        if context["widget"]["is_initial"]:
            context["widget"]["file_name"] = value.shown_name
        return context


class ManyFilesWidget(PlainFileWidget):
    allow_multiple_selected = True


def _read(parse, value):
    try:
        return parse(value)
    except ValueError as refusal:
        raise ValidationError(str(refusal), code="invalid") from None


class JalaliDateField(forms.DateField):
    """Reads Jalali (and Gregorian) dates in any digits; gives a `date`."""

    widget = JalaliDateWidget

    def to_python(self, value):
        return _read(persian.parse_jalali, value)


class JalaliDateTimeField(forms.DateTimeField):
    """Reads a Jalali date with hour and minute in any digits; gives an aware moment."""

    widget = JalaliDateTimeWidget

    def to_python(self, value):
        return _read(persian.parse_jalali_datetime, value)


class JalaliEndWidget(JalaliDateWidget):
    """The end of something: a day, which ends at 24:00, or a moment within one."""

    def format_value(self, value):
        """A midnight is shown as the day that it ends, so that saving twice moves nothing."""
        if value is None or isinstance(value, str):
            return value
        end = persian.shown_end(value)
        if not isinstance(end, datetime.datetime):
            return persian.format_jalali(end)
        return JalaliDateTimeWidget().format_value(timezone.localtime(end) if timezone.is_aware(end) else end)


class JalaliEndField(forms.DateTimeField):
    """Reads the end of something: a Jalali date ends with that day, a date with hour and minute is the moment."""

    widget = JalaliEndWidget

    def to_python(self, value):
        return _read(persian.parse_jalali_end, value)


class PersianDecimalField(forms.DecimalField):
    """Reads ۱۲٫۵, 12.5 and ۱٬۲۵۰; gives a `Decimal` that any database can read back."""

    widget = DecimalWidget

    default_validators = [MinValueValidator(-persian.LARGEST_FIGURE), MaxValueValidator(persian.LARGEST_FIGURE)]

    def to_python(self, value):
        return _read(persian.parse_decimal, value)


class PersianIntegerField(forms.IntegerField):
    """Reads a whole number in any digits; gives an `int`."""

    widget = IntegerWidget

    def to_python(self, value):
        number = _read(persian.parse_decimal, value)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise ValidationError(_("Write a whole number, without decimals."), code="invalid")
        return int(number)


class UploadField(forms.FileField):
    """A file under the one rule of `process.files`; its refusal is the field's error."""

    widget = PlainFileWidget

    def __init__(self, **kwargs):
        super().__init__(**{"allow_empty_file": True, **kwargs})  # the rule says it better

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile):
            try:
                accept(file)
            except Refusal as refusal:
                raise ValidationError(refusal.sentences, code="refused") from None
        return file


class ManyFilesField(UploadField):
    """Any number of files from one input; gives a list."""

    widget = ManyFilesWidget

    def clean(self, data, initial=None):
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        if self.required and not files:
            raise ValidationError(self.error_messages["required"], code="required")
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


END_FIELDS = frozenset({"closes_at", "ends_at", "wanted_until", "return_deadline", "shown_until", "nominations_until"})
FORMFIELD_OVERRIDES = {
    models.DateTimeField: {"form_class": JalaliDateTimeField, "widget": JalaliDateTimeWidget},
    models.DateField: {"form_class": JalaliDateField, "widget": JalaliDateWidget},
    models.DecimalField: {"form_class": PersianDecimalField, "widget": DecimalWidget},
    models.IntegerField: {"form_class": PersianIntegerField, "widget": IntegerWidget},
    models.BigIntegerField: {"form_class": PersianIntegerField, "widget": IntegerWidget},
    models.TextField: {"widget": UnfoldAdminExpandableTextareaWidget},
    models.FileField: {"form_class": UploadField, "widget": PlainFileWidget},
    models.URLField: {"assume_scheme": "https", "widget": LatinWidget},
}
