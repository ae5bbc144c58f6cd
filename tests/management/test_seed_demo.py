"""`seed_demo`: any stage can be looked at, with what is typical of it; refused where a cycle stands already."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import transaction

from evaluation.enums import Role, Stage
from evaluation.management.accounts import DEMO_PASSWORD, demo_accounts
from evaluation.management.demo import province, stages
from evaluation.management.demo.people import People, make_agencies
from evaluation.management.demo.stages import DemoYear
from evaluation.models import AgencyResult, Cycle, Line, Mark, OnBehalf, Province, TransitionLog
from tests import snapshots

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database,  # the verbs of the year, as in both stories
    pytest.mark.xdist_group("demo"),
]

# What stands half-way in each stage: the states of the assessments.
VARIETY = {
    Stage.DRAFT: set(),
    Stage.CIRCULAR: set(),
    Stage.EVALUATORS: set(),
    Stage.PARTICIPANTS: set(),
    Stage.BRIEFING: set(),
    Stage.INDICATORS: {"not_started"},
    Stage.SELF_ASSESSMENT: {"not_started", "drafting", "submitted"},
    Stage.TRANSFER: {"submitted", "returned", "approved", "sent", "received", "absent"},
    Stage.EVALUATION: {"under_evaluation", "scored", "absent"},
    Stage.OBJECTION: {"scored", "disclosed", "absent"},
    Stage.CONFIRMATION: {"disclosed", "confirmed", "absent"},
    Stage.RANKING: {"confirmed", "absent"},
    Stage.FESTIVAL: {"reported", "absent"},
    Stage.CLOSED: {"reported", "absent"},
}
LISTS = {"drafting", "endorsed", "sent", "finalised", "sliced", "reviewed", "frozen"}


def seed(until, **options):
    call_command("seed_demo", until=until, verbosity=0, **options)
    return Cycle.objects.get(performance_year=1404)


class Undo(Exception):
    """Takes back the half of a stage's work, so that the whole can be done."""


def half_way(year):
    """What can be seen while the stage runs; nothing of it stays."""
    letters, seen = dict(year.letters), {}
    try:
        with transaction.atomic():
            stages.half_way(year)
            seen = {
                "assessments": set(year.cycle.assessments().values_list("state", flat=True)),
                "lists": set(year.cycle.specific_lists.values_list("state", flat=True)),
                "objections": set(
                    Line.objects.filter(assessment__participation__cycle=year.cycle)
                    .exclude(objections=None)
                    .values_list("objections__state", flat=True)
                ),
                "hearings": set(year.cycle.hearings().values_list("state", flat=True)),
                "results": set(year.cycle.result_sets.values_list("state", flat=True)),
            }
            raise Undo
    except Undo:
        year.letters = letters
    return seen


@pytest.mark.long  # the year from stage to stage: by the stories and the cast as well
def test_every_stage_can_be_looked_at():
    call_command("load_fixtures", verbosity=0)
    place = Province.objects.get(code="qazvin")
    agencies = make_agencies(place, 9)
    people = People(place, agencies)
    year, seen = DemoYear(province.start(place, 1404, people, {}), people, agencies), {}
    while True:
        stage = Stage(year.cycle.stage)
        seen[stage] = half_way(year)
        if stage == Stage.CLOSED:
            break
        stages.finish(year)
    assert {stage: each["assessments"] for stage, each in seen.items()} == VARIETY
    assert seen[Stage.INDICATORS]["lists"] <= LISTS
    assert {"drafting", "frozen"} < seen[Stage.INDICATORS]["lists"]
    assert "filed" in seen[Stage.OBJECTION]["objections"]
    assert len(seen[Stage.OBJECTION]["objections"]) > 1
    assert seen[Stage.OBJECTION]["hearings"] == {"planned", "held"}
    results = [seen[stage]["results"] for stage in (Stage.RANKING, Stage.FESTIVAL, Stage.CLOSED)]
    assert results == [{"computed"}, {"published"}, {"published"}]
    assert TransitionLog.objects.filter(cycle=year.cycle).exclude(on_behalf_of=None).exists()
    assert OnBehalf.objects.filter(basis="letter").exclude(by=people.expert).count() == 0


@pytest.fixture
def in_evaluation():
    return snapshots.once(lambda: seed("evaluation", agencies=3), "seeded", "evaluation")


def test_it_is_a_province_with_a_finished_year_before(in_evaluation):
    assert (in_evaluation.stage, in_evaluation.title) == (
        "evaluation",
        "ارزیابی عملکرد سال ۱۴۰۴ استان قزوین",
    )
    last = Cycle.objects.get(performance_year=1403)
    assert (last.stage, last.result_sets.get().state) == ("closed", "published")
    assert AgencyResult.objects.filter(result_set__cycle=last, dimension=None, rank__gte=1).count() >= 2
    known = Line.objects.filter(assessment__participation__cycle=in_evaluation).exclude(baseline=None)
    assert known.values("indicator__code").distinct().count() == 12
    assert in_evaluation.dimensions.get(code="general").indicators.count() == 70
    for agency in in_evaluation.province.agencies.all():
        assert 9 <= in_evaluation.indicators.filter(agency=agency).count() <= 12
    assert Mark.objects.exclude(explanation={}).exists()


def test_one_account_for_each_role_and_no_real_person(in_evaluation):
    accounts = demo_accounts()
    assert [account[0] for account in accounts] == [*Role.values, "superuser"]
    assert {account[2] for account in accounts} == {DEMO_PASSWORD}
    names = get_user_model().objects.exclude(username="scheduler").values_list("username", "last_name")
    assert [name for name in names if not (name[0].startswith("demo-") and name[1].startswith("نمونهٔ "))] == []


def test_luck_is_the_same_each_time(in_evaluation):
    agencies = make_agencies(in_evaluation.province, 3)
    first, second = (DemoYear(in_evaluation, None, agencies) for _ in range(2))
    assert [agency.code for agency in first.order] == [agency.code for agency in second.order]
    assert (first.strengths, first.rng.random()) == (second.strengths, second.rng.random())


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "The province qazvin has a cycle of 1404 already; the demo is made for a year without one."),
        ({"province": "atlantis"}, "There is no province with the code “atlantis”; see fixtures/provinces.csv."),
        ({"agencies": 65}, "The demo has 1 to 64 agencies."),
    ],
)
def test_what_it_refuses(options, sentence):
    call_command("load_fixtures", verbosity=0)
    place = Province.objects.get(code="qazvin")
    Cycle.objects.create(
        province=place, performance_year=1404, title="دوره", period_start="2025-03-21", period_end="2026-03-20"
    )
    with pytest.raises(CommandError) as refusal:
        seed("draft", **options)
    assert str(refusal.value) == sentence
    assert get_user_model().objects.count() == 0


def test_another_province_gets_its_own_names():
    call_command("seed_demo", province="yazd", until="draft", agencies=2, verbosity=0)
    names = Province.objects.get(code="yazd").agencies.values_list("name", flat=True)
    assert [name for name in names if "قزوین" in name] == []
    assert get_user_model().objects.filter(username="demo-yazd-manager").exists()
