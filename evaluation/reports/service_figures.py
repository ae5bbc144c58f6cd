"""What was promised and what was measured: one figure for each measure of the agreement's clauses."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.db.models import Avg, Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation import enums
from evaluation.enums import BehalfBasis, CycleKind, Part, PromiseMeasure, PublicityVerdict, Role, Stage
from evaluation.models import (
    Commitment,
    Cycle,
    Evidence,
    Mark,
    Objection,
    Publicity,
    StageWindow,
    Ticket,
    TransitionLog,
)
from evaluation.persian import format_decimal, localise_digits
from evaluation.process.service import health
from evaluation.process.year import planning

YEAR = datetime.timedelta(days=365)
DAY = datetime.timedelta(days=1)
NOTHING_YET = "—"


@dataclass(frozen=True)
class Figure:
    """A measured figure in words; `good`: whether the promise was kept, None where the figure says neither."""

    text: str
    good: bool | None = None


@dataclass(frozen=True)
class KindOfTickets:
    """The tickets of one kind in the last year; `share`: percent of the kind with most of them."""

    label: str
    filed: int
    in_time: int
    hours: Decimal | None  # mean time to the first answer
    satisfaction: Decimal | None  # mean, from 1 to 5
    share: int = 0


def latest_cycle(province):
    """The province's annual cycle of the latest year that has begun, or None."""
    begun = Cycle.objects.filter(province=province, kind=CycleKind.ANNUAL).exclude(stage=Stage.DRAFT)
    return begun.order_by("-performance_year").first()


def figures(province):
    """{PromiseMeasure: Figure} for a province: of its latest cycle, and of its desk and the system in the last year."""
    cycle, now = latest_cycle(province), timezone.now()
    of_cycle = {measure: make(cycle) if cycle else Figure(NOTHING_YET) for measure, make in OF_CYCLE.items()}
    return of_cycle | {
        PromiseMeasure.FIRST_ANSWER: first_answer(province, now),
        PromiseMeasure.DOWNTIME: downtime(now),
    }


def share(part, whole, sentence):
    """A figure “part of whole (percent)”; nothing yet where there is no whole."""
    if not whole:
        return Figure(NOTHING_YET)
    words = {
        "part": localise_digits(part),
        "whole": localise_digits(whole),
        "percent": format_decimal(part * 100 / whole, 1, trim=True),
    }
    return Figure(sentence % words, good=part == whole)


def evidence(cycle):
    """The files that the agencies' own people put into the system, of all that stand."""
    rows = Evidence.objects.filter(line__assessment__participation__cycle=cycle, removed_at=None)
    own = rows.filter(on_behalf_of=None).count()
    return share(own, rows.count(), _("%(part)s of %(whole)s files (%(percent)s%%)"))


def commitments(cycle):
    """The agencies of the cycle of which somebody has accepted the commitments."""
    agencies = cycle.participations.values("agency")
    accepted = Commitment.objects.filter(cycle=cycle, agency__in=agencies).values("agency").distinct().count()
    return share(accepted, agencies.count(), _("%(part)s of %(whole)s agencies (%(percent)s%%)"))


def objections(cycle):
    """The objections that were decided before the end of the window for answers, of all that were decided."""
    decided = Objection.objects.filter(
        line__assessment__participation__cycle=cycle, state__in=[str(s) for s in enums.ObjectionState.decided()]
    )
    answers = StageWindow.objects.filter(cycle=cycle, stage=Stage.OBJECTION, part__in=["", Part.ANSWER])
    end = answers.order_by("-closes_at").values_list("closes_at", flat=True).first()
    if end is None:
        return Figure(NOTHING_YET)
    in_time = decided.filter(decided_at__lte=end).count()
    return share(in_time, decided.count(), _("%(part)s of %(whole)s decisions (%(percent)s%%)"))


def on_behalf(cycle):
    """How many figures the organization entered on behalf of agencies by letter, of all that agencies entered."""
    rows = Mark.objects.filter(line__assessment__participation__cycle=cycle, level=enums.MarkLevel.SELF)
    by_letter = rows.filter(on_behalf_of__basis=BehalfBasis.LETTER, on_behalf_of__role=Role.AGENCY).count()
    count = rows.count()
    if not count:
        return Figure(NOTHING_YET)
    words = {"part": localise_digits(by_letter), "whole": localise_digits(count)}
    return Figure(_("%(part)s of %(whole)s figures") % words, good=by_letter == 0)


