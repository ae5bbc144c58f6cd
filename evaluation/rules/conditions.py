"""What keeps a step from being taken, as sentences: pages show them, verbs refuse with them.

A condition is asked with the object and its `Circumstances`: the moment, and the ground on which somebody acts where
the usual work is missing. django-fsm asks with the object alone; the door has set the circumstances for it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.enums import (
    AssessmentState,
    DimensionKind,
    EvidenceRule,
    FitVerdict,
    Gate,
    Ground,
    ObjectionState,
    Part,
    ResultState,
    Scorer,
    Stage,
)
from evaluation.persian import localise_digits

from . import stages
from .circumstances import NOW, of_the_transition
from .end import is_prefetched
from .gates import GATE_MOMENT, open_gates, required_gates
from .windows import closed_sentence, window_open

if TYPE_CHECKING:
    from evaluation.models import Assessment, Cycle, Dimension, Line, Objection, ResultSet, SpecificList
    from evaluation.rules.circumstances import Circumstances
    from evaluation.rules.windows import WindowQuestion


class Condition:
    """A predicate for django-fsm that can say why not: `ask(obj, circumstances)` gives sentences, none if it holds."""

    def __init__(self, ask: Callable[[Any, Circumstances], list[str]]) -> None:
        self._ask = ask
        self.__name__ = getattr(ask, "__name__", "condition")

    def reasons(self, obj: Any, circumstances: Circumstances = NOW) -> list[str]:
        """Sentences that say why the condition does not hold; empty when it does."""
        return self._ask(obj, circumstances)

    def __call__(self, obj: Any, circumstances: Circumstances | None = None) -> bool:
        circumstances = circumstances or of_the_transition()
        return circumstances.asked or not self.reasons(obj, circumstances)


def condition(function: Callable[[Any], list[str]]) -> Condition:
    """A Condition that depends on the object alone: `function(obj)` gives the sentences."""

    @wraps(function)
    def ask(obj: Any, _circumstances: Circumstances) -> list[str]:
        return function(obj)

    return Condition(ask)


# -- cycle ----------------------------------------------------------------------------------------


def reached(stage: Stage) -> Condition:
    """Every stage between the present one and `stage` is skipped by the cycle."""

    @condition
    def reasons(cycle: Cycle) -> list[str]:
        between = [passed for passed in stage.earlier if passed.number > Stage(cycle.stage).number]
        waiting = [passed for passed in between if passed not in cycle.skipped]
        if not waiting:
            return []
        return [_("The stage “%(stage)s” must be done first.") % {"stage": waiting[0].label}]

    return reasons


@condition
def stage_done(cycle: Cycle) -> list[str]:
    """Nothing of the stage's work is missing."""
    return stages.what_is_missing(cycle)


@condition
def steps_done(cycle: Cycle) -> list[str]:
    """No mandatory step of the stage is open."""
    if is_prefetched(cycle, "steps"):
        steps = [step for step in cycle.steps.all() if step.stage == cycle.stage and step.mandatory]
        waiting = sorted((step for step in steps if step.done_at is None), key=attrgetter("number"))
    else:
        waiting = list(cycle.steps.filter(stage=cycle.stage, mandatory=True, done_at=None))
    if not waiting:
        return []
    return [_("These mandatory steps are still open: %(steps)s.") % {"steps": stages.listed(waiting)}]


# -- specific list --------------------------------------------------------------------------------


@condition
def list_has_indicators(specific_list: SpecificList) -> list[str]:
    """The list has an indicator."""
    if specific_list.cycle.indicators.filter(agency=specific_list.agency_id).exists():
        return []
    return [_("The list has no indicator yet: enter or import the agency's specific indicators first.")]


def specific_dimension(specific_list: SpecificList) -> Dimension | None:
    """A window of the general dimension opens no specific list."""
    return specific_list.cycle.dimensions.filter(kind=DimensionKind.SPECIFIC).first()


def list_window(part: str) -> Condition:
    """The window of this part of writing specific indicators is open for the agency, or the cycle's rule acts."""

    def reasons(specific_list: SpecificList, circumstances: Circumstances) -> list[str]:
        if circumstances.ground == Ground.RULE:
            return []
        work = {"dimension": specific_dimension(specific_list), "agency": specific_list.agency_id}
        work["at"] = circumstances.moment
        if window_open(specific_list, Stage.INDICATORS, part, **work):
            return []
        return [closed_sentence(specific_list, Stage.INDICATORS, part, **work)]

    return Condition(reasons)


