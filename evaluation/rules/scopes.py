"""Which rows a membership sees: one table per role, used by lists, forms, filters, exports, imports and verbs.

A model without a path in `paths` is seen by nobody but the superuser. The embargo of the Qom agreement is part of the
rows here (docs/rights.md#embargo); the columns are in `open_fields`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db.models import Case, Exists, Model, Q, Value, When

from evaluation.enums import (
    AssessmentState,
    MarkLevel,
    ResultState,
    Role,
    TransferDirection,
    WorkshopKind,
)

from .festival_rows import of_a_festival
from .own_files import OF_A_FILE, barred
from .paths import AGENCY, CYCLE, FESTIVAL, OF_THE_SYSTEM, OWNER_FIELD, PROVINCE, RESULT, STATE, VISIT
from .roles import Answers, memberships_of
from .seat_rows import assigned, reviewed, visited
from .seats import Seat, seats_of
from .set_aside import OF_A_TICKET, complaining_of
from .shared_rows import SHARED, shared_or_own

if TYPE_CHECKING:
    from evaluation.models import Membership

ALL, NONE = Q(pk__isnull=False), Q(pk__in=[])  # an empty Q disappears in `NONE | Q()`

YEAR = (  # what everybody who takes part in a province's year may know of it
    "cycle dimension axis peergroup stagewindow workshop cyclestep"
).split()
AFTER_RECEIPT = [
    str(state)
    for state in AssessmentState
    if state not in AssessmentState.before_receipt() and state not in AssessmentState.out()
]


def visible(
    user: User, model_name: str, *, among: Collection[Role] | None = None, cycles: Collection[int] | None = None
) -> Q:
    """The Q of rows that `user` may see of a model (lower-case model name), by memberships of the roles `among`.

    `cycles`: keys of the only cycles whose rows are asked for; seats in others, ten years of them, are left out then.
    """
    if not (user.is_authenticated and user.is_active):
        return NONE
    if user.is_superuser:
        return ~complaining_of(user, model_name) if model_name in OF_A_TICKET else ALL
    scope = Q(**{OWNER_FIELD[model_name]: user.pk}) if model_name in OWNER_FIELD else NONE
    for membership in memberships_of(user):
        if among is None or membership.role in among:
            scope |= rows(membership, model_name, cycles)
    return scope


def covers(membership: Membership, obj: Model | None) -> bool:
    """Whether the membership's rows include this object. Unsaved objects are allowed here; the form checks them."""
    if obj is None or obj.pk is None:
        return True
    answers = membership.answers
    if answers is None:
        return _covers(membership, obj)
    key = obj._meta.model_name, obj.pk
    if key not in answers.covered:
        answers.covered[key] = _covers(membership, obj)
    return answers.covered[key]


def remember(user: User) -> None:
    """Keep the answers of `covers` on this user's memberships from now on: for a page that only reads."""
    for membership in memberships_of(user):
        membership.answers = Answers()


def keep_answers(user: User) -> None:
    """As `remember`, but what is kept already stays: for a page that only reads and is drawn by several views."""
    for membership in memberships_of(user):
        membership.answers = membership.answers or Answers()


@contextmanager
def remembering(user: User) -> Iterator[None]:
    """Keep what is read of the user's memberships until the end of the block; what is kept already stays."""
    fresh = [membership for membership in memberships_of(user) if membership.answers is None]
    for membership in fresh:
        membership.answers = Answers()
    try:
        yield
    finally:
        for membership in fresh:
            membership.answers = None


def seen(user: User, obj: Model) -> None:
    """Tell that `obj` was just read through `visible`: with one membership, and no superuser, that answers `covers`."""
    memberships = [] if user.is_superuser else memberships_of(user)
    if len(memberships) == 1 and memberships[0].answers is not None:
        memberships[0].answers.covered[obj._meta.model_name, obj.pk] = True


def forget_answers(user: User) -> None:
    """Keep no answers of `covers` from now on: what follows writes, and asks again under its locks."""
    for membership in memberships_of(user):
        membership.answers = None


def cover_columns(user: User, model_name: str) -> dict[str, Case]:
    """What `covers` answers for each of the user's memberships, as columns to read with a row of the model."""
    memberships = enumerate(memberships_of(user))
    return {_column(place): holds_for(rows(membership, model_name)) for place, membership in memberships}


def cover_columns_beside(user: User, obj: Model) -> dict[str, Exists]:
    """`cover_columns` of one object, to read with rows of another model."""
    name, stored = obj._meta.model_name, type(obj)._base_manager.filter(pk=obj.pk)
    memberships = enumerate(memberships_of(user))
    return {_column(place): Exists(stored.filter(rows(membership, name))) for place, membership in memberships}


def covered_by(user: User, row: Model) -> list[Any]:
    """The values of `cover_columns` on a row that was read with them."""
    return [getattr(row, _column(place)) for place in range(len(memberships_of(user)))]


def remember_cover(user: User, obj: Model, covered: Sequence[Any]) -> None:
    """Remember what `cover_columns` gave for this object (the values in their order), and nothing else."""
    for membership, value in zip(memberships_of(user), covered, strict=True):
        membership.answers = Answers({(obj._meta.model_name, obj.pk): bool(value)})


