"""The manager on the first page: who is waited for, one reminder with its preview, filled lines, what ends first."""

import datetime

import pytest
from django.utils import timezone

from evaluation.enums import NoticeKind, Stage
from evaluation.models import Notice, StageWindow
from evaluation.reports import completeness

from .english import page, told, visit

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
    assert preview.context["details"] == [("recipients", "2"), ("who they are", "reporter_a، reporter_b")]
    assert Notice.objects.filter(event__startswith="remind").count() == 0
    assert told(visit(entry, "manager").post(url)) == ["Done: Remind those who are waited for."]
    sent = Notice.objects.filter(kind=NoticeKind.DEADLINE, event__startswith=f"remind:{entry.window.pk}")
    assert sorted(sent.values_list("user__username", flat=True)) == ["reporter_a", "reporter_b"]
    again = visit(entry, "expert").post(url)
    assert again.context["reasons"] == [
        "Everybody who has something to do here has been reminded today, or there is nobody."
    ]
    assert visit(entry, "evaluator").post(url).status_code in (403, 404)
    assert sent.count() == 2


def test_a_window_that_is_closed_reminds_nobody(entry):
    past = timezone.now() - datetime.timedelta(days=1)
    StageWindow.objects.filter(pk=entry.window.pk).update(opens_at=past - datetime.timedelta(days=9), closes_at=past)
    response = visit(entry, "manager").post(page("stagewindow_do", entry.window.pk, "remind"))
    assert response.context["reasons"] == [
        "“Entering the self-assessment” is not open now, so nobody is reminded of it."
    ]


def test_filled_lines_are_counted_by_axis(entry):
    before = {share.title: (share.filled, share.total) for share in completeness.by_axis(entry.cycle)}
    assert all(filled == 0 for filled, _total in before.values())
    entry.work(Stage.SELF_ASSESSMENT)
    after = completeness.by_axis(entry.cycle)
    assert {share.title: share.total for share in after} == {name: total for name, (_no, total) in before.items()}
    assert all(share.filled == share.total and share.percent == 100 for share in after)
    shown = first(entry, "manager").context["completeness"]
    assert [each["width"] for each in shown] == ["100.0"] * len(after)


def test_what_ends_first_stands_first_with_the_days_left(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    rows = first(cast, "reporter_a").context["todo"]
    ends = [row["due"] or datetime.date.max for row in rows]
    assert ends == sorted(ends)
    dated = [row for row in rows if row["due"]]
    assert dated
    days = (dated[0]["due"] - timezone.localdate()).days
    assert dated[0]["left"].startswith(f"{days} days left, working days: ")
