"""Six agencies whose files are confirmed, as rows: two with equal totals, one without rank, one that did not take part.

Totals: Alpha 1800, Beta 1500.001, Gamma 1500.004, Delta 900; Epsilon (a bank, unranked) 1700; Zeta absent.
"""

import datetime
from decimal import Decimal

from django.utils import timezone

from evaluation.enums import AssessmentState, DimensionKind
from evaluation.models import Assessment, Cycle, Extension, Line, Participation, PeerGroup, StageWindow
from tests import factories as make
from tests.cast import Cast

SCORES = {  # name: code, group, ranked, two axes of the general dimension, specific
    "اداره آلفا": ("AL", 0, True, "540", "360", "900"),
    "اداره بتا": ("BE", 1, True, "450", "300", "750.001"),
    "اداره گاما": ("GA", 0, True, "480", "270", "750.004"),
    "اداره دلتا": ("DE", 1, True, "300", "100", "500"),
    "بانک اپسیلون": ("EP", 1, False, "500", "400", "800"),
    "اداره زتا": ("ZE", 1, True, None, None, None),
}


class Province(Cast):
    """The cast, with a second cycle that stands in the ranking."""

    def __init__(self, **settings):
        super().__init__()
        self.year = Cycle.objects.create(
            province=self.province,
            performance_year=1405,
            title="ارزیابی عملکرد سال ۱۴۰۵",
            period_start=datetime.date(2026, 3, 21),
            period_end=datetime.date(2027, 3, 20),
            stage="ranking",
            **settings,
        )
        self.general_1405 = make.DimensionFactory(cycle=self.year, code="general", title="شاخص‌های عمومی", order=1)
        self.specific_1405 = make.DimensionFactory(
            cycle=self.year, code="specific", kind=DimensionKind.SPECIFIC, title="شاخص‌های اختصاصی", order=2
        )
        self.axes = [
            make.AxisFactory(dimension=self.general_1405, number=1, title="اصلاح ساختار", maximum=600),
            make.AxisFactory(dimension=self.general_1405, number=2, title="دولت الکترونیک", maximum=400),
        ]
        self.leaves = [
            make.IndicatorFactory(dimension=self.general_1405, axis=axis, code=f"G-{axis.number}", points=axis.maximum)
            for axis in self.axes
        ]
        self.groups = [
            PeerGroup.objects.create(cycle=self.year, title=title, order=order)
            for order, title in enumerate(("زیربنایی", "خدماتی"), start=1)
        ]
        self.participations = {name: self.join(name, *facts) for name, facts in SCORES.items()}

    def join(self, name, code, group, ranked, first, second, specific):
        agency = make.AgencyFactory(province=self.province, code=code, name=name, headquarters=self.headquarters_body)
        among = "all" if ranked else "nobody"
        participation = Participation.objects.create(
            cycle=self.year, agency=agency, peer_group=self.groups[group], ranked_among=among
        )
        leaf = make.IndicatorFactory(
            dimension=self.specific_1405, agency=agency, slice="national", code="S-1", weight=Decimal(1)
        )
        self.file(participation, self.general_1405, dict(zip(self.leaves, (first, second), strict=True)))
        self.file(participation, self.specific_1405, {leaf: specific})
        return participation

    def file(self, participation, dimension, scores):
        """An assessment as the confirmation leaves it; without scores, one of an agency that did not take part."""
        now, absent = timezone.now(), None in scores.values()
        moments = {} if absent else {"disclosed_at": now, "confirmed_at": now, "confirmed_by": self.manager}
        state = AssessmentState.ABSENT if absent else AssessmentState.CONFIRMED
        assessment = Assessment.objects.create(participation=participation, dimension=dimension, state=state, **moments)
        for leaf, score in scores.items():
            value = None if score is None else Decimal(score)
            Line.objects.create(
                assessment=assessment,
                indicator=leaf,
                maximum=leaf.points or 1000,
                target=100,
                initial_score=value,
                final_score=value,
            )
        return assessment

    def agency(self, name):
        return self.participations[name].agency


def longer(province, name, days):
    """An extension of the self-assessment by so many days beyond its window, which is over."""
    day = datetime.timedelta(days=1)
    closes_at = datetime.datetime(2027, 6, 1, tzinfo=timezone.get_default_timezone())
    where = {"cycle": province.year, "stage": "self_assessment"}
    StageWindow.objects.get_or_create(**where, defaults={"opens_at": closes_at - 30 * day, "closes_at": closes_at})
    return Extension.objects.create(
        **where,
        agency=province.agency(name),
        ends_at=closes_at + days * day,
        granted_at=closes_at,
        reason="سیل",
        approver=province.manager,
    )
