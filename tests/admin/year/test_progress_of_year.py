"""The manager on the first page: how far the files are, who is waited for, filled lines, what ends first."""

import datetime
from collections import Counter

import pytest
import time_machine
from django.db.models import QuerySet
from django.utils import timezone, translation

from evaluation.admin.year.progress_of_year import days_until
from evaluation.enums import NoticeKind, Stage
from evaluation.models import Notice, StageWindow, TransitionLog
from evaluation.process import door
from evaluation.process.assessing import assessment
from evaluation.process.year import planning
from evaluation.reports import completeness, course
from tests.admin.english import page, told, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    cast.window = StageWindow.objects.get(cycle=cast.cycle, stage=Stage.SELF_ASSESSMENT, part="")
    return cast


def first(cast, name):
    return visit(cast, name).get("/admin/")


def test_the_open_window_names_the_agencies_it_waits_for(entry):
    (row,) = first(entry, "manager").context["laggards"]
    assert row["window"] == entry.window
    assert [agency.code for agency in row["agencies"]] == ["A", "B"]
    assert row["remind_url"] == page("stagewindow_do", entry.window.pk, "remind")


def test_nobody_else_is_shown_who_lags(entry):
    for name in ("reporter_a", "evaluator", "observer", "national"):
        assert "laggards" not in first(entry, name).context


def test_one_reminder_reaches_all_of_them_once_a_day(entry):
    url = page("stagewindow_do", entry.window.pk, "remind")
    preview = visit(entry, "manager").get(url)
    assert preview.context["details"] == [("recipients", "2"), ("names of the recipients", "reporter_a، reporter_b")]
    assert Notice.objects.filter(event__startswith="remind").count() == 0
    assert told(visit(entry, "manager").post(url)) == ["Done: Send reminders."]
    sent = Notice.objects.filter(kind=NoticeKind.DEADLINE, event__startswith=f"remind:{entry.window.pk}")
    assert sorted(sent.values_list("user__username", flat=True)) == ["reporter_a", "reporter_b"]
    again = visit(entry, "expert").post(url)
    assert again.context["reasons"] == ["Everyone who has something to do was reminded today, or nobody is left."]
    assert visit(entry, "evaluator").post(url).status_code in (403, 404)
    assert sent.count() == 2


def test_a_window_that_is_closed_reminds_nobody(entry):
    past = timezone.now() - datetime.timedelta(days=1)
    StageWindow.objects.filter(pk=entry.window.pk).update(opens_at=past - datetime.timedelta(days=9), closes_at=past)
    response = visit(entry, "manager").post(page("stagewindow_do", entry.window.pk, "remind"))
    assert response.context["reasons"] == ["“Entering the self-assessment” is not open now, so no reminder is sent."]


def test_filled_lines_are_counted_by_axis(entry):
    before = {share.title: (share.filled, share.total) for share in completeness.by_axis(entry.cycle, entry.manager)}
    assert all(filled == 0 for filled, _total in before.values())
    entry.work(Stage.SELF_ASSESSMENT)
    after = completeness.by_axis(entry.cycle, entry.manager)
    assert {share.title: share.total for share in after} == {name: total for name, (_no, total) in before.items()}
    assert all(share.filled == share.total and share.percent == 100 for share in after)
    shown = first(entry, "manager").context["completeness"]
    assert [each["width"] for each in shown] == ["100.0"] * len(after)


