"""Headings that recur: asked about at the first two files, read without a question after them, seen and struck out."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from evaluation.enums import Stage
from evaluation.models import KeptHeading, Mark
from tests.admin.imports.import_desk import Desk, page, text_of
from tests.admin.imports.test_headings import FOREIGN, answered, fields
from tests.resources.sheets import sheet

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # formats of files
CHOICE = {"کد_واحد": "agency", "رقم_نهایی": "actual", "نام_مسئول": ""}
LIST = reverse("admin:evaluation_keptheading_changelist")


@pytest.fixture
def desk(cast):
    return Desk(cast.until(Stage.SELF_ASSESSMENT), "reporter_a")


def file_of(number):
    """A file that no other number has."""
    return sheet(FOREIGN, ["A", "G-1", number, "خانم احمدی"])


def named(desk, number, **chosen):
    run = desk.upload("self", file_of(number))
    answered(desk, run, **chosen or CHOICE)
    return desk.here(run)


def kept():
    return dict(KeptHeading.objects.values_list("heading", "times"))


def initial(desk, run):
    """{heading: the column that the page has chosen already}."""
    response = desk.client.get(page("headings", run.pk))
    form = response.context["form"]
    return {heading: form[name].initial for heading, name in fields(response).items()}


def test_a_second_file_asks_with_the_answer_filled_in(desk):
    named(desk, 80)
    run = desk.upload("self", file_of(70))
    assert run.state == "mapping"
    assert initial(desk, run) == {"کد واحد": "agency", "رقم نهایی": "actual", "نام مسئول": ""}
    assert text_of(desk.report(run)).count("chosen for one file before") == 3
    assert Mark.objects.count() == 0


def test_a_third_file_asks_nothing(desk):
    named(desk, 80)
    named(desk, 70)
    assert kept() == {"کد واحد": 2, "رقم نهایی": 2, "نام مسئول": 2}
    run = desk.upload("self", file_of(60))
    assert (run.state, run.new) == ("tried", 1)
    desk.confirm(run)
    assert Mark.objects.get().actual == 60


def test_the_same_file_counts_once(desk):
    data = file_of(80)
    for _time in range(3):
        run = desk.upload("self", data)
        answered(desk, run, **CHOICE)
    assert set(kept().values()) == {1}


def test_another_answer_begins_anew(desk):
    named(desk, 80)
    named(desk, 70, **CHOICE | {"نام_مسئول": "note"})
    assert kept() == {"کد واحد": 2, "رقم نهایی": 2, "نام مسئول": 1}
    assert KeptHeading.objects.get(heading="نام مسئول").column == "note"


def test_a_column_that_may_be_left_out_is_asked_about_too(desk):
    known = ["کد دستگاه", "کد شاخص", "عملکرد واقعی", "شرح"]
    first = desk.upload("self", sheet(known, ["A", "G-1", 80, "یک"]))
    answered(desk, first, شرح="note")
    run = desk.upload("self", sheet(known, ["A", "G-1", 70, "دو"]))
    assert run.state == "mapping"
    sentence = (
        "Sheet “Sheet1”: the heading “شرح” at D1 was read as the column “توضیح” in one file before. Confirm that it "
        "means this column here too, or choose another one."
    )
    assert sentence in text_of(desk.report(run))


def test_data_that_were_taken_for_names_once_do_no_harm(desk):
    rows = [["A", "G-1", "عملکرد", "یک"], ["A", "S-1", "80", "دو"]]  # the first is a row of data
    run = desk.upload("self", sheet(*rows))
    answered(desk, run, A="agency", **{"G-1": "code"}, عملکرد="note", یک="")
    assert desk.here(run).state == "tried"
    later = desk.upload("self", sheet(*rows, ["A", "G-31", "70", "سه"]))
    assert (later.state, later.headings) == ("mapping", {})
    assert set(kept().values()) == {1}


def test_names_are_those_of_one_person_and_workbook(desk):
    named(desk, 80)
    named(desk, 70)
    run = Desk(desk.cast, "reporter_b").upload("self", sheet(FOREIGN, ["B", "G-1", 60, "x"]))
    assert (run.state, run.headings, run.offered) == ("mapping", {}, {})


def test_staff_see_what_was_read_as_what(desk):
    named(desk, 80)
    run = named(desk, 70)
    staff = Desk(desk.cast, "expert")
    words = text_of(staff.client.get(LIST))
    person = desk.cast.reporter_a.get_full_name()
    for heading, column in (("کد واحد", "کد دستگاه"), ("رقم نهایی", "عملکرد واقعی")):
        assert f"{heading} Self-assessment {column} read without a question 2 {person} a.xlsx" in words
    assert "نام مسئول Self-assessment Do not read this column read without a question 2" in words
    assert f'href="{page("change", run.pk)}"' in staff.client.get(LIST).content.decode()
    assert "کد واحد" in text_of(staff.client.get(LIST, {"recurs": "1"}))
    assert "کد واحد Self-assessment" not in text_of(staff.client.get(LIST, {"recurs": "0"}))
    assert "کد واحد Self-assessment" not in text_of(Desk(desk.cast, "reporter_b").client.get(LIST))


def test_a_struck_heading_is_asked_about_again(desk):
    named(desk, 80)
    named(desk, 70)
    row = KeptHeading.objects.get(heading="رقم نهایی")
    Desk(desk.cast, "expert").client.post(
        reverse("admin:evaluation_keptheading_delete", args=[row.pk]), {"post": "yes"}
    )
    assert kept() == {"کد واحد": 2, "نام مسئول": 2}
    assert LogEntry.objects.get(object_id=str(row.pk), action_flag=3).object_repr == "رقم نهایی"
    run = desk.upload("self", sheet([*FOREIGN[:2], "رقم نهایی", "توضیح"], ["A", "G-1", 60, "x"]))
    assert [heading for heading in run.report["unread"]["sheets"][0]["headings"] if heading["key"] == "رقمنهایی"]
    assert run.state == "tried"
    assert Mark.objects.count() == 0
