"""What a person may read and enter on the lines of an assessment now: asked once for a page, not line by line."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial

from evaluation.enums import AssessmentState, MarkLevel, Role
from evaluation.models import Objection, OnBehalf
from evaluation.process.assessing import objection
from evaluation.rules import conditions
from evaluation.rules.open_fields import (
    ENTRIES,
    decidable_lines,
    readable_levels,
    sees_evaluators,
    writer_of,
)
from evaluation.rules.permissions import holds


@dataclass
class Access:
    """`entry` is the level whose turn it is and that is this person's; `closed` says why it is not open, as sentences.

    `party` is the outside role for which MPO staff could act here and now; `behalf` the letter by which they do.
    """

    levels: list
    names: bool = False
    entry: MarkLevel | None = None
    closed: list = field(default_factory=list)
    writer: Callable = lambda _line: False
    party: Role | None = None
    behalf: OnBehalf | None = None
    objects: bool = False
    objection_closed: list = field(default_factory=list)
    decides: frozenset = frozenset()
    answer_closed: list = field(default_factory=list)

    @property
    def open(self):
        return self.entry is not None and not self.closed

    @property
    def takes_evidence(self):
        return self.open and self.entry == MarkLevel.SELF

    def writes(self, line):
        """Whether the person writes this line at the level of their entry."""
        return self.open and not line.exempt and self.writer(line)


def party_of(assessment):
    """The outside role whose entry or objection is due in the present state, or None."""
    for entry in ENTRIES.values():
        if assessment.state in entry.states:
            return entry.may.party
    return Role.AGENCY if assessment.state == AssessmentState.DISCLOSED else None


def due_entry(assessment):
    """The entry that the present state is open for, or None."""
    return next((entry for entry in ENTRIES.values() if assessment.state in entry.states), None)


def access(assessment, user, behalf=None, *, ask=conditions.window_open):
    """The `Access` of `user` to an assessment; a letter for another party or cycle counts for nothing.

    `ask` as for `conditions.stage_window`.
    """
    names = sees_evaluators(user, assessment.participation.agency_id)
    rights = Access(levels=readable_levels(user, assessment), names=names)
    party = party_of(assessment)
    if party and not user.is_superuser and holds(user, "act_on_behalf", assessment):
        rights.party = party
        rights.behalf = behalf if fits(behalf, assessment, party, user) else None
    if entry := due_entry(assessment):
        rights.entry = entry.level if stands_in(entry.may, assessment, user, rights) else None
    if rights.entry:
        rights.closed = entry.window(ask).reasons(assessment)
        writer = cache(partial(writer_of, user, [assessment], rights.entry))  # who asks of no line pays no query
        rights.writer = lambda line: writer()(line)
    if assessment.state == AssessmentState.DISCLOSED:
        add_objections(rights, assessment, user)
    return rights


def fits(behalf, assessment, party, user):
    """Whether a letter is for this assessment's cycle and party, and the person may act by it."""
    return behalf is not None and (behalf.role, behalf.cycle_id, behalf.by_id) == (
        party,
        assessment.participation.cycle_id,
        user.pk,
    )


def stands_in(may, assessment, user, rights):
    """Whether the step is the person's own, or theirs by the letter."""
    return rights.behalf is not None or may.own(assessment, user)


def add_objections(rights, assessment, user):
    """Add to the rights whether the person may object, and which objections they may decide."""
    probe = Objection(line=assessment.lines.model(assessment=assessment))
    if stands_in(objection.FILE, assessment, user, rights):
        rights.objects, rights.objection_closed = True, conditions.objection_open.reasons(probe)
    rights.decides = frozenset(decidable_lines(user, assessment).values_list("pk", flat=True))
    if rights.decides:
        rights.answer_closed = conditions.answer_open.reasons(probe)
