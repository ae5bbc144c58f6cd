"""Self-assessment, approval and transfer, expert evaluation."""

import datetime

from django.utils import timezone

from evaluation.enums import AssessmentState as State
from evaluation.enums import EvidenceRule, MarkLevel, MarkSource, Scorer, Stage, TransferDirection
from evaluation.models import Line
from evaluation.process.assessing import assessment as assessment_verbs
from evaluation.process.assessing import commitments, evidence, feed, transfer
from evaluation.process.assessing.line import Figures, record_many
from evaluation.process.year import windows
from evaluation.reports import report_pdf

from . import around, figures
from .year import paper

REPORTS = 3  # agencies whose frozen report is typeset; each takes a tenth of a second


# -- self-assessment ------------------------------------------------------------------------------


def present(year):
    """All agencies but one, which enters nothing."""
    return [agency for agency in year.order if agency not in absent(year)]


def absent(year):
    """The agency that enters nothing, as a list."""
    return year.order[-3:-2]


def submit_all(year):
    """The agencies submit; the absent one is marked as such."""
    year.submit(year.assessments(present(year), State.DRAFTING, State.RETURNED))
    for assessment in year.assessments(absent(year)):
        reason = "دستگاه در مهلت مقرر خودارزیابی را ارسال نکرد."
        assessment_verbs.mark_absent(assessment, by=year.people.manager, reason=reason)


def entry_half_way(year):
    """Some agencies have submitted, some one of two files, some are still entering; one has more time."""
    submit(year, year.share(0, 0.4))
    fill(year, year.share(0.4, 0.5))
    half = year.assessments(year.share(0.4, 0.5))
    year.submit([assessment for assessment in half if assessment.dimension.code == "general"])
    fill(year, year.share(0.5, 0.8), part=True)
    late = year.share(0.9)[0]
    windows.extend(
        year.cycle,
        late,
        stage=Stage.SELF_ASSESSMENT,
        ends_at=timezone.now() + datetime.timedelta(days=45),
        reason="تغییر مسئول ارزیابی عملکرد دستگاه",
        by=year.people.manager,
    )
    around.requests_half_way(year)
    around.ask_the_desk(year)


def fill(year, agencies, *, part=False):
    """Enter the agencies' own figures, with evidence where it is required; `part` leaves some lines empty."""
    text = commitments.text_of(year.cycle)
    for agency in agencies:
        who = year.reporter(agency)
        if "on_behalf" not in who:
            commitments.accept_commitments(year.cycle, agency, by=who["by"], text=text)
        lines = [
            line
            for line in year.lines(year.assessments([agency], *State.open_to_agency()))
            if line.indicator.scorer == Scorer.EVALUATOR and not (part and year.rng.random() < 0.5)
        ]
        entries = [(line, figures.own(line, year.rng, year.strengths[agency.pk])) for line in lines]
        record_many(entries, MarkLevel.SELF, source=MarkSource.SCREEN, **who)
        proven = [line for line in lines if line.indicator.evidence_rule == EvidenceRule.REQUIRED and line.self_score]
        evidence.attach_many([(line, proof(line), "مستندات نمونه") for line in proven], **who)


def proof(line):
    """A sample file of evidence for a line."""
    text = f"مستندات نمونه برای نمایش؛ شاخص {line.indicator.code}، {line.assessment.agency}. این فایل ساختگی است.\n"
    return paper(f"{line.indicator.code}.txt", text)


def submit(year, agencies):
    """Enter the figures of these agencies and submit."""
    fill(year, agencies)
    year.submit(year.assessments(agencies, State.DRAFTING, State.RETURNED))


def report_of(year, assessment):
    """The frozen report of the first submission of a few agencies."""
    wanted = assessment.agency in year.order[:REPORTS] and assessment.state != State.RETURNED
    return report_pdf.self_assessment(assessment) if wanted else None


# -- approval and transfer ------------------------------------------------------------------------


def return_and_approve(year):
    """A few files are returned to their agencies and submitted again; then all are approved."""
    return_some(year, year.share(0, 0.05))
    year.submit(year.assessments(year.share(0, 0.05), State.RETURNED))
    approve(year, year.order)


def transfer_half_way(year):
    """Some files are on each part of their way; a transfer was refused, and some files were returned."""
    approve(year, year.share(0, 0.6))
    year.forward(year.assessments(year.share(0, 0.4), State.APPROVED))
    to_province(year, year.share(0, 0.2))
    refused = year.cycle.transfers.filter(direction=TransferDirection.TO_ARO, state="sent").last()
    if refused and year.cycle.transfers.filter(state="sent").count() > 1:
        transfer.refuse(refused, by=year.people.national, reason="پیوست دو شاخص خوانا نیست.")
    return_some(year, year.share(0.6, 0.7))
    take_in_figures(year, year.share(0, 0.5))


def take_in_figures(year, agencies):
    """Record what external systems observed by the end of the year. It counts once scoring is open."""
    day = min(year.cycle.period_end, timezone.localdate())
    lines = Line.objects.filter(assessment__in=year.assessments(agencies), indicator__scorer=Scorer.FEED, exempt=False)
    observed = [
        (agency, line.indicator, figures.verified(line, year.rng, year.strengths[agency.pk]), day)
        for line in lines.select_related("indicator", "assessment__participation__agency").order_by("pk")
        for agency in [line.assessment.agency]
    ]
    feed.record_feed(year.cycle, observed, by=year.people.expert)


def return_some(year, agencies):
    """The headquarters return the submitted files of these agencies, with reasons for two lines."""
    for assessment in year.assessments(agencies, State.SUBMITTED):
        lines = year.lines([assessment])[:2]
        assessment_verbs.return_(
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
        year.approve(waiting)


def to_province(year, agencies):
    """The transfers of these agencies alone are received, and their files sent on to the province."""
    for sent in year.cycle.transfers.filter(direction=TransferDirection.TO_ARO, state="sent"):
        if {assessment.agency for assessment in transfer.items(sent)} <= set(agencies):
            transfer.receive(sent, by=year.people.national)
    year.send_back(year.assessments(agencies, State.SENT))


# -- evaluation -----------------------------------------------------------------------------------


def visit_and_score(year):
    """Visits, and the scores of all lines."""
    around.visit_some(year)
    around.ask_the_desk(year)
    score(year, year.order)


def scoring_half_way(year):
    """Some files are scored and finished, others by some of the groups only."""
    around.visit_some(year)
    around.ask_the_desk(year)
    score(year, year.share(0, 0.3))
    year.finish_scoring(year.assessments(year.share(0, 0.25), State.UNDER_EVALUATION))
    score(year, year.share(0.3, 0.5), groups=("egov", "human", "specific"))
    score(year, year.share(0.5, 0.7), groups=("egov",))


def score(year, agencies, groups=None):
    """Record initial scores: two members of each group, each steward the own lines, an expert the outside figures."""
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
    """Who scores this line; None for a group that has not begun."""
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
    """The initial figures of a line: as the headquarters approved, or corrected."""
    standing = line.hq_actual if line.hq_actual is not None else line.self_actual
    if standing is None:
        return Figures(actual=figures.verified(line, year.rng, year.strengths[line.assessment.agency.pk]))
    if year.rng.random() < 0.22:
        return figures.corrected(line, standing, year.rng)
    return Figures(actual=standing)