def _column(place: int) -> str:
    return f"covered_by_{place}"


def _covers(membership: Membership, obj: Model) -> bool:
    scope = rows(membership, obj._meta.model_name)
    if scope == ALL:  # a stored row is one of all rows
        return True
    return type(obj)._base_manager.filter(pk=obj.pk).filter(scope).exists()


def holds_for(condition: Q) -> Case:
    """Whether a Q holds for a row, as a column."""
    return Case(When(condition, then=Value(True)), default=Value(False))


def rows(membership: Membership, model_name: str, cycles: Collection[int] | None = None) -> Q:
    """The Q of rows that one membership sees of a model; `cycles` as for `visible`."""
    if model_name == "province":
        return ALL
    if model_name in SHARED:
        return shared_or_own(membership, model_name)
    if model_name in FESTIVAL and membership.role not in Role.mpo():
        scope = of_a_festival(membership, model_name)
    elif membership.role == Role.EVALUATOR:
        scope = _evaluator(membership, model_name, cycles)
    else:
        scope = ROLE_ROWS[Role(membership.role)](membership, model_name)
    if model_name in OF_A_FILE and (own := barred(membership)):
        scope &= ~Q(**{f"{OF_A_FILE[model_name]}__in": own})
    if model_name in OF_A_TICKET:
        scope &= ~complaining_of(membership.user, model_name)
    if model_name in OWNER_FIELD:  # a right at a place counts for one's own rows, wherever they belong
        scope |= Q(**{OWNER_FIELD[model_name]: membership.user_id})
    return scope


def _in(paths: dict[str, str], model_name: str, value: object) -> Q:
    return Q(**{paths[model_name]: value}) if model_name in paths else NONE


def _mpo(membership: Membership, model_name: str) -> Q:
    if model_name == "membership":
        here = membership.province_id
        return Q(province=here) | Q(agency__province=here) | Q(partner__province=here)
    if model_name == "user":
        return Q(pk__in=membership.province.memberships.values("user_id"))
    if model_name in OF_THE_SYSTEM:
        return ALL
    return _in(PROVINCE, model_name, membership.province_id)


def _agency(membership: Membership, model_name: str) -> Q:
    scope = _agencies(Q(pk=membership.agency_id), [membership.agency.province_id], model_name)
    if model_name in ("indicator", "agencyresult", "axisresult"):  # found by the cycles of the province
        scope &= Q(**{PROVINCE[model_name]: membership.agency.province_id})
    return scope & _sent_to(Role.AGENCY) if model_name == "letter" else scope


def _headquarters(membership: Membership, model_name: str) -> Q:
    provinces = membership.headquarters.agencies.order_by().values("province")
    scope = _agencies(Q(headquarters=membership.headquarters_id), provinces, model_name)
    return scope & _sent_to(Role.HEADQUARTERS) if model_name == "letter" else scope


def _sent_to(side: Role) -> Q:
    """Letters that were sent to this side; what is only made is staff's."""
    return Q(addressee=side, sent_at__isnull=False)


def _agencies(agency: Q, provinces: Iterable[int], model_name: str) -> Q:
    """Rows of the agencies that `agency` (a Q over Agency) names, and what they may know of their provinces' year."""
    own = _through(AGENCY, agency, model_name)
    year = Q(**{f"{PROVINCE[model_name]}__in": provinces}) if model_name in PROVINCE else NONE
    if model_name == "workshop":  # what evaluators are taught is theirs
        return year & Q(kind=WorkshopKind.AGENCIES)
    if model_name in YEAR:
        return year
    if model_name == "indicator":
        return (year & Q(agency=None)) | _prefixed(agency, "agency")
    if model_name == "circular":
        return _prefixed(agency, "receipts__agency")
    if model_name == "circularfile":
        return _prefixed(agency, "circular__receipts__agency")
    if model_name == "transfer":
        return ~Q(direction=TransferDirection.REPORT) & _prefixed(agency, "items__assessment__participation__agency")
    if model_name == "transferitem":
        theirs = ~Q(transfer__direction=TransferDirection.REPORT)
        return theirs & _prefixed(agency, "assessment__participation__agency")
    if model_name == "mark":
        return own & _marks_after_embargo()
    if model_name in VISIT:  # findings are known with the feedback sheet, not before
        return own & Q(**{f"{VISIT[model_name]}__feedback_sheet__issued_at__isnull": False})
    if model_name in ("agencyresult", "axisresult"):
        seen = [str(state) for state in ResultState.seen_by_agency()]
        return (own & _in_states(RESULT, model_name, seen)) | (year & _published(model_name))
    if model_name == "resultset":
        return year & Q(state__in=[str(state) for state in ResultState.seen_by_agency()])
    if model_name in ("publication", "erratum"):
        return year & _published(model_name)
    if model_name == "councilremark":  # what the council asks is between it and the provincial organization
        return NONE
    return own


