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
from evaluation.reports.stewards import without_steward
from evaluation.rules import conditions

from ..addresses import page_url
from ..verbs.behalf import lines_url
from .role_tasks import assessments, task
from .tasks_of_outsiders import announced, prepared, result_sets, to_receive, to_send

NAMED_ASSESSMENTS = 6  # assessments listed by name; the rest is one row
AFTER_EVALUATION = (Stage.EVALUATION, Stage.OBJECTION, Stage.CONFIRMATION)


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
        *computations(role),
        *prepared(role, TransferDirection.REPORT),
    ]


def specific_lists(role):
    plan = {
        ListState.FINALISED: _("Specific lists waiting for the provincial slice"),
        ListState.SLICED: _("Specific lists to review"),
        ListState.REVIEWED: _("Specific lists to freeze"),
    }
    rows = role.rows(SpecificList, state__in=[str(state) for state in plan])
    counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    end = role.soonest(Stage.INDICATORS, Part.SLICE)
    return [
        task(title, count=counts[state], url=role.list_url(SpecificList, state__exact=state), due=end)
        for state, title in plan.items()
        if state in counts
    ]


def scoring_steps(role):
    if not role.in_stage(*AFTER_EVALUATION):
        return []
    end = role.soonest(Stage.EVALUATION)
    return [
        *role.in_state(State.RECEIVED, _("Received self-assessments to open for scoring"), due=end),
        *lines_without_steward(role, end),
        *role.in_state(State.SCORED, _("Scored assessments to disclose"), due=end),
    ]


def objections(role):
    filed = role.rows(Objection, state=ObjectionState.FILED)
    end = role.soonest(Stage.OBJECTION, Part.ANSWER)
    return role.counted(_("Objections to decide"), filed, due=end, state__exact=ObjectionState.FILED)


def extension_requests(role):
    rows = role.rows(ExtensionRequest, decision="")
    return role.counted(_("Requests for an extension to decide"), rows, decision__exact="")


def hearings(role):
    past = role.rows(Hearing, state=HearingState.PLANNED, starts_at__lte=timezone.now())
    end = role.soonest(Stage.OBJECTION, Part.HEARING)
    return role.counted(
        _("Defence sessions whose minutes are missing"), past, due=end, state__exact=HearingState.PLANNED
    )


def confirmations(role):
    cycles = role.in_stage(Stage.CONFIRMATION)
    if not cycles:
        return []
    undecided = Objection.objects.filter(line__assessment=OuterRef("pk"), state=ObjectionState.FILED)
    rows = role.rows(Assessment, state=State.DISCLOSED, participation__cycle__in=cycles).exclude(Exists(undecided))
    end = role.soonest(Stage.CONFIRMATION)
    return role.counted(_("Assessments to confirm finally"), rows, due=end, state__exact=State.DISCLOSED)


def computations(role):
    """The cycles in ranking that have no computed figures yet."""
    cycles = role.in_stage(Stage.RANKING)
    if not cycles:
        return []
    end = role.soonest(Stage.RANKING)
    done = set(result_sets(role, *ResultState).exclude(state__in=["draft", "void"]).values_list("cycle", flat=True))
    return [
        task(_("Compute totals and ranks: %(cycle)s") % {"cycle": cycle}, url=role.list_url(ResultSet), due=end)
        for cycle in cycles
        if cycle.pk not in done
    ]


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
    lists = role.rows(SpecificList, state=ListState.SLICED)
    decidable = role.rows(Objection, state=ObjectionState.FILED, line__indicator__scorer=Scorer.EVALUATOR)
    return [
        *role.counted(_("Specific lists to review"), lists, state__exact=ListState.SLICED),
        *unscored(role, Scorer.EVALUATOR),
        *to_finish(role),
        *role.counted(_("Objections to decide"), decidable, state__exact=ObjectionState.FILED),
        *announced(role),
    ]


def steward(role):
    asked = role.rows(Objection, state=ObjectionState.FILED, steward_opinion="")
    return [
        *unscored(role, Scorer.STEWARD),
        *role.counted(_("Objections waiting for your opinion"), asked, state__exact=ObjectionState.FILED),
    ]


def unscored(role, scorer):
    """The person's lines without an initial score, by assessment: those with most lines by name."""
    lines = bare_lines(role).filter(indicator__scorer=scorer)
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
    lines = without_steward(bare_lines(role))
    counts = dict(lines.order_by().values_list("assessment").annotate(Count("pk")))
    title = _("The steward is this agency: score its line in “%(name)s”")
    return [
        task(title % {"name": assessment}, url=lines_url(assessment), count=counts[assessment.pk], due=end)
        for assessment in assessments(role, pk__in=list(counts))
    ]


def bare_lines(role):
    """The role's lines under evaluation that have no initial score yet."""
    return role.rows(Line, assessment__state=State.UNDER_EVALUATION, exempt=False, initial_score=None)


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
