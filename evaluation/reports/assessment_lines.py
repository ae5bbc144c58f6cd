"""All lines of an assessment as one page shows them: each with its chain of levels, files, objection and totals.

Read in a number of queries that does not grow with the lines.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Max, Prefetch, Q

from evaluation import scoring
from evaluation.enums import DimensionKind, EvidenceRule, MarkLevel, ObjectionState, Scorer
from evaluation.models import Axis, EvaluatorGroup, Evidence, Line, Mark, Objection, ObjectionVersion
from evaluation.process import bulk
from evaluation.process.results.computing import dimension_input
from evaluation.rules import scopes

from . import explained, improvement
from .access import Access
from .interim import Beside, beside

CATALOGUE_ORDER = ("indicator__axis__number", "indicator__code")
HEADINGS = (MarkLevel.SELF, MarkLevel.HQ, MarkLevel.INITIAL, MarkLevel.REVISED, MarkLevel.FINAL)


@dataclass(frozen=True)
class LineFilter:
    """The part of the lines that a person asks for."""

    axis: int | None = None
    show: str = ""  # a key of LINE_FILTERS, or empty


@dataclass
class LevelCell:
    """One level of one line; `by` is None where the embargo hides the person."""

    level: MarkLevel
    actual: Decimal | None = None
    target: Decimal | None = None
    score: Decimal | None = None
    note: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    mark: Mark | None = None
    by: str = ""

    @property
    def empty(self):
        return self.actual is None and self.score is None and not self.note

    @property
    def has_fraction(self):
        """Whether both the numerator and the denominator are entered."""
        return self.numerator is not None and self.denominator is not None

    @property
    def override(self):
        return self.mark is not None and self.mark.override

    @property
    def typed(self):
        """Whether a person typed the score, instead of or for want of a computed one."""
        return self.mark is not None and self.mark.explanation.get("formula") == scoring.Formula.TYPED

    @property
    def explanation(self):
        return explained.sentences(self.mark.explanation) if self.mark else []

    @property
    def undefined(self):
        return bool(self.mark) and "undefined" in self.mark.explanation


@dataclass
class LineRow:
    line: Line
    cells: dict
    writes: bool = False
    decides: bool = False
    evidence: list = field(default_factory=list)
    objection: Objection | None = None
    group: str = ""
    interim: Beside | None = None
    planned: improvement.Planned | None = None

    @property
    def indicator(self):
        return self.line.indicator

    @property
    def outside(self):
        """A steward's or an outside system's line: nobody of the agency fills it."""
        return self.indicator.scorer != Scorer.EVALUATOR

    @property
    def own(self):
        return not self.outside and not self.line.exempt

    @property
    def filled(self):
        return self.line.self_actual is not None or self.line.self_score is not None

    @property
    def scored(self):
        return self.line.initial_score is not None

    @property
    def wants_evidence(self):
        return self.indicator.evidence_rule == EvidenceRule.REQUIRED and not self.evidence


@dataclass
class AxisRows:
    """The lines of one axis that the page shows, with the axis's points per level."""

    axis: Axis | None
    rows: list
    maximum: Decimal
    sums: dict


@dataclass
class LevelTotal:
    """One level over the whole dimension: raw as earned; `scaled` only where exemptions make it differ."""

    level: MarkLevel
    raw: Decimal | None
    scaled: Decimal | None


@dataclass
class LinesTable:
    assessment: object
    access: Access
    rows: list
    parts: list
    totals: list
    whole: bool  # the person sees every line
    axes: list
    with_evidence: frozenset | None = None  # keys of all lines that have a file, where they were read

    @property
    def levels(self):
        return [total.level for total in self.totals]

    @property
    def own_lines(self):
        return [row for row in self.rows if row.own]

    @property
    def filled(self):
        return sum(row.filled for row in self.own_lines)

    @property
    def counted(self):
        """The lines that need an initial score, and how many have one."""
        lines = [row for row in self.rows if not row.line.exempt]
        return sum(row.scored for row in lines), len(lines)

    def row(self, pk):
        """The row of this line, or None."""
        return next((row for row in self.rows if row.line.pk == pk), None)


