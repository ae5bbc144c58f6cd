"""Other rules tried on the figures of a year: who moves, recomputed here; the database stays as it was."""

import hashlib
import io
from decimal import Decimal

import pytest
from django.apps import apps
from django.core import serializers
from django.utils import translation

from evaluation.models import Cycle, Line, Participation
from evaluation.process.results import result, what_if
from evaluation.process.results.what_if import Changes, Formula
from tests import factories as make
from tests import snapshots
from tests.reports.province import Province

pytestmark = pytest.mark.django_db


@pytest.fixture
def province(db):
    return snapshots.once(Province, "province")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def compute(province):
    return result.compute(result.prepare(province.year, by=province.expert), by=province.expert)


def whole_database():
    """One hash over every row of every table of the product."""
    digest = hashlib.sha256()
    for model in apps.get_app_config("evaluation").get_models():
        out = io.StringIO()
        serializers.serialize("json", model._base_manager.order_by("pk"), stream=out)
        digest.update(out.getvalue().encode())
    return digest.hexdigest()


def ranks(trial):
    return [(move.name, move.before["rank"], move.after["rank"]) for move in trial.moves if move.after["rank"]]


def test_nothing_changed_moves_nobody_and_gives_the_computed_figures(province):
    computed = compute(province)
    trial = what_if.run(what_if.data_of(province.year), Changes())
    assert all(move.gain == 0 and not move.places for move in trial.moves)
    rows = computed.agency_results.filter(dimension=None, passive=False)
    assert {move.name: move.after["total"] for move in trial.moves} == dict(rows.values_list("agency_name", "total"))


def test_every_kind_of_change_leaves_the_database_as_it_was(province):
    compute(province)
    first, second = province.leaves
    alpha = province.participations["اداره آلفا"]
    before = whole_database()
    what_if.run(
        what_if.data_of(province.year),
        Changes(
            exemption_rule="grant",
            tie_breakers=("specific",),
            dimensions={province.specific_1405.pk: Decimal(100)},
            axes={province.axes[0].pk: Decimal(900)},
            groups={alpha.pk: province.groups[1].pk},
            formulas={first.pk: Formula(target=Decimal(50)), second.pk: Formula(points=Decimal(10))},
        ),
    )
    assert whole_database() == before


def test_a_tie_breaker_parts_equal_totals(province):
    compute(province)
    trial = what_if.run(what_if.data_of(province.year), Changes(tie_breakers=("specific",)))
    assert ranks(trial) == [
        ("اداره آلفا", 1, 1), ("اداره بتا", 2, 2), ("اداره گاما", 2, 2), ("اداره دلتا", 4, 4),
    ]  # fmt: skip
    Line.objects.filter(assessment__participation=province.participations["اداره بتا"]).exclude(
        indicator__in=province.leaves
    ).update(final_score=Decimal("760.001"))
    Line.objects.filter(
        assessment__participation=province.participations["اداره بتا"], indicator=province.leaves[0]
    ).update(final_score=Decimal(440))
    compute(province)
    trial = what_if.run(what_if.data_of(province.year), Changes(tie_breakers=("specific",)))
    assert [name for name, _before, _after in ranks(trial)][:3] == ["اداره آلفا", "اداره بتا", "اداره گاما"]
    assert [after for _name, _before, after in ranks(trial)] == [1, 2, 3, 4]


def test_weights_of_dimensions_and_axes(province):
    compute(province)
    data = what_if.data_of(province.year)
    trial = what_if.run(data, Changes(dimensions={province.specific_1405.pk: Decimal(500)}))
    alpha = next(move for move in trial.moves if move.name == "اداره آلفا")
    assert (alpha.after["total"], alpha.after["maximum"]) == (Decimal(1350), Decimal(1500))
    # axes 600 and 400 become 1 : 3 of 1000; Gamma has 480 of 600 and 270 of 400
    trial = what_if.run(data, Changes(axes={province.axes[0].pk: Decimal(1), province.axes[1].pk: Decimal(3)}))
    gamma = next(move for move in trial.moves if move.name == "اداره گاما")
    expected = Decimal(480) / 600 * 250 + Decimal(270) / 400 * 750 + Decimal("750.004")
    assert gamma.after["total"] == pytest.approx(expected, abs=Decimal("0.000001"))
    assert gamma.gain == gamma.after["total"] - gamma.before["total"]


def test_another_group_changes_ranks_inside_groups_alone(province):
    compute(province)
    delta = province.participations["اداره دلتا"]
    trial = what_if.run(what_if.data_of(province.year), Changes(groups={delta.pk: province.groups[0].pk}))
    moved = {move.name: (move.before["group_rank"], move.after["group_rank"]) for move in trial.moves}
    assert moved["اداره دلتا"] == (2, 3)
    assert all(not move.places for move in trial.moves)


def test_a_changed_formula_is_reckoned_from_the_standing_actual(province):
    first = province.leaves[0]
    Line.objects.filter(indicator=first).update(final_actual=Decimal(40))
    compute(province)
    Line.objects.filter(indicator=first, assessment__participation=province.participations["اداره دلتا"]).update(
        final_actual=None
    )
    data = what_if.data_of(province.year)
    trial = what_if.run(data, Changes(formulas={first.pk: Formula(target=Decimal(80))}))
    assert (trial.rescored, trial.kept) == (4, 1)  # without an actual the old score stays
    totals = {move.name: move.after["total"] for move in trial.moves}
    assert totals["اداره آلفا"] == Decimal(300) + 360 + 900
    assert totals["اداره دلتا"] == Decimal(900)
    fewer = what_if.run(data, Changes(formulas={first.pk: Formula(target=Decimal(20), direction="descending")}))
    assert next(move for move in fewer.moves if move.name == "اداره بتا").after["total"] == (
        Decimal(300) + 300 + Decimal("750.001")
    )
    points = what_if.run(data, Changes(formulas={first.pk: Formula(target=Decimal(40), points=Decimal(100))}))
    assert next(move for move in points.moves if move.name == "اداره آلفا").after["total"] == Decimal(100) + 360 + 900


def test_a_draft_catalogue_is_tried_on_last_years_marks(province):
    first = province.leaves[0]
    Line.objects.filter(indicator=first).update(final_actual=Decimal(40))
    compute(province)
    draft = Cycle.objects.create(
        province=province.province, performance_year=1406, title="۱۴۰۶", copied_from=province.year,
        period_start=province.year.period_end, period_end=province.year.period_end.replace(year=2028),
    )  # fmt: skip
    general = make.DimensionFactory(cycle=draft, code="general", title="عمومی")
    make.IndicatorFactory(dimension=general, axis=None, code="N-1", points=600, target=160, origin=first)
    assert what_if.earlier_cycle(draft) == province.year
    assert what_if.data_of(draft) is None
    formulas = what_if.formulas_of(draft, province.year)
    assert formulas == {first.pk: Formula(target=Decimal(160))}
    trial = what_if.run(what_if.data_of(province.year), Changes(formulas=formulas))
    assert next(move for move in trial.moves if move.name == "اداره آلفا").after["total"] == Decimal(150) + 360 + 900


def test_before_the_computation_the_standing_scores_are_tried(province):
    Line.objects.filter(indicator=province.leaves[0]).update(final_score=None, revised_score=Decimal(10))
    trial = what_if.run(what_if.data_of(province.year), Changes())
    assert {move.name: move.before["total"] for move in trial.moves}["اداره آلفا"] == Decimal(10) + 360 + 900
    assert Participation.objects.filter(cycle=province.year).count() == 6
