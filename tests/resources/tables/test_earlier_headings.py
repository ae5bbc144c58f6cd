"""Files handed out before a heading, a label or the title of our list changed are read as they always were."""

import pytest

from evaluation.enums import Scorer
from evaluation.models import Indicator
from evaluation.persian import match_key
from evaluation.resources.downloads.kit_columns import AgencyKit, EvaluatorKit
from evaluation.resources.tables.earlier_headings import EARLIER
from evaluation.resources.tables.our_sheets import EARLIER_TITLES, is_summary
from evaluation.resources.workbooks.registry import ALL
from tests.resources.markup.marking import SAID, copy_of, note, notes, opened
from tests.resources.sheets import counts, imported, line_of, sheet, tried
from tests.resources.uploads import written

SHEETS = (*ALL, AgencyKit, EvaluatorKit)


def columns():
    """(sheet, code, column) of every column of every workbook."""
    return [(each, code, column) for each in SHEETS for code, column in each.fields.items()]


def test_each_earlier_heading_still_names_its_column():
    held = {column.heading for _sheet, _code, column in columns()}
    assert set(EARLIER) <= held, "a heading that no column has any more"
    for _sheet, code, column in columns():
        assert {match_key(name) for name in EARLIER.get(column.heading, ())} <= column.matches(code)


def test_no_name_means_two_columns_of_one_workbook():
    for each in SHEETS:
        named = [key for code, column in each.fields.items() for key in column.matches(code)]
        assert len(named) == len(set(named)), each.__name__


@pytest.mark.django_db
@pytest.mark.parametrize("heading", ["ستاد", "دستگاه متبوع"])
def test_agencies_with_their_headquarters(cast, heading):
    data = sheet(["کد دستگاه", "نام دستگاه", heading], ["A", "اداره الف", "وزارت ب"])
    run = imported("agencies", data, by=cast.manager, cycle=cast.cycle)
    cast.agency_a.refresh_from_db()
    assert (cast.agency_a.headquarters.name, counts(run)["changed"]) == ("وزارت ب", 1)


@pytest.mark.django_db
@pytest.mark.parametrize("heading", ["خوداظهاری امتیاز", "امتیاز خودارزیابی"])
def test_a_self_assessment(entry, heading):
    Indicator.objects.filter(code="G-1").update(nature="qualitative", scale=[])
    data = sheet(["کد دستگاه", "کد شاخص", heading], ["A", "G-1", 7])
    run = imported("self", data, by=entry.reporter_a, cycle=entry.cycle)
    assert (line_of("G-1").self_score, run.report["remarks"]) == (7, [])


@pytest.mark.django_db
def test_values_chosen_by_an_earlier_label(cast):
    headings = ["بعد", "محور", "سقف محور", "کد شاخص", "عنوان شاخص", "سقف امتیاز", "امتیازدهنده", "مستند قانونی"]
    data = sheet(headings, ["general", "محور", 100, "N-1", "عنوان", 5, "سامانهٔ بیرونی", "ماده ۸۱"])
    run = tried("indicators", data, by=cast.manager, cycle=cast.cycle)
    assert [each for each in run.report["faults"] if each["heading"] in headings[6:]] == []
    widget = next(column.widget for _sheet, code, column in columns() if code == "scorer")
    assert widget.clean("سامانه بیرونی") == widget.clean("سامانهٔ مرتبط") == Scorer.FEED


@pytest.mark.parametrize("title", EARLIER_TITLES)
def test_marks_of_an_earlier_copy_are_taken_out(title):
    def marked_before(book):
        page = book.add_worksheet("s")
        page.write_row("A1", ["a", "b"])
        page.write_comment("A1", note(SAID).replace("خطاهای بارگذاری", title))
        page.write_comment("B1", "از خودم\n\n" + note(SAID).replace("خطاهای بارگذاری", title))

    assert is_summary(title)
    assert is_summary(f"{title} (2)")
    assert notes(opened(copy_of(written(marked_before)))["s"]) == {"B1": "از خودم"}
