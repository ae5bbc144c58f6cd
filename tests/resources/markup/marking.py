"""Marked workbooks for tests: faults as a run's report keeps them, and what stands in the marked copy."""

from io import BytesIO
from subprocess import run
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from evaluation.resources.markup import marked
from evaluation.resources.markup.names import FAULT, WARNING
from evaluation.resources.markup.styles import colour
from evaluation.resources.reading.reader import read

RED, YELLOW = colour(FAULT, 0), colour(WARNING, 0)
SAID = "This cell must be filled."


def fault(cell, sentence=SAID, *, sheet="s", cause="missing", heading="Score", value=""):
    return {"cause": cause, "sheet": sheet, "cell": cell, "heading": heading, "value": value, "sentence": sentence}


def copy_of(data, *cells, warnings=(), name="a.xlsx", sheet="s", **more):
    """The bytes of the marked copy; faults are given by their cells, or whole."""
    given = [fault(cell, sheet=sheet) if isinstance(cell, str) else cell for cell in cells]
    warned = [fault(cell, sheet=sheet, cause="far") if isinstance(cell, str) else cell for cell in warnings]
    return marked(data, name, given, warnings=warned, **more)[0]


def opened(data):
    return load_workbook(BytesIO(data))


def fills(page):
    """{address: colour} of the cells of a sheet that have a fill."""
    cells = (cell for row in page.iter_rows() for cell in row)
    worn = {cell.coordinate: cell.fill for cell in cells if cell.fill.fill_type}
    return {cell: fill.fill_type if fill.fill_type == "linear" else fill.start_color.rgb for cell, fill in worn.items()}


def notes(page):
    """{address: text} of the notes of a sheet."""
    cells = (cell for row in page.iter_rows() for cell in row)
    return {cell.coordinate: cell.comment.text for cell in cells if cell.comment}


def links(page):
    """{address: where it leads} of the links inside the workbook."""
    cells = (cell for row in page.iter_rows() for cell in row)
    return {cell.coordinate: cell.hyperlink.location for cell in cells if cell.hyperlink}


def note(*lines):
    """Our part of a note."""
    return "\n".join(["── خطاهای بارگذاری ──", *(f"• {line}" for line in lines), "────────────"])


def parts(data):
    """{name: bytes} of the archive."""
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def differing(before, after):
    """(names of the parts that differ, names of new ones, names of those that are gone)."""
    old, new = parts(before), parts(after)
    return (
        {name for name in old.keys() & new.keys() if old[name] != new[name]},
        new.keys() - old.keys(),
        old.keys() - new.keys(),
    )


def read_rows(data, name="a.xlsx"):
    """{sheet: rows of values} as an import reads them, without the list of faults."""
    return {sheet.title: [row.values for row in sheet.rows] for sheet in read(data, name).sheets}


def converted(data, kind, folder, *, name="a.xlsx"):
    """The workbook as LibreOffice saves it in another form."""
    (folder / name).write_bytes(data)
    out = folder / "out"
    profile = f"-env:UserInstallation=file://{folder.parent}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", out, folder / name]
    try:
        run(command, capture_output=True, timeout=120, check=True)
    except FileNotFoundError:
        pytest.skip("needs LibreOffice")
    return (out / name).with_suffix(f".{kind}").read_bytes()
