"""What waits for each role outside the provincial organization: rows that lead to the work."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import AssessmentState as State
from evaluation.enums import (
    Gate,
    LevelSource,
    ListState,
    Part,
    PlanState,
    ResultState,
    Scorer,
    Sender,
    Stage,
    TransferDirection,
    TransferState,
)
from evaluation.models import AgencyResult, Circular
from evaluation.persian import last_day_of
from evaluation.rules import conditions, gates
from evaluation.rules.end import council_letters

from ..addresses import page_url
from ..menu import waiting
from ..verbs.behalf import lines_url
from .role_tasks import assessments, task

UNFILLED = Q(lines__exempt=False, lines__indicator__scorer=Scorer.EVALUATOR, lines__self_actual=None)
UNFILLED &= Q(lines__self_score=None)
PART_OF_GATE = {Gate.COUNCIL: Part.COUNCIL, Gate.REPORT: Part.ARO, Gate.LEVELS: Part.LEVELS}
ENTRY_TITLES = {
    State.NOT_STARTED: gettext_lazy("Begin the self-assessment: %(name)s"),
    State.DRAFTING: gettext_lazy("Complete and submit the self-assessment: %(name)s"),
    State.RETURNED: gettext_lazy("Correct the returned self-assessment: %(name)s"),
}


def agency(role):
    return [
        *circulars(role),
        *proposals(role),
        *self_assessments(role),
        *to_send(role, Sender.AGENCY),
        *acknowledgements(role),
        *feedback_sheets(role),
        *objections_possible(role),
        *report_cards(role),
        *half_time_cards(role),
        *letters_received(role),
        *plans(role, PlanState.PROPOSED, _("Improvement plans to complete and agree to")),
        *plans_to_report(role),
        *announced(role),
    ]


def headquarters(role):
    return [
        *lists_to_endorse(role),
        *approvals(role),
        *to_send(role, Sender.HEADQUARTERS),
        *letters_received(role),
        *plans(role, PlanState.AGREED, _("Improvement plans to approve")),
        *announced(role),
    ]


def national(role):
    lists = waiting.lists_in(role, ListState.SENT)
    end = role.soonest(Stage.INDICATORS, Part.ARO)
    return [
        *role.counted(_("Specific lists to finalise"), lists, due=end, state__exact=ListState.SENT),
        *to_receive(role, TransferDirection.TO_ARO, TransferDirection.REPORT, TransferDirection.FESTIVAL),
        *to_forward(role),
        *prepared(role, TransferDirection.TO_MPO),
        *gate_due(role, Gate.LEVELS, _("Levels to give: %(cycle)s")),
    ]


def council(role):
    title = _("Results to approve in the council: %(cycle)s")
    return [*gate_due(role, Gate.COUNCIL, title, only=is_with_council), *announced(role)]


def observer(role):
    return announced(role)


# -- specific lists -------------------------------------------------------------------------------


def proposals(role):
    end = role.soonest(Stage.INDICATORS, Part.PROPOSE)
    if end is None:
        return []
    drafts = waiting.lists_in(role, ListState.DRAFTING)
    return role.counted(_("Specific indicators to propose"), drafts, due=end, state__exact=ListState.DRAFTING)


def lists_to_endorse(role):
    drafts = waiting.lists_to_endorse(role)
    endorsed = waiting.lists_in(role, ListState.ENDORSED)
    end = role.soonest(Stage.INDICATORS, Part.PROPOSE)
    return [
        *role.counted(_("Specific lists to endorse"), drafts, due=end, state__exact=ListState.DRAFTING),
        *role.counted(
            _("Specific lists to send to the national organization"), endorsed, state__exact=ListState.ENDORSED
        ),
    ]


def acknowledgements(role):
    final = waiting.lists_to_acknowledge(role)
    return role.counted(_("Final list of specific indicators to acknowledge"), final, state__exact=ListState.FROZEN)


def letters_received(role):
    return role.counted(_("Letters whose receipt you have to record"), waiting.letters_to_acknowledge(role))


def feedback_sheets(role):
    return role.counted(_("Feedback sheets to acknowledge"), waiting.sheets_to_acknowledge(role))


# -- self-assessment ------------------------------------------------------------------------------


def circulars(role):
    return role.counted(_("Circulars to read"), waiting.circulars_to_read(role), model=Circular)


def self_assessments(role):
    open_to_agency = [str(state) for state in State.open_to_agency()]
    rows = assessments(role, state__in=open_to_agency).annotate(empty=Count("lines", filter=UNFILLED))
    return [row for assessment in rows if (row := entry(role, assessment))]


def entry(role, assessment):
    """One self-assessment to fill: not before its window opens; after its end the way to more time."""
    at = {"dimension": assessment.dimension_id, "agency": assessment.participation.agency_id}
    cycle, own = assessment.participation.cycle_id, assessment.return_deadline
    end = role.ends.end(cycle, Stage.SELF_ASSESSMENT, **at)
    if own and own > role.ends.now:
        end = max(own, end or own)
    title = ENTRY_TITLES[assessment.state] % {"name": name_for(role, assessment)}
    detail = assessment.return_reason if assessment.state == State.RETURNED else ""
    if end is not None:
        count = assessment.empty or None
        detail = detail or (
            _("Lines not filled yet") if count else _("All lines are filled: submit the self-assessment.")
        )
        return task(title, url=lines_url(assessment), count=count, due=last_day_of(end), detail=detail)
    if own is None and not role.ends.is_over(cycle, Stage.SELF_ASSESSMENT, **at):
        return None
    late = _("The window has ended: ask the provincial organization for an extension.")
    return task(title, url=lines_url(assessment), detail=late, tone="danger")


def name_for(role, assessment):
    """The dimension alone for people of one agency; with the agency's name for people of several."""
    alone = len({membership.agency_id for membership in role.memberships}) == 1
    return str(assessment.dimension if alone else assessment)


