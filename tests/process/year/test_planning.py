"""The windows of a year: planned from a day, moved together, named where they overlap; days off of the province."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from evaluation.enums import Part, Stage
from evaluation.models import DayOff, Notice, TransitionLog
from evaluation.persian import format_jalali, last_day_of, parse_jalali, parse_jalali_datetime
from evaluation.process.door import Forbidden, Refusal
from evaluation.process.year import clashes, planning

TEHRAN = ZoneInfo("Asia/Tehran")
pytestmark = pytest.mark.django_db


def jalali(text):
    return parse_jalali(text)


def ends(windows):
    """{stage or stage/part: last day, Jalali}."""
    rows = ((f"{row.stage}/{row.part}".strip("/"), row.closes_at) for row in windows)
    return {name: format_jalali(last_day_of(end)) for name, end in rows}


def planned(cast, start="1404/07/05", **more):
    return planning.plan(cast.cycle, start=jalali(start), by=cast.manager, **more)


# -- days off ---------------------------------------------------------------------------------------


def test_staff_add_and_strike_days_of_their_own_province(cast):
    sunday, monday = datetime.date(2025, 8, 3), datetime.date(2025, 8, 4)
    DayOff.objects.create(province=cast.province, date=sunday, title="آلودگی هوا")
    assert planning.working_end(sunday) == sunday
    assert planning.working_end(sunday, cast.province) == monday
    friday = datetime.date(2025, 8, 8)
    DayOff.objects.create(province=cast.province, date=friday, title="روز کاری", working=True)
    assert planning.working_end(friday, cast.province) == friday
    assert planning.working_end(friday) == datetime.date(2025, 8, 9)


def test_an_official_day_may_be_struck(cast):
    nowruz = jalali("1404/01/01")
    assert planning.Calendar(cast.province).off(nowruz) != ""
    DayOff.objects.create(province=cast.province, date=nowruz, title="کشیک", working=True)
    assert planning.Calendar(cast.province).off(nowruz) == ""


def test_working_days_leave_out_fridays_and_days_off(cast):
    calendar = planning.Calendar(cast.province)
    assert calendar.working_days(datetime.date(2025, 8, 2), datetime.date(2025, 8, 8)) == 6
    DayOff.objects.create(province=cast.province, date=datetime.date(2025, 8, 3), title="تعطیل")
    calendar = planning.Calendar(cast.province)
    assert calendar.working_days(datetime.date(2025, 8, 2), datetime.date(2025, 8, 8)) == 5
    assert calendar.working_days(datetime.date(2025, 8, 3), datetime.date(2025, 8, 2)) == 0


@pytest.mark.parametrize(("year", "last"), [(1399, "1399/12/30"), (1403, "1403/12/30"), (1408, "1408/12/30")])
def test_a_leap_year_has_30_esfand(year, last):
    """A window of 30 days from 1 Esfand ends with the last day of the leap year, wherever it moves from there."""
    calendar = planning.Calendar()
    start = parse_jalali_datetime(f"{year}/12/01 00:00")
    assert format_jalali(calendar.wanted_last_day(start, 30), language="en") == last
    assert format_jalali(calendar.wanted_last_day(start, 31), language="en") == f"{year + 1}/01/01"


# -- planning ---------------------------------------------------------------------------------------


def test_stages_follow_one_another_by_the_days_of_the_template(cast):
    windows = planned(cast)
    assert [row.stage for row in windows] == list(planning.ILAM_DAYS)
    assert windows[0].opens_at == datetime.datetime(2025, 9, 27, tzinfo=TEHRAN)
    assert [row.opens_at for row in windows[1:]] == [row.closes_at for row in windows[:-1]]
    assert clashes.clashes_of_windows(windows) == []
    assert TransitionLog.objects.get(name="plan").by == cast.manager


def test_days_may_be_other_than_the_templates(cast):
    windows = planned(cast, days={Stage.CIRCULAR: 4, Stage.EVALUATORS: 3})
    assert ends(windows)["circular"] == "1404/07/08"
    assert ends(windows)["evaluators"] == "1404/07/12"  # the 11th is a Friday


def test_an_end_names_the_day_off_that_moved_it(cast):
    DayOff.objects.create(province=cast.province, date=jalali("1404/07/06"), title="گرد و غبار")
    first = planning.drafts(cast.cycle, start=jalali("1404/07/05"))[0]
    assert (format_jalali(first.wanted), format_jalali(first.last)) == ("1404/07/06", "1404/07/07")
    assert (first.because, first.days) == ("گرد و غبار", 3)


def test_parts_follow_one_another_and_answers_run_beside_the_next_stage(cast):
    parts = {Stage.OBJECTION: {Part.OBJECT: 5, Part.HEARING: 4, Part.ANSWER: 12}}
    windows = planned(cast, parts=parts)
    rows = [row for row in windows if row.stage == Stage.OBJECTION]
    assert [row.part for row in rows] == [Part.OBJECT, Part.HEARING, Part.ANSWER]
    assert [row.opens_at for row in rows[1:]] == [row.closes_at for row in rows[:-1]]
    confirmation = next(row for row in windows if row.stage == Stage.CONFIRMATION)
    assert confirmation.opens_at < rows[2].closes_at
    assert clashes.clashes_of_windows(windows) == []


def test_a_stage_planned_in_parts_has_no_whole_window_and_back(cast):
    planned(cast)
    planned(cast, parts={Stage.TRANSFER: {Part.HEADQUARTERS: 15, Part.FORWARD: 15}})
    assert list(cast.cycle.windows.filter(stage=Stage.TRANSFER).values_list("part", flat=True)) == [
        "headquarters",
        "forward",
    ]
    planned(cast)
    assert list(cast.cycle.windows.filter(stage=Stage.TRANSFER).values_list("part", flat=True)) == [""]
    assert cast.cycle.windows.count() == len(Stage.worked())


def test_a_stage_that_is_over_keeps_its_window(cast):
    cast.until(Stage.EVALUATORS)
    before = cast.cycle.windows.get(stage=Stage.CIRCULAR).closes_at
    assert Stage.CIRCULAR not in [row.stage for row in planned(cast)]
    assert cast.cycle.windows.get(stage=Stage.CIRCULAR).closes_at == before


def test_a_part_of_another_stage_is_refused(cast):
    with pytest.raises(Refusal) as refusal:
        planned(cast, parts={Stage.TRANSFER: {Part.HEARING: 3}})
    assert refusal.value.sentences == ["The chosen stage has no such part."]
    assert cast.cycle.windows.count() == 0


def test_only_those_who_move_the_cycle_plan_it(cast):
    with pytest.raises(Forbidden):
        planning.plan(cast.cycle, start=jalali("1404/07/05"), by=cast.reporter_a)


# -- moving -----------------------------------------------------------------------------------------


def window(cast, stage):
    return cast.cycle.windows.get(stage=stage)


def moved_by(cast, stage, days, **more):
    row = window(cast, stage)
    closes_at = row.closes_at + datetime.timedelta(days=days)
    return planning.move(row, opens_at=row.opens_at, closes_at=closes_at, by=cast.expert, **more)


def test_a_window_moves_alone_and_the_gap_is_named(cast):
    planned(cast)
    later = window(cast, Stage.EVALUATORS).opens_at
    assert len(moved_by(cast, Stage.CIRCULAR, -1)) == 1
    assert window(cast, Stage.EVALUATORS).opens_at == later
    assert clashes.clashes_of_windows(cast.cycle.windows.all()) == [
        "Between “Circular and general indicators” and “Naming and training evaluators” no window is "
        "open from 1404/07/06 to 1404/07/06."
    ]


def test_the_following_windows_move_by_as_many_days_over_days_off(cast):
    planned(cast)
    before = list(cast.cycle.windows.order_by("opens_at"))
    after = moved_by(cast, Stage.CIRCULAR, 4, following=True)
    assert len(after) == len(Stage.worked())
    calendar = planning.Calendar(cast.province)
    for old, new in zip(before, after, strict=True):
        wanted = last_day_of(old.closes_at) + datetime.timedelta(days=4)
        expected = wanted if new.stage == Stage.CIRCULAR else calendar.working_end(wanted)
        assert last_day_of(new.closes_at) == expected, new.stage
    assert [row.opens_at for row in after[1:]] == [row.closes_at for row in after[:-1]]
    assert TransitionLog.objects.filter(name="move").count() == len(Stage.worked())


def test_an_overlap_is_named(cast):
    planned(cast)
    moved_by(cast, Stage.CIRCULAR, 2)
    assert [text[text.index("overlap") :] for text in clashes.clashes_of_windows(cast.cycle.windows.all())] == [
        "overlap from 1404/07/07 to 1404/07/08."
    ]


def test_a_closed_window_is_reopened_with_a_reason(cast):
    planned(cast, start="1404/01/10")
    row = window(cast, Stage.CIRCULAR)
    row.closed_at = row.closes_at
    row.save()
    span = {"opens_at": row.opens_at, "closes_at": timezone.now() + datetime.timedelta(days=3), "by": cast.expert}
    with pytest.raises(Refusal) as refusal:
        planning.move(row, **span)
    assert refusal.value.sentences == ["This window has been closed: give the reason for opening it again."]
    planning.move(row, **span, reason="سیل")
    assert window(cast, Stage.CIRCULAR).closed_at is None
    assert TransitionLog.objects.get(name="move").note.endswith("سیل")


def test_a_window_must_run_forward(cast):
    planned(cast)
    row = window(cast, Stage.CIRCULAR)
    with pytest.raises(Refusal) as refusal:
        planning.move(row, opens_at=row.closes_at, closes_at=row.opens_at, by=cast.expert)
    assert refusal.value.sentences == ["A window must close after it opens."]


def test_people_of_an_open_window_are_told_once(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    moved_by(cast, Stage.SELF_ASSESSMENT, 5)
    moved_by(cast, Stage.SELF_ASSESSMENT, 0)
    told = Notice.objects.filter(event__startswith="moved:")
    assert set(told.values_list("user__username", flat=True)) == {"reporter_a", "reporter_b"}
    assert told.count() == 2
    assert told[0].kind == "deadline"
    last = format_jalali(last_day_of(window(cast, Stage.SELF_ASSESSMENT).closes_at))
    assert told[0].text.endswith(f"it now ends with {last}.")


def test_an_agency_moves_no_window(cast):
    planned(cast)
    row = window(cast, Stage.CIRCULAR)
    with pytest.raises(Forbidden):
        planning.move(row, opens_at=row.opens_at, closes_at=row.closes_at, by=cast.reporter_a)


def test_people_of_an_open_window_hear_of_a_plan_that_gives_it_another_end(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    start = timezone.localdate()
    for days in (40, 40, 50, 40):
        planning.plan(cast.cycle, start=start, days={Stage.SELF_ASSESSMENT: days}, by=cast.manager)
    told = Notice.objects.filter(event__startswith="moved:", user=cast.reporter_a).order_by("pk")
    ends = [planning.Calendar(cast.province).wanted_last_day(timezone.now(), days) for days in (40, 50, 40)]
    ends = [planning.working_end(day, cast.province) for day in ends]
    assert list(told.values_list("text", flat=True)) == [
        f"“Entering the self-assessment” has been moved: it now ends with {format_jalali(day)}." for day in ends
    ]
