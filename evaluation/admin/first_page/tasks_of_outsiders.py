"""What waits for each role outside the provincial organization: rows that lead to the work."""

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import AssessmentState as State
from evaluation.enums import (
    Gate,
    LevelSource,
    ListState,
    Part,
    ResultState,
    Scorer,
    Sender,
    Stage,
    TransferDirection,
    TransferState,
)
from evaluation.models import (
    Assessment,
    Circular,
    CircularReceipt,
    FeedbackSheet,
    Indicator,
    ResultSet,
    SpecificList,
    Transfer,
    TransferItem,
)
from evaluation.rules import conditions

from ..addresses import page_url
from ..year.stage_strip import last_day
from .role_tasks import assessments, lines_url, task

UNDER_WAY = [TransferState.PREPARED, TransferState.SENT]
EMPTY = Q(lines__exempt=False, lines__indicator__scorer=Scorer.EVALUATOR, lines__self_actual=None)
EMPTY &= Q(lines__self_score=None)
PART_OF_GATE = {Gate.COUNCIL: Part.COUNCIL, Gate.LEVELS: Part.LEVELS}
ENTRY_TITLES = {
    State.NOT_STARTED: gettext_lazy("Begin the self-assessment: %(name)s"),
    State.DRAFTING: gettext_lazy("Complete and submit the self-assessment: %(name)s"),
    State.RETURNED: gettext_lazy("Correct the returned self-assessment: %(name)s"),
}


def agency(desk):
    return [
        *circulars(desk),
        *proposals(desk),
        *self_assessments(desk),
        *to_send(desk, Sender.AGENCY),
        *acknowledgements(desk),
        *feedback_sheets(desk),
        *objections_possible(desk),
        *announced(desk),
    ]


def headquarters(desk):
    return [
        *lists_to_endorse(desk),
        *approvals(desk),
        *to_send(desk, Sender.HEADQUARTERS),
        *announced(desk),
    ]


def national(desk):
    lists = desk.rows(SpecificList, state=ListState.SENT)
    end = desk.soonest(Stage.INDICATORS, Part.ARO)
    return [
        *desk.counted(_("Specific lists to finalise"), lists, due=end, state__exact=ListState.SENT),
        *to_receive(desk, TransferDirection.TO_ARO, TransferDirection.REPORT),
        *to_forward(desk),
        *prepared(desk, TransferDirection.TO_MPO),
        *gate_due(desk, Gate.LEVELS, _("Levels to give: %(cycle)s")),
    ]


def council(desk):
    return [*gate_due(desk, Gate.COUNCIL, _("Results to approve in the council: %(cycle)s")), *announced(desk)]


def observer(desk):
    return announced(desk)


# -- specific lists -------------------------------------------------------------------------------


def proposals(desk):
    end = desk.soonest(Stage.INDICATORS, Part.PROPOSE)
    if end is None:
        return []
    drafts = desk.rows(SpecificList, state=ListState.DRAFTING)
    return desk.counted(_("Specific indicators to propose"), drafts, due=end, state__exact=ListState.DRAFTING)


def lists_to_endorse(desk):
    written = Indicator.objects.filter(cycle=OuterRef("cycle"), agency=OuterRef("agency"))
    drafts = desk.rows(SpecificList, state=ListState.DRAFTING).filter(Exists(written))
    endorsed = desk.rows(SpecificList, state=ListState.ENDORSED)
    end = desk.soonest(Stage.INDICATORS, Part.PROPOSE)
    return [
        *desk.counted(_("Specific lists to endorse"), drafts, due=end, state__exact=ListState.DRAFTING),
        *desk.counted(
            _("Specific lists to send to the national organization"), endorsed, state__exact=ListState.ENDORSED
        ),
    ]


def acknowledgements(desk):
    final = desk.rows(SpecificList, state=ListState.FROZEN, acknowledged_at=None)
    return desk.counted(_("Final list of specific indicators to acknowledge"), final, state__exact=ListState.FROZEN)


def feedback_sheets(desk):
    waiting = desk.rows(FeedbackSheet, issued_at__isnull=False, acknowledged_at=None)
    return desk.counted(_("Feedback sheets to acknowledge"), waiting)


# -- self-assessment ------------------------------------------------------------------------------


def circulars(desk):
    unread = desk.rows(CircularReceipt, read_at=None)
    return desk.counted(_("Circulars to read"), unread, model=Circular)


def self_assessments(desk):
    open_to_agency = [str(state) for state in State.open_to_agency()]
    rows = assessments(desk, state__in=open_to_agency).annotate(empty=Count("lines", filter=EMPTY))
    return [row for assessment in rows if (row := entry(desk, assessment))]


