"""Workbooks as LibreOffice writes them: one start of the program for all files of a target format."""

import datetime
import shutil
from subprocess import run

import pytest
from openpyxl import Workbook

from .uploads import saved, workbook

FILTERS = {"csv": "csv:Text - txt - csv (StarCalc):44,34,76"}  # comma, quote, UTF-8
SECONDS = 180
FORMATS = ("xlsx", "xls", "ods")
DAY, MOMENT = datetime.date(2025, 8, 3), datetime.datetime(2025, 8, 3, 14, 30)  # noqa: DTZ001  cells have no zone


def converted(tmp_path, workbooks, to):
    """`{name: bytes}` of .xlsx workbooks in another format, under the same names; skips where there is no soffice.

    A profile of its own keeps parallel runs apart.
    """
    if not shutil.which("soffice"):
        pytest.skip("needs LibreOffice (soffice) to write other formats")
    folder, out = tmp_path / "workbooks", tmp_path / to
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{name}.xlsx" for name in workbooks]
    for path, data in zip(paths, workbooks.values(), strict=True):
        path.write_bytes(data)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", FILTERS.get(to, to), "--outdir", out, *paths]
    run(command, capture_output=True, timeout=SECONDS, check=True)
    return {name: (out / f"{name}.{to}").read_bytes() for name in workbooks}


def dates_taken_for_gregorian(folder, text, to):
    """The workbook that LibreOffice makes of .csv text when it is told that the fourth column holds dates."""
    if not shutil.which("soffice"):
        pytest.skip("needs LibreOffice (soffice) to write other formats")
    source = folder / "dates.csv"
    source.write_text(text)
    profile, reading = f"-env:UserInstallation=file://{folder}/profile", "--infilter=csv:44,34,76,1,4/5"
    command = ["soffice", profile, "--headless", reading, "--convert-to", to, "--outdir", folder / "out", source]
    run(command, capture_output=True, timeout=SECONDS, check=True)
    return (folder / "out" / f"dates.{to}").read_bytes()


def _remarkable():
    """Percents, formulas, errors, a hidden row and merges, below and beside empty rows and columns."""
    book = Workbook()
    page = book.active
    page.title = "داده"
    page.append([])
    page.append([None, "متن", 0.85, "=1/0", "=C2*2", "=NA()", DAY, MOMENT, '=IF(1,"","x")', "=1+1"])
    page.append([None, "ادغام", 0.5, 12.5, 0.1 + 0.2, 1e-7, 123456789012345])
    page.append([None, None, 0.5])
    page.append([None, "پنهان", 5])
    page.append([None, 0.25, 0.25, 0.25])
    for cell in ("C2", "E2", "B6", "C6", "D6"):
        page[cell].number_format = "0.0%"
    page["C3"].number_format = '0.00" %"'
    page.merge_cells("B3:B4")
    page.merge_cells("B8:D9")
    page["B8"] = "پایین"
    page.row_dimensions[5].hidden = True
    book.create_sheet("پنهان").sheet_state = "hidden"
    book["پنهان"]["A1"] = 1
    book.create_sheet("دوم")["B2"] = "z"
    return saved(book)


@pytest.fixture(scope="session")
def office(tmp_path_factory):
    """`{format: {name: bytes}}` of everything that these tests read."""
    made = {
        "remarkable": _remarkable(),
        "plain": workbook(["متن", 12.0, 12.5, "0012"], [None, 3, DAY]),
        "wide": workbook(["x"] * 201),
    }
    folder = tmp_path_factory.mktemp("office")
    return {to: converted(folder, made, to=to) for to in (*FORMATS, "csv")}
