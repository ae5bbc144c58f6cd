"""The frame seen by a browser: axe in light and dark, narrow screens, the calendar by keyboard, print."""

import jdatetime
import pytest
from django.contrib.auth.models import User
from django_q.models import Schedule

from evaluation.admin.addresses import page_url
from evaluation.enums import Stage
from evaluation.models import Agency
from evaluation.persian import days_in_month

from . import look
from .entry import enter
from .look import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/admin/",
    "/admin/auth/user/",
    "/admin/auth/user/add/",
    "/admin/auth/user/1/change/",
    "/admin/auth/user/1/password/",
    "/admin/auth/group/",
    "/admin/django_q/schedule/",
    "/admin/django_q/schedule/work/",
    "/admin/django_q/schedule/add/",
    "/admin/django_q/schedule/1/change/",
    "/admin/django_q/schedule/1/delete/",
    "/admin/password_change/",
]


@pytest.fixture
def inside(page):
    """A superuser's page, past the login."""
    User.objects.create_superuser("sara", password="a long enough one", pk=1)
    Schedule.objects.create(pk=1, name="close", func="evaluation.tasks.close_due_windows")
    page.goto("/admin/login/")
    page.locator("input[name=username]").fill("sara")
    page.locator("input[name=password]").fill("a long enough one")
    page.locator("#login-form [type=submit]").click()
    page.wait_for_url("**/admin/")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page, request, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto("/admin/login/")
    found = {"/admin/login/": violations(page)}
    request.getfixturevalue("inside")
    for path in PAGES:
        page.goto(path)
        assert (page.locator("html.dark").count() == 1) is (scheme == "dark")
        found[path] = violations(page)
    assert {path: rules for path, rules in found.items() if rules} == {}


def test_a_pale_text_is_found_beside_a_dark_one_of_the_same_size(page, monkeypatch):
    monkeypatch.setattr(look, "known_kinds", set())
    text = '<p style="color: {}">متن</p>'
    for colour, found in (
        ("#333", []),
        ("#ccc", ["color-contrast"]),
        ("rgb(0 0 0 / 0.2)", ["color-contrast"]),
        ("#333", []),
    ):
        page.set_content(f"<main>{text.format('#111')}{text.format(colour)}</main>")
        assert [rule for rule, _part in look.wrong_colours(page)] == found
    page.set_content(f'<main style="background: #444">{text.format("#333")}</main>')
    assert [rule for rule, _part in look.wrong_colours(page)] == ["color-contrast"]


def test_nothing_scrolls_sideways_on_a_narrow_screen(inside):
    inside.set_viewport_size({"width": 320, "height": 640})
    wide = {}
    for path in PAGES:
        inside.goto(path)
        width = inside.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[path] = width
    assert wide == {}


def test_a_date_is_chosen_by_keyboard(inside):
    inside.goto("/admin/django_q/schedule/1/change/")
    box = inside.locator("#id_next_run")
    box.fill("۱۴۰۳/۱۲/۲۹ ۰۸:۱۵")
    box.locator("xpath=following-sibling::button").press("Enter")
    inside.keyboard.press("ArrowLeft")  # in a right-to-left week the next day is on the left: 30 Esfand of a leap year
    inside.keyboard.press("Enter")
    assert box.input_value() == "۱۴۰۳/۱۲/۳۰ ۰۸:۱۵"
    box.locator("xpath=following-sibling::button").press("Enter")
    inside.keyboard.press("Shift+PageDown")  # a year on: that Esfand has 29 days
    inside.keyboard.press("Enter")
    assert box.input_value() == "۱۴۰۴/۱۲/۲۹ ۰۸:۱۵"
    inside.locator("button[name=_save]").click()
    inside.wait_for_url("**/schedule/")
    assert Schedule.objects.get().next_run.isoformat() == "2026-03-20T04:45:00+00:00"


def test_the_calendar_agrees_with_the_server_on_every_first_of_month(inside):
    """Weekday and length of all months of four years, as the script draws them, against jdatetime."""
    inside.goto("/admin/django_q/schedule/1/change/")
    box = inside.locator("#id_next_run")
    opener = box.locator("xpath=following-sibling::button")
    drawn, expected = {}, {}
    for year in (1403, 1404, 1407, 1408):
        for month in range(1, 13):
            box.fill(f"{year}/{month:02}/01 00:00")
            opener.press("Enter")
            drawn[year, month] = (
                inside.locator(".ev-calendar tbody td:not(:has(button))").count(),
                inside.locator(".ev-calendar tbody button").count(),
            )
            inside.keyboard.press("Escape")
            expected[year, month] = (jdatetime.date(year, month, 1).weekday(), days_in_month(year, month))
    assert drawn == expected


def test_the_keyboard_reaches_the_content_and_the_menu(inside):
    inside.goto("/admin/auth/user/")
    inside.keyboard.press("Tab")
    assert inside.evaluate("document.activeElement.className") == "ev-skip"
    inside.keyboard.press("Enter")
    assert inside.evaluate("document.activeElement.id") == "content"
    menu = inside.locator(".ev-heading button")
    menu.press("Enter")
    assert menu.get_attribute("aria-expanded") == "false"
    inside.locator("#nav-sidebar").wait_for(state="hidden")


def test_chosen_rows_are_counted_in_persian_digits(inside):
    """Django's script writes them in Latin ones."""
    inside.goto("/admin/django_q/schedule/")
    inside.locator("input.action-select").first.check()
    inside.get_by_text("۱ از ۱ مورد انتخاب شده", exact=False).wait_for()


def test_digits_are_drawn_as_they_are_written(inside):
    """Persian pages hold Persian digits as characters; a code keeps its Latin ones wherever it stands."""
    inside.goto("/admin/auth/user/")
    fonts = inside.evaluate(
        "[document.body, document.querySelector('bdi.latin')].map((e) => getComputedStyle(e).fontFamily)"
    )
    assert fonts[0].startswith("Vazirmatn")
    assert [family for family in fonts if "FD" in family] == []


def test_paper_has_no_menu_and_no_buttons(inside):
    inside.goto("/admin/auth/user/1/change/")
    inside.emulate_media(media="print")
    for hidden in ("#nav-sidebar", ".ev-tools", "#submit-row", ".ev-skip"):
        assert not inside.locator(hidden).is_visible()
    assert inside.locator(".ev-title").is_visible()


@pytest.mark.parametrize("width", [1280, 320])
def test_a_long_name_without_a_space_pushes_no_page_aside(page, live_server, cast, width):
    cast.until(Stage.SELF_ASSESSMENT)
    Agency.objects.filter(pk=cast.agency_a.pk).update(name="م" * 240)
    enter(page, live_server, cast, "manager")
    page.set_viewport_size({"width": width, "height": 800})
    for address in ("/admin/", page_url("cycle_change", cast.cycle.pk)):
        page.goto(address)
        page.get_by_text("م" * 240).first.wait_for(state="attached")
        assert (address, page.evaluate(look.TOO_WIDE)) == (address, 0)
