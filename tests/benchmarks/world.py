"""A province in the middle of its evaluation, written in bulk: agencies × lines with self and headquarters' figures."""

import random
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from evaluation import models
from evaluation.enums import AssessmentState, Role, Stage

TITLE = "میزان تحقق برنامه‌های بهبود خدمات و پاسخگویی به مراجعان در سال ارزیابی، شاخص شماره"
STEPS = [{"title": "عالی", "fraction": "1"}, {"title": "خوب", "fraction": "0.7"}, {"title": "ضعیف", "fraction": "0"}]
NATURES = (  # of twenty indicators
    [("single", "ascending")] * 13
    + [("single", "descending")] * 2
    + [("ratio", "ascending")] * 3
    + [("growth", "ascending")]
    + [("qualitative", "ascending")]
)
BATCH = 2_000


@dataclass
class World:
    """`agencies` × (`general` + `specific`) lines, all of them the manager's and the evaluator's to score."""

    cycle: models.Cycle
    manager: User
    evaluator: User

    @property
    def lines(self):
        return models.Line.objects.filter(assessment__participation__cycle=self.cycle)


@transaction.atomic
def make(code, *, agencies, general, specific):
    """A new province with a cycle in the stage of the evaluation; `code` tells it from others in the database."""
    if not models.Membership.objects.exists():
        call_command("loaddata", "fixtures/roles.json", verbosity=0)
    province = models.Province.objects.create(code=code, name=f"استان {code}")
    manager, evaluator = (_person(f"{role}-{code}", role, province) for role in (Role.MANAGER, Role.EVALUATOR))
    cycle = models.Cycle.objects.create(
        province=province, performance_year=1404, title=f"ارزیابی {code}", period_start="2025-03-21",
        period_end="2026-03-20", stage=Stage.EVALUATION,
    )  # fmt: skip
    now = timezone.now()
    models.StageWindow.objects.create(
        cycle=cycle, stage=Stage.EVALUATION, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=30)
    )
    half = [_dimension(cycle, kind, order, manager) for order, kind in enumerate(("general", "specific"), start=1)]
    participants = _participants(cycle, agencies)
    catalogue = _general(half[0], general) | {
        each.agency_id: _specific(half[1], each, specific) for each in participants
    }
    models.Indicator.objects.bulk_create([each for part in catalogue.values() for each in part], batch_size=BATCH)
    _lines(participants, half, catalogue, manager)
    _seat(cycle, evaluator)
    return World(cycle, manager, evaluator)


def found(code):
    """The world that `make` made with this code."""
    cycle = models.Cycle.objects.select_related("province").get(province__code=code)
    people = (User.objects.get(username=f"{role}-{code}") for role in (Role.MANAGER, Role.EVALUATOR))
    return World(cycle, *people)


def _person(username, role, province):
    user = User.objects.create(username=username, is_staff=True)
    models.Membership.objects.create(user=user, role=role, province=province)
    return user


def _dimension(cycle, kind, order, manager):
    return models.Dimension.objects.create(
        cycle=cycle, code=kind, kind=kind, title=f"بعد {kind}", order=order, frozen_at=timezone.now(), frozen_by=manager
    )


def _participants(cycle, count):
    agencies = [
        models.Agency(province=cycle.province, code=f"{cycle.province.code}-{n:04}", name=f"اداره کل شماره {n} استان")
        for n in range(1, count + 1)
    ]
    agencies = models.Agency.objects.bulk_create(agencies, batch_size=BATCH)
    rows = [models.Participation(cycle=cycle, agency=agency) for agency in agencies]
    return models.Participation.objects.bulk_create(rows, batch_size=BATCH)


def _general(dimension, count):
    axes = [
        models.Axis.objects.create(dimension=dimension, number=n, title=f"محور {n}", maximum=100) for n in range(1, 11)
    ]
    points = (Decimal(1000) / count).quantize(Decimal("0.000001"))
    return {
        None: [_indicator(dimension, f"G-{n:03}", n, axis=axes[n % 10], points=points) for n in range(1, count + 1)]
    }


def _specific(dimension, participation, count):
    return [
        _indicator(dimension, f"S-{n:03}", n, agency=participation.agency, weight=1, slice="national")
        for n in range(1, count + 1)
    ]


def _indicator(dimension, code, number, **more):
    nature, direction = NATURES[number % len(NATURES)]
    return models.Indicator(
        cycle=dimension.cycle,
        dimension=dimension,
        code=code,
        title=f"{TITLE} {number}",
        unit="درصد",
        nature=nature,
        direction=direction,
        scale=STEPS if nature == "qualitative" else [],
        target=None if nature == "qualitative" else 100,
        **more,
    )


def _lines(participants, dimensions, catalogue, manager):
    now, dice = timezone.now(), random.Random(1404)
    assessments = [
        models.Assessment(
            participation=each,
            dimension=dimension,
            state=AssessmentState.UNDER_EVALUATION,
            received_at=now,
            received_by=manager,
        )
        for each in participants
        for dimension in dimensions
    ]
    lines = []
    for assessment in models.Assessment.objects.bulk_create(assessments, batch_size=BATCH):
        is_general = assessment.dimension is dimensions[0]
        indicators = catalogue[None if is_general else assessment.participation.agency_id]
        maximum = (Decimal(1000) / len(indicators)).quantize(Decimal("0.000001"))
        lines += [_line(assessment, indicator, maximum, dice) for indicator in indicators]
    models.Line.objects.bulk_create(lines, batch_size=BATCH)


def _line(assessment, indicator, maximum, dice):
    actual = Decimal("0.7") if indicator.nature == "qualitative" else Decimal(dice.randrange(5000, 9900)) / 100
    score = (maximum * Decimal(dice.randrange(50, 99)) / 100).quantize(Decimal("0.000001"))
    return models.Line(
        assessment=assessment,
        indicator=indicator,
        maximum=maximum,
        target=indicator.target,
        self_actual=actual,
        self_score=score,
        self_note="گزارش عملکرد به پیوست است.",
        hq_actual=actual,
        hq_score=score,
    )


def _seat(cycle, evaluator):
    """The evaluator's group scores every axis and all specific lines."""
    group = models.EvaluatorGroup.objects.create(cycle=cycle, title="گروه ارزیابان", covers_specific=True)
    group.axes.set(models.Axis.objects.filter(dimension__cycle=cycle))
    models.Evaluator.objects.create(group=group, user=evaluator, lead=True)


def confirm(world):
    """Every line with a final figure, every assessment confirmed, the cycle at its ranking."""
    dice, now = random.Random(1405), timezone.now()
    lines = list(world.lines.only("pk", "maximum"))
    for line in lines:
        line.final_score = (line.maximum * Decimal(dice.randrange(0, 10_000)) / 10_000).quantize(Decimal("0.000001"))
    models.Line.objects.bulk_update(lines, ["final_score"], batch_size=200)
    world.cycle.assessments().update(
        state=AssessmentState.CONFIRMED, disclosed_at=now, confirmed_at=now, confirmed_by=world.manager
    )
    models.Cycle.objects.filter(pk=world.cycle.pk).update(stage=Stage.RANKING)
    world.cycle = models.Cycle.objects.get(pk=world.cycle.pk)
