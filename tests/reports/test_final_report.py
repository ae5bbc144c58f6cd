"""The final report: method, results, comparisons and the council, from the snapshot, found in two readers."""

from io import BytesIO

import pikepdf
import pytest
from django.utils import translation

from evaluation.models import CouncilRemark, ResultSet
from evaluation.process.results import result
from evaluation.reports import final_report, publication
from evaluation.reports.typeset import figure
from tests import snapshots
from tests.admin.results.result_stand import Stand
from tests.admin.results.test_council import do, give_back, remark_rows

from .pdf_text import READERS, chromium, overlapping


@pytest.fixture
def announced(db):
    return snapshots.once(lambda: Stand().compute().pass_gates().announce(), "announced")


@pytest.mark.parametrize("read", READERS)
def test_its_words_are_found_as_they_are_written(announced, read):
    text = read(final_report.pdf(announced.results))
    words = [
        "گزارش نهایی",
        "روش ارزیابی",
        "مقایسه‌ها",
        "به تفکیک گروه همتا",
        "مصوبهٔ شورا",
        "نتایج تصویب شد",
        "رئیس شورا",
    ]
    words += ["اداره آلفا", "بانک اپسیلون", "اداره زتا", "اصلاح ساختار", "دولت الکترونیک", "زیربنایی", "خدماتی"]
    assert [word for word in words if word not in text] == []
    assert overlapping(final_report.pdf(announced.results)) == []


def test_its_figures_are_those_that_plain_arithmetic_gives(announced):
    translation.activate("fa")  # the pages of the fixture were read in English
    content = final_report.content(announced.results)
    totals = [1800, 1500.001, 1500.004, 900]  # tests/reports/province.py
    mean, median = sum(totals) / 4, (1500.001 + 1500.004) / 2
    assert dict(content["summary"])["میانگین"] == figure(mean)
    assert content["dimensions"][-1][1:] == ["۴", figure(mean), figure(median), "۱٬۸۰۰٫۰۰", "۹۰۰٫۰۰"]
    assert {row[0]: row[2] for row in content["groups"]} == {
        "زیربنایی": figure((1800 + 1500.004) / 2),
        "خدماتی": figure((1500.001 + 900) / 2),
    }
    assert [row[1] for row in content["ranking"]] == ["اداره آلفا", "اداره بتا", "اداره گاما", "اداره دلتا"]


def test_it_keeps_its_names_and_its_bytes_when_tables_change(announced):
    before = final_report.pdf(announced.results)
    agency = announced.agency("اداره آلفا")
    agency.name = "نام تازه"
    agency.save()
    announced.year.title = "عنوان دیگر"
    announced.year.save()
    assert final_report.pdf(ResultSet.objects.get(pk=announced.results.pk)) == before


def test_it_says_that_it_is_a_draft_or_void(announced):
    draft = "پیش‌نویس"
    assert draft in chromium(final_report.pdf(announced.results))
    assert publication.name_of("report", announced.results) == "final-report-1405-draft.pdf"
    void = result.void(announced.results, by=announced.manager, reason="خطا")
    assert "باطل" in chromium(final_report.pdf(void))
    assert publication.name_of("report", void) == "final-report-1405-void.pdf"


def test_it_may_be_archived_and_read_aloud(announced):
    with pikepdf.open(BytesIO(final_report.pdf(announced.results))) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("2", "A", "1")


def test_remarks_of_the_council_stand_with_their_answers(db):
    stand = Stand().compute().dispatch()
    give_back(stand, **remark_rows(stand))
    on_line, on_agency = CouncilRemark.objects.order_by("pk")
    do(stand, "expert", on_line, "change", score="۵۰۰", reason="گواهی رسید")
    do(stand, "expert", on_agency, "uphold", reason="درست است")
    rows = final_report.remarks(ResultSet(cycle=stand.year, number=2, pk=stand.year.result_sets.get().pk))
    assert [(row[0], row[2]) for row in rows] == [
        ("اداره آلفا", "امتیاز محور نخست"),
        ("اداره بتا", "کل دستگاه"),
    ]
    assert "گواهی رسید" in rows[0][3]


@pytest.mark.parametrize("who", ["manager", "expert", "secretary", "national"])
def test_those_for_whom_it_is_download_it(announced, who):
    response = announced.page(who, "make", "report")
    assert response.content.startswith(b"%PDF")
    assert response.headers["Content-Disposition"] == 'attachment; filename="final-report-1405-draft.pdf"'
    assert "Final report" in announced.page(who).content.decode()


@pytest.mark.parametrize(("who", "code"), [("reporter_al", 403), ("headquarters_a", 403), ("observer", 404)])
def test_others_do_not_before_the_publication(announced, who, code):
    assert announced.page(who, "make", "report").status_code == code