@condition
def list_reviewed(specific_list: SpecificList) -> list[str]:
    """Every indicator of the list was judged, and fits."""
    unfit = specific_list.cycle.indicators.filter(agency=specific_list.agency_id, parent=None)
    waiting = unfit.filter(fit="").count()
    if waiting:
        sentence = ngettext(
            "%(count)s indicator has no review verdict yet.",
            "%(count)s indicators have no review verdict yet.",
            waiting,
        )
        return [sentence % {"count": localise_digits(waiting)}]
    rejected = unfit.exclude(fit=FitVerdict.FIT)
    if rejected:
        return [
            _("These indicators do not fit or need revision: %(names)s. Return the list.")
            % {"names": stages.listed(rejected)}
        ]
    return []


@condition
def list_adds_up(specific_list: SpecificList) -> list[str]:
    """The points or weights of the list total what they must."""
    return stages.catalogue_gaps(specific_list.cycle, agency=specific_list.agency)


# -- assessment -----------------------------------------------------------------------------------


def own_deadline_runs(assessment: Assessment, at: datetime) -> bool:
    """Whether the deadline of a return is still to come at this moment; it may lie beyond the end of the windows."""
    return assessment.return_deadline is not None and at < assessment.return_deadline


def stage_window(stage: Stage, part: str = "", *, ask: WindowQuestion = window_open) -> Condition:
    """The window of a stage for this assessment's dimension and agency, or its own deadline after a return.

    `ask` is `window_open`, or a `bulk_rights.WindowsOnce` for many assessments.
    """

    def reasons(assessment: Assessment, circumstances: Circumstances) -> list[str]:
        at = circumstances.moment
        if own_deadline_runs(assessment, at) or circumstances.ground == Ground.RULE:
            return []
        work = {"dimension": assessment.dimension_id, "agency": assessment.participation.agency_id, "at": at}
        question = circumstances.windows or ask
        if question(assessment, stage, part, **work):
            return []
        sentence = getattr(question, "closed_sentence", closed_sentence)
        return [sentence(assessment, stage, part, **work)]

    return Condition(reasons)


entry_open = stage_window(Stage.SELF_ASSESSMENT)
headquarters_open = stage_window(Stage.TRANSFER, Part.HEADQUARTERS)
forward_open = stage_window(Stage.TRANSFER, Part.FORWARD)


def all_lines(assessment: Assessment) -> list[Line]:
    """Its lines with their indicators, in the order of the catalogue; no query where they were prefetched."""
    lines = assessment.lines.all()
    prefetched = "lines" in getattr(assessment, "_prefetched_objects_cache", {})
    return list(lines if prefetched else lines.select_related("indicator"))


def own_lines(assessment: Assessment) -> list[Line]:
    """The lines that the agency itself fills: not exempt, not a steward's, not an outside system's."""
    return [line for line in all_lines(assessment) if not line.exempt and line.indicator.scorer == Scorer.EVALUATOR]


def is_empty(line: Line) -> bool:
    """Whether the agency has entered neither a figure nor a score."""
    return line.self_actual is None and line.self_score is None


@Condition
def lines_filled(assessment: Assessment, circumstances: Circumstances) -> list[str]:
    """Every line that the agency fills has a figure; by the rule for silent agencies one line is enough."""
    lines = own_lines(assessment)
    empty = [line for line in lines if is_empty(line)]
    if circumstances.ground == Ground.RULE:
        if lines and len(empty) == len(lines):
            return [_("No line is filled.")]
        return []
    if not lines and not assessment.lines.exists():
        return [_("The assessment has no lines yet: the catalogue must be frozen first.")]
    if not empty:
        return []
    sentence = ngettext(
        "%(count)s line is still empty: %(names)s.", "%(count)s lines are still empty: %(names)s.", len(empty)
    )
    return [sentence % {"count": localise_digits(len(empty)), "names": stages.listed(empty)}]


@Condition
def evidence_given(assessment: Assessment, circumstances: Circumstances) -> list[str]:
    """Every line that must have evidence and claims points has a file; the rule for silent agencies asks for none."""
    if circumstances.ground == Ground.RULE:
        return []
    claiming = [
        line
        for line in own_lines(assessment)
        if line.indicator.evidence_rule == EvidenceRule.REQUIRED and line.self_score
    ]
    if not claiming:
        return []
    proven = circumstances.with_evidence
    if proven is None:
        with_files = assessment.lines.filter(
            pk__in=[line.pk for line in claiming], evidence__removed_at=None, evidence__isnull=False
        )
        proven = frozenset(with_files.values_list("pk", flat=True))
    bare = [line for line in claiming if line.pk not in proven]
    if not bare:
        return []
    return [_("These lines need evidence: %(names)s.") % {"names": stages.listed(bare)}]


