"""What shows that the work of a stage was done, where the product knows it: letters, sessions, steps of the log."""

import datetime
from collections import defaultdict

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import CommitteeKind, ResultState, Stage, TransferDirection, TransferState, WorkshopKind
from evaluation.models import AgencyResult, TransitionLog
from evaluation.persian import format_jalali, localise_digits

STEPS = {  # stage: (model, step of the log): what its rows show; `count` things, the last of them on `day`
    Stage.EVALUATORS: {
        ("evaluatorgroup", "form_group"): gettext_lazy("Evaluator groups formed: %(count)s, the last on %(day)s"),
    },
    Stage.PARTICIPANTS: {
        ("cycle", "fix_participants"): gettext_lazy("List of participating agencies finalised on %(day)s"),
    },
    Stage.INDICATORS: {
        ("specificlist", "freeze"): gettext_lazy("Specific lists frozen: %(count)s, the last on %(day)s"),
    },
    Stage.SELF_ASSESSMENT: {
        ("assessment", "submit"): gettext_lazy("Self-assessments submitted: %(count)s, the last on %(day)s"),
    },
    Stage.TRANSFER: {
        ("assessment", "approve"): gettext_lazy("Self-assessments approved: %(count)s, the last on %(day)s"),
        ("assessment", "receive"): gettext_lazy("Self-assessments received: %(count)s, the last on %(day)s"),
    },
    Stage.EVALUATION: {
        ("assessment", "finish_scoring"): gettext_lazy("Assessments scored: %(count)s, the last on %(day)s"),
        ("feedbacksheet", "issue"): gettext_lazy("Feedback sheets of visits: %(count)s, the last on %(day)s"),
    },
    Stage.OBJECTION: {
        ("assessment", "disclose"): gettext_lazy("Initial results disclosed: %(count)s, the last on %(day)s"),
        ("objection", "decide"): gettext_lazy("Objections decided: %(count)s, the last on %(day)s"),
        ("hearing", "hold"): gettext_lazy("Defence sessions held: %(count)s, the last on %(day)s"),
    },
    Stage.CONFIRMATION: {
        ("assessment", "confirm"): gettext_lazy("Assessments confirmed: %(count)s, the last on %(day)s"),
    },
    Stage.RANKING: {
        ("resultset", "compute"): gettext_lazy("Results computed on %(day)s"),
        ("resultset", "announce"): gettext_lazy("Results announced to the agencies on %(day)s"),
    },
    Stage.FESTIVAL: {
        ("festival", "announce"): gettext_lazy("Winners of the festival announced on %(day)s"),
        ("resultset", "publish"): gettext_lazy("Results published as book and disc on %(day)s"),
    },
}
STAGE_OF_TRANSFER = {
    TransferDirection.TO_ARO: Stage.TRANSFER,
    TransferDirection.TO_MPO: Stage.TRANSFER,
    TransferDirection.REPORT: Stage.RANKING,
    TransferDirection.FESTIVAL: Stage.FESTIVAL,
}


def shown_work(cycle, *, whole):
    """{stage: [sentence]} of what shows the work of each stage of a cycle.

    `whole`: also what only the staff of the province reads, since it counts the files of all agencies. Seven queries,
    otherwise four.
    """
    rows = defaultdict(list)
    for letter in cycle.circulars.filter(sent_at__isnull=False).order_by("sent_at", "pk"):
        words = {"number": localise_digits(letter.number), "day": day_of(letter.sent_at)}
        rows[Stage.CIRCULAR].append(_("Letter %(number)s, sent on %(day)s") % words)
    for workshop in cycle.workshops.filter(held_at__isnull=False).order_by("held_at", "pk"):
        stage = Stage.EVALUATORS if workshop.kind == WorkshopKind.EVALUATORS else Stage.BRIEFING
        words = {"title": workshop.title, "day": day_of(workshop.held_at)}
        rows[stage].append(_("Workshop “%(title)s”, held on %(day)s") % words)
    for dimension in cycle.dimensions.filter(frozen_at__isnull=False).order_by("frozen_at", "pk"):
        words = {"title": dimension.title, "day": day_of(dimension.frozen_at)}
        rows[Stage.INDICATORS].append(_("Catalogue “%(title)s”, frozen on %(day)s") % words)
    council = cycle.committee_sessions.filter(committee__kind=CommitteeKind.COUNCIL).exclude(decision="")
    for session in council.order_by("held_on", "pk"):
        words = {"number": localise_digits(session.number), "day": format_jalali(session.held_on)}
        rows[Stage.RANKING].append(_("Session %(number)s of the council, held on %(day)s") % words)
    if whole:
        add_steps(rows, cycle)
        add_transfers(rows, cycle)
        add_level_letters(rows, cycle)
    return rows


def add_steps(rows, cycle):
    """What the log of the cycle says of each stage: how many rows took a step, and when the last of them did."""
    wanted = {step: stage for stage, steps in STEPS.items() for step in steps}
    log = TransitionLog.objects.filter(cycle=cycle, name__in={name for _model, name in wanted}).order_by()
    taken = {
        (model, name): (count, last)
        for model, name, count, last in log.values_list("content_type__model", "name").annotate(
            count=Count("object_id", distinct=True), last=Max("at")
        )
    }
    for step, stage in wanted.items():
        if step in taken:
            count, last = taken[step]
            rows[stage].append(STEPS[stage][step] % {"count": localise_digits(count), "day": day_of(last)})


def add_transfers(rows, cycle):
    """The packages that were sent: the letter of one alone, of several in one direction how many there are."""
    sent = cycle.transfers.filter(state__in=[TransferState.SENT, TransferState.RECEIVED]).order_by("sent_at", "pk")
    of_direction = defaultdict(list)
    for transfer in sent:
        of_direction[TransferDirection(transfer.direction)].append(transfer)
    for direction, transfers in of_direction.items():
        last = transfers[-1]
        words = {"direction": direction.label, "day": day_of(last.sent_at)}
        if len(transfers) > 1:
            words["count"] = localise_digits(len(transfers))
            sentence = _("%(direction)s: %(count)s packages, the last on %(day)s")
        elif last.letter_number:
            words["number"] = localise_digits(last.letter_number)
            sentence = _("%(direction)s: letter %(number)s, sent on %(day)s")
        else:
            sentence = _("%(direction)s: sent on %(day)s")
        rows[STAGE_OF_TRANSFER[direction]].append(sentence % words)


def add_level_letters(rows, cycle):
    """The letters by which the levels came."""
    results = AgencyResult.objects.filter(result_set__cycle=cycle).exclude(result_set__state=ResultState.VOID)
    letters = results.exclude(level_letter="").order_by("level_letter").values_list("level_letter", flat=True)
    for number in letters.distinct():
        rows[Stage.RANKING].append(_("Levels by letter %(number)s") % {"number": localise_digits(number)})


def day_of(moment: datetime.datetime) -> str:
    """The local day of a moment, in words."""
    return format_jalali(timezone.localtime(moment).date())
