"""What the page of lines shows: columns, sections, filters and buttons, from the data of `reports.assessment_lines`."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from evaluation.enums import AssessmentState as State
from evaluation.enums import Direction, EvidenceRule, MarkLevel, Nature, ObjectionState, Scorer
from evaluation.process.assessing.line_columns import version_at
from evaluation.reports import assessment_lines

from ..verbs.behalf import lines_url
from . import line_inputs

FILTER_TITLES = {
    "": _("All lines"),
    "empty": _("Only empty ones"),
    "evidence": _("Only those that need evidence"),
    "unscored": _("Only unscored ones"),
    "mine": _("Only mine"),
    "objected": _("Only those objected to"),
    "open_objection": _("Only undecided objections"),
}
FILTERS_OF_STATE = {  # the filters that say something in a state
    State.NOT_STARTED: ("empty", "evidence"),
    State.DRAFTING: ("empty", "evidence"),
    State.RETURNED: ("empty", "evidence"),
    State.SUBMITTED: ("evidence",),
    State.UNDER_EVALUATION: ("unscored", "mine"),
    State.DISCLOSED: ("objected", "open_objection"),
    State.CONFIRMED: ("objected",),
    State.REPORTED: ("objected",),
}


@dataclass
class ShownRow:
    """A row as the template shows it: its chain, its inputs, what stands at the level being entered, a refusal."""

    row: assessment_lines.LineRow
    cells: list
    boxes: list = field(default_factory=list)
    entry: assessment_lines.LevelCell | None = None
    seen: str = ""
    version: str = ""
    sentence: str = ""
    before: line_inputs.FigureBefore | None = None
    may_object: bool = False
    changes_files: bool = False  # the person may attach evidence and take it off now

    @property
    def line(self):
        return self.row.line

    @property
    def indicator(self):
        return self.row.indicator

    @property
    def has_target(self):
        return self.indicator.nature != Nature.QUALITATIVE

    @property
    def is_ratio(self):
        return self.indicator.nature == Nature.RATIO

    @property
    def less_is_better(self):
        """Whether the page has to say so: the name of the nature “reduction” says it already."""
        silent = (Nature.REDUCTION, Nature.QUALITATIVE)
        return self.indicator.direction == Direction.DESCENDING and self.indicator.nature not in silent

    @property
    def filled_by_steward(self):
        return self.indicator.scorer == Scorer.STEWARD

    @property
    def filled_by_feed(self):
        return self.indicator.scorer == Scorer.FEED

    @property
    def group(self):
        return self.row.group

    @property
    def interim(self):
        return self.row.interim

    @property
    def planned(self):
        return self.row.planned

    @property
    def evidence(self):
        return self.row.evidence

    @property
    def needs_no_evidence(self):
        return self.indicator.evidence_rule == EvidenceRule.NONE

    @property
    def takes_files(self):
        return self.changes_files and not self.needs_no_evidence

    @property
    def lacks_evidence(self):
        """Whether evidence that the agency has to attach is missing."""
        return self.row.own and self.row.wants_evidence

    @property
    def objection(self):
        return self.row.objection

    @property
    def objection_is_open(self):
        return self.objection is not None and self.objection.state == ObjectionState.FILED

    @property
    def decides(self):
        return self.row.decides


@dataclass
class Section:
    """The rows of one axis with its points, level by level."""

    part: assessment_lines.AxisRows
    rows: list
    sums: list

    @property
    def axis(self):
        return self.part.axis

    @property
    def key(self):
        return self.part.axis.pk if self.part.axis else 0


def page_context(table, posted=None, refused=None, *, with_rows=True):
    """What the page and the fragments of its answers share; those need no row of a section."""
    rights = table.access
    entry = rights.entry if rights.open else None
    levels = shown_levels(table, entry)
    refused = refused or {}
    return {
        "table": table,
        "assessment": table.assessment,
        "access": rights,
        "behalf": rights.behalf,
        "entry": entry,
        "levels": levels,
        "columns": 2 + len(levels) + (2 if entry else 0),
        "sections": [section(part, table, levels, entry, posted, refused, with_rows) for part in table.parts],
        "totals": [total for total in table.totals if total.level in levels or total.level == entry],
        "scaled": any(total.scaled is not None for total in table.totals),
        "ready": progress_of(table),
    }


def shown_levels(table, entry):
    """The levels that have a column: those with figures; the one being entered has inputs instead."""
    filled = {level for row in table.rows for level, cell in row.cells.items() if not cell.empty}
    return [level for level in table.access.levels if level != entry and (level in filled or level == MarkLevel.SELF)]


def section(part, table, levels, entry, posted, refused, with_rows):
    rows = part.rows if with_rows else ()
    rows = [shown_row(row, table.access, levels, posted, refused.get(row.line.pk, "")) for row in rows]
    return Section(part, rows, [part.sums.get(level) for level in [*levels, *([entry] if entry else [])]])


def shown_row(row, rights, levels, posted=None, sentence=""):
    """One row; with `posted` its boxes keep what was typed and refused."""
    level = rights.entry if rights.open else None
    shown_row = ShownRow(row, [row.cells[name] for name in levels], entry=row.cells.get(level), sentence=sentence)
    shown_row.may_object = may_object(row, rights)
    if row.writes:
        standing = line_inputs.inputs_of(row, level)
        shown_row.boxes = line_inputs.inputs_of(row, level, posted) if posted and sentence else standing
        shown_row.seen = line_inputs.signature(standing)
        shown_row.version = version_at(row.line, level)
        shown_row.before = line_inputs.figure_before(row, level)
        shown_row.changes_files = bool(shown_row.boxes) and rights.takes_evidence
    return shown_row


def may_object(row, rights):
    """Whether an objection to this line may be filed or edited by the person now."""
    decided = row.objection is not None and row.objection.state in ObjectionState.decided()
    return rights.objects and not rights.objection_closed and not row.line.exempt and not decided


def progress_of(table):
    """(done, of how many) lines at the level that the state is about; agencies do not see how far the scoring is."""
    if table.assessment.state in State.before_receipt() or MarkLevel.INITIAL not in table.access.levels:
        return table.filled, len(table.own_lines)
    return table.counted


def filters(query, table):
    """Links over the lines: by axis, and by what is still to do."""
    here, choice = lines_url(table.assessment), chosen(query)

    def link(**changed):
        pairs = {"axis": choice.axis, "show": choice.show} | changed
        text = "&".join(f"{name}={value}" for name, value in pairs.items() if value)
        return f"{here}?{text}" if text else here

    axes = [{"title": axis.title, "url": link(axis=axis.pk), "selected": choice.axis == axis.pk} for axis in table.axes]
    return {
        "axes": axes if len(axes) > 1 else [],
        "every_axis": {"url": link(axis=None), "selected": choice.axis is None},
        "shown": [
            {
                "title": FILTER_TITLES[name],
                "url": link(show=name),
                "selected": choice.show == name,
                "count": sum(map(assessment_lines.LINE_FILTERS[name], table.rows)) if name else len(table.rows),
            }
            for name in ("", *offered(table))
        ],
    }


def offered(table):
    names = FILTERS_OF_STATE.get(table.assessment.state, ())
    levels = table.access.levels
    readable = [name for name in names if assessment_lines.may_filter(name, levels)]
    return [name for name in readable if name != "mine" or MarkLevel.INITIAL in levels]


def chosen(query):
    axis, show = query.get("axis", ""), query.get("show", "")
    number = int(axis) if axis.isascii() and axis.isdigit() and len(axis) < 10 else None
    return assessment_lines.LineFilter(axis=number, show=show if show in FILTER_TITLES else "")
