"""A manager in a browser: logs in, types a Jalali date, takes the cycle on by its dialog; axe on the process' pages."""

import datetime

import pytest

from evaluation.enums import Stage
from evaluation.models import Cycle, Extension, TransitionLog

from .look import in_both_schemes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


CHOOSE = """([name, value]) => {
    const box = document.querySelector(`[name=${name}]`);
    if (![...box.options].some(each => each.value === value)) box.add(new Option(value, value));
    box.value = value;
}"""  # what a click in the list of choices does


def log_in(page, user):
    user.set_password("a long enough one")
    user.save()
    page.goto("/admin/login/")
    page.locator("input[name=username]").fill(user.username)
    page.locator("input[name=password]").fill("a long enough one")
    page.locator("#login-form [type=submit]").click()
    page.wait_for_url("**/admin/")


def test_the_manager_goes_on_by_the_dialog(page, live_server, cast):
    cast.work(Stage.DRAFT)
    log_in(page, cast.manager)
    page.goto(f"/admin/evaluation/cycle/{cast.cycle.pk}/change/")
    menu, heading = page.locator("#nav-sidebar").bounding_box(), page.locator("h1.ev-title").bounding_box()
    assert menu["x"] > heading["x"]  # from right to left the menu is on the right

    page.locator('a[href$="/do/start_circular/"]').first.click()
    page.locator("#modal-content [type=submit]").click()
    page.locator(".ev-verbs").get_by_text("ابلاغ بخشنامه و شاخص‌های عمومی").wait_for()

    assert Cycle.objects.get().stage == Stage.CIRCULAR
    assert TransitionLog.objects.filter(name="start_circular", by=cast.manager).count() == 1


def test_an_extension_ends_on_the_jalali_date_typed(page, live_server, cast):
    cast.until(Stage.SELF_ASSESSMENT)
    log_in(page, cast.expert)
    page.goto("/admin/evaluation/extension/add/")
    for name, value in (("cycle", cast.cycle.pk), ("agency", cast.agency_a.pk), ("stage", "self_assessment")):
        page.evaluate(CHOOSE, [name, str(value)])
    page.locator("[name=reason]").fill("سیل")
    page.locator("[name=ends_at]").fill("۱۴۱۰/۱۲/۲۹ ۱۴:۳۰")
    page.locator("button[name=_save]").click()
    page.wait_for_url("**/extension/")

    assert Extension.objects.get().ends_at == datetime.datetime(2032, 3, 19, 11, 0, tzinfo=datetime.UTC)
    assert "۱۴۱۰" in page.locator("#result_list").inner_text()


@pytest.mark.one_database
def test_axe_finds_nothing_on_the_pages_of_the_process(page, live_server, cast):
    cast.until(Stage.FESTIVAL)
    log_in(page, cast.manager)
    found = {}
    for path in (
        "/admin/",
        f"/admin/evaluation/cycle/{cast.cycle.pk}/change/",
        "/admin/evaluation/assessment/",
        f"/admin/evaluation/assessment/{cast.assessment(cast.agency_a).pk}/change/",
        "/admin/evaluation/importrun/add/",
        "/admin/evaluation/transfer/",
        f"/admin/evaluation/resultset/{cast.results.pk}/change/",
        f"/admin/evaluation/resultset/{cast.results.pk}/ranking/",
        f"/admin/evaluation/resultset/{cast.results.pk}/do/void/",
        "/admin/evaluation/evaluatorgroup/",
        f"/admin/evaluation/dimension/{cast.general.pk}/change/",
        "/admin/evaluation/specificlist/",
        "/admin/evaluation/circular/add/",
    ):
        page.goto(path)
        found[path] = in_both_schemes(page)
    assert {path: rules for path, rules in found.items() if any(rules.values())} == {}
