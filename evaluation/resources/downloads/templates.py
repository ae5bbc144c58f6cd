"""Templates and exports: the same workbook, empty or filled, which can be imported unchanged. Always in Persian."""

from decimal import Decimal

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from evaluation import persian, workbook

from ..tables import stamps
from ..tables.columns import Code, Scale
from ..workbooks.registry import resource_of

SCHEMA = "1"
STAMP_COLUMN = workbook.Column(code=stamps.STAMP_CODE, heading=stamps.STAMP_HEADING, width=14, locked=True, hidden=True)
STANDING = "_standing"  # key of a row: its current writable values
CODE_WIDTH, LONGEST_CODE = 14, 30  # characters
MAX_UNBOUNDED_DIGITS = 18  # columns with fewer digits have an upper bound


def template(name, *, by, cycle=None, province=None):
    """The bytes (.xlsx) of a workbook to fill. Workbooks of lines list the person's lines without their figures."""
    return _built(name, by=by, cycle=cycle, province=province, filled=False)


def export(name, *, by, cycle=None, province=None):
    """The bytes (.xlsx) of a workbook with the data that the person sees; imported unchanged it changes nothing."""
    return _built(name, by=by, cycle=cycle, province=province, filled=True)


def file_name(name, *, cycle=None, filled=False):
    """A Latin name, which every system accepts: scores-1403.xlsx."""
    year = f"-{cycle.performance_year}" if cycle else ""
    return f"{name}{year}{'' if filled else '-template'}.xlsx"


def _built(name, *, by, cycle, province, filled):
    with translation.override("fa"):
        resource = resource_of(name)(by=by, cycle=cycle, province=province)
        fields = ordered(resource)
        rows = [cells(row, fields, key=resource.key) for row in resource.rows(filled=filled)]
        sheet = workbook.Sheet(
            title=str(resource.workbook.label),
            columns=[*columns_of(resource, fields, named=bool(rows)), STAMP_COLUMN],
            rows=rows,
            note=_(
                "Fill it, save it as an Excel workbook (.xlsx) and upload it on the page “Imports”: the trial run "
                "shows what would change, and writes nothing."
            ),
            grows=grows(resource),
        )
        properties = {"title": sheet.title, "subject": cycle or province or ""}
        custom = origin(resource.workbook, cycle=cycle, by=by)
        return workbook.build([sheet], properties=properties, custom=custom, protect=bool(rows), codes=True)


def origin(name, *, cycle, by):
    """The properties by which an upload is recognised as ours: workbook, cycle, when and by whom it was made."""
    return {
        "workbook": str(name),
        "cycle": cycle.pk if cycle else "",
        "exported_at": timezone.now().isoformat(timespec="seconds"),
        "exported_by": by.get_username(),
        "schema": SCHEMA,
    }


def ordered(resource):
    """{code: Column} in the order of the sheet: the columns that name the row come first."""
    fields = resource.fields
    first = [code for code in getattr(resource, "first", ()) if code in fields]
    front = [*first, *(code for code in resource.key if code not in first)]
    readonly = [code for code, column in fields.items() if column.readonly and code not in front]
    return {code: fields[code] for code in (*front, *readonly, *(c for c in fields if c not in {*front, *readonly}))}


def grows(resource):
    """Whether people add rows: not where the rows are the lines of the cycle."""
    return getattr(resource, "grows", not any(column.readonly for column in resource.fields.values()))


def columns_of(resource, fields, *, named):
    """The columns of a sheet. `named`: its rows are given, so their keys are locked and open cells are coloured."""
    return [sheet_column(resource, fields, code, locked=named and code in resource.key, named=named) for code in fields]


def sheet_column(resource, fields, code, *, locked=False, named=True):
    """One column of a resource as a `workbook.Column`."""
    column = fields[code]
    shut, filled = column.readonly or locked, not column.readonly and (not locked or grows(resource))
    own, offered = column.widget.choices(), tuple(getattr(resource, "offers_choices", nothing)(code))
    least, most = bounds(fields, code)
    return workbook.Column(
        code=code,
        heading=column.heading,
        kind=column.widget.kind,
        width=column.width or (CODE_WIDTH if is_short_code(column.widget) else None),
        choices=(own or offered) if filled else (),
        choices_strict=bool(own),
        minimum=least,
        maximum=most,
        checked=filled,
        locked=shut,
        fill=workbook.SHUT if shut else workbook.OPEN if named else "",
        note=allowed(column),
    )


def is_short_code(widget):
    """Whether a column holds codes of agencies or indicators, and not names of accounts."""
    return isinstance(widget, Code) and widget.longest <= LONGEST_CODE


def nothing(code):
    """No choices, for resources that offer none."""
    return ()


def bounds(fields, code):
    """(minimum, maximum) of a column of numbers: a score is at most the maximum of its row."""
    widget = fields[code].widget
    if widget.kind != "number":
        return None, None
    if (code == "score" or code.endswith("_score")) and "maximum" in fields:
        return 0, "maximum"
    most = None if widget.digits >= MAX_UNBOUNDED_DIGITS else Decimal(10) ** widget.digits - 1
    return None if widget.negative else 0, most


def allowed(column):
    """What a column takes, in sentences for the guide."""
    widget, parts = column.widget, [str(column.note)] if column.note else []
    if column.required:
        parts.append(_("This cell must be filled."))
    if column.readonly:
        parts.append(_("For reading only; changes here are ignored."))
        return " ".join(parts)
    if widget.kind == "number":
        parts.append(_("A number, in Persian or Latin digits."))
    if widget.kind == "date":
        example = persian.localise_digits("1404/05/12")
        parts.append(_("A date, as in %(example)s; a real date of Excel is read too.") % {"example": example})
    if widget.choices():
        parts.append(_("Allowed are: %(choices)s.") % {"choices": "، ".join(widget.choices())})
    if isinstance(widget, Scale):
        parts.append(_("Steps as name:fraction, with | between them; fractions from 0 to 1."))
    if not parts:
        parts.append(
            _("May stay empty; at most %(most)s characters.") % {"most": persian.localise_digits(widget.longest)}
        )
    return " ".join(parts)


def cells(row, fields, *, key):
    """A row for the sheet: choices and scales by their labels, the other values unchanged, and the row's stamp."""
    made = {code: rendered(fields[code].widget, value) for code, value in row.items() if code in fields}
    if workbook.LOCKED in row:
        made[workbook.LOCKED] = row[workbook.LOCKED]
    if STANDING in row:
        made[stamps.STAMP_CODE] = stamps.of_row(row[STANDING], {code: row[code] for code in key})
    return made


def rendered(widget, value):
    """A value as its cell shows it."""
    return widget.render(value) if widget.kind == "choice" or isinstance(widget, Scale) else value
