"""The festival of a walked year: the best of each peer group by the frozen results, chosen, announced and reported."""

from django.utils import timezone

from evaluation.enums import CommitteeKind, Measure, Within
from evaluation.models import AwardKind, Committee, Festival
from evaluation.process.festival import choice, festival, report
from evaluation.reports import festival_papers

CODE = "tehran-1404-group"  # of fixtures/award_kinds.csv


def hold(cycle, *, manager, expert):
    """Hold the festival of a cycle by the MPO's people. Returns the Festival, its report sent."""
    held = prepare(cycle)
    held = festival.begin_choice(held, by=expert)
    for nominee in held.nominees.filter(rank=1).order_by("part", "name"):
        if not choice.over_limits(nominee):
            choice.choose(nominee, by=expert, session=session_of(held), reason="بالاترین امتیاز کل در گروه همتراز")
    held = festival.finish_choice(held, by=expert)
    held = festival.announce(held, by=manager)
    content, sha256 = festival_papers.package(held)
    letter = {"letter_number": f"{cycle.performance_year}/ج", "letter_date": timezone.localdate()}
    return report.report(held, by=expert, package=content, sha256=sha256, **letter)


def prepare(cycle):
    """The festival with its committee, its kind of award and its programme."""
    committee = Committee.objects.filter(province=cycle.province, kind=CommitteeKind.FESTIVAL).first()
    if committee is None:
        committee = Committee.objects.create(
            province=cycle.province, kind=CommitteeKind.FESTIVAL, title="ستاد جشنواره شهید رجایی استان"
        )
        committee.members.create(name="رئیس سازمان", office="سازمان مدیریت و برنامه‌ریزی استان", post="chair")
        committee.members.create(name="دبیر جشنواره", office="گروه نوسازی اداری و مدیریت عملکرد", post="secretary")
    held = Festival.objects.create(
        cycle=cycle,
        title=f"جشنواره شهید رجایی استان {cycle.province}",
        committee=committee,
        held_on=timezone.localdate(),
        place="سالن همایش‌های استانداری",
        course="مراسم با حضور استاندار و مدیران دستگاه‌های اجرایی استان برگزار و از دستگاه‌های برگزیده تقدیر شد.",
    )
    held.kinds.set([kind_of(cycle.province)])
    for title in ("تلاوت قرآن کریم و سرود ملی", "گزارش دبیر جشنواره", "سخنرانی استاندار", "تقدیر از برگزیدگان"):
        held.programme.create(title=title)
    return held


def kind_of(province):
    """The best of each group, as the fixtures have it, else as a kind of the province."""
    kind = AwardKind.objects.of_province(province).filter(code=CODE).last()
    rule = {"within": Within.GROUP, "measure": Measure.TOTAL, "title": "برگزیده هر گروه"}
    return kind or AwardKind.objects.create(province=province, code=CODE, **rule)


def session_of(held):
    """The session in which the committee chose."""
    rows = held.committee.sessions.filter(cycle=held.cycle)
    number = f"{held.cycle.performance_year}/۱"
    return rows.first() or held.committee.sessions.create(cycle=held.cycle, number=number, held_on=timezone.localdate())