def entry(desk, assessment):
    """One self-assessment to fill: not before its window opens; after its end the way to more time."""
    at = {"dimension": assessment.dimension_id, "agency": assessment.participation.agency_id}
    cycle, own = assessment.participation.cycle_id, assessment.return_deadline
    end = desk.deadlines.end(cycle, Stage.SELF_ASSESSMENT, **at)
    if own and own > desk.deadlines.now:
        end = max(own, end or own)
    title = ENTRY_TITLES[assessment.state] % {"name": called(desk, assessment)}
    detail = assessment.return_reason if assessment.state == State.RETURNED else ""
    if end is not None:
        count = assessment.empty or None
        detail = detail or (_("Lines that are still empty") if count else _("Every line is filled: submit it."))
        return task(title, url=lines_url(assessment), count=count, due=last_day(end), detail=detail)
    if own is None and not desk.deadlines.is_over(cycle, Stage.SELF_ASSESSMENT, **at):
        return None
    late = _("The time for it is over: ask the provincial organization for an extension.")
    return task(title, url=lines_url(assessment), detail=late, tone="danger")


def called(desk, assessment):
    """An agency's person knows whose it is, unless they work for several."""
    alone = len({membership.agency_id for membership in desk.memberships}) == 1
    return str(assessment.dimension if alone else assessment)


def approvals(desk):
    return desk.in_state(
        State.SUBMITTED, _("Self-assessments to approve or return"), due=desk.soonest(Stage.TRANSFER, Part.HEADQUARTERS)
    )


def objections_possible(desk):
    tasks = []
    for assessment in assessments(desk, state=State.DISCLOSED):
        at = {"dimension": assessment.dimension_id, "agency": assessment.participation.agency_id}
        end = desk.deadlines.end(assessment.participation.cycle_id, Stage.OBJECTION, Part.OBJECT, **at)
        if end is not None:
            title = _("See the initial results: %(name)s") % {"name": called(desk, assessment)}
            detail = _("Lines can be objected to until this day.")
            tasks.append(task(title, url=lines_url(assessment), due=last_day(end), detail=detail))
    return tasks


# -- transfers ------------------------------------------------------------------------------------


def to_send(desk, sender):
    """Approved files, and packages prepared but not sent, in the cycles where this is the sender."""
    cycles = [cycle for cycle in desk.cycles if cycle.sender == sender]
    if not cycles:
        return []
    carried = TransferItem.objects.filter(transfer__direction=TransferDirection.TO_ARO, transfer__state__in=UNDER_WAY)
    rows = desk.rows(Assessment, state=State.APPROVED, participation__cycle__in=cycles)
    rows = rows.exclude(pk__in=carried.values("assessment"))
    return [
        *desk.counted(
            _("Approved files to send to the national organization"),
            rows,
            due=desk.soonest(Stage.TRANSFER, Part.FORWARD),
            state__exact=State.APPROVED,
        ),
        *prepared(desk, TransferDirection.TO_ARO),
    ]


def prepared(desk, direction):
    rows = desk.rows(Transfer, direction=direction, state=TransferState.PREPARED)
    where = {"direction__exact": direction, "state__exact": TransferState.PREPARED}
    return desk.counted(_("Packages prepared and not sent yet"), rows, **where)


def to_receive(desk, *directions):
    rows = desk.rows(Transfer, direction__in=[str(direction) for direction in directions], state=TransferState.SENT)
    return desk.counted(_("Packages to receive"), rows, state__exact=TransferState.SENT)


def to_forward(desk):
    """Files that arrived at the national organization and are not on their way to the province."""
    items = TransferItem.objects.order_by()
    arrived = items.filter(transfer__direction=TransferDirection.TO_ARO, transfer__state=TransferState.RECEIVED)
    gone = items.filter(
        transfer__direction=TransferDirection.TO_MPO, transfer__state__in=[*UNDER_WAY, TransferState.RECEIVED]
    )
    rows = desk.rows(Assessment, state=State.SENT, pk__in=arrived.values("assessment"))
    rows = rows.exclude(pk__in=gone.values("assessment"))
    return desk.counted(_("Files to send on to the provinces"), rows, state__exact=State.SENT)


# -- results --------------------------------------------------------------------------------------


def result_sets(desk, *states):
    rows = desk.rows(ResultSet, state__in=[str(state) for state in states])
    return rows.select_related("cycle__province")


def gate_due(desk, gate, title):
    """Result sets whose turn this gate is."""
    tasks, end = [], desk.soonest(Stage.RANKING, PART_OF_GATE[gate])
    for result_set in result_sets(desk, ResultState.COMPUTED, ResultState.APPROVED):
        passed = getattr(result_set, conditions.GATE_MOMENT[gate]) is not None
        typed = gate != Gate.LEVELS or result_set.cycle.level_source == LevelSource.RECEIVED
        if typed and not passed and not conditions.gates_before(gate).reasons(result_set):
            url = page_url("resultset_change", result_set.pk)
            tasks.append(task(title % {"cycle": result_set.cycle}, url=url, due=end))
    return tasks


def announced(desk):
    titles = {
        ResultState.ANNOUNCED: _("The results are announced: %(cycle)s"),
        ResultState.PUBLISHED: _("The results are published: %(cycle)s"),
    }
    tasks = []
    for result_set in result_sets(desk, *titles):
        title, url = titles[result_set.state], page_url("resultset_ranking", result_set.pk)
        tasks.append(task(title % {"cycle": result_set.cycle}, url=url, tone="good"))
    return tasks
