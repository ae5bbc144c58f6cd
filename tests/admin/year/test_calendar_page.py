"""The calendar of a cycle, and the dialogs that plan its windows and move one: shown first, then written."""

import datetime
import re

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from evaluation.admin.year.calendar_page import calendar_of
from evaluation.admin.year.day_off import official_days
from evaluation.enums import Role, Stage
from evaluation.models import DayOff, StageWindow, TransitionLog
from evaluation.persian import format_jalali, format_jalali_datetime, last_day_of
from evaluation.process.year import planning, windows
from tests.admin.english import page, visit

START = "۱۴۰۴/۰۷/۰۵"


def plan_address(cast):
    return page("cycle_do", cast.cycle.pk, "plan")


def preview(response):
    return response.context["form"]["preview"].value()


def planned(cast):
    return planning.plan(cast.cycle, start=datetime.date(2025, 9, 27), by=cast.manager)


def move_address(row):
    return page("stagewindow_do", row.pk, "move")


# -- planning ---------------------------------------------------------------------------------------


def test_the_plan_is_prefilled_and_shown_before_it_is_written(cast):
    client, address = visit(cast, "manager"), plan_address(cast)
    form = client.get(address).context["form"]
    assert (form["days_circular"].value(), form["days_indicators"].value()) == (2, 60)
    assert form["part_objection_answer"].value() is None
    DayOff.objects.create(province=cast.province, date=datetime.date(2025, 9, 28), title="آلودگی هوا")
    given = {"start": START, "days_circular": "۲", "part_transfer_headquarters": "20", "part_transfer_forward": "10"}
    shown = preview(client.post(address, given))
    assert cast.cycle.windows.count() == 0
    first = shown["rows"][0]
    assert (format_jalali(first.wanted, language="en"), first.because) == ("1404/07/06", "آلودگی هوا")
    response = client.post(address, given | {"preview": shown["seen"]})
    assert response.status_code == 302
    assert cast.cycle.windows.count() == 13


def test_the_button_says_what_it_does_next(cast):
    client, address = visit(cast, "manager"), plan_address(cast)
    answers = [client.get(address), client.post(address, {"start": ""}), client.post(address, {"start": START})]
    words = [answer.context["confirm"] for answer in answers]
    assert words == ["Show the preview", "Show the preview", "Save these windows"]


def test_what_was_changed_after_the_preview_is_shown_again(cast):
    client, address = visit(cast, "manager"), plan_address(cast)
    seen = preview(client.post(address, {"start": START}))["seen"]
    again = preview(client.post(address, {"start": "1404/07/06", "preview": seen}))
    assert again["seen"] != seen
    assert cast.cycle.windows.count() == 0


def test_a_wrong_number_of_days_is_named(cast):
    response = visit(cast, "manager").post(plan_address(cast), {"start": "1404/12/31", "days_circular": "0"})
    assert response.context["form"].errors == {
        "start": ["“1404/12/31” is a date that does not exist."],
        "days_circular": ["Ensure this value is greater than or equal to 1."],
    }


def test_leap_years_have_30_esfand_in_the_dialog(cast):
    client, address = visit(cast, "manager"), plan_address(cast)
    for year in (1399, 1403, 1408):
        assert preview(client.post(address, {"start": f"{year}/12/30"}))["rows"][0].stage == Stage.CIRCULAR
        response = client.post(address, {"start": f"{year + 1}/12/30"})
        assert list(response.context["form"].errors) == ["start"]


# -- moving -----------------------------------------------------------------------------------------


def test_a_window_is_moved_with_those_that_follow(cast):
    planned(cast)
    row = cast.cycle.windows.get(stage=Stage.CIRCULAR)
    client, address = visit(cast, "expert"), move_address(row)
    given = {"opens_at": "۱۴۰۴/۰۷/۰۵ ۰۰:۰۰", "closes_at": "۱۴۰۴/۰۷/۰۹ ۰۰:۰۰", "following": "on"}
    shown = preview(client.post(address, given))
    assert len(shown["rows"]) == len(Stage.worked())
    assert client.post(address, given | {"preview": shown["seen"]}).status_code == 302
    row.refresh_from_db()
    assert format_jalali(last_day_of(row.closes_at), language="en") == "1404/07/08"
    after = cast.cycle.windows.get(stage=Stage.EVALUATORS)
    assert after.opens_at == row.closes_at
    assert TransitionLog.objects.filter(name="move", by=cast.expert).count() == len(Stage.worked())


