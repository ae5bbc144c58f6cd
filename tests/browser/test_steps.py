"""Checklist, interim cycle, visits, feedback sheets, circulars, workshops and committees, as those who use them."""

import datetime

import pytest
from django.db.models import F
from django.utils import timezone

from evaluation.enums import Stage
from evaluation.models import FeedbackSheet, Line, ProcessTemplate
from evaluation.process.assessing import visit
from evaluation.process.year import checklist, circular, interim, workshop
from tests import factories as make

from .entry import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LISTS = (
    "cyclestep processtemplate circular circularreceipt workshop committee committeesession visit feedbacksheet".split()
)
LETTER = "ابلاغ شاخص‌های عمومی سال ۱۴۰۴ و شیوه‌نامهٔ ارزیابی عملکرد دستگاه‌های اجرایی استان"


def template_of(cast):
    """A template whose steps the cycle took: one done with a letter, one running late, one mandatory and open."""
    made = ProcessTemplate.objects.create(code="walk", title="الگوی نمونه", skipped=["festival"], source="آزمون")
    add = made.steps.create
    add(number=1, title="تشکیل کارگاه توجیهی", stage="briefing", days=4, responsible="گروه نوسازی اداری")
    add(number=2, title="ورود اطلاعات خودارزیابی", stage="self_assessment", days=2, channel="computer")
    add(number=3, title="تأیید خودارزیابی توسط دستگاه متبوع", stage="self_assessment", days=10, mandatory=True)
    checklist.adopt_template(cast.cycle, template=made, by=cast.manager)
    done, running, _open = cast.cycle.steps.order_by("number")
    week = timezone.localdate() - datetime.timedelta(days=7)
    checklist.begin(done, by=cast.expert, on=week)
    checklist.tick(
        done, by=cast.expert, letter_number="۷۷/ص", note="با حضور همهٔ دستگاه‌ها", file=make.upload("minute.pdf")
    )
    checklist.begin(running, by=cast.expert, on=week)
    return made


def visit_to(cast, participation, kind):
    """A visit with a finding and a file."""
    first = cast.lines(cast.assessment(participation.agency), indicator__code="G-1")[0]
    made = participation.visits.create(date=make.DAY, place="دفتر مرکزی")
    made.evaluators.set(cast.group_1.evaluators.all())
    made.findings.create(line=first, kind=kind, text="دوره‌های آموزشی برگزار شده است.")
    name = f"{kind}.pdf"
    made.files.create(title="صورت‌جلسهٔ بازدید", file=make.upload(name), sha256=name, uploaded_by=cast.evaluator)
    return made


def sheet_of(cast, participation):
    made = visit_to(cast, participation, "strength")
    return visit.issue_feedback_sheet(visit.prepare_feedback_sheet(made, by=cast.expert), by=cast.expert)


def interim_of(cast):
    half = cast.cycle.period_start + datetime.timedelta(days=180)
    given = {"period_start": cast.cycle.period_start, "period_end": half}
    return interim.make_interim(cast.cycle, title="ارزیابی شش‌ماههٔ نخست", by=cast.manager, **given)


def half_scored(inner, cast):
    """Agency A in the interim cycle, at half of all points, and its scores disclosed."""
    part = inner.participations.get(agency=cast.agency_a)
    Line.objects.filter(assessment__participation=part).update(initial_score=F("maximum") / 2, initial_note="ناقص است.")
    part.assessments.update(state="disclosed", disclosed_at=timezone.now())
    return part


def letter_of(cast):
    """A circular with an attachment, read by one of its two recipients."""
    letter = make.CircularFactory(cycle=cast.cycle, number="۱۲۳/۴۵/ص", subject=LETTER, file=make.upload("letter.pdf"))
    letter.files.create(title="شیوه‌نامه", file=make.upload("guide.pdf"))
    circular.send(letter, by=cast.expert)
    circular.read(letter, cast.agency_b, by=cast.reporter_b)
    return letter


def workshop_of(cast):
    made = make.WorkshopFactory(
        cycle=cast.cycle, kind="evaluators", title="آموزش ارزیابان", material=make.upload("a.pdf")
    )
    first, *_others = workshop.invite(made, by=cast.expert)
    return workshop.hold(made, by=cast.expert, came=[first])


def committee_of(cast):
    made = make.CommitteeFactory(province=cast.province, kind="steering", title="کمیتهٔ راهبری ارزیابی عملکرد")
    member = made.members.create(name="عضو نمونه", office="استانداری", decree="۱۲")
    given = {"resolution": "گروه‌ها تشکیل شد.", "minutes": make.upload("minutes.pdf")}
    session = made.sessions.create(cycle=cast.cycle, number="۳", held_on=make.DAY, **given)
    session.present.add(member)
    cast.group_1.formed_by = session
    cast.group_1.save()
    return made, session


