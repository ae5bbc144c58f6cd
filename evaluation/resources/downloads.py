"""Templates and exports: one form, empty or filled, that comes back in unchanged. Always in Persian."""

from django.utils import translation
from django.utils.translation import gettext as _

from evaluation import persian, workbook

from .registry import resource_of


def template(name, *, by, cycle=None, province=None):
    """The bytes of an empty workbook; those of lines name the person's lines and leave the figures open."""
    return _built(name, by=by, cycle=cycle, province=province, filled=False)


def export(name, *, by, cycle=None, province=None):
    """The bytes of a workbook with the data that the person sees; imported again it changes nothing."""
    return _built(name, by=by, cycle=cycle, province=province, filled=True)


def file_name(name, *, cycle=None, filled=False):
    """A Latin name, which every system keeps: scores-1403.xlsx."""
    year = f"-{cycle.performance_year}" if cycle else ""
    return f"{name}{year}{'' if filled else '-template'}.xlsx"


def _built(name, *, by, cycle, province, filled):
    with translation.override("fa"):
        resource = resource_of(name)(by=by, cycle=cycle, province=province)
        fields = ordered(resource)
        rows = [_shown(row, fields) for row in resource.rows(filled=filled)]
        columns = [_column(code, column, resource, with_rows=bool(rows)) for code, column in fields.items()]
        sheet = workbook.Sheet(title=str(resource.workbook.label), columns=columns, rows=rows)
        properties = {"title": sheet.title, "subject": cycle or province or ""}
        named = bool(rows) and any(column.readonly for column in fields.values())  # rows of lines, not to be renamed
        return workbook.build([sheet], properties=properties, protect=named)


def ordered(resource):
    """The columns in the order of the contract: those that name the row come first."""
    fields = resource.fields
    first = [code for code in getattr(resource, "first", ()) if code in fields]
    front = [*first, *(code for code in resource.key if code not in first)]
    shown = [code for code, column in fields.items() if column.readonly and code not in front]
    return {code: fields[code] for code in (*front, *shown, *(c for c in fields if c not in {*front, *shown}))}


def _column(code, column, resource, *, with_rows):
    widget = column.widget
    return workbook.Column(
        code=code,
        heading=column.heading,
        kind=widget.kind,
        width=column.width,
        choices=widget.choices(),
        locked=column.readonly or (with_rows and code in resource.key),
        note=_allowed(column),
    )


def _allowed(column):
    widget, parts = column.widget, []
    if column.required:
        parts.append(_("This cell must be filled."))
    if column.readonly:
        parts.append(_("For reading only; changes here are ignored."))
    if widget.kind == "number" and not column.readonly:
        parts.append(_("A number, in Persian or Latin digits."))
    if widget.choices():
        parts.append(_("Allowed are: %(choices)s.") % {"choices": "، ".join(widget.choices())})
    if not column.required and not column.readonly and not parts:
        parts.append(
            _("May stay empty; at most %(most)s characters.") % {"most": persian.localise_digits(widget.longest)}
        )
    return " ".join(parts)


def _shown(row, fields):
    """Choices and scales by their labels; numbers, dates and texts as they are."""
    renders = {code for code, column in fields.items() if column.widget.kind == "choice" or code == "scale"}
    return {code: fields[code].widget.render(value) if code in renders else value for code, value in row.items()}
