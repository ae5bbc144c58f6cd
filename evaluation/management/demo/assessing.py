"""Self-assessment, approval and transfer, expert evaluation."""

import datetime

from django.conf import settings
from django.utils import timezone

from evaluation.enums import AssessmentState as State
from evaluation.enums import EvidenceRule, MarkLevel, MarkSource, Scorer, Stage, TransferDirection
from evaluation.exchange import package
from evaluation.models import Line
from evaluation.process.assessing import assessment as assessments
from evaluation.process.assessing import evidence, feed, transfer
from evaluation.process.assessing.line import Figures, record_many
from evaluation.process.year import windows
from evaluation.reports import report_pdf

from . import around, figures
from .year import paper

REPORTS = 3  # agencies whose frozen report is typeset; each takes a tenth of a second


# -- self-assessment ------------------------------------------------------------------------------


def enter_everything(year):
    absent = year.order[-3:-2]
    submit(year, [agency for agency in year.order if agency not in absent])
    for assessment in year.assessments(absent):
        reason = "دستگاه در مهلت مقرر خودارزیابی را ارسال نکرد."
        assessments.mark_absent(assessment, by=year.people.manager, reason=reason)


def entry_half_way(year):
    submit(year, year.share(0, 0.4))
    fill(year, year.share(0.4, 0.5))
    for assessment in year.assessments(year.share(0.4, 0.5)):
        if assessment.dimension.code == "general":
            assessments.submit(assessment, **year.reporter(assessment.agency))
    fill(year, year.share(0.5, 0.8), part=True)
    late = year.share(0.9)[0]
    windows.extend(
        year.cycle,
        late,
        stage=Stage.SELF_ASSESSMENT,
        ends_at=timezone.now() + datetime.timedelta(days=45),
        reason="تغییر مسئول دستگاه",
        by=year.people.manager,
    )
    around.requests_half_way(year)


def fill(year, agencies, *, part=False):
    """Enter the agencies' own figures, with evidence where it is required; `part` leaves some lines empty."""
    text = (settings.BASE_DIR / "fixtures" / "commitments_fa.txt").read_text(encoding="utf-8")
    for agency in agencies:
        who = year.reporter(agency)
        if "on_behalf" not in who:
            assessments.commit(year.cycle, agency, by=who["by"], text=text)
        lines = [
            line
            for line in year.lines(year.assessments([agency], *State.open_to_agency()))
            if line.indicator.scorer == Scorer.EVALUATOR and not (part and year.rng.random() < 0.5)
        ]
        entries = [(line, figures.own(line, year.rng, year.strengths[agency.pk])) for line in lines]
        record_many(entries, MarkLevel.SELF, source=MarkSource.SCREEN, **who)
        proven = [line for line in lines if line.indicator.evidence_rule == EvidenceRule.REQUIRED and line.self_score]
        evidence.attach_many([(line, proof(line), "مستند نمونه") for line in proven], **who)


def proof(line):
    text = f"مستند نمونه برای نمایش؛ شاخص {line.indicator.code}، {line.assessment.agency}. این پرونده ساختگی است.\n"
    return paper(f"{line.indicator.code}.txt", text)


def submit(year, agencies):
    fill(year, agencies)
    for assessment in year.assessments(agencies, State.DRAFTING, State.RETURNED):
        wanted = assessment.agency in year.order[:REPORTS]
        report = report_pdf.self_assessment(assessment) if wanted else None
        assessments.submit(assessment, report=report, **year.reporter(assessment.agency))


# -- approval and transfer ------------------------------------------------------------------------


def transfer_everything(year):
    return_some(year, year.share(0, 0.05))
    for assessment in year.assessments(year.share(0, 0.05), State.RETURNED):
        assessments.submit(assessment, **year.reporter(assessment.agency))
    approve(year, year.order)
    to_national(year, year.order)
    to_province(year, year.order)
    take_in_figures(year, year.order)


def transfer_half_way(year):
    approve(year, year.share(0, 0.6))
    to_national(year, year.share(0, 0.4))
    to_province(year, year.share(0, 0.2))
    refused = year.cycle.transfers.filter(direction=TransferDirection.TO_ARO, state="sent").last()
    if refused and year.cycle.transfers.filter(state="sent").count() > 1:
        transfer.refuse(refused, by=year.people.national, reason="پیوست دو شاخص خوانا نیست.")
    return_some(year, year.share(0.6, 0.7))
    take_in_figures(year, year.share(0, 0.5))


def take_in_figures(year, agencies):
    """What the national systems observed by the end of the year; it waits until scoring opens."""
    day = min(year.cycle.period_end, timezone.localdate())
    lines = Line.objects.filter(assessment__in=year.assessments(agencies), indicator__scorer=Scorer.FEED, exempt=False)
    observed = [
        (agency, line.indicator, figures.verified(line, year.rng, year.strengths[agency.pk]), day)
        for line in lines.select_related("indicator", "assessment__participation__agency").order_by("pk")
        for agency in [line.assessment.agency]
    ]
    feed.record_feed(year.cycle, observed, by=year.people.expert)


