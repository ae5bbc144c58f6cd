"""What is beside the process: an announcement, questions with answers, requests for more time, visits."""

import datetime

from django.utils import timezone

from evaluation.enums import AnnouncementKind, Role
from evaluation.enums import AssessmentState as State
from evaluation.models import Announcement, Faq, Visit, VisitFile
from evaluation.process.assessing import visit
from evaluation.process.year import extension

from .catalogue import ASSUMED
from .year import paper

QUESTIONS = [
    (
        Role.AGENCY,
        "اگر اطلاعات شاخصی تا پایان مهلت آماده نشود چه باید کرد؟",
        "پیش از پایان مهلت، از صفحهٔ خودارزیابی «درخواست تمدید مهلت» را با ذکر دلیل ارسال کنید. "
        "نتیجهٔ درخواست به شما اعلام می‌شود.",
    ),
    (
        Role.AGENCY,
        "آیا می‌توان همهٔ ردیف‌ها را با فایل اکسل وارد کرد؟",
        "بله. فایل اکسل خودارزیابی را از صفحهٔ «بارگذاری اکسل» دریافت، تکمیل و بارگذاری کنید. "
        "تا پیش از تأیید شما چیزی ثبت نمی‌شود.",
    ),
    (
        Role.EVALUATOR,
        "در چه صورتی می‌توان امتیاز را دستی وارد کرد؟",
        "هرگاه امتیاز محاسبه‌شده با مستندات مطابقت نداشته باشد. در این صورت درج دلیل در ستون نظر الزامی است.",
    ),
]


def tell(province, people):
    """An announcement and the questions of the first page."""
    Announcement.objects.create(
        province=province,
        kind=AnnouncementKind.NOTE,
        text=f"اطلاعات این استان نمونه و ساختگی است و {ASSUMED}.",
        written_by=people.manager,
    )
    Faq.objects.bulk_create(
        Faq(province=province, role=role, question=question, answer=answer, order=order)
        for order, (role, question, answer) in enumerate(QUESTIONS, start=1)
    )


def ask_for_time(year, agency, *, days, reason):
    """An agency's request for more time for a file that it has not submitted; None when there is none."""
    waiting = year.assessments([agency], *State.open_to_agency())
    if not waiting:
        return None
    wanted = timezone.now() + datetime.timedelta(days=days)
    return extension.ask(waiting[0], wanted_until=wanted, reason=reason, by=year.people.reporters[agency.pk])


def requests_half_way(year):
    """One request waits for its answer, one was refused."""
    waiting, refused = year.share(0.5, 0.8)[:2]
    ask_for_time(year, waiting, days=60, reason="اطلاعات دو شاخص هنوز از واحدهای تابعه دریافت نشده است.")
    if asked := ask_for_time(year, refused, days=90, reason="جابه‌جایی ساختمان اداره"):
        extension.refuse(asked, reason="تا پایان مهلت زمان کافی باقی مانده است.", by=year.people.manager)


def visit_some(year, *, number=3):
    """Evaluators visit a few agencies; the first has its feedback sheet."""
    for agency in year.order[:number]:
        visited = year.assessments([agency])
        made = Visit.objects.create(
            participation=visited[0].participation, date=timezone.localdate(), place=f"دفتر مرکزی {agency.name}"
        )
        made.evaluators.set(
            [people[1].evaluators.get(group__cycle=year.cycle) for people in year.people.groups.values()]
        )
        strong, weak = [line for line in year.lines(visited) if not line.exempt][:2]
        made.findings.create(line=strong, kind="strength", text="مستندات کامل و به‌روز است و در محل مشاهده شد.")
        made.findings.create(line=weak, kind="weakness", text="بخشی از اطلاعات هنوز به‌صورت دستی جمع‌آوری می‌شود.")
        minutes = VisitFile(visit=made, title="صورت‌جلسهٔ بازدید", file=paper("صورت‌جلسه.txt", f"بازدید از {agency.name}"))
        visit.keep_file(minutes, by=year.people.expert).save()
        if agency is year.order[0]:
            visit.issue_feedback_sheet(
                visit.prepare_feedback_sheet(made, by=year.people.manager), by=year.people.manager
            )
