"""The calendar of a cycle in a browser: axe, light, dark and narrow; a plan confirmed after its preview."""

import os

import pytest
from django.utils import timezone

from evaluation.enums import Part, Stage
from evaluation.process.year import planning

from .entry import log_in
from .look import TOO_WIDE, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS")  # a folder, for people who want to look


def kept(page, name):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_calendar_reads_well_in_light_and_dark_and_on_a_narrow_screen(page, live_server, cast, scheme):
    cast.work(Stage.DRAFT)
    parts = {Stage.OBJECTION: {Part.OBJECT: 5, Part.HEARING: 4, Part.ANSWER: 12}}
    planning.plan(cast.cycle, start=timezone.localdate(), parts=parts, by=cast.manager)
    page.emulate_media(color_scheme=scheme)
    log_in(page, cast.manager)
    page.goto(f"/admin/evaluation/cycle/{cast.cycle.pk}/calendar/")
    kept(page, f"calendar-{scheme}")
    assert violations(page) == []
    bars = page.locator(".ev-gantt-bar.ev-open, .ev-gantt-bar.ev-to-come").all()
    first, last = bars[:: len(parts) + len(Stage.worked())]
    assert first.bounding_box()["x"] > last.bounding_box()["x"]  # earlier days are on the right
    page.set_viewport_size({"width": 320, "height": 640})
    kept(page, f"calendar-{scheme}-320")
    assert page.evaluate(TOO_WIDE) == 0
    assert not page.locator(".ev-gantt").is_visible()
    assert violations(page) == []


def test_a_plan_is_confirmed_after_its_preview(page, live_server, cast):
    log_in(page, cast.manager)
    page.goto(f"/admin/evaluation/cycle/{cast.cycle.pk}/do/plan/")
    page.locator("[name=start]").fill("۱۴۰۸/۱۲/۳۰")
    page.get_by_role("button", name="پیش‌نمایش مهلت‌ها").click()
    page.locator(".ev-cal-preview tbody tr").first.wait_for()
    kept(page, "plan")
    assert violations(page) == []
    assert page.locator(".ev-cal-preview tbody tr").count() == len(Stage.worked())
    assert cast.cycle.windows.count() == 0
    page.get_by_role("button", name="ثبت این مهلت‌ها").click()
    page.wait_for_url("**/change/")
    assert cast.cycle.windows.count() == len(Stage.worked())