def test_of_one_job_what_ends_first_stands_first_with_the_days_left(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    rows = [row for row in first(cast, "reporter_a").context["todo"] if "/assessment/" in row["url"]]
    assert len(rows) == 2
    ends = [row["due"] or datetime.date.max for row in rows]
    assert ends == sorted(ends)
    dated = [row for row in rows if row["due"]]
    assert dated
    days = (dated[0]["due"] - timezone.localdate()).days
    assert dated[0]["left"].startswith(f"{days} days left, working days: ")


def stand(cast):
    """{state: (here now, this far or further)}"""
    counts = Counter(file.state for file in cast.assessments())
    return {each.state.value: (each.here, each.reached) for each in course.funnel(counts)}


def test_the_funnel_counts_each_file_in_every_state_it_has_passed(entry):
    first_one, *others = entry.assessments()
    entry.fill(first_one)
    assert {state: pair for state, pair in stand(entry).items() if any(pair)} == {
        "not_started": (3, 4),
        "drafting": (1, 1),
    }
    entry.until(Stage.TRANSFER)
    assessment.return_(first_one, reason="ناقص", by=entry.headquarters_of(first_one.participation.agency))
    assessment.withdraw(others[0], reason="ادغام", by=entry.manager)
    assert {state: pair for state, pair in stand(entry).items() if any(pair)} == {
        "not_started": (0, 3),
        "drafting": (0, 3),
        "submitted": (2, 2),
        "returned": (1, None),
        "withdrawn": (1, None),
    }
    shown = {row["label"]: row for row in first(entry, "manager").context["funnel"]}
    row = shown["Submitted to the headquarters"]
    assert (row["width"], row["url"]) == (
        "66.7",
        f"{page('assessment_changelist')}?state__exact=submitted&participation__cycle__id__exact={entry.cycle.pk}",
    )
    assert "funnel" not in first(entry, "evaluator").context


def test_what_was_submitted_is_drawn_over_the_days_of_the_window(entry):
    today = timezone.localdate()
    midnight = timezone.make_aware(datetime.datetime.combine(today, datetime.time.min))
    day = datetime.timedelta(days=1)
    StageWindow.objects.filter(pk=entry.window.pk).update(opens_at=midnight - 2 * day, closes_at=midnight + 2 * day)
    files = list(entry.assessments())
    for each in files[:3]:
        entry.fill(each)
        assessment.submit(each, by=entry.reporter_of(each.participation.agency))
    early = QuerySet(TransitionLog).filter(name="submit", object_id=files[0].pk)  # past the log's own refusal
    early.update(at=midnight - day)
    door.log(files[0], "submit", source="returned", target="submitted", by=entry.reporter_a)  # once more, today
    found = course.course(entry.cycle, 4)
    assert [(each.day, each.done, each.so_far, each.pace) for each in found.days] == [
        (today - 2 * day, 0, 0, 1),
        (today - day, 1, 1, 2),
        (today, 2, 3, 3),
    ]
    shown = first(entry, "manager").context["course"]
    assert shown["title"] == "Self-assessments submitted, day by day"
    assert shown["words"] == "3 of 4 done; the plan requires 3 by the end of today."
    assert (shown["size"], shown["bars"]) == (
        "4 4",
        [{"x": "1.1", "y": "3", "height": "1"}, {"x": "2.1", "y": "1", "height": "3"}],
    )


def test_without_a_window_or_before_it_nothing_is_drawn(entry):
    later, day = timezone.now() + datetime.timedelta(days=2), datetime.timedelta(days=1)
    StageWindow.objects.filter(pk=entry.window.pk).update(opens_at=later, closes_at=later + day)
    assert course.course(entry.cycle, 4) is None
    entry.cycle.windows.all().delete()
    assert course.course(entry.cycle, 4) is None
    assert first(entry, "manager").context["course"] is None


@time_machine.travel("2026-11-22 08:00+03:30")
def test_days_are_counted_after_today_and_fridays_do_not_work(cast):
    calendar = planning.Calendar(cast.province)
    ends = {number: timezone.localdate() + datetime.timedelta(days=number) for number in (-1, 0, 1, 9)}
    with translation.override("en"):
        assert {number: days_until(day, calendar) for number, day in ends.items()} == {
            -1: "",
            0: "ends today",
            1: "1 day left, working days: 1",
            9: "9 days left, working days: 8",
        }
