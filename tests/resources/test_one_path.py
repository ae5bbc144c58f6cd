"""The trial run and the real run are one path: both report the same, and the trial writes its own record alone."""

import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.enums import ImportState, OverMaximum, Scorer, Stage
from evaluation.models import ImportRun, Line, Mark
from evaluation.process.assessing import assessment
from evaluation.process.progress import Cancelled
from evaluation.resources import runs
from evaluation.resources.reading.reader import read
from evaluation.resources.workbooks.registry import RESOURCES
from evaluation.resources.workbooks.self_assessment import SelfAssessment
from tests import factories as make

from .nominations import with_nominations
from .sheets import counts, sheet, tried
from .table_books import TABLES
from .test_corrupted import computed

pytestmark = pytest.mark.django_db

RUNS = "evaluation_importrun"
SELF = ["agency", "code", "actual", "note"]


def fingerprints():
    """{table: number and hash of its rows} of the whole database."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = sorted(map(repr, cursor.fetchall()))
            found[table] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    return found


def others(found):
    return {table: value for table, value in found.items() if table != RUNS}


def agencies(cast):
    headings = ["code", "name", "headquarters", "چیز"]
    rows = [["A", "نام نو", "ستاد نو", 1], ["B", "اداره ب", "وزارت ب", 2], ["۰۰۷", "بانك", "ستاد نو", 3]]
    return cast.manager, sheet(headings, *rows), {"new": 1, "changed": 1, "same": 1, "wrong": 0}


def indicators(cast):
    cast.write_catalogue()
    headings, title = ["dimension", "axis", "axis_points", "code", "title", "parent", "weight", "points"], cast.general
    rows = [
        [title.title, "محور یک", 450, "G-1", "عنوان نو", None, None, 300],
        [title.title, "محور سه", 100, "G-5", "پنجم", None, None, "۱۰۰"],
        [title.title, None, None, "G-51", "سنجه", "G-5", 100, None],
        [title.title, "محور دو", 500, "G-3", "دولت الکترونیک", None, None, 500],
    ]
    return cast.expert, sheet(headings, *rows), {"new": 2, "changed": 1, "same": 1, "wrong": 0}


def specific(cast):
    cast.until(Stage.INDICATORS)
    cast.propose(cast.cycle.specific_lists.get(agency=cast.agency_a))
    rows = [["A", "provincial", "S-1", "نو", 3], ["A", "national", "S-9", "نهم", 2]]
    headings = ["agency", "slice", "code", "title", "weight"]
    return cast.reporter_a, sheet(headings, *rows), {"new": 1, "changed": 1, "same": 0, "wrong": 0}


def own_figures(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    Line.objects.update(baseline=10)
    rows = [["A", "G-1", "۸۰", "شرح"], ["A", "G-31", None, None], ["A", "S-1", 5, None]]
    return cast.reporter_a, sheet(SELF, *rows), {"new": 2, "changed": 0, "same": 1, "wrong": 0}


def scores(cast):
    cast.until(Stage.EVALUATION)
    cast.cycle.over_maximum = OverMaximum.CLAMP
    cast.cycle.save()
    rows = [["A", "G-1", 70, None, None], ["A", "G-31", 70, 300.5, "دلیل"]]
    headings = ["agency", "code", "actual", "score", "note"]
    return cast.lead, sheet(headings, *rows), {"new": 2, "changed": 0, "same": 0, "wrong": 0}


def received(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    headings = ["agency", "dimension", "code", "self_actual", "self_score", "hq_actual", "hq_score", "note"]
    rows = [["A", "general", "G-1", 80, 240, 78, 230, "اصلاح"], ["B", "specific", "S-1", None, None, None, None, None]]
    return cast.expert, sheet(headings, *rows), {"new": 1, "changed": 0, "same": 1, "wrong": 0}


def targets(cast):
    cast.until(Stage.INDICATORS)
    stood = sheet(["agency", "code", "target"], ["A", "G-1", 90])
    runs.confirm(tried("targets", stood, by=cast.expert, cycle=cast.cycle), by=cast.expert)
    rows = [["A", "G-1", "حذف", None], ["B", "G-31", "۱۲٫۵", 3], ["B", "G-1", None, None]]
    return (
        cast.expert,
        sheet(["agency", "code", "target", "baseline"], *rows),
        {"new": 1, "changed": 1, "same": 1, "wrong": 0},
    )


def outside_figures(cast):
    cast.until(Stage.EVALUATION)
    cast.g2.scorer, cast.g2.steward = Scorer.FEED, None
    cast.g2.save()
    headings = ["agency", "code", "value", "observed_at"]
    come = sheet(headings, ["A", "G-2", 70, "1404/04/31"])
    runs.confirm(tried("feed", come, by=cast.expert, cycle=cast.cycle), by=cast.expert)
    rows = [["A", "G-2", 70, "1404/04/31"], ["A", "G-2", 75, "1404/05/31"], ["B", "G-2", "۷۰", "۱۴۰۴/۰۴/۳۱"]]
    return cast.expert, sheet(headings, *rows), {"new": 2, "changed": 0, "same": 1, "wrong": 0}


def levels(cast):
    by = computed(cast)
    headings = ["agency", "dimension", "level", "letter"]
    stood = sheet(headings, ["A", None, "خوب", "۱"])
    runs.confirm(tried("levels", stood, by=by, cycle=cast.cycle), by=by)
    rows = [["A", None, "عالي", "۲"], ["B", None, "خوب", "۲"], ["A", "general", None, None]]
    return by, sheet(headings, *rows), {"new": 1, "changed": 1, "same": 1, "wrong": 0}


def plans(cast):
    cast.until(Stage.FESTIVAL)
    Line.objects.filter(assessment__participation=cast.participation_a).update(final_score=0)
    headings = ["agency", "code", "action", "owner", "due", "expected", "measure"]
    stood = sheet(headings, ["A", "G-1", "آموزش", "مدیر", "1499/05/12", 20, "گواهی"])
    runs.confirm(tried("plans", stood, by=cast.expert, cycle=cast.cycle), by=cast.expert)
    rows = [
        ["A", "G-1", "آموزش", "معاون", None, "۲۵", None],
        ["A", "S-1", "سامانه", "مدیر", "1499/06/01", 5, "بهره‌برداری"],
    ]
    return cast.expert, sheet(headings, *rows), {"new": 1, "changed": 1, "same": 0, "wrong": 0}


def nominees(cast):
    held = with_nominations(cast)
    make.nominee(held, agency=cast.agency_a, name="تیم الف", figure=3, entered_by=cast.reporter_a)
    make.nominee(held, agency=cast.agency_a, name="تیم ب", entered_by=cast.reporter_a)
    rows = [
        ["A", "تیم برتر", None, "تیم الف", "زهرا | علی", "کاهش زمان پاسخ", "حذف"],
        ["A", "تیم برتر", None, "تیم ب", None, None, None],
        ["A", "خدمت برتر", "سلامت", "پرونده سلامت", None, "یک‌پارچگی", "۱۲٫۵"],
    ]
    headings = ["agency", "award", "topic", "name", "members", "reason", "figure"]
    return cast.reporter_a, sheet(headings, *rows), {"new": 1, "changed": 1, "same": 1, "wrong": 0}


WORKBOOKS = {
    "agencies": agencies,
    "indicators": indicators,
    "specific": specific,
    "targets": targets,
    "self": own_figures,
    "received": received,
    "scores": scores,
    "feed": outside_figures,
    "levels": levels,
    "plans": plans,
    "nominees": nominees,
    **TABLES,
}


def test_the_table_names_every_workbook():
    assert WORKBOOKS.keys() == {each.value for each in RESOURCES}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_the_trial_says_what_the_real_run_does_and_writes_only_its_record(cast, name):
    by, data, expected = WORKBOOKS[name](cast)
    before = fingerprints()
    run = tried(name, data, by=by, cycle=cast.cycle)
    after = fingerprints()
    assert others(after) == others(before)
    assert after[RUNS][0] == before[RUNS][0] + 1
    assert (run.state, counts(run), run.report["faults"]) == (ImportState.TRIED, expected, [])
    trial = (counts(run), run.report, run.warned)
    written = runs.confirm(run, by=by)
    assert (written.state, counts(written), written.report, written.warned) == (ImportState.WRITTEN, *trial)
    assert others(fingerprints()) != others(before)


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_trial_asks_and_opens_no_transaction(cast, name):
    by, data, _expected = WORKBOOKS[name](cast)
    resource = runs.resource_of(name)(by=by, cycle=cast.cycle)
    with CaptureQueriesContext(connection) as queries:
        resource.import_data(read(data, "a.xlsx"), dry_run=True)
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}


def test_what_closed_since_the_trial_is_a_fault_of_the_real_run_and_nothing_is_written(cast):
    entry = cast.until(Stage.SELF_ASSESSMENT)
    entry.fill(entry.assessment(entry.agency_a))
    data = sheet(SELF, ["A", "G-1", 85, None], ["A", "S-1", 60, None])
    run = tried("self", data, by=entry.reporter_a, cycle=entry.cycle)
    assessment.submit(entry.assessment(entry.agency_a), by=entry.reporter_a)
    before = others(fingerprints())
    run = runs.confirm(run, by=entry.reporter_a)
    assert (run.state, counts(run)) == (ImportState.REFUSED, {"new": 1, "changed": 0, "same": 0, "wrong": 1})
    assert [(each["cause"], each["cell"]) for each in run.report["faults"]] == [("closed", "A2")]
    assert others(fingerprints()) == before


# -- progress -------------------------------------------------------------------------------------


class Watched:
    """Progress that remembers, and is asked to stop in one phase."""

    def __init__(self, stop=None):
        self.told, self.stop = [], stop

    def at(self, phase, done=0, total=0):
        self.told.append((phase, done, total))
        if phase == self.stop:
            raise Cancelled


def test_progress_is_told_every_five_hundred_rows(cast):
    entry = cast.until(Stage.SELF_ASSESSMENT)
    data = sheet(SELF, *(["A", f"X-{number}", 1, None] for number in range(1_201)))
    watched = Watched()
    resource = SelfAssessment(by=entry.reporter_a, cycle=entry.cycle)
    resource.import_data(read(data, "a.xlsx"), dry_run=False, progress=watched)
    assert watched.told == [("checking", done, 1201) for done in (0, 500, 1000)]


def test_a_wish_to_stop_before_the_writing_leaves_all_as_it_was(cast):
    entry = cast.until(Stage.SELF_ASSESSMENT)
    book = read(sheet(SELF, ["A", "G-1", 80, None]), "a.xlsx")
    watched = Watched(stop="writing")
    with pytest.raises(Cancelled):
        SelfAssessment(by=entry.reporter_a, cycle=entry.cycle).import_data(book, dry_run=False, progress=watched)
    assert (watched.told, Mark.objects.count()) == ([("checking", 0, 1), ("writing", 0, 1)], 0)
    outcome = SelfAssessment(by=entry.reporter_a, cycle=entry.cycle).import_data(book, dry_run=False)
    assert (outcome.counts["new"], Mark.objects.count(), ImportRun.objects.count()) == (1, 1, 0)