@Condition
def received_through_transfer(assessment: Assessment, circumstances: Circumstances) -> list[str]:
    """By the workbook of the whole province, or in an interim cycle, from any state before; else after a transfer."""
    if circumstances.ground in (Ground.WORKBOOK, Ground.INTERIM) or assessment.state == AssessmentState.SENT:
        return []
    return [
        _(
            "The self-assessment has not been sent yet. If it came from the national system, import the workbook "
            "“received”."
        )
    ]


@condition
def every_line_scored(assessment: Assessment) -> list[str]:
    """No line is without an initial score, exempt ones apart."""
    waiting = [line for line in all_lines(assessment) if not line.exempt and line.initial_score is None]
    if not waiting:
        return []
    sentence = ngettext(
        "%(count)s line has no initial score yet: %(names)s.",
        "%(count)s lines have no initial score yet: %(names)s.",
        len(waiting),
    )
    return [sentence % {"count": localise_digits(len(waiting)), "names": stages.listed(waiting)}]


@condition
def objections_decided(assessment: Assessment) -> list[str]:
    """No objection waits for its decision."""
    waiting = assessment.lines.filter(objections__state=ObjectionState.FILED).select_related("indicator")
    if not waiting:
        return []
    return [_("These objections have no decision yet: %(names)s.") % {"names": stages.listed(waiting)}]


@condition
def not_published(assessment: Assessment) -> list[str]:
    """The results of the cycle are not published."""
    if assessment.cycle.result_sets.filter(state=ResultState.PUBLISHED).exists():
        return [_("The results of this cycle are published and can no longer be reopened.")]
    return []


# -- objection ------------------------------------------------------------------------------------


def objection_window(part: str) -> Condition:
    """The window of this part of the objection stage is open for the line's dimension and agency."""

    def reasons(objection: Objection, circumstances: Circumstances) -> list[str]:
        assessment = objection.line.assessment
        work = {"dimension": assessment.dimension_id, "agency": assessment.participation.agency_id}
        work["at"] = circumstances.moment
        if window_open(assessment, Stage.OBJECTION, part, **work):
            return []
        return [closed_sentence(assessment, Stage.OBJECTION, part, **work)]

    return Condition(reasons)


objection_open = objection_window(Part.OBJECT)


def answer_window(part: str) -> Condition:
    """Answers may run into the confirmation stage (docs/process.md#objections)."""
    window = objection_window(part)

    def reasons(objection: Objection, circumstances: Circumstances) -> list[str]:
        if objection.line.assessment.participation.cycle.stage == Stage.CONFIRMATION:
            return []
        return window.reasons(objection, circumstances)

    return Condition(reasons)


answer_open = answer_window(Part.ANSWER)
opinion_open = answer_window(Part.WHOLE)  # a steward may write while objections are still being filed


# -- results --------------------------------------------------------------------------------------


def gates_before(gate: Gate) -> Condition:
    """The cycle requires this gate, and the gates before it in the cycle's order are passed."""

    @condition
    def reasons(result_set: ResultSet) -> list[str]:
        order = required_gates(result_set.cycle)
        if gate not in order:
            return [_("This cycle does not require it: %(gate)s.") % {"gate": gate.label}]
        return open_gates(result_set, order[: order.index(gate)])

    return reasons


@condition
def gates_passed(result_set: ResultSet) -> list[str]:
    """All gates that the cycle requires are passed."""
    return open_gates(result_set, required_gates(result_set.cycle))


@condition
def nothing_passed_yet(result_set: ResultSet) -> list[str]:
    """No gate has been passed with the present figures."""
    if any(getattr(result_set, name) for name in GATE_MOMENT.values()):
        return [_("An approval step has been passed with these figures: void the result set before computing again.")]
    return []


@condition
def all_confirmed(result_set: ResultSet) -> list[str]:
    """Every assessment of the cycle is confirmed."""
    return stages.unconfirmed(result_set.cycle)


@condition
def festival_stage(result_set: ResultSet) -> list[str]:
    """The cycle is in its last stage of work, or archived."""
    if result_set.cycle.stage in (Stage.FESTIVAL, Stage.CLOSED):
        return []
    return [_("Results are published in the stage “%(stage)s”.") % {"stage": Stage.FESTIVAL.label}]