def test_a_moment_is_pasted_with_its_hour(cast):
    planned(cast)
    row = cast.cycle.windows.get(stage=Stage.CIRCULAR)
    client, address = visit(cast, "expert"), move_address(row)
    given = {"opens_at": "۱۴۰۴/۰۵/۱۲ ۱۴:۳۰", "closes_at": "۱۴۰۴/۰۷/۰۷ ۰۰:۰۰"}
    client.post(address, given | {"preview": preview(client.post(address, given))["seen"]})
    row.refresh_from_db()
    assert str(row.opens_at) == "2025-08-03 11:00:00+00:00"


def test_a_window_runs_forward_and_a_closed_one_asks_for_a_reason(cast):
    planned(cast)
    row = cast.cycle.windows.get(stage=Stage.CIRCULAR)
    StageWindow.objects.filter(pk=row.pk).update(closed_at=timezone.now())
    given = {"opens_at": "1404/07/05 00:00", "closes_at": "1404/07/04 00:00"}
    response = visit(cast, "expert").post(move_address(row), given)
    assert response.context["form"].errors == {
        "closes_at": ["A window must close after it opens."],
        "reason": ["This field is required."],
    }


def test_only_staff_move_windows(cast):
    planned(cast)
    row = cast.cycle.windows.get(stage=Stage.CIRCULAR)
    assert visit(cast, "reporter_a").post(move_address(row)).status_code == 403
    assert visit(cast, "evaluator").get(move_address(row)).status_code == 403


def test_the_dates_of_a_window_are_not_typed_on_its_page(cast):
    planned(cast)
    row = cast.cycle.windows.get(stage=Stage.CIRCULAR)
    given = {"stage": "circular", "part": "", "dimension": "", "opens_at": "1404/01/01 00:00"}
    visit(cast, "manager").post(page("stagewindow_change", row.pk), given)
    assert StageWindow.objects.get(pk=row.pk).opens_at == row.opens_at


# -- the page ---------------------------------------------------------------------------------------


def shown(cast, person):
    return visit(cast, person).get(page("cycle_calendar", cast.cycle.pk))


def rows_of(response):
    return by_stage(response.context["groups"])


def by_stage(groups):
    return {row["window"].stage: row for group in groups for row in group["rows"]}


