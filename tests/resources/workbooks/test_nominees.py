"""The workbook of nominees: what an agency submits in one file, on whose behalf staff may, and what the trial names."""

import datetime
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from evaluation.enums import FestivalState
from evaluation.models import AwardKind, Festival, Nominee, TransitionLog
from evaluation.process.files.letters import act_on_behalf
from evaluation.resources import runs
from tests import factories as make

from ..nominations import with_nominations
from ..sheets import counts, export, faults, imported, sheet, table, template, tried
from ..uploads import saved

pytestmark = pytest.mark.django_db

HEADINGS = ["کد دستگاه", "عنوان تقدیر", "موضوع", "نام", "اعضای تیم", "دلیل", "رقم"]
TEAM = ["A", "تیم برتر", None, "تیم میز خدمت", "زهرا، علی", "کاهش زمان پاسخ", "۱۲٫۵"]
MANAGER = ["A", "مدیر برتر", None, "آقای الف", None, "پیگیری", None]
NOT_OPEN = "The nominations of this festival are not open."
AWARDS = "Name one of the awards for which agencies nominate: تیم برتر، مدیر برتر، خدمت برتر."


@pytest.fixture
def held(cast):
    return with_nominations(cast)


def brought(cast, *rows, by="reporter_a", **kwargs):
    return tried("nominees", sheet(HEADINGS, *rows), by=getattr(cast, by), cycle=cast.cycle, **kwargs)


def wrong(cast, *rows, **kwargs):
    """(cell, sentence) of each fault."""
    return [(cell, sentence) for cell, _heading, _value, sentence in faults(brought(cast, *rows, **kwargs))]


def letter(cast):
    written = {"body": "اداره الف", "letter_number": "۷", "letter_date": make.DAY, "file": make.upload()}
    return lambda: act_on_behalf(cast.cycle, role="agency", by=cast.expert, **written)


def test_an_agency_nominates_by_a_workbook_changes_and_takes_all_back(cast, held):
    run = imported("nominees", sheet(HEADINGS, TEAM, MANAGER), by=cast.reporter_a, cycle=cast.cycle)
    team, manager = Nominee.objects.order_by("kind__order")
    assert (team.members, team.reason, team.figure) == ("زهرا\nعلی", "کاهش زمان پاسخ", 12.5)
    assert (team.agency, team.origin, team.entered_by, team.festival) == (
        cast.agency_a,
        "agency",
        cast.reporter_a,
        held,
    )
    assert (manager.kind.title, manager.members, manager.figure) == ("مدیر برتر", "", None)
    assert TransitionLog.objects.filter(name="nominate", by=cast.reporter_a).count() == 2

    changed = ["A", "تیم برتر", None, "تیم میز خدمت", "زهرا", None, "حذف"]
    again = imported("nominees", sheet(HEADINGS, changed, MANAGER), by=cast.reporter_a, cycle=cast.cycle)
    team.refresh_from_db()
    assert counts(again) == {"new": 0, "changed": 1, "same": 1, "wrong": 0}
    assert (team.members, team.reason, team.figure) == ("زهرا", "کاهش زمان پاسخ", None)
    runs.take_back(again, by=cast.reporter_a)
    team.refresh_from_db()
    assert (team.members, team.figure) == ("زهرا\nعلی", 12.5)
    runs.take_back(run, by=cast.reporter_a)
    assert not Nominee.objects.exists()


@pytest.mark.parametrize(
    ("row", "cell", "sentence"),
    [
        (["B", *TEAM[1:]], "A2", "No agency of this cycle that is open to you has this code."),
        (["A", "رتبه برتر", *TEAM[2:]], "B2", AWARDS),
        (["A", "تقدیر دیگر", *TEAM[2:]], "B2", AWARDS),
        ([*TEAM[:2], "سلامت", *TEAM[3:]], "C2", "“تیم برتر” has no topics: leave this cell empty."),
        (["A", "خدمت برتر", None, "پرونده", None, "ب", None], "C2", "Choose the topic; this award has: سلامت، آموزش."),
        ([*TEAM[:4], None, *TEAM[5:]], "E2", "Name the members of the team, one on each line."),
        ([*TEAM[:4], "الف، ب، پ", *TEAM[5:]], "E2", "A team of this award has at most 2 members; 3 are named."),
        ([*TEAM[:5], None, None], "F2", "A nomination needs its reason."),
    ],
)
def test_what_the_trial_names(cast, held, row, cell, sentence):
    assert wrong(cast, row) == [(cell, sentence)]
    assert not Nominee.objects.exists()


