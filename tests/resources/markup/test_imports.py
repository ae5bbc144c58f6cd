"""The way of an office: an upload with faults, its marked copy, corrected there, uploaded and written."""

import pytest

from evaluation.models import Agency
from evaluation.resources.markup import SUMMARY_TITLE, marked
from tests.resources.markup.marking import RED, fills, notes, opened
from tests.resources.sheets import counts, export, faults, imported, sheet, tried
from tests.resources.uploads import saved

pytestmark = pytest.mark.django_db

HEADINGS = ["کد دستگاه", "نام دستگاه", "دستگاه متبوع", "رتبه‌بندی می‌شود"]


def test_corrected_in_the_marked_copy_it_imports(cast):
    data = sheet(HEADINGS, ["C", "اداره ج", "وزارت الف", "شاید"], ["D", None, "وزارت الف", "بله"])
    run = tried("agencies", data, by=cast.manager, cycle=cast.cycle)
    wrong = [cell for cell, *_rest in faults(run)]
    copy, name = marked(data, run.file_name, run.report["faults"])
    assert (name, wrong) == ("agencies-marked.xlsx", ["D2", "B3"])

    book = opened(copy)
    page = book["Sheet1"]
    assert fills(page) == {"D2": RED, "B3": RED}
    assert [text.split("\n")[1] for text in notes(page).values()] == [f"• {fault[3]}" for fault in faults(run)]
    page["D2"], page["B3"] = "خیر", "اداره د"
    run = imported("agencies", saved(book), by=cast.manager, cycle=cast.cycle)
    assert counts(run) == {"new": 2, "changed": 0, "same": 0, "wrong": 0}
    assert list(Agency.objects.filter(code__in="CD").order_by("code").values_list("name", "ranked")) == [
        ("اداره ج", False),
        ("اداره د", True),
    ]


def test_uncorrected_it_has_the_same_faults_at_the_same_cells(cast):
    data = sheet(HEADINGS, ["C", "اداره ج", "وزارت الف", "شاید"])
    first = tried("agencies", data, by=cast.manager, cycle=cast.cycle)
    copy, _name = marked(data, first.file_name, first.report["faults"])
    again = tried("agencies", copy, by=cast.manager, cycle=cast.cycle)
    assert faults(again) == faults(first)
    assert faults(again)[0][0] == "D2"


def test_an_export_marked_and_cleaned_comes_back_in_unchanged(cast):
    data = export("agencies", by=cast.manager, cycle=cast.cycle)
    sheet_title = opened(data).sheetnames[0]
    fault = {"cause": "text", "sheet": sheet_title, "cell": "B3", "heading": "", "value": "", "sentence": "x"}
    copy, _name = marked(data, "a.xlsx", [fault])
    assert opened(copy).sheetnames[0] == SUMMARY_TITLE
    for workbook in (copy, marked(copy, "a.xlsx", [])[0]):
        run = imported("agencies", workbook, by=cast.manager, cycle=cast.cycle)
        assert (run.new, run.changed) == (0, 0)
        assert run.same == Agency.objects.filter(province=cast.province).count() > 0
