"""Who may write which figures of a line, in which state and window: one table for forms, actions and imports.

And the embargo (docs/rights.md#embargo): which levels a party may read, in which state.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from evaluation.enums import AssessmentState as State
from evaluation.enums import MarkLevel, Part, ResultState, Role, Scorer, Stage

from . import conditions, roles, scopes
from .own_files import counts_for
from .permissions import May, holds

if TYPE_CHECKING:
    from evaluation.models import Assessment, Line
    from evaluation.rules.conditions import Condition
    from evaluation.rules.windows import WindowQuestion


@dataclass(frozen=True)
class Entry:
    """One level's entry: whose step it is, in which states and window, and the fields that are open."""

    level: MarkLevel
    may: May
    states: tuple[State, ...]
    stage: Stage
    part: str
    fields: frozenset[str]

    def window(self, ask: WindowQuestion = conditions.window_open) -> Condition:
        """The Condition that the window of this entry is open; `ask` as for `conditions.stage_window`."""
        return conditions.stage_window(self.stage, self.part, ask=ask)


ENTRIES = {
    MarkLevel.SELF: Entry(
        MarkLevel.SELF,
        May("record_self", party=Role.AGENCY),
        State.open_to_agency(),
        Stage.SELF_ASSESSMENT,
        "",
        frozenset({"actual", "numerator", "denominator", "score", "note", "evidence"}),
    ),
    MarkLevel.HQ: Entry(
        MarkLevel.HQ,
        May("record_hq", party=Role.HEADQUARTERS),
        (State.SUBMITTED,),
        Stage.TRANSFER,
        Part.HEADQUARTERS,
        frozenset({"actual", "score", "note"}),
    ),
    MarkLevel.INITIAL: Entry(
        MarkLevel.INITIAL,
        May("record_initial"),
        (State.UNDER_EVALUATION,),
        Stage.EVALUATION,
        "",
        frozenset({"actual", "target", "score", "note"}),
    ),
}


# Roles, each with the scorer whose lines it writes.
type Writers = tuple[tuple[str, str], ...]
EVERY_ROLE = EVERY_SCORER = "*"

# Closed to a role until it stands here.
SEES_EVALUATORS = frozenset(
    {Role.MANAGER, Role.EXPERT, Role.EVALUATOR, Role.STEWARD, Role.NATIONAL, Role.COUNCIL},
)
READS_OWN_FILE = frozenset({Role.AGENCY, Role.HEADQUARTERS})
READS_ALL_LEVELS = frozenset({*Role.mpo(), Role.NATIONAL})
READS_FINAL = READS_ALL_LEVELS | READS_OWN_FILE  # of their files, the latter once it is announced


def may_write_line(user: User, line: Line, level: MarkLevel) -> bool:
    """Whether this line is one of those that the person writes at `level`, whatever the window.

    Steward lines are scored by their steward, all other lines by evaluators; both by MPO staff where nobody else is.
    """
    scorer = line.indicator.scorer
    if level != MarkLevel.INITIAL:
        return scorer == Scorer.EVALUATOR
    if user.is_superuser or holds(user, "record_initial", line, among=Role.mpo()):
        return True
    if scorer == Scorer.STEWARD:
        return holds(user, "record_initial", line, among=[Role.STEWARD])
    return scorer == Scorer.EVALUATOR and holds(user, "record_initial", line, among=[Role.EVALUATOR])


def readable_levels(user: User, assessment: Assessment) -> list[MarkLevel]:
    """The levels of the chain that `user` may read on this assessment, in order."""
    if user.is_superuser or holds(user, "view_assessment", assessment, among=READS_ALL_LEVELS):
        return list(MarkLevel)
    if holds(user, "record_initial", assessment):
        return [MarkLevel.SELF, MarkLevel.HQ, MarkLevel.INITIAL, MarkLevel.REVISED]
    if not holds(user, "view_assessment", assessment, among=READS_OWN_FILE):
        return []
    levels = [MarkLevel.SELF]
    inside = holds(user, "record_hq", assessment)
    if inside or assessment.state not in (State.NOT_STARTED, State.DRAFTING, State.SUBMITTED):
        levels.append(MarkLevel.HQ)
    if assessment.state in State.disclosed_or_after():
        levels += [MarkLevel.INITIAL, MarkLevel.REVISED]
    if final_is_announced(assessment):
        levels.append(MarkLevel.FINAL)
    return levels


def final_is_announced(assessment: Assessment) -> bool:
    """Whether the final figures of the assessment's cycle are open to its agency."""
    states = [str(state) for state in ResultState.seen_by_agency()]
    return assessment.participation.cycle.result_sets.filter(state__in=states).exists()


