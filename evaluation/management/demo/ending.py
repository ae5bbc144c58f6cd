"""Objection and defence, confirmation, results and their gates, publication."""

import datetime

from django.db.models import F
from django.utils import timezone

from evaluation.enums import (
    AssessmentState,
    CommitteeKind,
    HearingState,
    Nature,
    ObjectionKind,
    ObjectionState,
    Scorer,
    Stage,
    TransferDirection,
)
from evaluation.models import Committee, Line, Objection
from evaluation.process.assessing import assessment as assessments
from evaluation.process.assessing import hearing as hearings
from evaluation.process.assessing import objection as objections
from evaluation.process.assessing import transfer
from evaluation.process.assessing.line import Figures
from evaluation.process.results import level as leveling
from evaluation.process.results import result as results
from evaluation.reports import publication

from .assessing import carry, groups_of_axes
from .year import paper

TEXTS = (
    "مستند بارگذاری‌شده در ارزیابی دیده نشده است؛ خواهشمند است دوباره بررسی شود.",
    "رقم عملکرد با گزارش رسمی دستگاه متبوع یکسان است و مبنای کاهش آن روشن نیست.",
    "تعریف شاخص در بخشنامه با برداشت ارزیاب تفاوت دارد.",
)


# -- objection ------------------------------------------------------------------------------------


def disclose(year, agencies):
    for assessment in year.assessments(agencies, AssessmentState.SCORED):
        assessments.disclose(assessment, by=year.people.expert)


def objection_half_way(year):
    disclose(year, year.share(0, 0.8))
    filed = object_to(year, year.share(0, 0.4))
    hold_hearings(year, filed[:6])
    decide(year, filed[: len(filed) // 2])
    summon(year, filed[len(filed) // 2 :][:4])


def finish_objections(year):
    disclose(year, year.order)
    filed = object_to(year, year.share(0, 0.4))
    hold_hearings(year, filed[:8])
    decide(year, filed)
    year.cycle.windows.filter(stage=Stage.OBJECTION).update(closes_at=timezone.now())  # as staff would edit it


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
            objections.file(
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
    """A defence session for each agency of these objections. Returns the hearings."""
    agenda = {}
    for objection_row in filed:
        agenda.setdefault(objection_row.line.assessment.participation, []).append(objection_row)
    return [
        hearings.summon(
            participation,
            starts_at=timezone.now() + datetime.timedelta(days=2),
            by=year.people.expert,
            place="اتاق جلسات سازمان",
            invitees="مسئول دستگاه، سرگروه ارزیابی",
            objections=together,
        )
        for participation, together in agenda.items()
    ]


def hold_hearings(year, filed):
    for objection_row in summon(year, filed):
        hearings.hold(objection_row, by=year.people.expert, minutes="دفاع دستگاه شنیده شد و مستندات تکمیلی بررسی شد.")
    for planned in year.cycle.hearings().filter(state=HearingState.PLANNED):
        hearings.hold(planned, by=year.people.expert, minutes="دفاع دستگاه شنیده شد.")


def decide(year, filed):
    """The leads decide; on lines of stewards and outside systems the manager. Nobody decides on an own score."""
    group_of = groups_of_axes(year)
    for objection_row in Objection.objects.filter(pk__in=[one.pk for one in filed], state=ObjectionState.FILED):
        line = objection_row.line
        code = group_of.get(line.indicator.axis_id, "specific")
        own = line.indicator.scorer == Scorer.EVALUATOR
        verdict, corrected = ruling(year, line)
        objections.decide(
            objection_row,
            verdict=verdict,
            reason="مستندات تکمیلی بررسی شد." if corrected else "مستند جدیدی ارائه نشد.",
            by=year.people.groups[code][0] if own else year.people.manager,
            figures=corrected,
        )


def ruling(year, line):
    luck = year.rng.random()
    if luck < 0.4:
        return ObjectionState.REJECTED, None
    if luck < 0.7 or line.indicator.nature == Nature.QUALITATIVE:
        return ObjectionState.ACCEPTED, Figures(actual=line.self_actual)
    return ObjectionState.PARTLY, Figures(actual=(line.self_actual + line.initial_actual) / 2)


# -- confirmation and results ---------------------------------------------------------------------


def confirm(year, agencies):
    for assessment in year.assessments(agencies, AssessmentState.DISCLOSED):
        assessments.confirm(assessment, by=year.people.manager)


def confirmation_half_way(year):
    confirm(year, year.share(0, 0.5))


def confirm_everything(year):
    confirm(year, year.order)


def compute(year):
    return results.compute(results.prepare(year.cycle, by=year.people.expert), by=year.people.expert)


def pass_gates(year):
    """Council, report, levels (the order of Tehran), then the announcement."""
    result_set = council(year, compute(year))
    if year.cycle.report_required:
        confirmed = year.assessments(year.order, AssessmentState.CONFIRMED)
        sent = carry(year, TransferDirection.REPORT, confirmed, by=year.people.expert)
        transfer.receive(sent, by=year.people.national)
        result_set = results.record_report(result_set, by=year.people.expert)
    if year.cycle.level_source == "received":
        result_set = levels(year, result_set)
    results.announce(result_set, by=year.people.manager)


def council(year, result_set):
    committee, _made = Committee.objects.get_or_create(
        province=year.cycle.province, title="شورای راهبری توسعهٔ مدیریت", defaults={"kind": CommitteeKind.COUNCIL}
    )
    return results.hold_council(
        result_set,
        by=year.people.secretary,
        committee=committee,
        number=f"{year.cycle.performance_year}-1",
        held_on=timezone.localdate(),
        resolution="نتایج ارزیابی تصویب شد.",
        minutes=paper("minutes.txt", "صورت‌جلسهٔ نمونه"),
    )


def levels(year, result_set):
    """Levels as a letter of the national organization would bring them: a quarter, a half, the rest."""
    ladder = list(year.cycle.level_scheme.levels.order_by("order"))
    rows = list(
        result_set.agency_results.filter(dimension=None, passive=False).order_by(F("rank").asc(nulls_last=True))
    )
    chosen = {
        row.pk: ladder[0 if place < len(rows) / 4 else 1 if place < len(rows) * 3 / 4 else 2]
        for place, row in enumerate(rows)
    }
    leveling.set_levels(result_set, chosen, by=year.people.national, letter=f"نمونه-{year.cycle.performance_year}")
    return leveling.record_levels(result_set, by=year.people.national)


def publish(year):
    standing = year.cycle.result_sets.get(state="announced")
    published = type(standing).objects.select_related("cycle__province").get(pk=standing.pk)
    published.published_at = timezone.now()
    results.publish(standing, by=year.people.manager, files=publication.files(published))
