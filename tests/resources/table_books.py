"""A workbook for each small table: who uploads it, its bytes, and what its trial run counts."""

from datetime import date

from evaluation.enums import Stage
from evaluation.models import CommitteeMember, DayOff, EarlierTotal, Faq, LegalReference
from evaluation.process.year import workshop
from tests import factories as make

from .sheets import sheet


def memberships(cast):
    headings = ["user", "first_name", "last_name", "email", "role", "place", "until"]
    rows = [
        ["reporter_a", None, None, None, "agency", "A", "1410/12/29"],
        ["expert", None, None, None, "expert", None, None],
        ["tazeh", "تازه", "کارمند", "t@example.ir", "agency", "اداره ب", None],
    ]
    return cast.manager, sheet(headings, *rows), {"new": 1, "changed": 1, "same": 1, "wrong": 0}


def evaluators(cast):
    cast.until(Stage.PARTICIPANTS)
    headings = ["group", "axes", "user", "lead", "represents"]
    rows = [
        ["گروه یک", "محور یک", "evaluator", None, "دانشگاه"],
        ["گروه یک", None, "lead", "بله", None],
        ["گروه سه", "محور یک | محور دو", "evaluator", "بله", None],
        ["گروه چهار", None, None, None, None],
    ]
    return cast.expert, sheet(headings, *rows), {"new": 2, "changed": 1, "same": 1, "wrong": 0}


def attendance(cast):
    cast.until(Stage.INDICATORS)
    workshop.enlist(cast.workshop, by=cast.expert)
    cast.workshop.attendances.filter(agency=cast.agency_b).delete()
    title = cast.workshop.title
    rows = [[title, "A", "خانم الف", "بله"], [title, "B", None, "خیر"]]
    return (
        cast.expert,
        sheet(["workshop", "agency", "name", "attended"], *rows),
        {"new": 1, "changed": 1, "same": 0, "wrong": 0},
    )


def committees(cast):
    committee = make.CommitteeFactory(province=cast.province)
    CommitteeMember.objects.create(committee=committee, name="آقای یک", decree="۱")
    CommitteeMember.objects.create(committee=committee, name="خانم دو")
    rows = [
        [committee.title, None, "آقای یک", "۱", None],
        [committee.title, None, "خانم دو", "۲", None],
        ["ستاد جشنواره", "festival", "آقای سه", None, "expert"],
    ]
    headings = ["committee", "kind", "name", "decree", "user"]
    return cast.manager, sheet(headings, *rows), {"new": 1, "changed": 1, "same": 1, "wrong": 0}


def legal_references(cast):
    LegalReference.objects.create(title="قانون برنامه", number="۱۰")
    LegalReference.objects.create(title="آیین‌نامه", number="۲۰", date=date(2020, 3, 20), province=cast.province)
    rows = [["10", None, "قانون برنامه"], ["۲۰", "1399/01/01", "آیین‌نامهٔ نو"], ["۳۰", None, "مصوبه"]]
    return cast.expert, sheet(["number", "date", "title"], *rows), {"new": 1, "changed": 1, "same": 1, "wrong": 0}


def questions(cast):
    Faq.objects.create(province=cast.province, question="چگونه؟", answer="این‌گونه.")
    Faq.objects.create(province=cast.province, question="کی؟", answer="فردا.", role="agency")
    rows = [["چگونه؟", None, "این‌گونه.", None], ["کی؟", "agency", "امروز.", 2], ["کجا؟", None, "اینجا.", None]]
    headings = ["question", "role", "answer", "order"]
    return cast.expert, sheet(headings, *rows), {"new": 1, "changed": 1, "same": 1, "wrong": 0}


def days_off(cast):
    DayOff.objects.create(province=cast.province, date=date(2026, 4, 4), title="آلودگی هوا")
    DayOff.objects.create(province=cast.province, date=date(2026, 4, 5), title="برف")
    rows = [["1405/01/15", "آلودگی هوا", None], ["1405/01/16", "برف", "بله"], ["۱۴۰۵/۰۱/۲۰", "سرما", "خیر"]]
    return cast.expert, sheet(["date", "title", "working"], *rows), {"new": 1, "changed": 1, "same": 1, "wrong": 0}


def history(cast):
    EarlierTotal.objects.create(agency=cast.agency_a, year=1402, total=1500, maximum=2000)
    EarlierTotal.objects.create(agency=cast.agency_b, year=1402, dimension="عمومی", total=700)
    rows = [["A", 1402, "کل", 1500, None], ["B", "۱۴۰۲", "عمومی", 750, 1000], ["B", 1402, None, "1200", 2000]]
    headings = ["agency", "year", "dimension", "total", "maximum"]
    return cast.expert, sheet(headings, *rows), {"new": 1, "changed": 1, "same": 1, "wrong": 0}


TABLES = {
    "history": history,
    "memberships": memberships,
    "evaluators": evaluators,
    "attendance": attendance,
    "committees": committees,
    "legal_references": legal_references,
    "questions": questions,
    "days_off": days_off,
}