def sees_evaluators(user: User, agency: int | None = None) -> bool:
    """Whether the person reads who scored (on the files of this agency, its key): agencies, their headquarters and
    observers read the group's name alone, and whoever is a party to the file is nothing else there.
    """
    return user.is_superuser or any(
        membership.role in SEES_EVALUATORS and (agency is None or counts_for(membership, agency))
        for membership in roles.memberships_of(user)
    )


def reads_all_levels(user: User) -> bool:
    """Whether the person reads the final level wherever they see a file: staff and the national organization."""
    return user.is_superuser or not roles.roles_of(user).isdisjoint(READS_ALL_LEVELS)


def writable(user: User, assessment: Assessment, level: MarkLevel) -> Q:
    """The Q of the lines of an assessment for which `may_write_line` holds; exempt ones are not left out."""
    return lines_of_writers(user, writing_roles(user, assessment, level))


def writing_roles(user: User, assessment: Assessment, level: MarkLevel | None) -> Writers:
    """By which roles the person writes lines of which scorers at a level (without a level: as agencies do)."""
    if level != MarkLevel.INITIAL:
        return ((EVERY_ROLE, str(Scorer.EVALUATOR)),)
    return _writers(user, assessment, "record_initial", {Role.STEWARD: Scorer.STEWARD})


def lines_of_writers(user: User, writers: Writers) -> Q:
    """The Q of the lines that the person writes by these `writing_roles`."""
    share, scorers = scopes.NONE, dict(writers)
    if scorer := scorers.get(EVERY_ROLE):
        share |= scopes.ALL if scorer == EVERY_SCORER else Q(indicator__scorer=scorer)
    for membership in roles.memberships_of(user):
        if scorer := scorers.get(str(membership.role)):
            share |= scopes.rows(membership, "line") & Q(indicator__scorer=scorer)
    return share


class OwnLines(NamedTuple):
    """`may_write_line` as a predicate over lines. `whole`: keys of assessments all of whose lines are the person's;
    `keys`: of single lines; `scorer`: whose lines they are in every assessment.
    """

    whole: Collection[int] = ()
    keys: Collection[int] = ()
    scorer: Scorer | None = None

    def __call__(self, line: Line) -> bool:
        return self.includes(line.pk, line.assessment_id, line.indicator.scorer)

    def includes(self, key: int, assessment: int, scorer: str) -> bool:
        """The same of a line by its key, its assessment's key and its indicator's scorer."""
        return assessment in self.whole or key in self.keys or scorer == self.scorer


def writer_of(user: User, assessments: Iterable[Assessment], level: MarkLevel) -> OwnLines:
    """`may_write_line` as a predicate over the lines of these assessments, asked in one query for all of them.

    Lines come with their indicator. Ask inside `bulk_rights.rights_preloaded(user, assessments)`.
    """
    if level != MarkLevel.INITIAL:
        return OwnLines(scorer=Scorer.EVALUATOR)
    whole = {assessment.pk for assessment in assessments if _has_all(user, "record_initial", assessment)}
    rest = [assessment for assessment in assessments if assessment.pk not in whole]
    if not rest:
        return OwnLines(whole)
    share = lines_of_writers(user, _own_writers(user, "record_initial", {Role.STEWARD: Scorer.STEWARD}))
    mine = rest[0].lines.model.objects.filter(share, assessment__in=rest, exempt=False)
    return OwnLines(whole, set(mine.values_list("pk", flat=True)))


def decidable_lines(user: User, assessment: Assessment) -> QuerySet[Line]:
    """The lines of an assessment whose objections the person may decide, in one query (docs/process.md#objections)."""
    return assessment.lines.filter(lines_of_writers(user, _writers(user, assessment, "decide_objection", {})))


def _has_all(user: User, codename: str, assessment: Assessment) -> bool:
    return user.is_superuser or holds(user, codename, assessment, among=Role.mpo())


def _writers(user: User, assessment: Assessment, codename: str, more: dict[Role, Scorer]) -> Writers:
    """Which lines carry `codename` for the person: all for MPO staff, else their own share of the fitting scorer."""
    if _has_all(user, codename, assessment):
        return ((EVERY_ROLE, EVERY_SCORER),)
    return _own_writers(user, codename, more)


def _own_writers(user: User, codename: str, more: dict[Role, Scorer]) -> Writers:
    scorers = {Role.EVALUATOR: Scorer.EVALUATOR} | more
    granted, own = roles.role_permissions(user), roles.roles_of(user)
    return tuple(
        (str(role), str(scorer))
        for role, scorer in scorers.items()
        if role in own and f"evaluation.{codename}" in granted.get(role, ())
    )
