"""Whatever stands in the cells: what the trial run shows is what is written, and what it cannot read it names.

Of each cell it is known what it says (`value_cells`). A figure that is written otherwise, a cell that is neither read
nor named, and a value that changes without a word are failures. The long profile tries thousands.
"""

import re

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st

from evaluation.enums import ImportState
from evaluation.resources import runs
from evaluation.resources.downloads.templates import ordered, rendered
from evaluation.resources.tables import plan
from evaluation.resources.workbooks.registry import resource_of
from tests.properties import LONG, examples

from . import value_cells
from .table_books import TABLES
from .test_corrupted import WORLDS
from .value_cells import EMPTY, ERASED, REFUSED, UNSAID, Cell, Grid, address

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # formats of files

EXAMPLES = examples(
    int(__import__("os").environ.get("EX", 5)),
    phases=tuple(Phase) if LONG else (Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
ROWS = 6  # of a file
ALSO_KEY = {"feed": ("observed_at",)}  # what tells rows apart beside their key
TEXT_FILES = ("comma", "semicolon", "tab")
PLACED = re.compile("\u2066([A-Z]+)([0-9]+)(?::[A-Z]+([0-9]+))?\u2069")


class Desk:
    """One workbook, the person who imports it, and the rows that stand."""

    def __init__(self, name, cast):
        self.name, self.cast = name, cast
        self.by = WORLDS[name](cast) if name in WORLDS else TABLES[name](cast)[0]
        self.cycle = type(cast.cycle).objects.get(pk=cast.cycle.pk)
        with translation.override("fa"):
            resource = self.resource()
            self.fields = ordered(resource)
            self.rows = [self.shown(row) for row in list(resource.rows(filled=True))[:ROWS]]
        self.codes, self.key = list(self.fields), (*resource.key, *ALSO_KEY.get(name, ()))
        self.free = [code for code, column in self.fields.items() if not column.readonly and code not in self.key]

    def resource(self):
        return resource_of(self.name)(by=self.by, cycle=self.cycle, province=self.cast.province)

    def shown(self, row):
        return {code: rendered(column.widget, row.get(code)) for code, column in self.fields.items()}

    def standing(self):
        """{key: {code: value}} of what stands, as plans give values."""
        with translation.override("fa"):
            rows = list(self.resource().rows(filled=True))
        return {
            tuple(str(row.get(code)) for code in self.key): {
                code: plan.plain(value) for code, value in row["_standing"].items()
            }
            for row in rows
            if "_standing" in row
        }

    # -- a file

    @st.composite
    @staticmethod
    def works(draw, desk):
        """(format, Grid, {place: Cell} of the cells whose meaning is known, addresses of the cells to be named)."""
        kind = draw(st.sampled_from(list(value_cells.KINDS)))
        cells = {(0, at): Cell("text", str(column.heading), UNSAID) for at, column in enumerate(desk.fields.values())}
        for number, row in enumerate(desk.rows, start=1):
            cells |= {(number, at): value_cells.standing(row[code]) for at, code in enumerate(desk.codes)}
        changed, named, merged = {}, set(), []
        for _time in range(draw(st.integers(1, 4))):
            code = draw(st.sampled_from(desk.free))
            row, at = draw(st.integers(1, len(desk.rows))), desk.codes.index(code)
            changed[row, at] = draw(value_cells.cells_for(desk.fields[code].widget))
        if draw(st.integers(0, 4)) == 4:
            at = draw(st.integers(1, len(desk.rows))), draw(st.integers(0, len(desk.codes) - 1))
            changed[at] = draw(value_cells.ANY)
        if kind not in TEXT_FILES and draw(st.booleans()):
            merged = [place for place in changed if (place[0] + 1, place[1]) in cells][:1]
            for row, at in merged:
                cells.pop((row + 1, at))
                changed.pop((row + 1, at), None)
        if draw(st.booleans()):
            place = draw(st.integers(1, len(desk.rows))), len(desk.codes)
            cells[place] = Cell("number", 3.0, UNSAID)
            named.add(place)
        if draw(st.booleans()):
            cells |= {(len(desk.rows) + 1, 0): Cell("text", "جمع کل", UNSAID)}
            cells |= {(len(desk.rows) + 1, len(desk.codes) - 1): Cell("number", 5.0, UNSAID)}
            named.add((len(desk.rows) + 1, 0))
        hidden = draw(st.lists(st.integers(1, len(desk.rows)), max_size=1))
        ranges = tuple((row, row + 1, at) for row, at in merged)
        return kind, Grid(cells | changed, ranges, tuple(hidden)), changed, named

    # -- its way through the system

    def go(self, kind, grid, changed, named):
        make, file_name = value_cells.KINDS[kind]
        before = self.standing()
        run = runs.try_out(
            self.name, data=make(grid), file_name=file_name, by=self.by, cycle=self.cycle, province=self.cast.province
        )
        assert self.standing() == before
        assert run.state in (ImportState.TRIED, ImportState.REFUSED), (run.state, run.failure, run.report)
        assert not run.failure
        faults = {fault["cell"] for fault in run.report["faults"] if fault["sentence"]}
        for place, cell in changed.items():
            if self.refused(cell, place, kind):
                assert address(*place) in faults, f"{cell} at {address(*place)} was neither read nor named"
        told = faults | places_in(run.report)
        for place in named:
            assert address(*place) in told, f"{address(*place)} is not named"
        if run.state == ImportState.TRIED:
            self.write(run, before, grid, changed, kind)

    def write(self, run, before, grid, changed, kind):
        shown = [row.cells for row in plan.from_text(run.plan)]
        run = runs.confirm(run, by=self.by)
        assert run.state == ImportState.WRITTEN, run.report
        after = self.standing()
        differs = [
            {code: [was, now] for code in values if (was := before.get(key, {}).get(code)) != (now := values[code])}
            for key, values in after.items()
        ]
        assert sorted(map(repr, filter(None, map(in_order, differs)))) == sorted(
            map(repr, filter(None, map(in_order, shown)))
        )
        warned = places_in(run.report)
        for (row, at), cell in changed.items():
            code = self.codes[at]
            key = tuple(str(self.rows[row - 1][code]) for code in self.key)
            if at < len(self.codes) and code in self.free and cell.says != UNSAID and key in after:
                assert (
                    self.agrees(cell, code, before.get(key, {}).get(code), after[key].get(code)) or address(row, at) in warned
                ), f"{cell} at {address(row, at)} was written as {after[key].get(code)}"

    def agrees(self, cell, code, was, now):
        """Whether what stands now is what the cell says, or what stood where it says nothing."""
        if cell.says in (EMPTY, ERASED):
            return now == was if cell.says == EMPTY else now in (None, "0.000000", "single")
        return now == plan.plain(cell.says)

    def refused(self, cell, place, kind):
        return cell.says == REFUSED and self.codes[place[1]] in self.free


def in_order(cells):
    return sorted(cells.items())


def places_in(report):
    """Every address that a report names, those within a range too."""
    told = {warning["cell"] for warning in report["warnings"]}
    sentences = [warning["sentence"] for warning in report["warnings"]] + report["remarks"] + report.get("titles", [])
    for letters, first, last in (found for sentence in sentences for found in PLACED.findall(sentence)):
        told |= {f"{letters}{row}" for row in range(int(first), int(last or first) + 1)}
    return told


@pytest.mark.hypothesis
@pytest.mark.parametrize("name", [*WORLDS, *TABLES])
def test_values_are_read_as_they_are_seen_or_named(cast, name):
    desk = Desk(name, cast)

    @EXAMPLES
    @given(work=Desk.works(desk))
    def example(work):
        with translation.override("fa"), transaction.atomic():
            desk.go(*work)
            transaction.set_rollback(True)

    example()
