"""What waits for the provincial organization's staff, the evaluators and the stewards."""

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from evaluation.enums import AssessmentState as State
from evaluation.enums import (
    DimensionKind,
    Gate,
    HearingState,
    ListState,
    ObjectionState,
    Part,
    PlanState,
    ResultState,
    Scorer,
    Sender,
    Stage,
    TransferDirection,
)
from evaluation.models import (
    Assessment,
    Dimension,
    Evaluator,
    Line,
    ResultSet,
)
from evaluation.reports.stewards import without_steward
from evaluation.rules import conditions

from ..addresses import page_url
from ..menu import waiting
from ..verbs.behalf import lines_url
from .role_tasks import assessments, task
from .tasks_of_outsiders import (
    announced,
    gate_due,
    is_with_council,
    plans,
    prepared,
    result_sets,
    to_receive,
    to_send,
)

NAMED_ASSESSMENTS = 6  # assessments listed by name; the rest is one row


def manager(role):
    return [*expert(role), *confirmations(role), *publications(role)]


def expert(role):
    return [
        *specific_lists(role),
        *to_send(role, Sender.MPO),
        *to_receive(role, TransferDirection.TO_MPO),
        *scoring_steps(role),
        *objections(role),
        *hearings(role),
        *extension_requests(role),
        *remarks(role),
        *computations(role),
        *to_council(role),
        *reports_due(role),
        *role.counted(_("Letters to send to agencies"), waiting.letters_to_send(role)),
        *prepared(role, TransferDirection.REPORT),
        *plans(role, PlanState.DRAFT, _("Improvement plans to complete and propose")),
        task(
            _("Meetings about report cards to hold and record"),
            count=waiting.meetings_to_record(role),
            url=page_url("visit_add"),
        ),
    ]


def specific_lists(role):
    plan = {
        ListState.FINALISED: _("Specific lists waiting for the provincial slice"),
        ListState.SLICED: _("Specific lists to review"),
        ListState.REVIEWED: _("Specific lists to freeze"),
    }
    end = role.soonest(Stage.INDICATORS, Part.SLICE)
    tasks = []
    for state, title in plan.items():
        tasks += role.counted(title, waiting.lists_in(role, state), due=end, state__exact=state)
    return tasks


def scoring_steps(role):
    if not role.in_stage(*waiting.SCORING_STAGES):
        return []
    end = role.soonest(Stage.EVALUATION)
    return [
        *role.in_state(State.RECEIVED, _("Received self-assessments to open for scoring"), due=end),
        *lines_without_steward(role, end),
        *role.in_state(State.SCORED, _("Scored assessments to disclose"), due=end),
    ]


def objections(role):
    filed = waiting.objections_to_decide(role)
    end = role.soonest(Stage.OBJECTION, Part.ANSWER)
    return role.counted(_("Objections to decide"), filed, due=end, state__exact=ObjectionState.FILED)


def extension_requests(role):
    rows = waiting.requests_to_decide(role)
    return role.counted(_("Requests for an extension to decide"), rows, decision__exact="")


def hearings(role):
    past = waiting.hearings_without_minutes(role)
    end = role.soonest(Stage.OBJECTION, Part.HEARING)
    return role.counted(
        _("Defence sessions whose minutes are missing"), past, due=end, state__exact=HearingState.PLANNED
    )


def confirmations(role):
    if not role.in_stage(Stage.CONFIRMATION):
        return []
    rows = waiting.to_confirm(role)
    last = role.soonest(Stage.CONFIRMATION)
    return role.counted(_("Assessments to confirm finally"), rows, due=last, state__exact=State.DISCLOSED)


def computations(role):
    """The cycles in ranking that have no computed figures yet."""
    if not role.in_stage(Stage.RANKING):
        return []
    end = role.soonest(Stage.RANKING)
    return [
        task(_("Compute totals and ranks: %(cycle)s") % {"cycle": cycle}, url=role.list_url(ResultSet), due=end)
        for cycle in waiting.cycles_to_compute(role)
    ]


def remarks(role):
    """What the council objected to, to be answered before the next results can be computed."""
    if not role.in_stage(Stage.CONFIRMATION, Stage.RANKING):
        return []
    rows = waiting.remarks_to_answer(role)
    return role.counted(_("Remarks of the council to answer"), rows, due=role.soonest(Stage.CONFIRMATION))


