"""Uploads for the import tests: a workbook of headings and rows, tried and confirmed as one person."""

from io import BytesIO

from openpyxl import Workbook, load_workbook

from evaluation.models import Line
from evaluation.resources import runs
from evaluation.resources.downloads.templates import export, template

from .uploads import saved


def sheet(headings, *rows, title="Sheet1"):
    """The bytes of a workbook with one sheet."""
    book = Workbook()
    book.active.title = title
    book.active.append(headings)
    for row in rows:
        book.active.append(row)
    return saved(book)


def tried(name, data, *, by, cycle, **kwargs):
    return runs.try_out(name, data=data, file_name=f"{name}.xlsx", by=by, cycle=cycle, **kwargs)


def imported(name, data, *, by, cycle, **kwargs):
    """The run, confirmed; asserts that nothing stood in the way."""
    run = tried(name, data, by=by, cycle=cycle, **kwargs)
    assert run.report["faults"] == []
    return runs.confirm(run, by=by)


def counts(run):
    return {"new": run.new, "changed": run.changed, "same": run.same, "wrong": run.wrong}


def faults(run):
    """(cell, heading, value, sentence) of each fault, in order."""
    return [(each["cell"], each["heading"], each["value"], each["sentence"]) for each in run.report["faults"]]


def table(data):
    """The first sheet of a download as rows of values, without its hidden row of codes."""
    page = load_workbook(BytesIO(data)).worksheets[0]
    shown = [row for row in range(1, page.max_row + 1) if not page.row_dimensions[row].hidden]
    return [[cell.value for cell in page[row]] for row in shown]


__all__ = ["counts", "export", "faults", "imported", "sheet", "table", "template", "tried"]


def line_of(code, agency="A"):
    return Line.objects.get(indicator__code=code, assessment__participation__agency__code=agency)
