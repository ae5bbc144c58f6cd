"""Whatever stands in the cells: what the trial run shows is what is written, and what it cannot read it names.

Of each cell it is known what it says (`value_cells`). A figure that is written otherwise, a cell that is neither read
nor named, and a value that changes without a word are failures. The long profile tries thousands.
"""

import re
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from evaluation.enums import ImportState
from evaluation.resources import runs
from evaluation.resources.downloads.templates import ordered, rendered
from evaluation.resources.tables import plan
from evaluation.resources.workbooks.registry import resource_of
from tests.properties import LONG, examples

from . import value_cells
from .office import converted
from .test_corrupted import WORLDS
from .value_cells import EMPTY, ERASED, REFUSED, UNSAID, Cell, Grid, address

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # formats of files

EXAMPLES = examples(
    4,
    derandomize=not LONG,  # the usual run tries the same files each time; new ones belong to the long run
    phases=tuple(Phase) if LONG else (Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
ROWS, IN_ONE_START = 6, 25  # rows of a file; files that LibreOffice converts at once
MOST_COLUMNS = 40  # of a workbook
ALSO_KEY = {"feed": ("observed_at",)}  # what tells rows apart beside their key
MEASURED = ("actual", "numerator", "denominator")
SHARED = "axis_points"  # a value of several rows, which changes once
USUAL = ("single", "ascending", "evaluator", "optional", "member", "0", "0.000000")  # what an erased value becomes
PLACED = re.compile("\u2066([A-Z]+)([0-9]+)(?::[A-Z]+([0-9]+))?\u2069")


class Desk:
    """One workbook, the person who imports it, and the rows that stand."""

    def __init__(self, name, cast):
        self.name, self.province = name, cast.province
        self.by = WORLDS[name](cast)
        self.cycle = type(cast.cycle).objects.get(pk=cast.cycle.pk)
        with translation.override("fa"):
            resource = self.resource()
            self.fields = ordered(resource)
            rows = list(resource.rows(filled=True))[:ROWS]
            self.rows = [self.shown(row) for row in rows]
        self.codes, self.key = list(self.fields), (*resource.key, *ALSO_KEY.get(name, ()))
        self.keys = [self.key_of(row) for row in rows]
        self.free = [code for code, column in self.fields.items() if not column.readonly and code not in self.key]

    def resource(self):
        return resource_of(self.name)(by=self.by, cycle=self.cycle, province=self.province)

    def shown(self, row):
        return {code: rendered(column.widget, row.get(code)) for code, column in self.fields.items()}

    def key_of(self, row):
        return tuple(str(row.get(code)) for code in self.key)

    def standing(self):
        """{key: {code: value}} of what stands, as plans give values."""
        with translation.override("fa"):
            rows = [row for row in self.resource().rows(filled=True) if "_standing" in row]
        return {self.key_of(row): {code: plan.plain(now) for code, now in row["_standing"].items()} for row in rows}

    def go(self, kind, grid, changed, named, data=None):
        """Upload a grid; `changed` and `named` as `works` gives them, `data` where the file was made already."""
        make, file_name = value_cells.KINDS.get(kind, (None, f"a.{kind}"))
        given_by = {"by": self.by, "cycle": self.cycle, "province": self.province}
        before = self.standing()
        run = runs.try_out(self.name, data=data or make(grid), file_name=file_name, **given_by)
        assert self.standing() == before
        assert run.state in (ImportState.TRIED, ImportState.REFUSED), (run.state, run.failure, run.report)
        assert not run.failure
        faults = {fault["cell"] for fault in run.report["faults"] if fault["sentence"]}
        for place, cell in changed.items():
            if cell.says == REFUSED and self.codes[place[1]] in self.free:
                assert address(*place) in faults, f"{cell} at {address(*place)} was neither read nor named"
        missing = {address(*place) for place in named} - faults - places_in(run.report)
        assert not missing, f"{missing} is neither read nor named"
        if run.state == ImportState.TRIED:
            self.write(run, before, changed, grid.merged)

    def write(self, run, before, changed, merged):
        """What stands after it differs as the trial run showed, and is what the cells say."""
        shown = counted(row.cells for row in plan.from_text(run.plan))
        run = runs.confirm(run, by=self.by)
        assert run.state == ImportState.WRITTEN, run.report
        after = self.standing()
        assert counted(plan_cells(before.get(key, {}), values) for key, values in after.items()) == shown
        keyed = [(row, at) for row, at in changed if self.codes[at] in self.key]  # they are other rows now
        others = {row for row, _at in keyed} | {last for first, last, at in merged if (first, at) in keyed}
        measured = {row for row, at in changed if self.codes[at] in MEASURED}
        told = places_in(run.report)
        for (row, at), cell in changed.items():
            key, code = self.keys[row - 1], self.codes[at]
            if code == "score" and cell.says == EMPTY and row in measured:
                continue  # the formula's score of a new figure, which the trial run has shown
            if code in self.free and cell.says != UNSAID and key in after and row not in others:
                was, now = before.get(key, {}).get(code), after[key].get(code)
                assert agrees(cell, was, now) or address(row, at) in told, f"{cell} at {address(row, at)} became {now}"


def counted(changes):
    """(the changes of each row, those of the values that rows share), both in order, from {code: [before, after]}."""
    changes = [dict(cells) for cells in changes]
    shared = {str(cells.pop(SHARED)) for cells in changes if SHARED in cells}
    return sorted(str(sorted(cells.items())) for cells in changes if cells), sorted(shared)


def plan_cells(before, values):
    return {code: [was, now] for code, now in values.items() if (was := before.get(code)) != now}


def agrees(cell, was, now):
    """Whether what stands now is what the cell says, or what stood where it says nothing."""
    if cell.says == EMPTY:
        return now == was
    if cell.says == ERASED:
        return now is None or str(now) in USUAL
    return now == plan.plain(cell.says) or (isinstance(cell.says, Decimal) and Decimal(now) == cell.says)


def places_in(report):
    """Every address that a report names beside its faults, those within a range and in a row that is no record too."""
    told = {warning["cell"] for warning in report["warnings"]}
    numbers = [re.sub("[A-Z]", "", each["cell"]) for each in report["warnings"] if each["cause"] == "other_row"]
    told |= {f"{get_column_letter(at)}{number}" for number in numbers for at in range(1, MOST_COLUMNS + 1)}
    sentences = [warning["sentence"] for warning in report["warnings"]] + report["remarks"] + report.get("titles", [])
    for letters, first, last in (found for sentence in sentences for found in PLACED.findall(sentence)):
        told |= {f"{letters}{row}" for row in range(int(first), int(last or first) + 1)}
    return told


@st.composite
def works(draw, desk, kinds=tuple(value_cells.KINDS)):
    """(format, Grid, {place: Cell} of the changed cells, places of the cells that must be named)."""
    kind, last, beside = draw(st.sampled_from(kinds)), len(desk.rows), len(desk.codes)
    rows = st.integers(1, last)
    cells = {(0, at): Cell("text", str(column.heading), UNSAID) for at, column in enumerate(desk.fields.values())}
    for number, row in enumerate(desk.rows, start=1):
        cells |= {(number, at): value_cells.standing(row[code]) for at, code in enumerate(desk.codes)}
    changed, named, merged = {}, set(), []
    one = draw(rows) if draw(st.booleans()) else None  # often cells of one row, since they count together
    for code in draw(st.lists(st.sampled_from(desk.free), min_size=1, max_size=4)):
        changed[one or draw(rows), desk.codes.index(code)] = draw(value_cells.cells_for(desk.fields[code].widget))
    if draw(st.integers(0, 4)) == 4:
        changed[draw(rows), draw(st.integers(0, beside - 1))] = draw(value_cells.ANY)
    if kind in value_cells.WITH_MERGES and draw(st.booleans()):
        merged = [place for place in changed if (place[0] + 1, place[1]) in cells][:1]
        for row, at in merged:
            cells.pop((row + 1, at))
            changed.pop((row + 1, at), None)
    if draw(st.booleans()):
        place = draw(rows), beside
        cells[place] = Cell("number", 3.0, UNSAID)
        named.add(place)
    if draw(st.booleans()):
        cells[last + 1, 0] = Cell("text", "جمع کل", UNSAID)
        cells[last + 1, beside - 1] = Cell("number", 5.0, UNSAID)
        named.add((last + 1, 0))
    ranges = tuple((row, row + 1, at) for row, at in merged)
    return kind, Grid(cells | changed, ranges, tuple(draw(st.lists(rows, max_size=1)))), changed, named


@pytest.mark.hypothesis
@pytest.mark.parametrize("name", WORLDS)
def test_values_are_read_as_they_are_seen_or_named(cast, name):
    desk = Desk(name, cast)
    assert {*desk.keys} & {*desk.standing()}, "no cell would be compared with what stands"

    @EXAMPLES
    @given(work=works(desk))
    def example(work):
        with translation.override("fa"), transaction.atomic():
            desk.go(*work)
            transaction.set_rollback(True)

    example()


@pytest.mark.long
@pytest.mark.office
@pytest.mark.parametrize("name", WORLDS)
def test_the_same_in_files_of_an_old_format(cast, name, tmp_path_factory):
    desk = Desk(name, cast)

    @settings(parent=EXAMPLES, max_examples=4, phases=(Phase.generate,))
    @given(files=st.lists(works(desk, kinds=("xlsx",)), min_size=IN_ONE_START, max_size=IN_ONE_START))
    def example(files):
        made = {f"{number}": value_cells.as_xlsx(grid) for number, (_kind, grid, *_more) in enumerate(files)}
        read = converted(tmp_path_factory.mktemp("values"), made, to="xls")
        for number, (_kind, *work) in enumerate(files):
            with translation.override("fa"), transaction.atomic():
                desk.go("xls", *work, data=read[f"{number}"])
                transaction.set_rollback(True)

    example()
