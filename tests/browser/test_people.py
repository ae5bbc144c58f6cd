"""What people meet every day, in a browser: first pages, notices, announcements, extensions, mails and Ctrl+K."""

import datetime

import pytest

from evaluation.enums import Stage
from evaluation.management import fixtures
from evaluation.models import Announcement, Faq, Notice, NoticeTemplate, ServiceDesk, StageWindow
from evaluation.process.messages import notice
from evaluation.process.service import ticket
from evaluation.process.year import windows

from .entry import NOBODY_YET, enter
from .look import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "به دلیل اختلال شبکه، بارگذاری فایل‌ها تا ساعت ۱۶ کند است."


def fill_the_pages(cast):
    """A fault, an answer, a text of e-mails, an extension and notices of several people."""
    cast.until(Stage.SELF_ASSESSMENT)
    cast.fill(cast.assessment(cast.agency_a))
    Announcement.objects.create(kind="fault", text=TEXT, on_login_page=True, written_by=cast.manager)
    Faq.objects.create(question="چگونه مهلت بیشتری بخواهم؟", answer="در صفحهٔ ارزیابی «درخواست تمدید» را بزنید.")
    ServiceDesk.objects.create(province=cast.province, phone="۰۲۸-۳۳۰", address="خیابان فلسطین")
    fixtures.load_templates()
    fixtures.load_services()
    fixtures.load_agreements()
    words = {"kind": "fault", "subject": "کندی", "text": "صفحه باز نمی‌شود."}
    asked = ticket.file_ticket(cast.province, by=cast.reporter_a, agency=cast.agency_a, **words)
    text = NoticeTemplate.objects.create(
        kind="circular", subject="بخشنامه {cycle}", body="{name} گرامی\n\n{text}", province=cast.province
    )
    window = StageWindow.objects.get(cycle=cast.cycle, stage=Stage.SELF_ASSESSMENT)
    ends_at = window.closes_at + datetime.timedelta(days=3)
    windows.extend(cast.cycle, cast.agency_b, stage=window.stage, ends_at=ends_at, reason="سیل", by=cast.manager)
    notice.tell([cast.manager, cast.reporter_a], event="x", text="بخشنامهٔ تازه‌ای رسیده است.", cycle=cast.cycle)
    return text, window, asked


def pages(cast):
    """{person: the pages that they look at every day}; an announcement stands on each."""
    text, window, asked = fill_the_pages(cast)
    own = cast.assessment(cast.agency_a)
    return {
        NOBODY_YET: ["login/", *(f"../desk/{name}" for name in ("", "write/", "follow/", "service/", "questions/"))],
        "manager": [
            "",
            "evaluation/notice/wishes/",
            f"evaluation/noticetemplate/{text.pk}/change/",
            "evaluation/extension/",
            "django_q/schedule/work/",
            f"evaluation/cycle/{cast.cycle.pk}/calendar/",
            f"evaluation/stagewindow/{window.pk}/do/remind/",
            "evaluation/announcement/add/",
            f"evaluation/ticket/{asked.pk}/change/",
            "evaluation/service/",
        ],
        "reporter_a": [
            "",
            "evaluation/notice/",
            f"evaluation/assessment/{own.pk}/do/ask_extension/",
            "evaluation/extensionrequest/",
            f"evaluation/ticket/{asked.pk}/change/",
            "evaluation/ticket/add/",
        ],
        "observer": [""],
        "nobody": [""],
    }


def test_by_keyboard_from_the_bell_to_a_page_and_a_mail(page, live_server, cast):
    text = NoticeTemplate.objects.create(
        kind="circular", subject="بخشنامه {cycle}", body="{name} گرامی\n\n{text}", province=cast.province
    )
    for number in range(2):
        notice.tell([cast.manager], event=str(number), text=f"پیام {number}")
    enter(page, live_server, cast, "manager")
    page.goto("/admin/")
    assert page.locator(".ev-bell-count").inner_text() == "۲"
    with page.expect_navigation():
        page.locator(".ev-told form button").first.press("Enter")
    assert page.locator(".ev-bell-count").inner_text() == "۱"
    assert page.locator(".ev-bell").get_attribute("aria-label") == "۱ اعلان خوانده‌نشده"
    assert Notice.objects.filter(read_at=None).count() == 1

    page.locator("h1.ev-title").click()
    page.keyboard.press("Control+k")
    page.locator("#search-input-command:focus").wait_for()
    page.keyboard.insert_text("تقويم دوره")  # pasted, with an Arabic yeh
    page.locator("#command-results-list a").wait_for()
    assert page.locator("#command-results-note").inner_text() == "۱ مورد پیدا شد"
    assert violations(page) == []
    with page.expect_navigation(url="**/calendar/"):
        page.keyboard.press("Enter")

    page.evaluate(PERSIAN_LAYOUT)
    page.locator("#search-input-command:focus").wait_for()
    page.keyboard.type("متن پيام هاي پست")
    with page.expect_navigation(url="**/noticetemplate/"):
        page.keyboard.press("Enter")

    page.goto(f"/admin/evaluation/noticetemplate/{text.pk}/change/")
    page.locator("[name=subject]").fill("آگاهی {name}")
    page.locator("#ev-arrives h3").get_by_text("آگاهی manager").wait_for()
    text.refresh_from_db()
    assert text.subject == "بخشنامه {cycle}"
    page.locator("[name=subject]").fill("{who}")
    page.locator("#ev-arrives [role=alert]").wait_for()
    page.locator("[name=subject]").fill("آگاهی {name}")
    page.locator("button[name=_save]").click()
    page.wait_for_url("**/noticetemplate/")
    text.refresh_from_db()
    assert text.subject == "آگاهی {name}"


PERSIAN_LAYOUT = """() => document.body.dispatchEvent(
    new KeyboardEvent("keydown", { key: "ن", code: "KeyK", ctrlKey: true, bubbles: true, cancelable: true })
)"""  # Ctrl and the key K where it types another letter