def test_the_page_says_how_long_a_window_is_open_and_who_holds_the_ball(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    opens_at = datetime.datetime(2025, 9, 27, tzinfo=datetime.UTC)
    closes_at = planning.end_of(opens_at, 10)
    cast.cycle.windows.filter(stage=Stage.SELF_ASSESSMENT).update(opens_at=opens_at, closes_at=closes_at)
    at = opens_at + datetime.timedelta(hours=6)
    with translation.override("en"):
        row, own = (
            by_stage(calendar_of(cast.cycle, person, at)["groups"])[Stage.SELF_ASSESSMENT]
            for person in (cast.manager, cast.reporter_a)
        )
    assert (row["state"], row["days"], row["days_left"], row["working_days_left"]) == ("open", 10, 9, 8)
    assert (row["role"], row["waits_for"], own["waits_for"]) == (Role.AGENCY.label, 2, 1)


def test_an_agency_reads_its_own_extensions_alone(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    window = cast.cycle.windows.get(stage=Stage.SELF_ASSESSMENT)
    for agency in (cast.agency_a, cast.agency_b):
        ends_at = window.closes_at + datetime.timedelta(days=4)
        windows.extend(cast.cycle, agency, stage=window.stage, ends_at=ends_at, reason="سیل", by=cast.manager)
    assert len(rows_of(shown(cast, "manager"))[window.stage]["extensions"]) == 2
    own = rows_of(shown(cast, "reporter_a"))[window.stage]["extensions"]
    assert [each["agency"] for each in own] == [cast.agency_a]


def days_of_picture(cast):
    """From the first day to the last, both counted."""
    ends = cast.cycle.windows.order_by("-closes_at").values_list("closes_at", flat=True)
    return (last_day_of(ends[0]) - datetime.date(2025, 9, 27)).days + 1


def test_months_and_bars_fill_the_picture(cast):
    planned(cast)
    response = shown(cast, "manager")
    assert [month["name"] for month in response.context["months"]][:2] == ["Mehr", "Aban"]
    assert sum(float(month["size"]) for month in response.context["months"]) < 100.01
    bars = [float(row["bar"]["at"]) for row in rows_of(response).values()]
    assert (bars[0], bars) == (0, sorted(bars))
    assert response.context["today"] is None  # that year is over
    noon = datetime.datetime(2025, 9, 27, 8, 30, tzinfo=datetime.UTC)
    assert calendar_of(cast.cycle, cast.manager, noon)["today"] == f"{50 / days_of_picture(cast):.3f}"


def test_gaps_and_overlaps_are_named_to_staff(cast):
    planned(cast)
    row = cast.cycle.windows.get(stage=Stage.CIRCULAR)
    later = row.closes_at + datetime.timedelta(days=2)
    planning.move(row, opens_at=row.opens_at, closes_at=later, by=cast.expert)
    sentence = "overlap from 1404/07/07 to 1404/07/08."
    assert sentence in shown(cast, "expert").content.decode()
    assert sentence not in shown(cast, "evaluator").content.decode()


def test_whoever_sees_no_windows_sees_no_calendar(cast):
    planned(cast)
    assert shown(cast, "observer").status_code == 403
    address = page("cycle_change", cast.cycle.pk)
    assert visit(cast, "observer").get(address).context["cycle_strip"]["calendar_url"] == ""
    assert (
        "/calendar/"
        in visit(cast, "evaluator").get(page("cycle_change", cast.cycle.pk)).context["cycle_strip"]["calendar_url"]
    )
    assert visit(cast, "manager").post(page("cycle_calendar", cast.cycle.pk)).status_code == 405


def test_the_page_costs_the_same_for_one_and_for_many_windows(cast):
    planned(cast)
    client = visit(cast, "manager")
    client.get(page("cycle_calendar", cast.cycle.pk))
    counts = []
    for keep in (12, 1):
        kept = list(cast.cycle.windows.values_list("pk", flat=True)[:keep])
        cast.cycle.windows.exclude(pk__in=kept).delete()
        with CaptureQueriesContext(connection) as counted:
            client.get(page("cycle_calendar", cast.cycle.pk))
        counts.append(len(counted))
    assert counts == [counts[0]] * 2


# -- days off ---------------------------------------------------------------------------------------


def test_official_days_of_the_year_stand_beside_those_of_staff(cast):
    with time_machine.travel(datetime.datetime(2025, 8, 3, 12, tzinfo=datetime.UTC), tick=False):
        nowruz = datetime.date(2025, 3, 21)
        DayOff.objects.create(province=cast.province, date=nowruz, title="کشیک", working=True)
        with translation.override("en"):
            official = official_days(cast.province)
    assert official["year"] == 1404
    assert [row["struck"] for row in official["days"][:2]] == [True, False]
    assert re.search("Nowruz", official["days"][0]["title"])
    assert visit(cast, "manager").get(page("dayoff_changelist")).context["official"]["days"]


def test_staff_add_a_day_off(cast):
    given = {"province": cast.province.pk, "date": "۱۴۰۴/۰۵/۱۲", "title": "آلودگی هوا"}
    response = visit(cast, "expert").post(page("dayoff_add"), given)
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert DayOff.objects.get().date == datetime.date(2025, 8, 3)
    assert visit(cast, "reporter_a").get(page("dayoff_add")).status_code == 403


# -- a window by hand ---------------------------------------------------------------------------------


def test_a_window_is_added_by_its_verb_and_stands_as_it_was_added(cast):
    client, address = visit(cast, "expert"), page("stagewindow_add")
    given = {"cycle": cast.cycle.pk, "stage": "transfer", "part": "forward", "opens_at": "1404/01/01 00:00"}
    over = client.post(address, given | {"closes_at": "1404/01/05 00:00"})
    sentences = [str(each) for each in over.context["adminform"].form.non_field_errors()]
    assert sentences == ["With this date the window has already ended: give it a later end."]
    later = format_jalali_datetime(timezone.now() + datetime.timedelta(days=9))
    assert client.post(address, given | {"closes_at": later}).status_code == 302
    row = cast.cycle.windows.get()
    assert (row.stage, row.part, TransitionLog.objects.get(name="add_window").by) == (
        "transfer",
        "forward",
        cast.expert,
    )
    client.post(page("stagewindow_change", row.pk), given | {"stage": "objection", "part": "", "closes_at": later})
    row.refresh_from_db()
    assert (row.stage, row.part) == ("transfer", "forward")