def test_whom_the_governor_proposes_is_not_nominated_again(cast, held):
    AwardKind.objects.filter(code="manager").update(from_governor=True)
    made = {"kind": held.kinds.get(code="manager"), "name": MANAGER[3], "origin": "governor", "entered_by": cast.expert}
    make.nominee(held, agency=cast.agency_a, **made)
    assert wrong(cast, MANAGER) == [("D2", "This candidate is nominated for this award already.")]


def test_the_same_nomination_under_two_words_for_the_award_is_one_too_many(cast, held):
    sentences = [sentence for _cell, sentence in wrong(cast, TEAM, ["A", "team", *TEAM[2:]])]
    assert len(sentences) == 1
    assert "The same row is in" in sentences[0]


def test_awards_of_one_title_are_told_apart_by_their_scheme(cast, held):
    held.kinds.add(make.AwardKindFactory(title="تیم برتر", scheme="فارس", code="other", order=5))
    assert [cell for cell, _sentence in wrong(cast, TEAM)] == ["B2"]
    row = ["A", "تیم برتر (فارس)", *TEAM[2:]]
    imported("nominees", sheet(HEADINGS, row), by=cast.reporter_a, cycle=cast.cycle)
    assert Nominee.objects.get().kind.code == "other"
    assert table(export("nominees", by=cast.reporter_a, cycle=cast.cycle))[1][1] == "تیم برتر (فارس)"


def test_a_day_late_is_refused_and_what_stands_is_left(cast, held):
    imported("nominees", sheet(HEADINGS, TEAM), by=cast.reporter_a, cycle=cast.cycle)
    Festival.objects.filter(pk=held.pk).update(nominations_until=timezone.now())
    over = "The nominations are over; ask the provincial organization if you need more time."
    assert wrong(cast, TEAM, MANAGER) == [("A3", over)]
    Festival.objects.filter(pk=held.pk).update(state=FestivalState.CHOOSING)
    assert wrong(cast, MANAGER) == [("A2", NOT_OPEN)]


def test_before_the_festival_opens_nobody_nominates(cast, held):
    Festival.objects.filter(pk=held.pk).update(state=FestivalState.PREPARING)
    assert wrong(cast, MANAGER) == [("B2", NOT_OPEN)]


def test_an_import_is_not_undone_after_the_window(cast, held):
    run = imported("nominees", sheet(HEADINGS, TEAM), by=cast.reporter_a, cycle=cast.cycle)
    Festival.objects.filter(pk=held.pk).update(nominations_until=timezone.now() - datetime.timedelta(seconds=1))
    runs.take_back(run, by=cast.reporter_a)
    assert (run.changes.get().outcome, Nominee.objects.count()) == ("failed", 1)


def test_staff_bring_it_with_the_letter_of_the_agency(cast, held):
    row = ["B", *TEAM[1:]]
    behalf = "Another body is responsible for this action."
    [(cell, sentence)] = wrong(cast, row, by="expert")
    assert (cell, sentence[: len(behalf)]) == ("A2", behalf)
    run = imported("nominees", sheet(HEADINGS, row), by=cast.expert, cycle=cast.cycle, letter=letter(cast))
    nominee = Nominee.objects.get()
    assert (nominee.agency, nominee.entered_by) == (cast.agency_b, cast.expert)
    assert TransitionLog.objects.get(name="nominate").on_behalf_of == run.on_behalf_of
    runs.take_back(run, by=cast.expert)
    assert not Nominee.objects.exists()


def test_who_takes_which_nominations_out(cast, held):
    imported("nominees", sheet(HEADINGS, TEAM, MANAGER), by=cast.reporter_a, cycle=cast.cycle)
    rows = table(export("nominees", by=cast.headquarters_a, cycle=cast.cycle))
    assert [row[:7] for row in rows[1:]] == [
        ["A", "تیم برتر", None, "تیم میز خدمت", "تیم کاری", "اداره الف", "زهرا\nعلی"],
        ["A", "مدیر برتر", None, "آقای الف", "مدیر", "اداره الف", None],
    ]
    assert len(table(export("nominees", by=cast.reporter_b, cycle=cast.cycle))) == 1


def test_the_template_offers_the_awards_the_topics_and_the_own_agency(cast, held):
    book = load_workbook(BytesIO(template("nominees", by=cast.reporter_a, cycle=cast.cycle)))
    offered = {cell.value for row in book["_lists"].iter_rows() for cell in row} - {None}
    assert offered == {"A", "تیم برتر", "مدیر برتر", "خدمت برتر", "سلامت", "آموزش"}
    page = book.worksheets[0]
    columns = {cell.value: cell.column for cell in page[2]}
    for heading, value in zip(("agency", "award", "topic", "name", "members", "reason"), TEAM, strict=False):
        page.cell(3, columns[heading]).value = value
    imported("nominees", saved(book), by=cast.reporter_a, cycle=cast.cycle)
    assert Nominee.objects.get().members == "زهرا\nعلی"
