from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from evaluation.models import AgencyResult, AxisResult, Extension
from evaluation.process.results import result
from evaluation.reports import book, disc, figures, ranking
from evaluation.rules.roles import roles_of

from .province import longer


def sheets(content):
    book = openpyxl.load_workbook(BytesIO(content))
    return {page.title: [list(row) for row in page.iter_rows(values_only=True)] for page in book.worksheets}, book


def exact(value):
    return None if value is None else Decimal(repr(value)).quantize(Decimal("0.000001"))


def test_ranks_are_1_2_2_4_and_the_others_stand_apart(computed):
    table = figures.read(computed).ranking
    assert [(each.agency.name, each.rank) for each in table.ranked] == [
        ("اداره آلفا", 1),
        ("اداره بتا", 2),
        ("اداره گاما", 2),
        ("اداره دلتا", 4),
    ]
    assert [(each.agency.name, each.rank) for each in table.unranked] == [("بانک اپسیلون", None)]
    assert [each.agency.name for each in table.passive] == ["اداره زتا"]


def test_ranks_inside_each_group(computed):
    groups = figures.read(computed).ranking.groups().items()
    found = {group.title: [(each.agency.code, each.group_rank) for each in members] for group, members in groups}
    assert found == {
        "زیربنایی": [("AL", 1), ("GA", 2)],
        "خدماتی": [("BE", 1), ("DE", 2)],
    }


def test_highest_and_lowest_axis_are_computed(computed):
    found = [
        (each.axis.title, each.percent, each.agencies, each.highest, each.lowest)
        for each in figures.read(computed).axes
    ]
    assert found == [
        ("اصلاح ساختار", Decimal("75.666667"), 5, True, False),
        ("دولت الکترونیک", Decimal("71.500000"), 5, False, True),
    ]


def test_the_standings_sheet_holds_the_rows_of_the_database(computed):
    found, book = sheets(ranking.workbook(computed))
    rows = next(iter(found.values()))[1:]
    by_code = {row[1]: row for row in rows}
    assert len(rows) == 6
    for each in AgencyResult.objects.filter(result_set=computed, dimension=None).select_related(
        "participation__agency"
    ):
        row = by_code[each.participation.agency.code]
        assert (row[0], row[4]) == (each.rank, each.group_rank)
        assert exact(row[7]) == each.total
        assert exact(row[8]) == each.maximum
    first = book.worksheets[0]
    assert first.sheet_view.rightToLeft
    assert first.freeze_panes == "A2"
    assert all(cell.data_type == "n" for cell in first["H"][1:])


def test_the_other_sheets_hold_dimensions_and_axes(computed):
    found, _book = sheets(ranking.workbook(computed))
    pages = list(found.values())
    dimensions = {(row[0], row[2]): exact(row[5]) for row in pages[1][1:]}
    assert dimensions == {
        (each.participation.agency.code, each.dimension.title): each.total
        for each in AgencyResult.objects.filter(result_set=computed).exclude(dimension=None)
    }
    axes = {(row[0], row[4]): exact(row[6]) for row in pages[2][1:]}
    assert axes == {
        (each.participation.agency.code, each.axis.title): each.total
        for each in AxisResult.objects.filter(result_set=computed)
    }
    assert [(row[2], exact(row[3])) for row in pages[3][1:]] == [
        ("اصلاح ساختار", Decimal("75.666667")),
        ("دولت الکترونیک", Decimal("71.500000")),
    ]


def test_hidden_ranks_are_in_no_sheet_and_the_order_does_not_tell_them(computed):
    computed.cycle.end_order = "council_before_ranking"
    computed.cycle.save()
    found, _book = sheets(ranking.workbook(computed))
    pages = list(found.values())
    assert {(row[0], row[4]) for row in pages[0][1:]} == {(None, None)}
    assert {(row[7], row[8]) for row in pages[1][1:]} == {(None, None)}
    assert [row[2] for row in pages[0][1:5]] == ["اداره آلفا", "اداره بتا", "اداره دلتا", "اداره گاما"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queries_do_not_grow_with_the_agencies(computed, province, rows, django_assert_num_queries):
    codes = ["AL", "BE", "GA"][:rows]
    AgencyResult.objects.exclude(participation__agency__code__in=codes).delete()
    roles_of(province.manager)
    with django_assert_num_queries(4):  # both parts, levels, the figures and axes that the person may see
        shown = figures.read(computed, province.manager)
    assert len(shown.ranking.everybody) == rows


def test_extensions_by_agency_stand_in_the_report(province):
    longer(province, "اداره بتا", 3)
    longer(province, "اداره بتا", 5)
    longer(province, "اداره زتا", 10)
    assert Extension.objects.count() == 3
    computed = result.compute(result.prepare(province.year, by=province.expert), by=province.expert)
    rows = [["اداره زتا", "۱", "۱۰"], ["اداره بتا", "۲", "۵"]]
    found, _book = sheets(ranking.workbook(computed))
    assert found["تمدیدها به تفکیک دستگاه"][1:] == [["ZE", "اداره زتا", 1, 10], ["BE", "اداره بتا", 2, 5]]
    assert book.content(computed)["extensions"] == rows
    assert all("".join(f"<td>{value}</td>" for value in row) in disc.index(computed) for row in rows)
