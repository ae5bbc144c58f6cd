"""The rows in which work waits for a role. The first page makes tasks of them, the menu counts them.

Each function takes a `RoleRows` and gives a queryset; what it asks of the present it takes from there, since the menu
keeps the text of its question (`rules.statements`). The first page asks in addition whether the window of the work is
open; the menu, which is on every page, asks for the stage of the cycle alone.
"""

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncDate

from evaluation.enums import AssessmentState as State
from evaluation.enums import (
    CycleKind,
    EndOrder,
    HearingState,
    LetterKind,
    LevelSource,
    ListState,
    ObjectionState,
    ResultState,
    Scorer,
    Stage,
    TicketState,
    TransferDirection,
    TransferState,
)
from evaluation.models import (
    Assessment,
    CircularReceipt,
    CouncilRemark,
    Cycle,
    ExtensionRequest,
    FeedbackSheet,
    Hearing,
    ImprovementPlan,
    Indicator,
    Letter,
    Line,
    Objection,
    Participation,
    ResultSet,
    SpecificList,
    Ticket,
    Transfer,
    TransferItem,
    Visit,
)
from evaluation.process.improvement import following, report_card

UNDER_WAY = (TransferState.PREPARED, TransferState.SENT)
TO_FREEZE = (ListState.FINALISED, ListState.SLICED, ListState.REVIEWED)  # steps of the provincial organization
OUTSIDE_GATE_OPEN = Q(cycle__report_required=True, reported_at=None)
OUTSIDE_GATE_OPEN |= ~Q(cycle__level_source=LevelSource.NONE) & Q(levelled_at=None)
SCORING_STAGES = (Stage.EVALUATION, Stage.OBJECTION, Stage.CONFIRMATION)


# -- agencies and their headquarters --------------------------------------------------------------


def circulars_to_read(role):
    return role.rows(CircularReceipt, read_at=None)


def lists_to_propose(role):
    return role.rows(SpecificList, state=ListState.DRAFTING, cycle__stage=Stage.INDICATORS)


def lists_to_acknowledge(role):
    return role.rows(SpecificList, state=ListState.FROZEN, acknowledged_at=None)


def lists_to_endorse(role):
    """Lists that are still drafted and have an indicator."""
    written = Indicator.objects.filter(cycle=OuterRef("cycle"), agency=OuterRef("agency"))
    return role.rows(SpecificList, state=ListState.DRAFTING).filter(Exists(written))


def lists_in(role, *states):
    return role.rows(SpecificList, state__in=states)


def self_assessments_to_fill(role):
    """Those that the agency may write, from the stage of self-assessment on."""
    begun = list(Stage)[Stage.SELF_ASSESSMENT.number :]
    return role.rows(Assessment, state__in=State.open_to_agency(), participation__cycle__stage__in=begun)


def assessments_in(role, *states):
    return role.rows(Assessment, state__in=states)


def approved_to_send(role, sender):
    """Approved self-assessments, on the way in no package, of cycles in which `sender` sends them."""
    carried = TransferItem.objects.filter(transfer__direction=TransferDirection.TO_ARO, transfer__state__in=UNDER_WAY)
    rows = role.rows(Assessment, state=State.APPROVED, participation__cycle__sender=sender)
    return rows.exclude(pk__in=carried.values("assessment"))


def packages(role, state, *directions):
    return role.rows(Transfer, state=state, direction__in=directions)


def to_forward(role):
    """Files that arrived at the national organization and are not on their way to the province."""
    items = TransferItem.objects.order_by()
    arrived = items.filter(transfer__direction=TransferDirection.TO_ARO, transfer__state=TransferState.RECEIVED)
    gone = items.filter(
        transfer__direction=TransferDirection.TO_MPO, transfer__state__in=[*UNDER_WAY, TransferState.RECEIVED]
    )
    rows = role.rows(Assessment, state=State.SENT, pk__in=arrived.values("assessment"))
    return rows.exclude(pk__in=gone.values("assessment"))


def sheets_to_acknowledge(role):
    return role.rows(FeedbackSheet, issued_at__isnull=False, acknowledged_at=None)


def cards_to_acknowledge(role):
    """Agencies in a cycle with announced results whose report card nobody has acknowledged."""
    open_to_them = ResultSet.objects.filter(cycle=OuterRef("cycle"), state__in=ResultState.seen_by_agency())
    return role.rows(Participation, card_receipt=None).filter(Exists(open_to_them))


def half_time_cards_to_acknowledge(role):
    """Agencies in an interim cycle whose scores are disclosed and whose card nobody has acknowledged."""
    open_to_them = Assessment.objects.filter(participation=OuterRef("pk"), state__in=State.disclosed_or_after())
    rows = role.rows(Participation, card_receipt=None, cycle__kind=CycleKind.INTERIM)
    return rows.filter(Exists(open_to_them))


