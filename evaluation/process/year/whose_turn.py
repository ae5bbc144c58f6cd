"""Whose turn it is while a window is open, and whom a reminder concerns."""

from django.contrib.auth.models import User
from django.db.models import QuerySet

from evaluation.enums import AssessmentState, ListState, Part, Role, Sender, Stage
from evaluation.models import Agency, Cycle, Extension, ExtensionRequest, StageWindow

from ..messages import notice


def agencies_in(window: StageWindow, *states: AssessmentState) -> QuerySet[Agency]:
    """The agencies with an assessment in these states, in the window's dimension."""
    rows = window.cycle.assessments().filter(state__in=[str(state) for state in states])
    if window.dimension_id:
        rows = rows.filter(dimension=window.dimension_id)
    return Agency.objects.filter(pk__in=rows.values("participation__agency")).order_by("name")


def agencies_with_list(window: StageWindow, state: ListState) -> QuerySet[Agency]:
    """The agencies with a specific list in this state."""
    lists = window.cycle.specific_lists.filter(state=state)
    return Agency.objects.filter(pk__in=lists.values("agency")).order_by("name")


WAITING = {  # (stage, part): the agencies whose file the window waits for
    (Stage.INDICATORS, Part.PROPOSE): lambda window: agencies_with_list(window, ListState.DRAFTING),
    (Stage.INDICATORS, Part.ARO): lambda window: agencies_with_list(window, ListState.SENT),
    (Stage.INDICATORS, Part.SLICE): lambda window: agencies_with_list(window, ListState.FINALISED),
    (Stage.INDICATORS, Part.WHOLE): lambda window: agencies_with_list(window, ListState.DRAFTING),
    (Stage.SELF_ASSESSMENT, Part.WHOLE): lambda window: agencies_in(window, *AssessmentState.open_to_agency()),
    (Stage.TRANSFER, Part.WHOLE): lambda window: agencies_in(window, AssessmentState.SUBMITTED),
    (Stage.TRANSFER, Part.HEADQUARTERS): lambda window: agencies_in(window, AssessmentState.SUBMITTED),
    (Stage.TRANSFER, Part.FORWARD): lambda window: agencies_in(window, AssessmentState.APPROVED),
    (Stage.EVALUATION, Part.WHOLE): lambda window: agencies_in(window, AssessmentState.UNDER_EVALUATION),
    (Stage.OBJECTION, Part.WHOLE): lambda window: agencies_in(window, AssessmentState.DISCLOSED),
    (Stage.OBJECTION, Part.OBJECT): lambda window: agencies_in(window, AssessmentState.DISCLOSED),
}
ROLES = {  # (stage, part): whose step it is
    (Stage.INDICATORS, Part.PROPOSE): Role.AGENCY,
    (Stage.INDICATORS, Part.WHOLE): Role.AGENCY,
    (Stage.INDICATORS, Part.ARO): Role.NATIONAL,
    (Stage.SELF_ASSESSMENT, Part.WHOLE): Role.AGENCY,
    (Stage.TRANSFER, Part.WHOLE): Role.HEADQUARTERS,
    (Stage.TRANSFER, Part.HEADQUARTERS): Role.HEADQUARTERS,
    (Stage.EVALUATION, Part.WHOLE): Role.EVALUATOR,
    (Stage.OBJECTION, Part.WHOLE): Role.AGENCY,
    (Stage.OBJECTION, Part.OBJECT): Role.AGENCY,
    (Stage.RANKING, Part.COUNCIL): Role.COUNCIL,
    (Stage.RANKING, Part.ARO): Role.NATIONAL,
    (Stage.RANKING, Part.LEVELS): Role.NATIONAL,
}
HEADQUARTERS_WORK = (Stage.INDICATORS, Stage.TRANSFER)
SENDERS = {Sender.AGENCY: Role.AGENCY, Sender.HEADQUARTERS: Role.HEADQUARTERS, Sender.MPO: Role.MANAGER}


def role_of(window: StageWindow) -> Role:
    """Whose step this window is; the manager's where nobody else's."""
    key = Stage(window.stage), Part(window.part)
    if key == (Stage.TRANSFER, Part.FORWARD):
        return SENDERS[Sender(window.cycle.sender)]
    return ROLES.get(key, Role.MANAGER)


def waiting_for(window: StageWindow) -> QuerySet[Agency] | None:
    """The agencies whose files this window still waits for, or None where it waits for no single agencies."""
    agencies_of = WAITING.get((Stage(window.stage), Part(window.part)))
    return None if agencies_of is None else agencies_of(window)


def with_general_end(window: StageWindow, agencies: QuerySet[Agency]) -> QuerySet[Agency]:
    """Those of the agencies whose work in this window ends with the window, not by an extension or a return's day."""
    work = {"part": window.part, "dimension": window.dimension_id}
    extended = window.cycle.extensions.of(window.cycle, window.stage, **work).filter(ends_at__gt=window.closes_at)
    left = agencies.exclude(pk__in=extended.values("agency"))
    if window.stage != Stage.SELF_ASSESSMENT:
        return left
    waiting = window.cycle.assessments().filter(state__in=[str(state) for state in AssessmentState.open_to_agency()])
    if window.dimension_id:
        waiting = waiting.filter(dimension=window.dimension_id)
    return left.filter(pk__in=waiting.filter(return_deadline=None).values("participation__agency"))


def people(window: StageWindow, *, general_end: bool = False) -> list[User]:
    """The users whom a reminder of this window concerns: only those who still have something to do in it.

    With `general_end` only those whose end is the window's own: whoever has another end is told that one.
    """
    role, agencies, cycle = role_of(window), waiting_for(window), window.cycle
    if general_end and agencies is not None:
        agencies = with_general_end(window, agencies)
    if role == Role.AGENCY:
        return notice.people(role, agency__in=agencies)
    if role == Role.HEADQUARTERS:
        return notice.people(role, headquarters__agencies__in=agencies)
    if role == Role.NATIONAL:
        return notice.people(role)
    if role == Role.EVALUATOR:
        seats = [user for user in notice.people(role, province=cycle.province_id) if is_seated(user, cycle)]
        return seats if agencies is None or agencies.exists() else []
    if role == Role.MANAGER:
        return notice.managers(cycle)
    return notice.people(role, province=cycle.province_id)


def people_given_time(row: Extension | ExtensionRequest) -> list[User]:
    """The people of an extension's or a request's agency, and of its headquarters where they have work in the stage."""
    people = notice.people(Role.AGENCY, agency=row.agency)
    if row.stage in HEADQUARTERS_WORK and row.agency.headquarters_id:
        people += notice.people(Role.HEADQUARTERS, headquarters=row.agency.headquarters_id)
    return people


def is_seated(user: User, cycle: Cycle) -> bool:
    """Whether the person has a seat in a group of evaluators of this cycle."""
    return user.evaluators.filter(group__cycle=cycle).exists()
