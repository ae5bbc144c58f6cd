"""Verbs on many files at once: the same rows, notices and sentences as one by one, and queries that do not grow."""

from decimal import Decimal

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.enums import BehalfBasis, Ground, MarkLevel, ObjectionKind, Role, Scorer
from evaluation.models import (
    Assessment,
    CouncilRemark,
    Exemption,
    FeedValue,
    Indicator,
    Line,
    Mark,
    Notice,
    NoticePreference,
    Objection,
    OnBehalf,
    ResultSet,
    SpecificList,
    Target,
    TransitionLog,
)
from evaluation.process import audit, door
from evaluation.process.assessing import assessment, many_files
from evaluation.process.catalogue import indicator, many_lists
from evaluation.process.imports import import_run
from evaluation.process.year import closing
from evaluation.resources import runs
from tests.resources.sheets import sheet
from tests.tasks.wide_year import entered, evaluated

pytestmark = pytest.mark.django_db
MOST = 3  # queries a file
TABLES = (Assessment, SpecificList, Line, Mark, TransitionLog, Notice, Exemption, FeedValue)


@pytest.fixture(autouse=True)
def frozen(settings):
    """All moments are the same, so that rows can be compared whole; notices are English."""
    settings.LANGUAGE_CODE = "en"
    with time_machine.travel(timezone.now(), tick=False):
        yield


def rows_now():
    """Every row of the tables that verbs write, without its key: letters by what they say, files by whose they are."""
    letters = {row.pop("id"): tuple(sorted(row.items())) for row in OnBehalf.objects.values()}
    files = dict(Assessment.objects.values_list("pk", "participation__agency__code"))
    dimensions = dict(Assessment.objects.values_list("pk", "dimension__code"))
    meanings = {
        "on_behalf_of_id": letters.get,
        "assessment_id": lambda key: (files[key], dimensions[key]),
    }
    found = {"letters": sorted(letters.values(), key=str)}
    for model in TABLES:
        rows = [
            {name: meanings[name](value) if name in meanings else value for name, value in row.items() if name != "id"}
            for row in model.objects.values()
        ]
        found[model.__name__] = sorted(rows, key=str)
    return found


def written_by(work):
    """(what `work` gives, all rows after it); everything is as before afterwards."""
    with transaction.atomic():
        given = work()
        rows = rows_now()
        transaction.set_rollback(True)
    return given, rows


def outcome(batch):
    return [obj.pk for obj in batch.done], [(obj.pk, sentence) for obj, sentence in batch.left_out]


def assert_alike(rows, single, many, **kwargs):
    """The verb one by one and its bulk form do, refuse and write the same. Returns the Batch of the bulk form."""
    before = rows_now()
    one_by_one, wanted = written_by(lambda: door.run_batch(rows(), single, **kwargs))
    batch, found = written_by(lambda: many(rows(), **kwargs))
    assert rows_now() == before
    assert outcome(batch) == outcome(one_by_one)
    assert found == wanted
    assert wanted != before
    return batch


def queries_of(work):
    with CaptureQueriesContext(connection) as queries:
        given = work()
    return given, len(queries)


def move(year, state, **columns):
    Assessment.objects.filter(participation__cycle=year.cycle).update(state=state, **columns)


def scored(agencies=3):
    """Files with their initial scores; the agencies' people have an e-mail address, one does not want to hear of it."""
    year = evaluated(agencies=agencies, lines=3)
    year.lines.update(initial_actual=80, initial_score=Decimal(8))
    move(year, "scored", scored_at=timezone.now(), scored_by=year.expert)
    reporter = year.agencies[0].memberships.get(role=Role.AGENCY).user
    type(reporter).objects.update(email="a@example.ir")
    NoticePreference.objects.create(user=reporter, muted=["disclosed", "approved", "submitted", "other"])
    return year


def files_of(year):
    return lambda: list(year.cycle.assessments().order_by("-pk"))


def disclosed(agencies=3):
    year = scored(agencies)
    move(year, "disclosed", disclosed_at=timezone.now())
    return year


# -- the same as one by one ------------------------------------------------------------------------