def publicity(cycle):
    """What agencies made public as it was announced, of all that was noted."""
    rows = Publicity.objects.filter(participation__cycle=cycle)
    kept = rows.filter(verdict=PublicityVerdict.AS_ANNOUNCED).count()
    return share(kept, rows.count(), _("%(part)s of %(whole)s publications (%(percent)s%%)"))


def stage_days(cycle):
    """The days that the stages have taken, against the planned days of the same stages."""
    steps = TransitionLog.objects.filter(content_type__model="cycle", object_id=cycle.pk)
    entered = {}
    for target, at in steps.order_by("at", "pk").values_list("target", "at"):
        entered.setdefault(target, at)
    moments = [(stage, entered[str(stage)]) for stage in Stage if str(stage) in entered]
    planned, spent, count = planning.planned_days(cycle), datetime.timedelta(0), 0
    wanted = 0
    for (stage, start), (_next, end) in pairwise(moments):
        if stage in planned:
            spent, wanted, count = spent + (end - start), wanted + planned[stage], count + 1
    if not count:
        return Figure(NOTHING_YET)
    words = {
        "spent": localise_digits(-(-spent // DAY)),
        "planned": localise_digits(round(wanted)),
        "count": localise_digits(count),
    }
    return Figure(_("%(spent)s days of %(planned)s planned, in %(count)s stages") % words, good=spent <= wanted * DAY)


def first_answer(province, now):
    """The mean time to the first answer of the tickets of the last year, and how many were answered in time."""
    rows = Ticket.objects.filter(province=province, filed_at__gt=now - YEAR)
    answered = rows.exclude(first_answered_at=None)
    mean = answered.aggregate(mean=Avg(F("first_answered_at") - F("filed_at")))["mean"]
    due = rows.filter(Q(first_answered_at__isnull=False) | Q(due_at__lte=now))
    if mean is None:
        return Figure(NOTHING_YET)
    in_time = answered.filter(first_answered_at__lte=F("due_at")).count()
    words = {
        "hours": format_decimal(mean.total_seconds() / 3600, 1, trim=True),
        "part": localise_digits(in_time),
        "whole": localise_digits(due.count()),
    }
    sentence = _("%(hours)s hours on average; %(part)s of %(whole)s tickets in time")
    return Figure(sentence % words, good=in_time == due.count())


def tickets(province, now):
    """[KindOfTickets] of the tickets of the last year, the kinds in their order; empty where none came. One query."""
    rows = Ticket.objects.filter(province=province, filed_at__gt=now - YEAR).order_by().values("kind")
    counted = rows.annotate(
        filed=Count("pk"),
        in_time=Count("pk", filter=Q(first_answered_at__lte=F("due_at"))),
        mean=Avg(F("first_answered_at") - F("filed_at")),
        satisfaction=Avg("satisfaction"),
    )
    of_kind = {row["kind"]: row for row in counted}
    most = max((row["filed"] for row in of_kind.values()), default=0)
    return [
        KindOfTickets(
            label=str(kind.label),
            filed=row["filed"],
            in_time=row["in_time"],
            hours=row["mean"] and Decimal(str(row["mean"].total_seconds())) / 3600,
            satisfaction=row["satisfaction"] and Decimal(str(row["satisfaction"])),
            share=round(100 * row["filed"] / most),
        )
        for kind in enums.TicketKind
        if (row := of_kind.get(kind))
    ]


def downtime(now):
    """How long the system was down in the last year, or since it is watched."""
    first = health.watched_since()
    if first is None:
        return Figure(NOTHING_YET)
    since = max(first, now - YEAR)
    down = health.downtime(since, now)
    whole = max(now - since, datetime.timedelta(minutes=1))
    words = {
        "hours": format_decimal(down.total_seconds() / 3600, 1, trim=True),
        "percent": format_decimal(100 - down * 100 / whole, 2, trim=True),
        "days": localise_digits(-(-whole // DAY)),
    }
    return Figure(_("%(hours)s hours in %(days)s days; available %(percent)s%%") % words, good=not down)


OF_CYCLE = {
    PromiseMeasure.EVIDENCE: evidence,
    PromiseMeasure.STAGE_DAYS: stage_days,
    PromiseMeasure.OBJECTIONS: objections,
    PromiseMeasure.COMMITMENTS: commitments,
    PromiseMeasure.ON_BEHALF: on_behalf,
    PromiseMeasure.PUBLICITY: publicity,
}
