"""A manager in a browser: logs in, types a Jalali date, takes the cycle on by its dialog."""

import datetime

import pytest
from django.utils import timezone

from evaluation.enums import Stage
from evaluation.management import fixtures
from evaluation.models import Award, Cycle, Extension, LetterTemplate, Outage, TransitionLog
from evaluation.process.improvement import plan
from evaluation.process.provincial_copy import copy_for_province
from evaluation.process.results import letter, publicity
from evaluation.reports import letter as letter_paper
from tests import factories as make

from .entry import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


CHOOSE = """([name, value]) => {
    const box = document.querySelector(`[name=${name}]`);
    if (![...box.options].some(each => each.value === value)) box.add(new Option(value, value));
    box.value = value;
}"""  # what a click in the list of choices does


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


def letter_of(cast):
    """A letter to agency A with its level, and with the text that the agency may publish."""
    fixtures.add(LetterTemplate, fixtures.rows("letter_templates"), *"kind subject body signer announcement".split())
    facts = {"kind": "level", "number": "۱۲۰/۵/#", "date": timezone.localdate(), "paper": letter_paper.paper}
    return letter.make(cast.participation_a, by=cast.expert, **facts)[0]


def text_of(cast):
    """The province's own text of such a letter, which the manager may edit, with its preview."""
    return copy_for_province(LetterTemplate.objects.get(kind="level"), by=cast.manager)[0]


def improvement_of(cast):
    """The report card of agency A, its plan in follow-up and one of its actions."""
    drafted = plan.draft(cast.participation_a, by=cast.expert)
    approved = {"state": "follow_up", "approved_at": timezone.now(), "approved_by": cast.manager}
    type(drafted).objects.filter(pk=drafted.pk).update(**approved)
    card = cast.results.agency_results.get(participation=cast.participation_a, dimension=None)
    return [
        f"evaluation/agencyresult/{card.pk}/change/",
        f"evaluation/improvementplan/{drafted.pk}/change/",
        f"evaluation/improvementaction/{drafted.actions.first().pk}/change/",
    ]


def honours_of(cast):
    """The pages of an announced festival, and those of what is made public beside it."""
    moment = {"announced_at": timezone.now(), "announced_by": cast.manager}
    held = make.festival(cast.cycle, state="announced", held_on=make.DAY, place="سالن همایش", **moment)
    held.programme.create(title="تلاوت قرآن")
    nominee = make.nominee(held, agency=cast.agency_a, figure=12, entered_by=cast.reporter_a)
    session = held.committee.sessions.get()
    award = Award.objects.create(nominee=nominee, session=session, reason="برتر", decided_by=cast.expert)
    words = {"published_on": timezone.localdate(), "medium": "خبرگزاری", "text": "برترین دستگاه"}
    vague = publicity.note(cast.participation_a, by=cast.expert, verdict="vague", reason="سال گفته نشده است.", **words)
    Outage.objects.create(part="pages", reason="URLError", ended_at=timezone.now() + datetime.timedelta(minutes=5))
    return [
        f"evaluation/festival/{held.pk}/change/",
        f"evaluation/festival/{held.pk}/winners/",
        "evaluation/nominee/",
        f"evaluation/nominee/{nominee.pk}/change/",
        f"evaluation/award/{award.pk}/change/",
        "evaluation/awardkind/",
        f"evaluation/publicity/{vague.pk}/change/",
        "evaluation/publicity/add/",
        "evaluation/outage/",
    ]


def pages(cast):
    """The manager's pages of a year whose results are announced."""
    cast.until(Stage.FESTIVAL)
    return {
        "manager": [
            "",
            f"evaluation/cycle/{cast.cycle.pk}/change/",
            "evaluation/assessment/",
            f"evaluation/assessment/{cast.assessment(cast.agency_a).pk}/change/",
            "evaluation/importrun/add/",
            "evaluation/transfer/",
            f"evaluation/resultset/{cast.results.pk}/change/",
            f"evaluation/resultset/{cast.results.pk}/ranking/",
            *improvement_of(cast),
            f"evaluation/letter/{letter_of(cast).pk}/change/",
            f"evaluation/lettertemplate/{text_of(cast).pk}/change/",
            f"evaluation/resultset/{cast.results.pk}/do/void/",
            "evaluation/evaluatorgroup/",
            f"evaluation/dimension/{cast.general.pk}/change/",
            "evaluation/specificlist/",
            "evaluation/circular/add/",
            *honours_of(cast),
        ]
    }