def test_disclosing_many_files(db):
    year = scored()
    other, foreign = files_of(year)()[0], entered("other", agencies=1, lines=1)
    Assessment.objects.filter(pk=other.pk).update(state="under_evaluation")
    move(foreign, "scored", scored_at=timezone.now(), scored_by=year.expert)
    rows = lambda: files_of(year)() + list(foreign.cycle.assessments())  # noqa: E731
    batch = assert_alike(rows, assessment.disclose, many_files.disclose, by=year.manager, note="یادداشت")
    assert len(batch.done) == 5
    assert [sentence for _file, sentence in batch.left_out] == [
        f"“{other}” is now in the state “Under evaluation”, in which this action is not possible. Reload the page.",
        "Your account has no right to this action.",
        "Your account has no right to this action.",
    ]


def test_confirming_many_files_with_objections_and_remarks(db):
    year = disclosed()
    objected, remarked, exempted, revised, *_rest = files_of(year)()
    Objection.objects.create(
        line=objected.lines.first(), kind=ObjectionKind.ACTUAL, text="متن", claimed_actual=90, filed_by=year.expert
    )
    sessions = CouncilRemark._meta.get_field("session").remote_field.model
    committees = sessions._meta.get_field("committee").remote_field.model
    committee = committees.objects.create(province=year.province, kind="council", title="شورا")
    session = sessions.objects.create(
        committee=committee, cycle=year.cycle, number="1", held_on=timezone.localdate(), resolution="متن"
    )
    CouncilRemark.objects.create(
        result_set=ResultSet.objects.create(cycle=year.cycle, number=1),
        session=session,
        participation=remarked.participation,
        line=remarked.lines.first(),
        text="متن",
    )
    Line.objects.filter(pk=exempted.lines.first().pk).update(exempt=True)
    revised.lines.update(revised_actual=90, revised_score=9, revised_target=110)
    batch = assert_alike(files_of(year), assessment.confirm, many_files.confirm, by=year.manager)
    assert [(file.pk, sentence.split(":")[0]) for file, sentence in batch.left_out] == [
        (objected.pk, "These objections have no decision yet"),
        (remarked.pk, "These remarks of the council have no answer yet"),
    ]


def test_finishing_the_scoring_of_many_files(db):
    year = evaluated(agencies=2, lines=2)
    year.lines.update(initial_actual=80, initial_score=8)
    bare, passed, *_rest = files_of(year)()
    bare.lines.filter(pk=bare.lines.first().pk).update(initial_score=None)
    passed.lines.filter(pk=passed.lines.first().pk).update(initial_score=None, exempt=True)
    batch = assert_alike(files_of(year), assessment.finish_scoring, many_files.finish_scoring, by=year.manager)
    assert [file.pk for file, _sentence in batch.left_out] == [bare.pk]


@pytest.mark.parametrize("reason", ["نفرستاد", " "])
def test_marking_many_agencies_as_absent(db, reason):
    year = entered(agencies=2, lines=1)
    wrong = files_of(year)()[1]
    Assessment.objects.filter(pk=wrong.pk).update(state="submitted", submitted_at=timezone.now(),
                                                  submitted_by=year.expert)  # fmt: skip
    single, many = assessment.mark_absent, many_files.mark_absent
    if reason.strip():
        assert_alike(files_of(year), single, many, by=year.manager, reason=reason)
    else:
        batch, rows = written_by(lambda: many(files_of(year)(), by=year.manager, reason=reason))
        assert {sentence for _file, sentence in batch.left_out[2:]} == {"Give a reason for this action."}
        assert (len(batch.done), rows) == (0, rows_now())


@pytest.fixture
def submitted(db):
    year = entered(agencies=3, lines=2)
    year.open_window("transfer")
    year.fill()
    move(year, "submitted", submitted_at=timezone.now(), submitted_by=year.expert)
    first = files_of(year)()[0]
    first.lines.update(hq_actual=70, hq_score=7)
    return year


def test_approving_many_files_by_a_headquarters(submitted):
    body = submitted.agencies[1].headquarters
    approver = body.memberships.get(role=Role.HEADQUARTERS).user
    batch = assert_alike(files_of(submitted), assessment.approve, many_files.approve, by=approver)
    assert (len(batch.done), len(batch.left_out)) == (2, 4)


