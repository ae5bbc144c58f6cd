"""A province of many agencies in the middle of its year, made in bulk: the verbs would take minutes."""

import datetime
from decimal import Decimal

from django.utils import timezone

from evaluation.enums import AssessmentState, Role, Stage
from evaluation.models import (
    Agency,
    Assessment,
    Cycle,
    Headquarters,
    Indicator,
    Line,
    Membership,
    Participation,
    StageWindow,
)
from tests import factories as make
from tests.cast import person

HOUR = datetime.timedelta(hours=1)


class WideYear:
    """`agencies` agencies with an assessment in each of two dimensions, and `lines` lines in each assessment."""

    def __init__(self, stage, *, agencies, lines, state, code="wide"):
        self.province = make.ProvinceFactory(code=code, name=f"استان {code}")
        self.manager = person(f"manager-{code}", Role.MANAGER, province=self.province)
        self.expert = person(f"expert-{code}", Role.EXPERT, province=self.province)
        self.cycle = Cycle.objects.get(pk=make.CycleFactory(province=self.province).pk)
        Cycle.objects.filter(pk=self.cycle.pk).update(stage=stage)
        self.cycle.refresh_from_db()
        self.open_window(stage)
        self.take_part(agencies, code)
        self.assess(lines, state)

    def open_window(self, stage):
        now = timezone.now()
        self.window = StageWindow.objects.create(
            cycle=self.cycle, stage=stage, opens_at=now - 48 * HOUR, closes_at=now + 48 * HOUR
        )

    def take_part(self, count, code):
        """Agencies, each with its headquarters and a person on both sides."""
        numbers = [f"{code}-{number:02}" for number in range(1, count + 1)]
        bodies = Headquarters.objects.bulk_create([Headquarters(code=each, name=f"وزارت {each}") for each in numbers])
        self.agencies = Agency.objects.bulk_create(
            [
                Agency(province=self.province, code=body.code, name=f"اداره {body.code}", headquarters=body)
                for body in bodies
            ]
        )
        self.participations = Participation.objects.bulk_create(
            [Participation(cycle=self.cycle, agency=agency) for agency in self.agencies]
        )
        people = type(self.manager).objects
        sides = {
            name: people.bulk_create([people.model(username=f"{name}-{each}") for each in numbers]) for name in "ah"
        }
        Membership.objects.bulk_create(
            Membership(user=user, role=Role.AGENCY, agency=agency)
            for user, agency in zip(sides["a"], self.agencies, strict=True)
        )
        Membership.objects.bulk_create(
            Membership(user=user, role=Role.HEADQUARTERS, headquarters=body)
            for user, body in zip(sides["h"], bodies, strict=True)
        )

    def assess(self, lines, state):
        received = {}
        if state == AssessmentState.UNDER_EVALUATION:
            received = {"received_at": timezone.now(), "received_by": self.expert}
        for order, code in enumerate(("G", "T"), start=1):
            dimension = make.DimensionFactory(cycle=self.cycle, code=code, title=f"بعد {code}", order=order)
            axis = make.AxisFactory(dimension=dimension, number=order, title=f"محور {code}", maximum=1000)
            indicators = Indicator.objects.bulk_create(
                make.IndicatorFactory.build(
                    cycle=self.cycle, dimension=dimension, axis=axis, code=f"{code}-{number:03}", points=10
                )
                for number in range(1, lines + 1)
            )
            assessments = Assessment.objects.bulk_create(
                Assessment(participation=each, dimension=dimension, state=state, **received)
                for each in self.participations
            )
            Line.objects.bulk_create(
                (
                    Line(assessment=assessment, indicator=indicator, maximum=10, target=100)
                    for assessment in assessments
                    for indicator in indicators
                ),
                batch_size=500,
            )

    def fill(self):
        """The agency's own figure in every line."""
        Line.objects.filter(assessment__participation__cycle=self.cycle).update(self_actual=80, self_score=Decimal(8))

    def end_now(self):
        """The window has ended a moment ago."""
        StageWindow.objects.filter(pk=self.window.pk).update(closes_at=timezone.now())
        self.window.refresh_from_db()

    @property
    def lines(self):
        return Line.objects.filter(assessment__participation__cycle=self.cycle)


def evaluated(*, agencies=24, lines=50):
    """A year whose assessments are open for scoring."""
    return WideYear(Stage.EVALUATION, agencies=agencies, lines=lines, state=AssessmentState.UNDER_EVALUATION)


def entered(code="wide", *, agencies=64, lines=2):
    """A year in which the agencies fill their self-assessments."""
    return WideYear(Stage.SELF_ASSESSMENT, agencies=agencies, lines=lines, state=AssessmentState.DRAFTING, code=code)