def letters_to_acknowledge(role):
    """Letters that were sent to the person's side and whose receipt is not recorded."""
    return role.rows(Letter, sent_at__isnull=False, received_at=None, superseded_at=None)


def plans_to_report(role):
    """Plans with an action that has no report in this quarter; asked for from the quarter after the approval on."""
    return role.rows(ImprovementPlan, pk__in=following.unreported(role.at.quarter).values("plan"))


def plans_in(role, *states):
    return role.rows(ImprovementPlan, state__in=states)


# -- the provincial organization ------------------------------------------------------------------


def meetings_to_record(role):
    """Agencies, of archived cycles too, that asked for a meeting about their card, without a visit since that day."""
    held = Visit.objects.filter(participation=OuterRef("object_id"), date__gte=OuterRef("day"))
    asked = report_card.meetings_asked_for().filter(object_id=OuterRef("pk")).annotate(day=TruncDate("at"))
    return role.scoped(Participation).filter(Exists(asked.filter(~Exists(held))))


def tickets_to_answer(role):
    """Tickets of the service desk that wait for an answer, of any cycle or of none."""
    return role.scoped(Ticket).filter(state__in=[str(state) for state in TicketState.waiting()])


def requests_to_decide(role):
    return role.rows(ExtensionRequest, decision="")


def received_or_scored(role):
    """Assessments to open for scoring, and scored ones to disclose."""
    return role.rows(
        Assessment, state__in=(State.RECEIVED, State.SCORED), participation__cycle__stage__in=SCORING_STAGES
    )


def to_confirm(role):
    """Disclosed assessments without an undecided objection, in the stage of confirmation."""
    undecided = Objection.objects.filter(line__assessment=OuterRef("pk"), state=ObjectionState.FILED)
    rows = role.rows(Assessment, state=State.DISCLOSED, participation__cycle__stage=Stage.CONFIRMATION)
    return rows.exclude(Exists(undecided))


def letters_to_send(role):
    """Letters to agencies and headquarters that are made and not sent."""
    return role.rows(Letter, participation__isnull=False, sent_at=None, superseded_at=None)


def hearings_without_minutes(role):
    return role.rows(Hearing, state=HearingState.PLANNED, starts_at__lte=role.at.now)


def objections_to_decide(role, **only):
    return role.rows(Objection, state=ObjectionState.FILED, **only)


def cycles_to_compute(role):
    """Cycles in ranking whose totals are not computed yet."""
    computed = ResultSet.objects.exclude(state__in=(ResultState.DRAFT, ResultState.VOID))
    return role.rows(Cycle, stage=Stage.RANKING).exclude(pk__in=computed.values("cycle"))


def results_to_approve(role):
    """Computed results whose next gate is the council's, and that were sent to it."""
    rows = role.rows(ResultSet, state__in=(ResultState.COMPUTED, ResultState.APPROVED), council_at=None)
    sent = Letter.objects.filter(
        result_set=OuterRef("pk"), kind=LetterKind.COUNCIL, sent_at__gte=OuterRef("computed_at")
    )
    rows = rows.filter(Exists(sent))
    early = rows.filter(OUTSIDE_GATE_OPEN, cycle__end_order=EndOrder.ARO_FIRST)
    return rows.exclude(pk__in=early.values("pk"))


def remarks_to_answer(role):
    """What the council objected to and has no answer to."""
    return role.rows(CouncilRemark, answer="")


def results_to_announce(role):
    """Approved results that have passed every gate of their cycle."""
    rows = role.rows(ResultSet, state=ResultState.APPROVED, cycle__stage__in=(Stage.RANKING, Stage.FESTIVAL))
    return rows.exclude(council_at=None).exclude(pk__in=rows.filter(OUTSIDE_GATE_OPEN).values("pk"))


def results_to_publish(role):
    """Announced results whose cycle has reached its last stage."""
    return role.rows(ResultSet, state=ResultState.ANNOUNCED, cycle__stage=Stage.FESTIVAL)


# -- evaluators and stewards ----------------------------------------------------------------------


def bare_lines(role):
    """The role's lines under evaluation that have no initial score yet."""
    return role.rows(Line, assessment__state=State.UNDER_EVALUATION, exempt=False, initial_score=None)


def lines_to_score(role, scorer):
    return bare_lines(role).filter(indicator__scorer=scorer)


def assessments_to_score(role, scorer):
    """The assessments in which one of these lines is."""
    return role.rows(Assessment, pk__in=lines_to_score(role, scorer).values("assessment"))


def objections_of_evaluators(role):
    return objections_to_decide(role, line__indicator__scorer=Scorer.EVALUATOR)


def opinions_to_give(role):
    return objections_to_decide(role, steward_opinion="")