def to_council(role):
    """Computed results that the council has not been sent yet, where it is its turn."""
    if not role.in_stage(Stage.RANKING):
        return []
    title = _("Send the results to the council: %(cycle)s")
    return gate_due(role, Gate.COUNCIL, title, only=lambda result_set: not is_with_council(result_set))


def reports_due(role):
    """Results to be reported to the national organization, where it is the turn of the report."""
    if not role.in_stage(Stage.RANKING):
        return []
    return gate_due(role, Gate.REPORT, _("Report the results to the national organization: %(cycle)s"))


def publications(role):
    """Results that can be announced, or published, now."""
    if not role.in_stage(Stage.RANKING, Stage.FESTIVAL):
        return []
    tasks = []
    for result_set in result_sets(role, ResultState.APPROVED, ResultState.ANNOUNCED):
        page = page_url("resultset_change", result_set.pk)
        if result_set.state == ResultState.ANNOUNCED:
            if not conditions.festival_stage.reasons(result_set):
                tasks.append(task(_("Publish the results: %(cycle)s") % {"cycle": result_set.cycle}, url=page))
        elif not conditions.gates_passed.reasons(result_set):
            tasks.append(task(_("Announce the results: %(cycle)s") % {"cycle": result_set.cycle}, url=page))
    return tasks


# -- evaluators and stewards ----------------------------------------------------------------------


def evaluator(role):
    lists, decidable = waiting.lists_in(role, ListState.SLICED), waiting.objections_of_evaluators(role)
    return [
        *role.counted(_("Specific lists to review"), lists, state__exact=ListState.SLICED),
        *unscored(role, Scorer.EVALUATOR),
        *to_finish(role),
        *role.counted(_("Objections to decide"), decidable, state__exact=ObjectionState.FILED),
        *announced(role),
    ]


def steward(role):
    asked = waiting.opinions_to_give(role)
    return [
        *unscored(role, Scorer.STEWARD),
        *role.counted(_("Objections waiting for your opinion"), asked, state__exact=ObjectionState.FILED),
    ]


def unscored(role, scorer):
    """The person's lines without an initial score, by assessment: those with most lines by name."""
    lines = waiting.lines_to_score(role, scorer)
    counts = dict(lines.order_by().values_list("assessment").annotate(Count("pk")))
    first = sorted(counts, key=lambda key: (-counts[key], key))[:NAMED_ASSESSMENTS]
    end = role.soonest(Stage.EVALUATION)
    tasks = [
        task(
            _("Score: %(name)s") % {"name": assessment},
            url=lines_url(assessment),
            count=counts[assessment.pk],
            due=end,
        )
        for assessment in assessments(role, pk__in=first)
    ]
    if len(counts) > NAMED_ASSESSMENTS:
        more = role.list_url(Assessment, state__exact=State.UNDER_EVALUATION)
        tasks.append(task(_("Further assessments to score"), url=more, count=len(counts) - NAMED_ASSESSMENTS))
    return tasks


def lines_without_steward(role, end):
    """Lines that staff mark, because their steward is the agency itself; assessment by assessment."""
    lines = without_steward(waiting.bare_lines(role)).select_related(
        "assessment__participation__agency", "assessment__dimension"
    )
    bare = {}
    for line in lines.order_by("assessment__participation__agency__name", "assessment__dimension__order"):
        bare.setdefault(line.assessment_id, []).append(line)
    title = _("The steward is this agency: score its line in “%(name)s”")
    return [
        task(title % {"name": first.assessment}, url=lines_url(first.assessment), count=1 + len(others), due=end)
        for first, *others in bare.values()
    ]


def to_finish(role):
    """For the lead of a group: assessments of its dimensions in which every line has its score."""
    seats = Evaluator.objects.filter(user=role.user, lead=True, group__cycle__in=role.cycles)
    dimensions = Dimension.objects.filter(axes__evaluator_groups__evaluators__in=seats)
    specific = seats.filter(group__covers_specific=True).values("group__cycle")
    led = Q(dimension__in=dimensions.values("pk"))
    led |= Q(dimension__kind=DimensionKind.SPECIFIC, participation__cycle__in=specific)
    bare = Line.objects.filter(assessment=OuterRef("pk"), exempt=False, initial_score=None)
    rows = role.rows(Assessment, state=State.UNDER_EVALUATION).filter(led).exclude(Exists(bare))
    end, title = role.soonest(Stage.EVALUATION), _("Assessments whose scoring can be finished")
    return role.counted(title, rows, due=end, state__exact=State.UNDER_EVALUATION)
