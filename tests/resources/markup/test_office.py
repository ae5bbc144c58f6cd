"""LibreOffice opens what we mark, and what it saves of a marked copy can be mended, marked and cleaned."""

import pytest

from evaluation.resources.markup import SUMMARY_TITLE
from tests.resources.markup.marking import (
    RED,
    SAID,
    YELLOW,
    converted,
    copy_of,
    fault,
    fills,
    note,
    notes,
    opened,
    read_rows,
)
from tests.resources.markup.test_again import painted
from tests.resources.markup.test_comments import commented
from tests.resources.markup.test_kept import rich
from tests.resources.uploads import written

pytestmark = [
    pytest.mark.office,
    pytest.mark.filterwarnings("ignore:.*not supported and will be removed"),  # openpyxl, when it looks
]


def test_it_opens_and_prints_every_sheet(tmp_path):
    copy = copy_of(written(rich), "B3", "A12", sheet="نمره‌ها", warnings=[fault("A2", sheet="second")])
    assert converted(copy, "pdf", tmp_path)[:5] == b"%PDF-"
    office = opened(converted(copy, "xlsx", tmp_path))
    assert office.sheetnames == [SUMMARY_TITLE, "نمره‌ها", "second", "hidden", "_marks"]
    shown = fills(office["نمره‌ها"])
    assert (shown["B3"], shown["A12"], fills(office["second"])["A2"]) == ("FFFEC4C9", RED, YELLOW)
    assert notes(office["نمره‌ها"]) == {"B3": note(SAID), "A12": note(SAID)}


def test_saved_by_it_the_marks_are_known_again(tmp_path):
    office = converted(copy_of(painted(), "A1", "C1", "D1", "E9", warnings=["E1"]), "xlsx", tmp_path)
    clean = opened(copy_of(office))
    assert clean.sheetnames == ["s"]
    shown = fills(clean["s"])
    assert shown.pop("B1")[:2] == "FF"  # a colour of the theme, which it writes as a plain one
    assert shown == {"A1": "FFDDEEFF", "C1": "FF2B3C4D"}  # it has no gradients in cells, and writes the middle
    assert clean["s"]["D1"].font.b is True
    assert {cell: text.rstrip() for cell, text in notes(clean["s"]).items()} == {"D1": "mine"}


def test_saved_by_it_they_are_marked_anew(tmp_path):
    data = written(commented)
    office = converted(copy_of(data, "A1", "B1"), "xlsx", tmp_path)
    again = copy_of(office, fault("B1", "New."), fault("C3", "Newer."))
    page = opened(again)["s"]
    assert fills(page) == {"B1": RED, "C3": RED}
    assert {cell: text.split("\n")[0] for cell, text in notes(page).items()} == {
        "A1": "از خودم",
        "B1": "── خطاهای بارگذاری ──",
        "C3": "of mine",
    }
    assert read_rows(again)["s"][0] == read_rows(data)["s"][0]
    assert opened(converted(again, "xlsx", tmp_path)).sheetnames == [SUMMARY_TITLE, "s"]


def test_its_own_workbooks_are_marked_in_place(tmp_path):
    own = converted(written(rich), "xlsx", tmp_path)
    copy = opened(copy_of(own, "B3", "C40", sheet="نمره‌ها"))
    assert copy[SUMMARY_TITLE]["A3"].value.startswith("Correct the red cells, save this workbook")
    shown = fills(copy["نمره‌ها"])
    assert (shown["B3"], shown["C40"]) == ("FFFEC4C9", RED)
    assert len(copy["نمره‌ها"]._charts) == 1
