"""One line for its entry, and what the answer to its save shows: a query each, however many lines the file has."""

from functools import cache

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, OuterRef, Subquery

from evaluation.enums import MarkLevel
from evaluation.models import Assessment, Axis, Evidence, Indicator, Line, Mark
from evaluation.process import bulk
from evaluation.rules import scopes
from evaluation.rules.open_fields import lines_of_writers, writing_roles
from evaluation.rules.person_argument import PersonArgument
from evaluation.rules.statements import statement

from .assessment_lines import (
    CATALOGUE_ORDER,
    LevelCell,
    LineRow,
    LinesTable,
    axis_rows,
    level_cell,
    reckoned,
)

LINE = ("id", "assessment_id", "indicator_id", "maximum", "exempt", "self_actual", "self_score", "initial_score")
INDICATOR = ("id", "code", "title", "axis_id", "parent_id", "weight", "scorer", "evidence_rule")
AXIS = ("id", "number", "title", "maximum")


@statement
def locked_assessment(person, readers, key):
    """The assessment that a person sees by one of these roles, locked; with what `scopes.cover_columns` adds."""
    rows = Assessment.objects.visible_to(person, among=readers).filter(pk=key).order_by()
    rows = rows.select_related("participation__agency", "participation__cycle", "dimension")
    return rows.annotate(**scopes.cover_columns(person, "assessment")).select_for_update(of=("self",))


def entry_row(assessment, user, access, key):
    """The row of one line (its key) to enter figures in, or None where the person does not see it.

    Of marks it has the standing one of the level being entered, without its person.
    """
    writers = writing_roles(user, assessment, access.entry)
    lines = line_for_entry.objects(
        PersonArgument(user), assessment.pk, key, access.entry and str(access.entry), writers
    )
    for line in lines:
        line.assessment = assessment
        cells = {level: level_cell(line, level, None, access) for level in access.levels}
        if line.explanation is not None:
            cells[access.entry] = marked_cell(line, access.entry, line.override, line.explanation)
        return LineRow(line=line, cells=cells, writes=access.open and line.mine and not line.exempt)
    return None


@statement
def line_for_entry(person, assessment, key, level, writers):
    """The line with this key, if the person sees it: whether they write it, and the standing mark of the level."""
    standing = Mark.objects.filter(line=OuterRef("pk"), level=level).order_by("-pk")
    return (
        Line.objects.visible_to(person)
        .filter(assessment=assessment, pk=key)
        .select_related("indicator__axis")
        .annotate(
            mine=scopes.holds_for(lines_of_writers(person, writers)),
            override=Subquery(standing.values("override")[:1]),
            explanation=Subquery(standing.values("explanation")[:1]),
        )
        .order_by()
    )


def marked_cell(line, level, override, explanation):
    """The LevelCell of a line with the mark behind it, known by these two columns alone."""
    cell = LevelCell(level, **{name: getattr(line, f"{level}_{name}", None) for name in FIGURES})
    cell.note = getattr(line, f"{level}_note", "")
    cell.mark = Mark(line=line, level=level, override=override, explanation=explanation)
    return cell


FIGURES = ("actual", "target", "score", "numerator", "denominator")


def table_after_save(assessment, user, access, row):
    """The LinesTable that the answer to a saved row shows: totals, its axis and the progress, from one query.

    Marks and objections are left out, and of each level all but actual, score and note. The lines stay prefetched on
    the assessment, for the conditions of the next step; what the query says of the person's rights to the assessment
    is remembered.
    """
    lines, rows, with_evidence, whole = [], [], [], True
    for line, seen, has_file in lines_after_save(assessment, user, access.levels):
        lines.append(line)
        if has_file:
            with_evidence.append(line.pk)
        whole = whole and seen
        if seen:
            rows.append(LineRow(line=line, cells={level: plain_cell(line, level) for level in access.levels}))
    bulk.set_prefetched(assessment, "lines", lines)
    totals, sums = reckoned(assessment, rows, access.levels, whole)
    axis = row.indicator.axis
    own = [other for other in rows if other.indicator.axis_id == row.indicator.axis_id]
    return LinesTable(
        assessment=assessment,
        access=access,
        rows=rows,
        parts=axis_rows(own, rows, {row.indicator.axis_id: axis}, sums),
        totals=totals,
        whole=whole,
        axes=[axis] if axis else [],
        with_evidence=frozenset(with_evidence),
    )


def lines_after_save(assessment, user, levels):
    """(line, whether the person sees it, whether it has a file) of all lines of an assessment, in their order.

    Lines come with indicator and axis, each with the columns that the answer needs.
    """
    columns = line_columns(tuple(levels))
    stored = stored_columns(columns)
    rows = all_lines.rows(PersonArgument(user), assessment.pk, columns)
    fields = (*(bulk.field_at(Line, name) for name in stored), *(None for _annotation in rows[0][len(stored) :]))
    after_line, after_axis = len(columns) + len(INDICATOR), len(stored)
    axes = {None: None}
    for values in bulk.converted(rows, fields):
        own, of_axis = values[: len(columns)], values[after_line:after_axis]
        seen, has_file, *covered = values[after_axis:]
        if of_axis[0] not in axes:
            axes[of_axis[0]] = bulk.made(Axis, zip(AXIS, of_axis, strict=True), db=DEFAULT_DB_ALIAS)
        indicator = bulk.made(
            Indicator,
            zip(INDICATOR, values[len(columns) : after_line], strict=True),
            db=DEFAULT_DB_ALIAS,
            related={"axis": axes[of_axis[0]]},
        )
        related = {"indicator": indicator, "assessment": assessment}
        yield bulk.made(Line, zip(columns, own, strict=True), db=DEFAULT_DB_ALIAS, related=related), seen, has_file
    scopes.remember_cover(user, assessment, covered)


@statement
def all_lines(person, assessment, columns):
    """`stored_columns` of all lines of an assessment; `seen`, `has_file`, and what `cover_columns_beside` adds."""
    cover = scopes.cover_columns_beside(person, Assessment(pk=assessment))
    files = Evidence.objects.filter(line=OuterRef("pk"), removed_at=None).order_by()
    rows = Line.objects.filter(assessment=assessment).annotate(
        seen=scopes.holds_for(scopes.visible(person, "line")), has_file=Exists(files), **cover
    )
    return rows.order_by(*CATALOGUE_ORDER).values_list(*stored_columns(columns), "seen", "has_file", *cover)


@cache
def line_columns(levels):
    """The columns of a line that the answer needs, where a person reads these levels."""
    return tuple(dict.fromkeys((*LINE, *(column for level in levels for column in columns_of(level)))))


@cache
def stored_columns(columns):
    """These columns of a line, then those of its indicator and of the axis."""
    of_axis = (f"indicator__axis__{name}" for name in AXIS)
    return (*columns, *(f"indicator__{name}" for name in INDICATOR), *of_axis)


def columns_of(level):
    """The columns of a level by which it is filled, in points and words."""
    return [f"{level}_{name}" for name in ("actual", "score", "note") if (level, name) != (MarkLevel.FINAL, "note")]


def plain_cell(line, level):
    """The LevelCell of a line with its actual, score and note alone."""
    note = "" if level == MarkLevel.FINAL else getattr(line, f"{level}_note")
    return LevelCell(
        level=level, actual=getattr(line, f"{level}_actual"), score=getattr(line, f"{level}_score"), note=note
    )
