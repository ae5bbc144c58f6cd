"""Nothing that a person typed is lost: an expired session, another tab, a restart, a refused form, a lost line."""

import pytest

from evaluation.enums import Stage
from evaluation.models import CommitteeSession, Evidence, Line, Mark
from tests import factories as make

from .look import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a password of a test"
ADD = "/admin/evaluation/headquarters/add/"
OFF_LINE = """() => {
    const real = window.fetch;
    window.fetch = (...given) => window.off ? Promise.reject() : real(...given);
}"""
ENDED = "زمان ورود شما به پایان رسیده است"


def enter(page, live_server, cast, who, address):
    user = getattr(cast, who)
    user.set_password(PASSWORD)
    user.save()
    cookie = cast.client(who).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(address)


def lines(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    assessment = cast.assessment(cast.agency_a)
    line = Line.objects.get(assessment=assessment, indicator__code="G-1")
    return line, f"/admin/evaluation/assessment/{assessment.pk}/lines/"


def test_one_logs_in_again_in_place_and_the_line_is_saved(page, live_server, cast):
    line, address = lines(cast)
    enter(page, live_server, cast, "reporter_a", address)
    page.context.clear_cookies(name="sessionid")
    page.locator(f'[name="{line.pk}-actual"]').fill("۱۲٫۵")
    page.locator(f'[name="{line.pk}-actual"]').press("Enter")
    dialog = page.get_by_role("dialog", name=ENDED)
    assert violations(page) == []
    dialog.locator("[name=password]").fill("wrong")
    dialog.get_by_role("button", name="ورود").click()
    dialog.get_by_text("نام کاربری یا رمز عبور درست نیست.").wait_for()
    dialog.locator("[name=password]").fill(PASSWORD)
    dialog.get_by_role("button", name="ورود").click()
    page.locator(f"#result-{line.pk}").get_by_text("۳۷٫۵۰").first.wait_for()
    assert Mark.objects.get().by == cast.reporter_a


def test_after_a_log_in_in_another_tab_the_old_page_saves_again(page, live_server, cast):
    line, address = lines(cast)
    enter(page, live_server, cast, "reporter_a", address)
    page.context.clear_cookies()
    other = page.context.new_page()
    other.goto("/admin/login/")
    other.fill("[name=username]", "reporter_a")
    other.fill("[name=password]", PASSWORD)
    with other.expect_navigation():
        other.locator("#login-form [type=submit]").click()
    page.locator(f'[name="{line.pk}-actual"]').fill("۱۲٫۵")
    page.locator(f'[name="{line.pk}-actual"]').press("Enter")
    page.locator(f"#result-{line.pk}").get_by_text("۳۷٫۵۰").first.wait_for()
    assert Mark.objects.count() == 1


def test_a_file_that_was_chosen_off_line_is_sent_when_the_line_is_back(page, live_server, cast):
    line, address = lines(cast)
    enter(page, live_server, cast, "reporter_a", address)
    page.evaluate(OFF_LINE)
    page.evaluate("window.off = true")
    page.locator(f'[name="{line.pk}-files"]').set_input_files(
        [{"name": "گزارش.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}]
    )
    page.locator("#lines-status").get_by_text("یک پیوست هنوز ثبت نشده است").wait_for()
    assert page.locator(f'[name="{line.pk}-actual"]').input_value() == ""
    page.evaluate("window.off = false; window.dispatchEvent(new Event('online'))")
    page.get_by_role("link", name="گزارش.pdf").wait_for()
    assert Evidence.objects.get().line == line


def test_a_draft_is_offered_after_a_restart_to_its_account_and_goes_at_log_out(page, live_server, cast):
    enter(page, live_server, cast, "manager", ADD)
    page.fill("[name=name]", "وزارت تازه")
    page.wait_for_function("Object.keys(localStorage).some((key) => key.startsWith('ev:draft:'))")
    page.goto("/admin/")
    page.goto(ADD)
    draft = page.locator(".ev-draft")
    draft.get_by_text("متن ذخیره‌نشدهٔ شما").wait_for()
    assert violations(page) == []
    draft.get_by_role("button", name="بازیابی").click()
    assert page.input_value("[name=name]") == "وزارت تازه"
    enter(page, live_server, cast, "expert", ADD)
    page.wait_for_timeout(500)
    assert page.locator(".ev-draft").count() == 0
    enter(page, live_server, cast, "manager", ADD)
    page.locator(".ev-draft").wait_for()
    page.locator(".ev-user summary").click()
    with page.expect_navigation():
        page.locator("#logout-form button").click()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('ev:draft:'))") == []


def test_a_refused_form_keeps_its_file_and_then_saves_it(page, live_server, cast):
    committee = make.CommitteeFactory(province=cast.province)
    enter(page, live_server, cast, "manager", f"/admin/evaluation/committeesession/add/?committee={committee.pk}")
    page.fill("[name=agenda]", "بررسی نتایج")
    page.set_input_files(
        "[name=minutes]", [{"name": "صورتجلسه.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}]
    )
    with page.expect_navigation():
        page.locator("[name=_save]").click()
    page.locator(".errorlist, .errors, [role=alert]").first.wait_for()
    page.wait_for_function("document.querySelector('[name=minutes]').files.length === 1")
    assert page.input_value("[name=agenda]") == "بررسی نتایج"
    assert not CommitteeSession.objects.exists()


def test_a_dialog_keeps_its_text_over_the_end_of_the_session(page, live_server, cast):
    cast.until(Stage.SELF_ASSESSMENT)
    enter(page, live_server, cast, "manager", f"/admin/evaluation/indicator/{cast.g1.pk}/change/")
    page.locator('a[href$="/do/amend/"]').click()
    page.locator("#verb-dialog [name=title]").fill("عنوان تازه")
    page.locator("#verb-dialog [name=reason]").fill("ابلاغ")
    page.context.clear_cookies(name="sessionid")
    page.locator("#verb-dialog [type=submit]").click()
    dialog = page.get_by_role("dialog", name=ENDED)
    dialog.locator("[name=password]").fill(PASSWORD)
    with page.expect_navigation():
        dialog.get_by_role("button", name="ورود").click()
    cast.g1.refresh_from_db()
    assert cast.g1.title == "عنوان تازه"
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('ev:draft:'))") == []


def test_a_restored_draft_is_not_saved_over_a_later_edit(page, live_server, cast):
    body = make.HeadquartersFactory(name="وزارت پ", code="HQ-P", province=cast.province)
    address = f"/admin/evaluation/headquarters/{body.pk}/change/"
    enter(page, live_server, cast, "manager", address)
    page.fill("[name=name]", "وزارت من")
    page.wait_for_function("Object.keys(localStorage).some((key) => key.startsWith('ev:draft:'))")
    page.goto("/admin/")
    type(body).objects.filter(pk=body.pk).update(name="وزارت نو")
    page.goto(address)
    page.locator(".ev-draft").get_by_role("button", name="بازیابی").click()
    with page.expect_navigation():
        page.locator("[name=_save]").click()
    page.get_by_text("اکنون «وزارت نو».").wait_for()
    assert page.input_value("[name=name]") == "وزارت من"
    body.refresh_from_db()
    assert body.name == "وزارت نو"
