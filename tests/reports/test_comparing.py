"""The comparisons of a result set: figures recomputed here, names of the snapshot, and nothing for who reads a part."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from evaluation.enums import CycleKind
from evaluation.models import AgencyResult, Assessment, Axis, Cycle, EarlierTotal, Indicator, Line, Participation
from evaluation.process.results import result
from evaluation.process.year import interim_figures
from evaluation.reports import tables
from evaluation.reports.comparing import groups, indicators, levels_of_scores, named, phases, trend
from evaluation.reports.comparing.registry import COMPARISONS
from evaluation.reports.comparing.source import Source, reads_all
from tests import factories as make

from .test_ranking_workbook import sheets


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def compute(province):
    return result.compute(result.prepare(province.year, by=province.expert), by=province.expert)


def source(result_set, province):
    return Source(result_set, province.manager)


def two(value):
    return None if value is None else f"{value:.2f}"


def table(report, title):
    return next(found for found in report.tables if found.title == title)


# -- top, weak, passive ---------------------------------------------------------------------------


def test_top_weak_and_passive_agencies_follow_the_rules_of_the_cycle(province):
    Cycle.objects.filter(pk=province.year.pk).update(top_count=2, top_percent=85, weak_percent=50)
    computed = compute(province)
    report = named.report(source(computed, province))
    assert [row[0] for row in table(report, "Top agencies").rows] == ["اداره آلفا", "اداره بتا", "اداره گاما"]
    assert [(row[0], two(row[5])) for row in table(report, "Weak agencies").rows] == [("اداره دلتا", "45.00")]
    assert [row[0] for row in table(report, "Passive agencies").rows] == ["اداره زتا"]
    name = province.province.name
    assert report.announcement == (
        f"Results of “ارزیابی عملکرد سال ۱۴۰۵” in {name}:\n"
        "Top agencies (ranks 1 to 2 or at least 85 percent of the maximum): "
        "اداره آلفا (1,800.00 of 2,000 points); اداره بتا (1,500.00 of 2,000 points); "
        "اداره گاما (1,500.00 of 2,000 points).\n"
        "Weak agencies (below 50 percent of the maximum): اداره دلتا (900.00 of 2,000 points).\n"
        "Agencies that did not take part: اداره زتا."
    )


def test_without_a_rule_nobody_is_named_and_the_page_says_so(computed, province):
    report = named.report(source(computed, province))
    assert table(report, "Top agencies").rows == []
    assert table(report, "Weak agencies").note == "No rule is set; set it in the settings of the cycle."


def test_hidden_ranks_name_nobody(province):
    Cycle.objects.filter(pk=province.year.pk).update(end_order="council_before_ranking", top_count=2)
    computed = compute(province)
    report = named.report(source(computed, province))
    assert (report.tables, report.announcement) == ([], "")


# -- groups and indicators ------------------------------------------------------------------------


def test_groups_have_mean_highest_and_lowest(computed, province):
    rows = table(groups.report(source(computed, province)), "Totals").rows
    assert [(row[0], row[1], two(row[2]), two(row[3]), *map(str, row[5::2])) for row in rows] == [
        ("زیربنایی", 2, "1650.00", "82.50", "اداره آلفا", "اداره گاما"),
        ("خدماتی", 3, "1366.67", "68.33", "بانک اپسیلون", "اداره دلتا"),
    ]


def test_indicators_that_are_zero_or_full_everywhere_are_listed(province):
    first, second = province.leaves
    Line.objects.filter(indicator=first, final_score__isnull=False).update(final_score=600)
    Line.objects.filter(indicator=second, final_score__isnull=False).update(final_score=0)
    computed = compute(province)
    Indicator.objects.filter(pk=first.pk).update(title="نام بعدی")
    report = indicators.report(source(computed, province))
    assert [row[0] for row in table(report, "Full in every agency").rows] == [f"G-1 · {first.title}"]
    assert [row[0] for row in table(report, "Zero in every agency").rows] == [f"G-2 · {second.title}"]
    assert [(row[2], two(row[3]), row[6], row[7]) for row in table(report, "All general indicators").rows] == [
        (5, "0.00", 5, 0),
        (5, "100.00", 0, 5),
    ]


def test_an_exempt_line_is_no_zero(province):
    _first, second = province.leaves
    Line.objects.filter(indicator=second).update(final_score=0)
    own = Line.objects.filter(indicator=second, assessment__participation=province.participations["اداره آلفا"])
    own.update(exempt=True, final_score=None)
    report = indicators.report(source(compute(province), province))
    assert [(row[0].split(" ")[0], row[2]) for row in table(report, "Zero in every agency").rows] == [("G-2", 4)]


# -- self, headquarters, final ---------------------------------------------------------------------


def test_self_and_headquarters_stand_beside_the_final_points(province):
    own = Line.objects.filter(assessment__participation=province.participations["اداره آلفا"])
    for line in own.filter(assessment__dimension=province.general_1405):
        Line.objects.filter(pk=line.pk).update(self_score=line.final_score + 10, hq_score=line.final_score + 4)
    report = levels_of_scores.report(source(compute(province), province))
    rows = {row[:2]: [two(value) for value in row[2:]] for row in table(report, "Agencies").rows}
    assert rows["اداره آلفا", "شاخص‌های عمومی"] == ["920.00", "908.00", "900.00", "1000.00", "-20.00", "-8.00"]
    assert rows["اداره آلفا", "شاخص‌های اختصاصی"] == [None, None, "900.00", "1000.00", None, None]
    means = table(report, "Means, percent of the maximum").rows[0]
    assert [two(value) for value in means[1:]] == ["92.00", "90.80", "74.00", "-18.00"]


def test_what_was_entered_is_read_as_it_was_kept(province):
    own = Line.objects.filter(assessment__participation=province.participations["اداره آلفا"])
    own.update(self_score=100, hq_score=90)
    results = compute(province)
    own.update(self_score=1, hq_score=1)

    def points():
        report = levels_of_scores.report(source(results, province))
        return report.note, next(row for row in table(report, "Agencies").rows if row[0] == "اداره آلفا")[2:4]

    note, figures = points()
    assert ("stand today" in note, figures) == (False, (200, 180))
    before = source(results, province)
    without = {name: part for name, part in before.content.items() if not name.startswith("entered")}
    before.__dict__["results"] = replace(before.results, content=without)  # as results of before keep it
    report = levels_of_scores.report(before)
    assert "the ones that stand today" in report.note
    assert next(row for row in table(report, "Agencies").rows if row[0] == "اداره آلفا")[2:4] == (2, 2)


# -- first half and final phase --------------------------------------------------------------------


def interim_of(province, earned):
    """An interim cycle of two axes in which each agency earned these points of 1000 on each axis."""
    cycle = Cycle.objects.create(
        province=province.province,
        performance_year=1405,
        kind=CycleKind.INTERIM,
        main_cycle=province.year,
        title="شش‌ماههٔ اول",
        period_start=datetime.date(2026, 3, 21),
        period_end=datetime.date(2026, 9, 20),
    )
    general = make.DimensionFactory(cycle=cycle, code="general", title="شاخص‌های عمومی")
    leaves = []
    for origin in province.axes:
        axis = make.AxisFactory(
            dimension=general, number=origin.number, title=origin.title, maximum=1000, origin=origin
        )
        leaves.append(make.IndicatorFactory(dimension=general, axis=axis, code=f"G-{axis.number}", points=1000))
    for name, points in earned.items():
        joined = Participation.objects.create(cycle=cycle, agency=province.agency(name), ranked_among="nobody")
        file = Assessment.objects.create(participation=joined, dimension=general)
        for leaf, score in zip(leaves, points, strict=True):
            Line.objects.create(assessment=file, indicator=leaf, maximum=1000, target=100, initial_score=Decimal(score))
    return cycle


QAZVIN = {"اداره آلفا": ("275.5", "549.6"), "اداره بتا": ("275.5", "549.6")}


def test_the_first_half_stands_beside_the_final_phase_with_two_decimals(province):
    interim_of(province, QAZVIN)
    computed = compute(province)
    report = phases.report(source(computed, province))
    axes, agencies = report.tables
    assert [(row[0], two(row[1]), two(row[2]), two(row[3]), *row[4:]) for row in axes.rows] == [
        ("اصلاح ساختار", "27.55", "75.67", "48.12", "Lowest", "Highest"),
        ("دولت الکترونیک", "54.96", "71.50", "16.54", "Highest", "Lowest"),
    ]
    assert [(row[0], *map(two, row[1:])) for row in agencies.rows] == [
        ("اداره آلفا", "41.26", "90.00", "48.74"),
        ("اداره بتا", "41.26", "75.00", "33.74"),
    ]
    found, _book = sheets(tables.workbook(lambda: phases.report(source(computed, province)), title="x"))
    first = next(iter(found.values()))
    assert [two(value) for value in first[1][1:3]] == ["27.55", "75.67"]


def test_the_axis_figures_of_an_archived_interim_cycle_are_those_that_were_kept(province):
    cycle = interim_of(province, QAZVIN)
    interim_figures.freeze(cycle, by=province.manager)
    Cycle.objects.filter(pk=cycle.pk).update(stage="closed")
    cycle = Cycle.objects.get(pk=cycle.pk)
    before = interim_figures.shares(cycle)
    Line.objects.filter(assessment__participation__cycle=cycle).update(initial_score=1)
    assert interim_figures.shares(cycle) == before
    assert [two(share.percent) for share in before] == ["27.55", "27.55", "54.96", "54.96"]
    snapshot = cycle.snapshots.get()
    assert (snapshot.part, snapshot.result_set, snapshot.made_by) == ("interim", None, province.manager)


# -- over the years --------------------------------------------------------------------------------


def test_the_trend_follows_axes_and_indicators_through_their_origins(province):
    earlier = compute(province)
    type(earlier).objects.filter(pk=earlier.pk).update(
        state="published", council_at=earlier.computed_at, announced_at=earlier.computed_at,
        announced_by=province.manager, published_at=earlier.computed_at, published_by=province.manager,
    )  # fmt: skip
    EarlierTotal.objects.create(
        agency=province.agency("اداره آلفا"), year=1404, dimension="", total=1000, maximum=2000, source="گزارش"
    )
    first_year, old_axes, old_leaves = province.year, province.axes, province.leaves
    province.__dict__.update(next_of(province, old_axes, old_leaves))
    report = trend.report(source(compute(province), province))
    agencies = {row[0]: [two(value) for value in row[1:]] for row in table(report, "Agencies").rows}
    assert [column.heading for column in table(report, "Agencies").columns[1:-1]] == ["1404", "1405", "1406"]
    assert agencies["اداره آلفا"] == ["50.00", "90.00", "60.00", "-30.00"]
    axes = table(report, "Axes").rows
    assert [(row[0], *map(two, row[1:])) for row in axes] == [("نام نو", "75.67", "60.00", "-15.67")]
    rows = table(report, "General indicators").rows
    assert [(row[0], *map(two, row[1:])) for row in rows] == [("N-1 · عنوان نو", "75.67", "60.00", "-15.67")]
    assert first_year.performance_year == 1405


def next_of(province, old_axes, old_leaves):
    """The rows of the next year: one axis and one indicator, renamed, that go back to last year's."""
    year = Cycle.objects.create(
        province=province.province,
        performance_year=1406,
        title="ارزیابی ۱۴۰۶",
        period_start=datetime.date(2027, 3, 21),
        period_end=datetime.date(2028, 3, 19),
        stage="ranking",
    )
    general = make.DimensionFactory(cycle=year, code="general", title="شاخص‌های عمومی")
    axis = make.AxisFactory(dimension=general, number=1, title="نام نو", maximum=1000, origin=old_axes[0])
    leaf = make.IndicatorFactory(
        dimension=general, axis=axis, code="N-1", title="عنوان نو", points=1000, origin=old_leaves[0]
    )
    joined = Participation.objects.create(cycle=year, agency=province.agency("اداره آلفا"))
    province.file(joined, general, {leaf: "600"})
    return {"year": year}


# -- who reads, and from what ----------------------------------------------------------------------


def test_names_are_those_of_the_snapshot(computed, province):
    Axis.objects.filter(pk=province.axes[0].pk).update(title="نام بعدی")
    type(province.agency("اداره آلفا")).objects.update(name="نام بعدی")
    for comparison in COMPARISONS.values():
        text = str(comparison.report(source(computed, province)).tables)
        assert "نام بعدی" not in text, comparison.title


def test_who_reads_a_part_of_the_figures_reads_no_comparison(computed, province):
    assert reads_all(computed, province.manager)
    assert not reads_all(computed, province.reporter_a)
    assert AgencyResult.objects.filter(result_set=computed).visible_to(province.reporter_a).count() == 0


@pytest.mark.parametrize("name", COMPARISONS)
def test_the_workbook_holds_the_tables_of_the_page(computed, province, name):
    report = COMPARISONS[name].report
    with translation.override("fa"):
        expected = [len(found.rows) for found in report(source(computed, province)).tables]
    content = tables.workbook(lambda: report(source(computed, province)), title="x")
    found, _book = sheets(content)
    assert [len(rows) - 1 for rows in found.values()][: len(expected)] == expected