def approvals(role):
    return role.in_state(
        State.SUBMITTED, _("Self-assessments to approve or return"), due=role.soonest(Stage.TRANSFER, Part.HEADQUARTERS)
    )


def objections_possible(role):
    tasks = []
    for assessment in assessments(role, state=State.DISCLOSED):
        at = {"dimension": assessment.dimension_id, "agency": assessment.participation.agency_id}
        end = role.ends.end(assessment.participation.cycle_id, Stage.OBJECTION, Part.OBJECT, **at)
        if end is not None:
            title = _("See the initial results: %(name)s") % {"name": name_for(role, assessment)}
            detail = _("You can object to the scores of indicators until this day.")
            tasks.append(task(title, url=lines_url(assessment), due=last_day_of(end), detail=detail))
    return tasks


# -- transfers ------------------------------------------------------------------------------------


def to_send(role, sender):
    """Approved files, and packages prepared but not sent, in the cycles where this is the sender."""
    if all(cycle.sender != sender for cycle in role.cycles):
        return []
    rows = waiting.approved_to_send(role, sender)
    return [
        *role.counted(
            _("Approved self-assessments to send to the national organization"),
            rows,
            due=role.soonest(Stage.TRANSFER, Part.FORWARD),
            state__exact=State.APPROVED,
        ),
        *prepared(role, TransferDirection.TO_ARO),
    ]


def prepared(role, direction):
    rows = waiting.packages(role, TransferState.PREPARED, direction)
    where = {"direction__exact": direction, "state__exact": TransferState.PREPARED}
    return role.counted(_("Packages prepared and not sent yet"), rows, **where)


def to_receive(role, *directions):
    rows = waiting.packages(role, TransferState.SENT, *directions)
    return role.counted(_("Packages to receive"), rows, state__exact=TransferState.SENT)


def to_forward(role):
    rows = waiting.to_forward(role)
    return role.counted(_("Self-assessments to send on to the provinces"), rows, state__exact=State.SENT)


# -- results --------------------------------------------------------------------------------------


def result_sets(role, *states):
    return [result_set for result_set in role.result_sets if result_set.state in states]


def gate_due(role, gate, title, only=None):
    """Result sets whose turn this gate is; those alone of which `only(result_set)` is true, where it is given."""
    tasks, end = [], role.soonest(Stage.RANKING, PART_OF_GATE[gate])
    for result_set in result_sets(role, ResultState.COMPUTED, ResultState.APPROVED):
        passed = gates.passed(result_set, gate)
        typed = gate != Gate.LEVELS or result_set.cycle.level_source == LevelSource.RECEIVED
        due = typed and not passed and not conditions.gates_before(gate).reasons(result_set)
        if due and (only is None or only(result_set)):
            url = page_url("resultset_change", result_set.pk)
            tasks.append(task(title % {"cycle": result_set.cycle}, url=url, due=end))
    return tasks


def report_cards(role):
    rows = waiting.cards_to_acknowledge(role)
    return role.counted(_("Report cards to acknowledge"), rows, model=AgencyResult)


def half_time_cards(role):
    rows = waiting.half_time_cards_to_acknowledge(role)
    return role.counted(_("Half-time cards to acknowledge"), rows)


def is_with_council(result_set):
    """Whether the present figures were sent to the council."""
    return council_letters(result_set).exists()


def plans_to_report(role):
    rows = waiting.plans_to_report(role)
    return role.counted(_("Improvement plans whose progress is to be reported"), rows, state__exact=PlanState.FOLLOW_UP)


def plans(role, state, title):
    return role.counted(title, waiting.plans_in(role, state), state__exact=state)


def announced(role):
    titles = {
        ResultState.ANNOUNCED: _("The results are announced: %(cycle)s"),
        ResultState.PUBLISHED: _("The results are published: %(cycle)s"),
    }
    tasks = []
    for result_set in result_sets(role, *titles):
        title, url = titles[result_set.state], page_url("resultset_ranking", result_set.pk)
        tasks.append(task(title % {"cycle": result_set.cycle}, url=url, tone="good"))
    return tasks
