"""What people open and save in LibreOffice before they upload it: still nothing but what was there."""

from io import BytesIO
from subprocess import run

import pytest
from openpyxl import load_workbook

from evaluation.enums import Stage
from evaluation.resources import runs
from evaluation.resources.downloads import kits
from evaluation.resources.workbooks.registry import RESOURCES
from tests.resources.downloads.test_templates import columns, fill, person, rules
from tests.resources.sheets import counts, export

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.office]


def resaved(files, kind, folder):
    """{name: bytes} as LibreOffice saves them, all in one go."""
    for name, data in files.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", folder / "out"]
    try:
        run([*command, *(folder / f"{name}.xlsx" for name in files)], capture_output=True, timeout=240, check=True)
    except FileNotFoundError:
        pytest.skip("needs LibreOffice")
    return {name: (folder / "out" / f"{name}.{kind}").read_bytes() for name in files}


def downloads_of(cast):
    """{workbook: (its export, who takes it)}; the kits by the workbook that reads them, with a sign behind it."""
    found = {}
    for name in map(str, RESOURCES):
        by = person(cast, name)
        found[name] = (export(name, by=by, cycle=cast.cycle), by)
    participation = cast.cycle.participations.get(agency=cast.agency_a)
    found["self-kit"] = (kits.agency_kit(participation, by=cast.reporter_a), cast.reporter_a)
    found["scores-kit"] = (kits.evaluator_kit(cast.cycle, by=cast.lead), cast.lead)
    return found


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_every_download_comes_back_in_unchanged(cast, tmp_path, kind):
    cast.until(Stage.FESTIVAL)
    fill(cast)
    made = downloads_of(cast)
    office = resaved({name: data for name, (data, _by) in made.items()}, kind, tmp_path)
    for name, (data, by) in made.items():
        workbook = name.partition("-")[0]
        file_name = f"{name}.{kind}"
        found = runs.try_out(workbook, data=office[name], file_name=file_name, by=by, cycle=cast.cycle)
        rows = sum(len(lines) for lines in lines_of(data))
        same = {"new": 0, "changed": 0, "same": rows, "wrong": 0}
        assert (name, counts(found), found.report["faults"], found.report["remarks"]) == (name, same, [], [])


def lines_of(data):
    """The rows of each table of a download: the sheets with a hidden row of codes."""
    pages = [page for page in load_workbook(BytesIO(data)).worksheets if page.row_dimensions[2].hidden]
    return [list(page.iter_rows(min_row=3)) for page in pages]


def test_the_form_is_kept(cast, tmp_path):
    cast.until(Stage.SELF_ASSESSMENT)
    data = kits.agency_kit(cast.cycle.participations.get(agency=cast.agency_a), by=cast.reporter_a)
    page = load_workbook(BytesIO(resaved({"kit": data}, "xlsx", tmp_path)["kit"])).worksheets[1]
    letters = columns(page)
    assert (page.sheet_view.rightToLeft, page.row_dimensions[2].hidden, page.protection.sheet) == (True, True, True)
    assert [page[f"{letters[code]}3"].protection.locked for code in ("code", "actual", "numerator")] == [
        True,
        False,
        True,
    ]
    assert page.column_dimensions[letters["stamp"]].hidden is True
    assert {rule.type for rule in rules(page).values()} == {"decimal"}
