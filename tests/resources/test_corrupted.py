"""Whatever an office does to a workbook: no upload breaks, no trial run writes, and what was written can be taken back.

The long profile (HYPOTHESIS_PROFILE=long) tries thousands where a usual run tries some twenty of each workbook.
"""

from functools import partial
from io import BytesIO

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from evaluation.enums import ImportState, Scorer, Stage
from evaluation.models import Level, LevelScheme, OnBehalf
from evaluation.process.audit import act_on_behalf
from evaluation.process.results import result
from evaluation.resources import runs
from evaluation.resources.markup import marked
from evaluation.resources.reading.refusals import UnreadableWorkbook
from evaluation.resources.workbooks.registry import resource_of
from tests import factories as make
from tests.properties import LONG, examples
from tests.strategies import office_work

from .corrupting import corrupted
from .nominations import with_nominations
from .sheets import counts, export, sheet, template, tried
from .table_books import TABLES

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # formats of files

USUAL = 3  # of each of eighteen workbooks
EXAMPLES = examples(
    USUAL,
    phases=tuple(Phase)
    if LONG
    else (Phase.explicit, Phase.reuse, Phase.generate),  # an example costs too much to shrink
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
OWN = {"importrun", "onbehalf"}  # the tables that an upload and its trial run may write to
HISTORY = {"importrun", "importchange", "mark", "transitionlog", "notice"}  # only grows
KEPT = {"version", "on_behalf_of"}  # a version only rises, and a letter stays with what it was shown for
ENDS = {ImportState.TRIED, ImportState.REFUSED, ImportState.MAPPING}


# -- where each workbook stands ---------------------------------------------------------------------


def agencies(cast):
    return cast.manager


def open_catalogue(cast):
    cast.until(Stage.INDICATORS)
    return cast.expert


def open_list(cast):
    cast.until(Stage.INDICATORS)
    for specific_list in cast.cycle.specific_lists.select_related("agency"):
        cast.propose(specific_list)
    return cast.reporter_a


def open_targets(cast):
    cast.until(Stage.INDICATORS)
    imported = sheet(["agency", "code", "target", "baseline"], ["A", "G-1", 90, 80], ["B", "G-31", None, 12])
    runs.confirm(tried("targets", imported, by=cast.expert, cycle=cast.cycle), by=cast.expert)
    return cast.expert


def half_filled(cast):
    cast.until(Stage.SELF_ASSESSMENT).fill(cast.assessment(cast.agency_a, "specific"))
    return cast.reporter_a


def submitted(cast):
    cast.until(Stage.TRANSFER)
    return cast.expert


def half_scored(cast):
    cast.until(Stage.EVALUATION).score(cast.assessment(cast.agency_a))
    return cast.lead


def fed(cast):
    cast.until(Stage.EVALUATION)
    cast.g2.scorer, cast.g2.steward = Scorer.FEED, None
    cast.g2.save()
    come = sheet(
        ["agency", "code", "value", "observed_at"], ["A", "G-2", 70, "1404/04/31"], ["A", "G-2", 80, "1404/05/31"]
    )
    runs.confirm(tried("feed", come, by=cast.expert, cycle=cast.cycle), by=cast.expert)
    return cast.expert


def computed(cast):
    cast.until(Stage.RANKING)
    scheme = LevelScheme.objects.create(code="t", title="سطوح")
    for order, title in enumerate(("عالی", "خوب"), 1):
        Level.objects.create(scheme=scheme, order=order, title=title)
    cast.cycle.level_scheme = scheme
    cast.cycle.save()
    result.compute(result.prepare(cast.cycle, by=cast.expert), by=cast.expert)
    return cast.national


def nominating(cast):
    held = with_nominations(cast)
    kind = held.kinds.get(code="service")
    make.nominee(held, agency=cast.agency_a, figure=12, entered_by=cast.reporter_a)
    service = {"kind": kind, "part": "سلامت", "name": "پرونده سلامت", "members": ""}
    make.nominee(held, agency=cast.agency_a, entered_by=cast.reporter_a, **service)
    return cast.reporter_a


def table_kept(name, cast):
    """A table that staff keep, with the rows that its own test begins with."""
    return TABLES[name](cast)[0]


WORLDS = {
    "agencies": agencies,
    "indicators": open_catalogue,
    "specific": open_list,
    "targets": open_targets,
    "self": half_filled,
    "received": submitted,
    "scores": half_scored,
    "feed": fed,
    "levels": computed,
    "nominees": nominating,
    **{name: partial(table_kept, name) for name in TABLES},
}


# -- what stands ------------------------------------------------------------------------------------


def contents(without=(), but=()):
    """{model: rows} of all tables but those `without`; columns named in `but` count for nothing."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("evaluation").get_models(include_auto_created=True):
            if model._meta.model_name in without or not model._meta.managed:
                continue
            columns = ", ".join(f'"{each.column}"' for each in model._meta.local_fields if each.name not in but)
            cursor.execute(f'SELECT {columns} FROM "{model._meta.db_table}" ORDER BY 1')
            found[model._meta.model_name] = cursor.fetchall()
    return found


class Office:
    """One workbook in its world, and everything that is asked of an upload of it."""

    def __init__(self, name, cast):
        self.name, self.own = name, WORLDS[name](cast)
        self.cycle = type(cast.cycle).objects.get(pk=cast.cycle.pk)
        self.cast = cast
        given = {"by": self.own, "cycle": self.cycle}
        self.downloads = [export(name, **given), template(name, **given)]

    def upload(self, work, of_template, letter, seen):
        letter = letter and resource_of(self.name).by_agency
        self.by = self.cast.expert if letter else self.own
        data, file_name = corrupted(self.downloads[of_template], work)
        before, was = contents(without=OWN), contents(without=HISTORY, but=KEPT)
        run = self.tried(data, file_name, letter)
        assert run.state in ENDS
        assert contents(without=OWN) == before
        assert OnBehalf.objects.count() == len(was["onbehalf"]) + letter
        if seen:
            self.look(run)
        self.mark(run, data, file_name)
        if run.state == ImportState.TRIED:
            self.write(run, was, seen, letter)

    def tried(self, data, file_name, letter):
        given = {"by": self.by, "cycle": self.cycle, "letter": self.letter if letter else None}
        return runs.try_out(self.name, data=data, file_name=file_name, **given)

    def letter(self):
        return act_on_behalf(
            self.cycle,
            role=resource_of(self.name).party,
            body="اداره الف",
            letter_number="۱",
            letter_date=make.DAY,
            file=make.upload(),
            by=self.by,
        )

    def look(self, run):
        page = reverse("admin:evaluation_importrun_change", args=[run.pk])
        assert self.cast.client(self.by).get(page).status_code == 200

    def mark(self, run, data, file_name):
        """A marked copy of whatever could be read opens; what could not be read says why."""
        if run.failure or run.state == ImportState.MAPPING:
            assert (run.failure != "", run.report) in [(True, {}), (False, run.report)]
            return
        report = run.report
        try:
            copy, _name = marked(data, file_name, report["faults"], warnings=report["warnings"], title="خطاها")
        except UnreadableWorkbook:
            pytest.fail("what the trial run read, its marked copy could not")
        load_workbook(BytesIO(copy))

    def write(self, run, was, seen, letter):
        """What was tried is what is written, and it can be taken back."""
        tried_counts, tried_report = counts(run), run.report
        run = runs.confirm(run, by=self.by)
        assert (run.state, counts(run), run.report) == (ImportState.WRITTEN, tried_counts, tried_report)
        if not run.changes.exists():
            assert run.new == run.changed == 0 or self.name == "feed"
            return
        undoing = runs.take_back(run, by=self.by)
        if seen:
            self.look(undoing)
        assert list(run.changes.exclude(outcome="reversed").values_list("kind", "row", "outcome", "reason")) == []
        now = contents(without=HISTORY, but=KEPT)
        moved = {name for name in was if now[name] != was[name]} - ({"onbehalf"} if letter else set())
        assert moved == ({"assessment"} if undoing.report["remarks"] else set())  # begun for good, and said so


@pytest.mark.hypothesis
@pytest.mark.parametrize("name", WORLDS)
def test_no_upload_breaks_anything(cast, name):
    office = Office(name, cast)

    @EXAMPLES
    @given(work=office_work(), of_template=st.booleans(), letter=st.booleans(), seen=st.integers(0, 3))
    def example(work, of_template, letter, seen):
        with translation.override("fa"), transaction.atomic():
            office.upload(work, of_template, letter, seen == 3)
            transaction.set_rollback(True)

    example()
