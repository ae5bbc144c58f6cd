"""The file of a list: filtered and sorted as the list, the chosen columns alone, in three kinds, and logged."""

import csv
import io
import zipfile

import openpyxl
import pytest
from django.urls import reverse
from lxml import etree

from evaluation.admin import exports
from evaluation.models import FileEvent
from tests import factories as make

from .list_files import chosen

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

AGENCIES = reverse("admin:evaluation_agency_changelist")
URL = reverse("admin:evaluation_agency_export")
XLSX, ODS, CSV = "0", "1", "2"
ODF = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"


@pytest.fixture
def agencies(cast):
    """Five agencies of two kinds; one has a name that a program would take for a formula."""
    for code, name, kind in (("C", "=1+1", "بانک"), ("D", "اداره ت", "بانک"), ("E", "اداره پ", "شرکت")):
        make.AgencyFactory(province=cast.province, code=code, name=name, kind=kind, ranked=kind != "بانک")
    return cast


def posted(client, url=URL, kind=CSV, **changes):
    """The answer to the page's own form, with these values in place of its own."""
    page = client.get(url)
    data = chosen_of(page) | {"format": kind} | changes
    return client.post(url, {name: value for name, value in data.items() if value is not None})


def chosen_of(page):
    page.context_data = page.context
    return chosen(page)


def rows(answer):
    """The rows of a downloaded .csv file, its headings first."""
    assert answer.headers["Content-Disposition"].startswith("attachment"), answer.context["form"].errors
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def only(*names):
    """The form's values that leave these columns alone."""
    every = ("name", "shown_code", "kind", "headquarters", "group", "is_ranked", "is_active")
    return {f"listresource_{name}": "on" if name in names else None for name in every}


def test_filters_search_and_order_are_those_of_the_list(agencies):
    answer = posted(agencies.client("expert"), f"{URL}?o=-1&q=اداره", **only("shown_code"))
    assert rows(answer) == [["کد دستگاه"], ["E"], ["D"], ["B"], ["A"]]
    answer = posted(agencies.client("expert"), f"{URL}?ranked__exact=0&o=1", **only("shown_code", "kind"))
    assert rows(answer) == [["کد دستگاه", "نوع دستگاه"], ["C", "بانک"], ["D", "بانک"]]


def test_all_pages_of_the_list_are_in_the_file(agencies):
    make.AgencyFactory.create_batch(60, province=agencies.province)
    answer = posted(agencies.client("expert"), f"{URL}?p=2", **only("name"))
    assert len(rows(answer)) == 1 + 65


def test_an_unknown_filter_is_refused_by_the_list(agencies):
    client = agencies.client("expert")
    for answer in (client.get(f"{URL}?national_id__gte=1"), client.post(f"{URL}?national_id__gte=1", {"format": CSV})):
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{AGENCIES}?e=1")


def test_a_column_that_the_list_does_not_have_is_refused(agencies):
    answer = posted(agencies.client("expert"), listresource_national_id="on")
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors() == [
        "این فهرست چنین ستونی ندارد یا مشاهدهٔ آن برای شما مجاز نیست؛ از ستون‌های زیر انتخاب کنید."
    ]
    assert not FileEvent.objects.filter(kind="exported").exists()


def test_no_column_and_no_kind_are_refused(agencies):
    client = agencies.client("expert")
    assert posted(client, **only()).context["form"].non_field_errors() == ["حداقل یک ستون را انتخاب کنید."]
    assert "format" in posted(client, kind="9").context["form"].errors


def test_an_agency_gets_no_column_of_the_scorers(cast):
    """The list of lines shows scores of headquarters and evaluators to staff alone."""
    cast.until("evaluation")
    cast.score(cast.assessment(cast.agency_a))
    url = reverse("admin:evaluation_line_export")
    own = posted(cast.client("reporter_a"), url)
    staff = posted(cast.client("expert"), url)
    hidden = {"امتیاز تأیید دستگاه متبوع", "امتیاز اولیه"}
    refused = posted(cast.client("reporter_a"), url, listresource_read_initial_score_score="on")
    assert hidden.isdisjoint(rows(own)[0])
    assert {row[0] for row in rows(own)[1:]} == {"اداره الف"}
    assert len(rows(staff)[0]) == len(rows(own)[0]) + 2
    assert refused.status_code == 200
    assert refused.context["form"].non_field_errors()