def test_staff_without_a_letter_are_refused_each_file(submitted):
    batch, rows = written_by(lambda: many_files.approve(files_of(submitted)(), by=submitted.manager))
    assert {sentence[:36] for _file, sentence in batch.left_out} == {"Another body is responsible for this"}
    assert (len(batch.done), rows) == (0, rows_now())


def test_approving_many_files_when_their_window_is_over(submitted):
    submitted.end_now()
    approver = submitted.agencies[0].headquarters.memberships.get(role=Role.HEADQUARTERS).user
    one_by_one, _rows = written_by(lambda: door.run_batch(files_of(submitted)(), assessment.approve, by=approver))
    batch, rows = written_by(lambda: many_files.approve(files_of(submitted)(), by=approver))
    assert outcome(batch) == outcome(one_by_one)
    assert (len(batch.done), rows) == (0, rows_now())


def test_approving_many_files_by_rule(submitted):
    by = audit.scheduler(submitted.province)
    one_by_one, many = assessment.approve_by_rule, many_files.approve_by_rule
    assert_alike(files_of(submitted), one_by_one, many, by=by, note="یادداشت")
    assert OnBehalf.objects.count() == 0


def settle_one(file, *, by, at):
    """The rule for a silent agency by the single verbs."""
    own = file.lines.filter(exempt=False, indicator__scorer=Scorer.EVALUATOR)
    if own.exclude(self_actual=None, self_score=None).exists():
        rule = audit.by_rule(file.cycle, role=Role.AGENCY, body=file.agency, by=by)
        return assessment.submit(file, by=by, on_behalf=rule, at=at, ground=Ground.RULE)
    return assessment.mark_absent(file, by=by, reason="No line was filled before the window closed.")


def test_settling_many_silent_agencies(db):
    """Filled, half filled, empty, filled in an exempt line or by a steward alone, without headquarters."""
    year = entered(agencies=4, lines=2)
    filled, half, _empty, exempted, feeding, alone, *_rest = files_of(year)()
    filled.lines.update(self_actual=80, self_score=8)
    for file in (half, exempted):
        file.lines.filter(pk=file.lines.first().pk).update(self_actual=80, exempt=file == exempted)
    feeding.lines.update(self_actual=80)
    Indicator.objects.filter(dimension=feeding.dimension).update(scorer=Scorer.FEED)
    alone.lines.update(self_score=0)
    type(alone.agency).objects.filter(pk=alone.agency.pk).update(headquarters=None)
    year.end_now()
    by = audit.scheduler(year.province)
    _batch, wanted = written_by(lambda: [settle_one(file, by=by, at=timezone.now()) for file in files_of(year)()])
    batch, found = written_by(lambda: many_files.settle_silent(files_of(year)(), by=by, at=timezone.now()))
    assert found == wanted
    assert {file.state for file in batch.done} == {"submitted", "approved", "absent"}


def listed(agencies):
    """Specific lists that were reviewed: one does not add up, targets and last year's figures are given to some."""
    year = entered(agencies=agencies, lines=1)
    year.cycle.assessments().filter(dimension__code="T").delete()
    dimension = year.cycle.dimensions.get(code="T")
    dimension.indicators.all().delete()
    type(dimension).objects.filter(pk=dimension.pk).update(kind="specific", basis="points", maximum=1000)
    for number, agency in enumerate(year.agencies):
        points = 500 if number else 400
        shared = {"cycle": year.cycle, "dimension": dimension, "agency": agency, "unit": "نفر", "target": 5}
        for code in "xy":
            leaf = Indicator.objects.create(code=f"{code}-{number}", title=code, points=points, slice="national",
                                            fit="fit", **shared)  # fmt: skip
            Target.objects.create(agency=agency, indicator=leaf, target=7 + number, baseline=3)
        SpecificList.objects.create(cycle=year.cycle, agency=agency)
    SpecificList.objects.filter(cycle=year.cycle).update(state="reviewed")
    return year


def test_freezing_many_lists(db):
    year = listed(3)
    rows = lambda: list(year.cycle.specific_lists.order_by("pk"))  # noqa: E731
    batch = assert_alike(rows, indicator.freeze_list, many_lists.freeze, by=year.manager)
    assert [str(each) for each, _sentence in batch.left_out] == [str(year.agencies[0])]
    assert "must total 1,000 but totals 800: 200 is missing" in batch.left_out[0][1]


# -- queries -----------------------------------------------------------------------------------------


