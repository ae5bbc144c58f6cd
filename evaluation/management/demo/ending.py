"""Objection and defence, confirmation, results and their gates, publication."""

import datetime

from django.db.models import F
from django.utils import timezone

from evaluation.enums import (
    AssessmentState,
    HearingState,
    Nature,
    ObjectionKind,
    ObjectionState,
    Scorer,
)
from evaluation.models import Line, Objection
from evaluation.process.assessing import hearing, objection
from evaluation.process.assessing.line import Figures

from .assessing import groups_of_axes

TEXTS = (
    "مستندات بارگذاری‌شده در ارزیابی بررسی نشده است؛ خواهشمند است دوباره بررسی شود.",
    "رقم عملکرد با گزارش رسمی دستگاه متبوع مطابقت دارد و مبنای کاهش آن اعلام نشده است.",
    "تعریف شاخص در بخشنامه با تفسیر ارزیاب تفاوت دارد.",
)


# -- objection ------------------------------------------------------------------------------------


def objection_half_way(year):
    """Most results are disclosed; some objections wait, some are decided, some hearings are planned."""
    year.disclose(year.assessments(year.share(0, 0.8), AssessmentState.SCORED))
    filed = object_to(year, year.share(0, 0.4))
    hold_hearings(year, filed[:6])
    decide(year, filed[: len(filed) // 2])
    summon(year, filed[len(filed) // 2 :][:4])


def hear_objections(year):
    """All objections are filed and decided, some after a hearing."""
    filed = object_to(year, year.share(0, 0.4))
    hold_hearings(year, filed[:8])
    decide(year, filed)


def object_to(year, agencies):
    """Each of these agencies objects to the two lines that lost most. Returns the objections."""
    filed = []
    for agency in agencies:
        lost = (
            Line.objects.filter(
                assessment__participation__cycle=year.cycle,
                assessment__participation__agency=agency,
                assessment__state=AssessmentState.DISCLOSED,
                initial_score__lt=F("self_score"),
                objections=None,
            )
            .select_related("indicator")
            .order_by(F("initial_score") - F("self_score"))[:2]
        )
        filed += [
            objection.file(
                line,
                kind=ObjectionKind.EVIDENCE if line.pk % 2 else ObjectionKind.ACTUAL,
                text=year.rng.choice(TEXTS),
                claimed_actual=line.self_actual,
                claimed_score=line.self_score,
                **year.reporter(agency),
            )
            for line in lost
        ]
    return filed


def summon(year, filed):
    """Plan a hearing for each agency of these objections. Returns the hearings."""
    agenda = {}
    for objection_row in filed:
        agenda.setdefault(objection_row.line.assessment.participation, []).append(objection_row)
    return [
        hearing.summon(
            participation,
            starts_at=timezone.now() + datetime.timedelta(days=2),
            by=year.people.expert,
            place="اتاق جلسات سازمان",
            invitees="مسئول ارزیابی عملکرد دستگاه، سرگروه ارزیابی",
            objections=together,
        )
        for participation, together in agenda.items()
    ]


def hold_hearings(year, filed):
    """Plan and hold the hearings of these objections, and hold those that were planned before."""
    for objection_row in summon(year, filed):
        hearing.hold(objection_row, by=year.people.expert, minutes="دفاعیات دستگاه استماع و مستندات تکمیلی بررسی شد.")
    for planned in year.cycle.hearings().filter(state=HearingState.PLANNED):
        hearing.hold(planned, by=year.people.expert, minutes="دفاعیات دستگاه استماع شد.")


def decide(year, filed):
    """Decide the objections: the group's lead, or the manager for lines of stewards and outside systems.

    Nobody decides on a score of their own.
    """
    group_of = groups_of_axes(year)
    for objection_row in Objection.objects.filter(pk__in=[one.pk for one in filed], state=ObjectionState.FILED):
        line = objection_row.line
        code = group_of.get(line.indicator.axis_id, "specific")
        own = line.indicator.scorer == Scorer.EVALUATOR
        verdict, corrected = ruling(year, line)
        objection.decide(
            objection_row,
            verdict=verdict,
            reason="مستندات تکمیلی بررسی شد." if corrected else "مستندات جدیدی ارائه نشد.",
            by=year.people.groups[code][0] if own else year.people.manager,
            figures=corrected,
        )


def ruling(year, line):
    """(verdict, figures or None) on the objection to a line."""
    luck = year.rng.random()
    if luck < 0.4:
        return ObjectionState.REJECTED, None
    if luck < 0.7 or line.indicator.nature == Nature.QUALITATIVE:
        return ObjectionState.ACCEPTED, Figures(actual=line.self_actual)
    return ObjectionState.PARTLY, Figures(actual=(line.self_actual + line.initial_actual) / 2)


# -- confirmation ---------------------------------------------------------------------------------


def confirmation_half_way(year):
    """Half of the files are confirmed."""
    year.confirm(year.assessments(year.share(0, 0.5), AssessmentState.DISCLOSED))