def _evaluator(membership: Membership, model_name: str, cycles: Collection[int] | None = None) -> Q:
    province = _in(PROVINCE, model_name, membership.province_id)
    if model_name in STATE:
        received = _in_states(STATE, model_name, AFTER_RECEIPT)
        lines = {"line": "", "assessment": None}.get(model_name, "objection__line__")
        if model_name in ("mark", "evidence", "exemption", "objection"):
            lines = "line__"
        return assigned(_seats(membership, cycles), lines) & received
    if model_name in (
        *YEAR,
        "indicator",
        "agency",
        "participation",
        "evaluatorgroup",
        "evaluator",
        "assignment",
        "hearing",
    ):
        return province
    if model_name == "specificlist":
        return reviewed(_seats(membership, cycles))
    if model_name in VISIT:
        return visited(_seats(membership, cycles), VISIT[model_name])
    return _in(RESULT, model_name, ResultState.PUBLISHED) & province if model_name in RESULT else NONE


def _seats(membership: Membership, cycles: Collection[int] | None) -> list[Seat]:
    """The person's seats in the province of the membership, for these cycles or for all."""
    seats = [seat for seat in seats_of(membership.user) if seat.province == membership.province_id]
    return seats if cycles is None else [seat for seat in seats if seat.cycle in cycles]


def _steward(membership: Membership, model_name: str) -> Q:
    indicators = membership.partner.indicators
    if model_name == "indicator":
        return Q(steward=membership.partner_id)
    if model_name == "assessment":
        return Q(state__in=AFTER_RECEIPT, dimension__in=indicators.values("dimension"))
    if model_name in ("line", "mark", "evidence", "objection"):
        path = "" if model_name == "line" else "line__"
        return Q(**{f"{path}indicator__steward": membership.partner_id}) & _in_states(STATE, model_name, AFTER_RECEIPT)
    if model_name in (*YEAR, "agency", "participation"):
        return Q(**{f"{PROVINCE[model_name]}__in": indicators.values("cycle__province")})
    return NONE


def _national(membership: Membership, model_name: str) -> Q:
    sent = [str(AssessmentState.SENT), *AFTER_RECEIPT]
    if model_name in STATE:
        return _in_states(STATE, model_name, sent)
    if model_name in RESULT:
        return ~Q(**{RESULT[model_name]: ResultState.DRAFT})
    known = (*YEAR, "indicator", "agency", "participation", "specificlist", "transfer", "transferitem")
    return ALL if model_name in known else NONE


def _council(membership: Membership, model_name: str) -> Q:
    province = _in(PROVINCE, model_name, membership.province_id)
    if model_name in RESULT:
        return province & ~Q(**{RESULT[model_name]: ResultState.DRAFT})
    known = (*YEAR, "agency", "participation", "committee", "committeemember", "committeesession", "councilremark")
    if model_name == "letter":
        return province & _sent_to(Role.COUNCIL)
    return province if model_name in known else NONE


def _observer(membership: Membership, model_name: str) -> Q:
    province = _in(PROVINCE, model_name, membership.province_id)
    if model_name in RESULT:
        return province & _published(model_name)
    return province if model_name in ("cycle", "dimension", "axis", "agency", "peergroup", "participation") else NONE


def _through(paths: dict[str, str], agency: Q, model_name: str) -> Q:
    return _prefixed(agency, paths[model_name]) if model_name in paths else NONE


def _prefixed(agency: Q, path: str) -> Q:
    """The Q over Agency, seen from a model that reaches it by `path`."""
    ((field, value),) = agency.children
    if path == "pk":
        return Q(**{field: value})
    return Q(**{path if field == "pk" else f"{path}__{field}": value})


def _in_states(paths: dict[str, str], model_name: str, states: Iterable[str]) -> Q:
    return Q(**{f"{paths[model_name]}__in": states})


def _published(model_name: str) -> Q:
    return Q(**{RESULT[model_name]: ResultState.PUBLISHED})


def _marks_after_embargo() -> Q:
    """An agency reads its headquarters' marks once it is returned or approved, initial ones once disclosed."""
    state = STATE["mark"]
    disclosed = [str(value) for value in AssessmentState.disclosed_or_after()]
    decided = [str(value) for value in (AssessmentState.RETURNED, AssessmentState.APPROVED, AssessmentState.SENT)]
    return (
        Q(level=MarkLevel.SELF)
        | Q(level=MarkLevel.HQ, **{f"{state}__in": [*decided, *AFTER_RECEIPT]})
        | Q(level__in=[MarkLevel.INITIAL, MarkLevel.REVISED], **{f"{state}__in": disclosed})
        | Q(level=MarkLevel.FINAL, **{f"{CYCLE['mark']}__result_sets__state__in": ResultState.seen_by_agency()})
    )


ROLE_ROWS = {
    Role.MANAGER: _mpo,
    Role.EXPERT: _mpo,
    Role.EVALUATOR: _evaluator,
    Role.STEWARD: _steward,
    Role.AGENCY: _agency,
    Role.HEADQUARTERS: _headquarters,
    Role.NATIONAL: _national,
    Role.COUNCIL: _council,
    Role.OBSERVER: _observer,
}