def assert_flat(work, few, many):
    """`work(agencies)` gives (number of files, queries): no more for many files than for few, and few a file."""
    (few_files, few_queries), (many_files_, many_queries) = work(few), work(many)
    assert few_files < many_files_
    assert (many_queries - few_queries, many_queries <= MOST * many_files_) == (0, True)


def asked_by(world, verb):
    """`assert_flat`'s work: a verb on all files of a world of so many agencies."""

    def work(agencies):
        with transaction.atomic():
            year = world(agencies)
            files = files_of(year)()
            batch, queries = queries_of(lambda: verb(files, by=year.manager))
            transaction.set_rollback(True)
        assert len(batch.done) == len(files)
        return len(files), queries

    return work


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("world", "verb"),
    [(scored, many_files.disclose), (disclosed, many_files.confirm)],
    ids=["disclose", "confirm"],
)
def test_a_verb_asks_as_much_for_many_files_as_for_few(db, world, verb):
    assert_flat(asked_by(world, verb), 9, 20)  # files of which the lines are written by two statements on SQLite


@pytest.mark.one_database
def test_freezing_asks_as_much_for_many_agencies_as_for_few(db):
    def general(agencies):
        with transaction.atomic():
            year = entered(agencies=agencies, lines=2)
            dimension = year.cycle.dimensions.get(code="G")
            year.cycle.assessments().delete()
            dimension.indicators.update(points=500)
            _dimension, queries = queries_of(lambda: indicator.freeze(dimension, by=year.manager))
            assert year.lines.count() == 2 * agencies
            transaction.set_rollback(True)
        return agencies, queries

    def lists(agencies):
        with transaction.atomic():
            year = listed(agencies)
            rows = list(year.cycle.specific_lists.exclude(agency=year.agencies[0]))
            batch, queries = queries_of(lambda: many_lists.freeze(rows, by=year.manager))
            transaction.set_rollback(True)
        assert len(batch.done) == agencies - 1
        return agencies, queries

    assert_flat(general, 2, 12)
    assert_flat(lists, 3, 12)


def imported(year):
    """An import of scores that was written, one figure a file."""
    rows = [(agency.code, f"{code}-001", 50) for agency in year.agencies for code in "GT"]
    data = sheet(["کد دستگاه", "کد شاخص", "عملکرد تأییدشده"], *rows)
    run = runs.upload("scores", data=data, file_name="scores.xlsx", by=year.expert, cycle=year.cycle)
    runs.work(run.pk, run.attempt)
    run = import_run.ask_to_write(type(run).objects.get(pk=run.pk), by=year.expert)
    runs.work(run.pk, run.attempt)
    return type(run).objects.get(pk=run.pk)


@pytest.mark.one_database
def test_undoing_an_import_asks_as_much_for_many_files_as_for_few(db):
    def work(agencies):
        with transaction.atomic():
            year = evaluated(agencies=agencies, lines=1)
            undoing = import_run.ask_to_undo(imported(year), by=year.expert)
            undone, queries = queries_of(lambda: runs.work(undoing.pk, undoing.attempt))
            assert (undone.changed, undone.wrong) == (2 * agencies, 0)
            assert not year.lines.exclude(initial_score=None).exists()
            assert Mark.objects.filter(level=MarkLevel.INITIAL, source="undo", run=undone).count() == 2 * agencies
            transaction.set_rollback(True)
        return 2 * agencies, queries

    assert_flat(work, 6, 14)


@pytest.mark.one_database
def test_closing_asks_little_for_each_file(db, monkeypatch):
    def work(agencies):
        with transaction.atomic():
            year = entered(agencies=agencies, lines=2)
            year.lines.filter(assessment__dimension__code="G").update(self_actual=80)
            year.end_now()
            done, queries = queries_of(closing.close_due)
            assert (len(done.windows), len(done.settled), done.failed) == (1, 2 * agencies, [])
            assert OnBehalf.objects.filter(basis=BehalfBasis.RULE).count() == agencies
            transaction.set_rollback(True)
        return 2 * agencies, queries

    files, queries = work(2 * closing.FILES_AT_ONCE)
    assert queries <= 2 * files
    monkeypatch.setattr(closing, "FILES_AT_ONCE", 1000)
    assert_flat(work, 2, 31)