LINE_FILTERS = {
    "empty": lambda row: row.own and not row.filled,
    "unscored": lambda row: not row.line.exempt and not row.scored,
    "mine": lambda row: row.writes,
    "evidence": lambda row: row.own and row.wants_evidence,
    "objected": lambda row: row.objection is not None,
    "open_objection": lambda row: row.objection is not None and row.objection.state == ObjectionState.FILED,
}
LEVEL_OF_FILTER = {"unscored": MarkLevel.INITIAL}  # a filter by figures is for those who read them


def may_filter(show, levels):
    """Whether a person who reads these levels may ask for the lines of the filter `show`, a key of LINE_FILTERS."""
    return show in LINE_FILTERS and LEVEL_OF_FILTER.get(show) in (None, *levels)


def lines_table(assessment, user, access, chosen=None):
    """The page's data. `assessment` comes with participation (cycle, agency) and dimension selected."""
    chosen = chosen or LineFilter()
    lines = lines_of(assessment, user)
    bulk.set_prefetched(assessment, "lines", lines)  # for the conditions of the next step
    files = files_for(user, lines)
    rows = rows_of(lines, assessment, user, access, files or {})
    figures = beside(assessment, user)
    planned = improvement.beside(assessment, user, [row.line for row in rows], access.levels)
    for row in rows:
        row.interim, row.planned = figures.get(row.line.indicator_id), planned.get(row.line.indicator_id)
    whole = len(rows) == len(lines)
    totals, sums = reckoned(assessment, rows, access.levels, whole)
    axes = {row.indicator.axis_id: row.indicator.axis for row in rows}
    wanted = [row for row in rows if chosen.axis in (None, row.indicator.axis_id)]
    if may_filter(chosen.show, access.levels):
        wanted = [row for row in wanted if LINE_FILTERS[chosen.show](row)]
    return LinesTable(
        assessment=assessment,
        access=access,
        rows=rows,
        parts=axis_rows(wanted, rows, axes, sums),
        totals=totals,
        whole=whole,
        axes=[axis for axis in axes.values() if axis],
        with_evidence=None if files is None else frozenset(files),
    )


def lines_of(assessment, user, key=None):
    """All lines of an assessment in the order of the catalogue, or the one with this `key`.

    Each has `seen`: whether the person may see it.
    """
    lines = (
        Line.objects.filter(assessment=assessment)
        .select_related("indicator__axis", "indicator__parent", "indicator__steward", "exemption")
        .annotate(seen=scopes.holds_for(scopes.visible(user, "line")))
        .order_by(*CATALOGUE_ORDER)
    )
    lines = list(lines if key is None else lines.filter(pk=key))
    for line in lines:
        line.assessment = assessment
    return lines


def line_rows(assessment, user, access, key=None):
    """Rows with everything that is shown of them; with a `key` the row of that line alone."""
    lines = lines_of(assessment, user, key)
    return rows_of(lines, assessment, user, access, files_for(user, lines) or {})


def files_for(user, lines):
    """`evidence_of` these lines, or None for a person who reads no files."""
    return evidence_of([line.pk for line in lines]) if user.has_perm("evaluation.view_evidence") else None


def rows_of(lines, assessment, user, access, files):
    """The rows of those of these lines that the person may see; `lines` as `lines_of` gives them."""
    lines = [line for line in lines if line.seen]
    keys = [line.pk for line in lines]
    marks = latest_marks(keys, access.levels)
    objections = objections_of(keys) if user.has_perm("evaluation.view_objection") else {}
    groups = groups_of(assessment) if MarkLevel.INITIAL in access.levels else {}
    return [
        LineRow(
            line=line,
            cells={level: level_cell(line, level, marks.get((line.pk, level)), access) for level in access.levels},
            writes=access.writes(line),
            decides=line.pk in access.decides and not access.answer_closed,
            evidence=files.get(line.pk, []),
            objection=objections.get(line.pk),
            group=groups.get(line.indicator.axis_id, "") if line.indicator.scorer == Scorer.EVALUATOR else "",
        )
        for line in lines
    ]


def level_cell(line, level, mark, access):
    """The LevelCell of a line at one level; the person behind the mark only for those who may read names."""

    def column(name):
        return getattr(line, f"{level}_{name}", None)

    hidden = not access.names and level not in (MarkLevel.SELF, MarkLevel.HQ)
    return LevelCell(
        level=level,
        actual=column("actual"),
        target=column("target"),
        score=column("score"),
        note=column("note") or "",
        numerator=column("numerator"),
        denominator=column("denominator"),
        mark=mark,
        by="" if mark is None or hidden else mark.by.get_full_name() or mark.by.get_username(),
    )