def return_some(year, agencies):
    for assessment in year.assessments(agencies, State.SUBMITTED):
        lines = year.lines([assessment])[:2]
        assessments.return_(
            assessment,
            reason="مستندات دو شاخص کامل نیست.",
            line_reasons={line.pk: year.rng.choice(figures.REASONS) for line in lines},
            **year.headquarters(assessment.agency),
        )


def approve(year, agencies):
    """The headquarters lower a few figures, with a reason, and approve."""
    for agency in agencies:
        waiting, who = year.assessments([agency], State.SUBMITTED), year.headquarters(agency)
        lines = [line for line in year.lines(waiting) if line.self_actual and year.rng.random() < 0.06]
        entries = [(line, figures.corrected(line, line.self_actual, year.rng)) for line in lines]
        record_many(entries, MarkLevel.HQ, source=MarkSource.SCREEN, **who)
        for assessment in waiting:
            assessments.approve(assessment, **who)


def to_national(year, agencies):
    """Each headquarters sends its agencies' files; the municipality, which has none, by an expert."""
    by_body = {}
    for agency in agencies:
        by_body.setdefault(agency.headquarters_id, []).append(agency)
    for together in by_body.values():
        files = year.assessments(together, State.APPROVED)
        if files:
            carry(year, TransferDirection.TO_ARO, files, **year.headquarters(together[0]))


def to_province(year, agencies):
    for sent in year.cycle.transfers.filter(direction=TransferDirection.TO_ARO, state="sent"):
        if {assessment.agency for assessment in transfer.items(sent)} <= set(agencies):
            transfer.receive(sent, by=year.people.national)
    files = year.assessments(agencies, State.SENT)
    sent = carry(year, TransferDirection.TO_MPO, files, by=year.people.national)
    transfer.receive(sent, by=year.people.expert)


def carry(year, direction, files, **who):
    """Prepare and send; the evidence itself stays in the store, its register travels."""
    prepared = transfer.prepare(
        year.cycle,
        direction,
        files,
        letter_number=f"نمونه-{year.cycle.transfers.count() + 1}",
        letter_date=timezone.localdate(),
        **who,
    )
    content, sha256 = package.build(prepared, evidence_limit=0)
    return transfer.send(prepared, package=content, sha256=sha256, **who)


# -- evaluation -----------------------------------------------------------------------------------


def score_everything(year):
    around.visit_some(year)
    score(year, year.order)
    finish(year, year.order)


def scoring_half_way(year):
    around.visit_some(year)
    score(year, year.share(0, 0.3))
    finish(year, year.share(0, 0.25))
    score(year, year.share(0.3, 0.5), groups=("egov", "human", "specific"))
    score(year, year.share(0.5, 0.7), groups=("egov",))


def score(year, agencies, groups=None):
    """Each group scores its lines by two of its members, each steward its own, an expert the outside figures."""
    lines = year.lines(year.assessments(agencies, State.UNDER_EVALUATION))
    group_of = groups_of_axes(year)
    entries = {}
    for line in lines:
        if line.initial_score is None and (who := scorer(year, line, group_of, groups)):
            entries.setdefault(who, []).append((line, initial(year, line)))
    for who, own in entries.items():
        record_many(own, MarkLevel.INITIAL, by=who, source=MarkSource.SCREEN)


def groups_of_axes(year):
    """{axis pk: code of its group}; the specific lines have none."""
    group_of_axis = {}
    for code, people in year.people.groups.items():
        seat = people[0].evaluators.get(group__cycle=year.cycle)
        group_of_axis |= {axis.pk: code for axis in seat.group.axes.all()}
    return group_of_axis


def scorer(year, line, group_of, groups):
    """Who scores this line; None for a group that has not come to it yet."""
    indicator = line.indicator
    if indicator.scorer == Scorer.FEED:
        return year.people.expert
    if indicator.scorer == Scorer.STEWARD:
        return year.people.stewards[indicator.steward_id]
    code = group_of.get(indicator.axis_id, "specific")
    if groups is not None and code not in groups:
        return None
    return year.people.groups[code][1 + line.assessment.participation.agency_id % 2]


def initial(year, line):
    standing = line.hq_actual if line.hq_actual is not None else line.self_actual
    if standing is None:
        return Figures(actual=figures.verified(line, year.rng, year.strengths[line.assessment.agency.pk]))
    if year.rng.random() < 0.22:
        return figures.corrected(line, standing, year.rng)
    return Figures(actual=standing)


def finish(year, agencies):
    """The leads declare the scoring finished."""
    leads = {"general": year.people.groups["egov"][0], "specific": year.people.groups["specific"][0]}
    for assessment in year.assessments(agencies, State.UNDER_EVALUATION):
        assessments.finish_scoring(assessment, by=leads[assessment.dimension.code])