def test_the_download_is_logged_with_its_filter(agencies):
    posted(agencies.client("expert"), f"{URL}?ranked__exact=0", kind=XLSX)
    event = FileEvent.objects.get(kind="exported")
    assert event.by == agencies.expert
    assert event.name.startswith("agency-list-14")
    assert event.name.endswith(".xlsx")
    assert event.source.startswith(f"{URL}?ranked__exact=0")


def test_the_workbook_has_our_look(agencies):
    answer = posted(agencies.client("expert"), f"{URL}?ranked__exact=0&o=1", kind=XLSX)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet, facts = book.worksheets
    assert (sheet.title, sheet.sheet_view.rightToLeft, sheet.freeze_panes) == ("دستگاه‌های اجرایی", True, "B2")
    assert [cell.value for cell in sheet[1]] == [
        "نام دستگاه", "کد دستگاه", "نوع دستگاه", "دستگاه متبوع", "گروه همتای پیش‌فرض", "رتبه‌بندی می‌شود", "فعال"
    ]  # fmt: skip
    assert sheet["A2"].value == "=1+1"
    assert (sheet["A2"].data_type, sheet["A2"].quotePrefix) == ("s", True)
    assert ("رتبه‌بندی می‌شود", "خیر") in [(row[0].value, row[1].value) for row in facts.iter_rows(min_row=2)]


def test_the_open_document_has_it_too(agencies):
    answer = posted(agencies.client("expert"), f"{URL}?ranked__exact=0&o=1", kind=ODS)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        assert package.infolist()[0].filename == "mimetype"
        content = etree.fromstring(package.read("content.xml"))
    table = content.find(f".//{ODF % 'table'}table")
    cells = [
        ["".join(cell.itertext()) for cell in row.iter(f"{ODF % 'table'}table-cell")]
        for row in table.iter(f"{ODF % 'table'}table-row")
    ]
    assert cells[0][:3] == ["نام دستگاه", "کد دستگاه", "نوع دستگاه"]
    assert [row[:3] for row in cells[1:]] == [["=1+1", "C", "بانک"], ["اداره ت", "D", "بانک"]]
    assert not [name for cell in content.iter() for name in cell.attrib if name.endswith("formula")]
    assert b'style:writing-mode="rl-tb"' in etree.tostring(content)


def test_a_formula_is_text_in_comma_separated_files_too(agencies):
    answer = posted(agencies.client("expert"), f"{URL}?ranked__exact=0&o=1", **only("name"))
    assert rows(answer) == [["نام دستگاه"], ["'=1+1"], ["اداره ت"]]


def test_figures_are_numbers_and_dates_are_of_the_calendar(cast):
    cast.until("evaluation")
    lines = posted(cast.client("expert"), reverse("admin:evaluation_line_export") + "?o=2", kind=XLSX)
    sheet = openpyxl.load_workbook(io.BytesIO(lines.content)).worksheets[0]
    heading = {cell.value: cell.column for cell in sheet[1]}
    assert {type(row[heading["سقف امتیاز"] - 1].value) for row in sheet.iter_rows(min_row=2)} <= {int, float}
    windows = posted(cast.client("expert"), reverse("admin:evaluation_cycle_export"))
    assert rows(windows)[1][-2:] == ["1404/01/01", "1404/12/29"]


def test_a_list_in_english_gives_a_persian_file(agencies):
    client = agencies.client("expert")
    client.cookies["django_language"] = "en"
    assert rows(posted(client, **only("name", "shown_code")))[0] == ["نام دستگاه", "کد دستگاه"]


def test_a_list_that_is_too_long_says_so(agencies, monkeypatch):
    monkeypatch.setattr(exports, "MAX_ROWS", 3)
    answer = posted(agencies.client("expert"))
    assert [str(message) for message in answer.context["messages"]] == [
        "این فهرست ۵ ردیف دارد و هر فایل حداکثر ۳ ردیف می‌پذیرد؛ ابتدا فهرست را فیلتر کنید."
    ]


def test_the_price_does_not_grow_with_the_rows(agencies, django_assert_max_num_queries):
    make.AgencyFactory.create_batch(60, province=agencies.province)
    client = agencies.client("expert")
    page = client.get(URL)
    with django_assert_max_num_queries(20):
        client.post(URL, chosen_of(page))


def test_the_list_leads_there_with_its_filters(agencies):
    page = agencies.client("expert").get(f"{AGENCIES}?ranked__exact=0&o=1&p=1")
    link = next(part for part in page.content.decode().split('href="') if part.startswith(URL))
    assert link.partition('"')[0].replace("&amp;", "&") in (f"{URL}?ranked__exact=0&o=1", f"{URL}?o=1&ranked__exact=0")