def latest_marks(keys, levels):
    """{(line, level): the standing mark with its person and letter}."""
    last = Mark.objects.filter(line__in=keys, level__in=levels).order_by().values("line", "level")
    marks = Mark.objects.filter(pk__in=last.annotate(last=Max("pk")).values("last"))
    return {(mark.line_id, mark.level): mark for mark in marks.select_related("by", "on_behalf_of")}


def evidence_of(keys):
    """{line pk: its evidence files that were not removed}."""
    files = {}
    for file in Evidence.objects.filter(line__in=keys, removed_at=None).order_by("uploaded_at", "pk"):
        files.setdefault(file.line_id, []).append(file)
    return files


def objections_of(keys):
    """{line: its latest objection, with the versions of it}."""
    versions = Prefetch("versions", ObjectionVersion.objects.select_related("by").order_by("-number"))
    rows = Objection.objects.filter(line__in=keys).select_related("decided_by", "filed_by", "on_behalf_of")
    return {objection.line_id: objection for objection in rows.prefetch_related(versions).order_by("round")}


def groups_of(assessment):
    """{axis (None: no axis): titles of the evaluator groups that score it for this agency}."""
    titles_of_axes, dimension, agency = {}, assessment.dimension, assessment.participation.agency_id
    groups = EvaluatorGroup.objects.filter(cycle=assessment.participation.cycle_id).order_by()
    groups = groups.filter(Q(agencies=None) | Q(agencies=agency)).values_list("title", "covers_specific", "axes")
    specific = dimension.kind == DimensionKind.SPECIFIC
    every = {None, *dimension.axes.values_list("pk", flat=True)} if specific else set()
    for title, covers_specific, axis in groups:
        for scored in ({axis} - {None}) | (every if covers_specific else set()):
            titles_of_axes.setdefault(scored, set()).add(title)
    return {axis: "، ".join(sorted(titles)) for axis, titles in titles_of_axes.items()}


def score_at(line, level):
    """The line's score at a level in points; at `revised` the initial one where nothing was revised."""
    return line.standing_score if level == MarkLevel.REVISED else getattr(line, f"{level}_score")


def reckoned(assessment, rows, levels, whole):
    """Totals per level, and {(level, axis): points}. With a part of the lines only raw sums say something."""
    totals, sums = [], {}
    for level in levels:
        if all(score_at(row.line, level) is None for row in rows):
            sums |= {(level, row.indicator.axis_id): None for row in rows}
            totals.append(LevelTotal(level, None, None))
            continue
        figures = figures_at(assessment, rows, level)
        sums |= {(level, axis.key): axis.raw for axis in figures.axes}
        differs = whole and figures.exempt_points and figures.scaled != figures.raw
        totals.append(LevelTotal(level, figures.raw, figures.scaled if differs else None))
    return totals, sums


def figures_at(assessment, rows, level):
    """The dimension's figures at a level, as the results will compute them from the final scores."""
    lines = {}
    for row in rows:
        line, indicator = row.line, row.indicator
        weight = indicator.weight if indicator.parent_id else None
        entry = scoring.LineInput(
            line.pk, line.maximum, score_at(line, level), line.exempt, indicator.parent_id, weight
        )
        lines.setdefault(indicator.axis_id, []).append(entry)
    dimension, rule = assessment.dimension, assessment.participation.cycle.exemption_rule
    axes = {axis.pk: axis.maximum for axis in (row.indicator.axis for row in rows) if axis}
    return scoring.total(dimension_input(dimension.pk, dimension.maximum, axes=axes, lines=lines, rule=rule))


def axis_rows(wanted, rows, axes, sums):
    """The shown rows by axis; points and maximum are of the whole axis."""
    maxima, parts = {}, {}
    for row in rows:
        key = row.indicator.axis_id
        maxima[key] = maxima.get(key, Decimal(0)) + row.line.maximum
    for row in wanted:
        parts.setdefault(row.indicator.axis_id, []).append(row)
    levels = list(dict.fromkeys(level for level, _axis in sums))
    return [
        AxisRows(axes[key], members, maxima[key], {level: sums.get((level, key)) for level in levels})
        for key, members in parts.items()
    ]
