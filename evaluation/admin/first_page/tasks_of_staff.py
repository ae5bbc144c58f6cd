"""What waits for the provincial organization's staff, the evaluators and the stewards."""

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import AssessmentState as State
from evaluation.enums import (
    DimensionKind,
    HearingState,
    ListState,
    ObjectionState,
    Part,
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
    ExtensionRequest,
    Hearing,
    Line,
    Objection,
    ResultSet,
    SpecificList,
)
from evaluation.rules import conditions

from ..addresses import page_url
from .role_tasks import assessments, lines_url, task
from .tasks_of_outsiders import announced, prepared, result_sets, to_receive, to_send

NAMED = 6  # assessments listed by name; the rest is one row
AFTER_EVALUATION = (Stage.EVALUATION, Stage.OBJECTION, Stage.CONFIRMATION)


def manager(desk):
    return [*expert(desk), *confirmations(desk), *publications(desk)]


def expert(desk):
    return [
        *specific_lists(desk),
        *to_send(desk, Sender.MPO),
        *to_receive(desk, TransferDirection.TO_MPO),
        *scoring_steps(desk),
        *objections(desk),
        *hearings(desk),
        *wishes(desk),
        *computations(desk),
        *prepared(desk, TransferDirection.REPORT),
    ]


def specific_lists(desk):
    plan = {
        ListState.FINALISED: _("Specific lists that wait for the province's slice"),
        ListState.SLICED: _("Specific lists to review"),
        ListState.REVIEWED: _("Specific lists to freeze"),
    }
    rows = desk.rows(SpecificList, state__in=[str(state) for state in plan])
    counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    end = desk.soonest(Stage.INDICATORS, Part.SLICE)
    return [
        task(title, count=counts[state], url=desk.list_url(SpecificList, state__exact=state), due=end)
        for state, title in plan.items()
        if state in counts
    ]


def scoring_steps(desk):
    if not desk.in_stage(*AFTER_EVALUATION):
        return []
    end = desk.soonest(Stage.EVALUATION)
    return [
        *desk.in_state(State.RECEIVED, _("Received files to open for scoring"), due=end),
        *desk.in_state(State.SCORED, _("Scored assessments to disclose"), due=end),
    ]


def objections(desk):
    filed = desk.rows(Objection, state=ObjectionState.FILED)
    end = desk.soonest(Stage.OBJECTION, Part.ANSWER)
    return desk.counted(_("Objections to decide"), filed, due=end, state__exact=ObjectionState.FILED)


def wishes(desk):
    rows = desk.rows(ExtensionRequest, decision="")
    return desk.counted(_("Requests for more time to decide"), rows, decision__exact="")


def hearings(desk):
    past = desk.rows(Hearing, state=HearingState.PLANNED, starts_at__lte=timezone.now())
    end = desk.soonest(Stage.OBJECTION, Part.HEARING)
    return desk.counted(
        _("Defence sessions whose minutes are missing"), past, due=end, state__exact=HearingState.PLANNED
    )


def confirmations(desk):
    cycles = desk.in_stage(Stage.CONFIRMATION)
    if not cycles:
        return []
    undecided = Objection.objects.filter(line__assessment=OuterRef("pk"), state=ObjectionState.FILED)
    rows = desk.rows(Assessment, state=State.DISCLOSED, participation__cycle__in=cycles).exclude(Exists(undecided))
    end = desk.soonest(Stage.CONFIRMATION)
    return desk.counted(_("Assessments to confirm finally"), rows, due=end, state__exact=State.DISCLOSED)


def computations(desk):
    """The cycles in ranking that have no computed figures yet."""
    cycles = desk.in_stage(Stage.RANKING)
    if not cycles:
        return []
    end = desk.soonest(Stage.RANKING)
    done = set(result_sets(desk, *ResultState).exclude(state__in=["draft", "void"]).values_list("cycle", flat=True))
    return [
        task(_("Compute totals and ranks: %(cycle)s") % {"cycle": cycle}, url=desk.list_url(ResultSet), due=end)
        for cycle in cycles
        if cycle.pk not in done
    ]


def publications(desk):
    """Results that can be announced, or published, now."""
    if not desk.in_stage(Stage.RANKING, Stage.FESTIVAL):
        return []
    tasks = []
    for result_set in result_sets(desk, ResultState.APPROVED, ResultState.ANNOUNCED):
        page = page_url("resultset_change", result_set.pk)
        if result_set.state == ResultState.ANNOUNCED:
            if not conditions.festival_stage.reasons(result_set):
                tasks.append(task(_("Publish the results: %(cycle)s") % {"cycle": result_set.cycle}, url=page))
        elif not conditions.gates_passed.reasons(result_set):
            tasks.append(task(_("Announce the results: %(cycle)s") % {"cycle": result_set.cycle}, url=page))
    return tasks


# -- evaluators and stewards ----------------------------------------------------------------------


def evaluator(desk):
    lists = desk.rows(SpecificList, state=ListState.SLICED)
    decidable = desk.rows(Objection, state=ObjectionState.FILED, line__indicator__scorer=Scorer.EVALUATOR)
    return [
        *desk.counted(_("Specific lists to review"), lists, state__exact=ListState.SLICED),
        *unscored(desk, Scorer.EVALUATOR),
        *to_finish(desk),
        *desk.counted(_("Objections to decide"), decidable, state__exact=ObjectionState.FILED),
        *announced(desk),
    ]


def steward(desk):
    asked = desk.rows(Objection, state=ObjectionState.FILED, steward_opinion="")
    return [
        *unscored(desk, Scorer.STEWARD),
        *desk.counted(_("Objections that wait for your opinion"), asked, state__exact=ObjectionState.FILED),
    ]


def unscored(desk, scorer):
    """The person's lines without an initial score, by assessment: those with most lines by name."""
    lines = desk.rows(
        Line, assessment__state=State.UNDER_EVALUATION, exempt=False, initial_score=None, indicator__scorer=scorer
    )
    counts = dict(lines.order_by().values_list("assessment").annotate(Count("pk")))
    first = sorted(counts, key=lambda key: (-counts[key], key))[:NAMED]
    end = desk.soonest(Stage.EVALUATION)
    tasks = [
        task(
            _("Score: %(name)s") % {"name": assessment},
            url=lines_url(assessment),
            count=counts[assessment.pk],
            due=end,
        )
        for assessment in assessments(desk, pk__in=first)
    ]
    if len(counts) > NAMED:
        more = desk.list_url(Assessment, state__exact=State.UNDER_EVALUATION)
        tasks.append(task(_("Further assessments to score"), url=more, count=len(counts) - NAMED))
    return tasks


def to_finish(desk):
    """For the lead of a group: assessments of its dimensions in which every line has its score."""
    seats = Evaluator.objects.filter(user=desk.user, lead=True, group__cycle__in=desk.cycles)
    dimensions = Dimension.objects.filter(axes__evaluator_groups__evaluators__in=seats)
    specific = seats.filter(group__covers_specific=True).values("group__cycle")
    led = Q(dimension__in=dimensions.values("pk"))
    led |= Q(dimension__kind=DimensionKind.SPECIFIC, participation__cycle__in=specific)
    bare = Line.objects.filter(assessment=OuterRef("pk"), exempt=False, initial_score=None)
    rows = desk.rows(Assessment, state=State.UNDER_EVALUATION).filter(led).exclude(Exists(bare))
    end, title = desk.soonest(Stage.EVALUATION), _("Assessments whose scoring can be finished")
    return desk.counted(title, rows, due=end, state__exact=State.UNDER_EVALUATION)