def pages(cast):
    """{person: the pages that they look at}."""
    cast.until(Stage.SELF_ASSESSMENT)
    template, letter, workshop, inner = template_of(cast), letter_of(cast), workshop_of(cast), interim_of(cast)
    committee, session = committee_of(cast)
    issued, agreed = sheet_of(cast, cast.participation_a), sheet_of(cast, cast.participation_b)
    visit.acknowledge_feedback_sheet(agreed, by=cast.reporter_b, comment="خوانده شد و برنامهٔ بهبود تهیه می‌شود.")
    seen = visit_to(cast, inner.participations.get(agency=cast.agency_a), "note")
    undone = cast.cycle.steps.get(number=3)
    lists = [f"evaluation/{name}/" for name in LISTS]
    return {
        "manager": [
            f"evaluation/cycle/{cast.cycle.pk}/steps/",
            f"evaluation/cyclestep/{undone.pk}/do/tick/",
            f"evaluation/processtemplate/{template.pk}/change/",
            f"evaluation/cycle/{inner.pk}/steps/",
            f"evaluation/cycle/{inner.pk}/axes/",
            f"evaluation/cycle/{inner.pk}/half_time/",
            f"evaluation/cycle/{cast.cycle.pk}/do/make_interim/",
            f"evaluation/circular/{letter.pk}/change/",
            f"evaluation/workshop/{workshop.pk}/change/",
            f"evaluation/workshop/{workshop.pk}/do/note_attendance/",
            f"evaluation/committee/{committee.pk}/change/",
            f"evaluation/committeesession/{session.pk}/change/",
            f"evaluation/feedbacksheet/{agreed.pk}/sheet/",
            *lists,
        ],
        "evaluator": [
            "evaluation/visit/add/",
            f"evaluation/visit/{seen.pk}/change/",
            f"evaluation/workshop/{workshop.pk}/change/",
        ],
        "reporter_a": [
            f"evaluation/cycle/{cast.cycle.pk}/steps/",
            f"evaluation/circular/{letter.pk}/change/",
            f"evaluation/feedbacksheet/{issued.pk}/sheet/",
            f"evaluation/feedbacksheet/{issued.pk}/change/",
            f"evaluation/participation/{half_scored(inner, cast).pk}/card/",
        ],
        "headquarters_a": [f"evaluation/feedbacksheet/{issued.pk}/sheet/"],
        "secretary": [
            f"evaluation/committee/{committee.pk}/change/",
            f"evaluation/committeesession/{session.pk}/change/",
        ],
    }


ON = """(part) => {
    const link = document.activeElement.closest('a, button, input, textarea');
    return Boolean(link && (link.getAttribute('hx-get') || link.name || link.type || '').endsWith(part));
}"""


def tab_to(page, part):
    """Press Tab until the focus is on the link, field or button whose address, name or type ends so."""
    for _each in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(ON, part):
            return
    raise AssertionError(f"The keyboard does not come to {part}.")


def test_a_step_and_a_feedback_sheet_are_done_by_keys_alone(page, live_server, cast):
    template_of(cast.until(Stage.SELF_ASSESSMENT))
    undone, sheet = cast.cycle.steps.get(number=3), sheet_of(cast, cast.participation_a)
    log_in(page, cast.expert)
    page.goto(f"/admin/evaluation/cycle/{cast.cycle.pk}/steps/")
    tab_to(page, f"cyclestep/{undone.pk}/do/tick/")
    page.keyboard.press("Enter")
    page.locator("#modal-content form").wait_for()
    for name, text in (("letter_number", "۹۹"), ("note", "پیگیری شد")):
        tab_to(page, name)
        page.keyboard.type(text)
    tab_to(page, "submit")
    page.keyboard.press("Enter")
    page.locator(f"#step-{undone.pk}.ev-done").wait_for()
    undone.refresh_from_db()
    assert (undone.letter_number, undone.note, undone.done_by) == ("۹۹", "پیگیری شد", cast.expert)

    page.context.clear_cookies()
    log_in(page, cast.reporter_a)
    page.goto(f"/admin/evaluation/feedbacksheet/{sheet.pk}/sheet/")
    tab_to(page, "/do/acknowledge/")
    page.keyboard.press("Enter")
    page.locator("#modal-content form").wait_for()
    tab_to(page, "comment")
    page.keyboard.type("خوانده شد")
    tab_to(page, "submit")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/feedbacksheet/{sheet.pk}/change/")
    kept = FeedbackSheet.objects.get(pk=sheet.pk)
    assert (kept.acknowledged_by, kept.comment) == (cast.reporter_a, "خوانده شد")
