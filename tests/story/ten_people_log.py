"""What the logs say after the year of the ten people: each step by the person whose step it is."""

from datetime import timedelta

from django.utils import timezone, translation

from evaluation import models
from evaluation.persian import format_jalali, localise_digits
from evaluation.process.improvement import following

from .year import marks, steps


def everybody_did_what_is_theirs(year):
    _general_a, _specific_a, general_b, _specific_b = year.assessments()
    assert steps(general_b) == [
        ("start", "reporter_b", None),
        ("submit", "reporter_b", None),
        ("return_", "headquarters", None),
        ("submit", "reporter_b", None),
        ("approve", "headquarters", None),
        ("send", "headquarters", None),
        ("receive", "expert", None),
        ("open_scoring", "manager", None),
        ("finish_scoring", "lead", None),
        ("disclose", "expert", None),
        ("confirm", "manager", None),
        ("report", "expert", None),
    ]
    assert steps(year.results) == [
        ("prepare", "expert", None),
        ("compute", "expert", None),
        ("dispatch", "expert", None),
        ("approve", "secretary", None),
        ("record_report", "expert", None),
        ("set_levels", "national", None),
        ("record_levels", "national", None),
        ("announce", "manager", None),
        ("publish", "manager", None),
    ]
    assert marks(year.line(year.agency_a, "G-1")) == [
        ("self", 80, "reporter_a", "screen", None),
        ("hq", 70, "headquarters", "screen", None),
        ("initial", 60, "lead", "import", None),
        ("revised", 65, "manager", "objection", None),
        ("final", 65, "manager", "confirmation", None),
    ]
    general, specific = (str(each) for each in year.assessments()[:2])
    assert year.told(year.reporter_a) == [
        in_persian(
            "The circular “%(subject)s” was sent to you: please read it and confirm.", subject="ابلاغ شاخص‌های عمومی"
        ),
        in_persian(
            "You are invited to the workshop “%(title)s”: %(time)s, %(place)s.",
            title="کارگاه توجیهی",
            time="۱۴۰۵/۰۱/۲۰ ساعت ۰۹:۰۰",
            place="—",
        ),
        in_persian(
            "The national organization finalised the specific indicators of “%(agency)s”.", agency=year.agency_a.name
        ),
        in_persian("The final list of your specific indicators is ready: please acknowledge it."),
        in_persian("“%(name)s” was approved by your headquarters.", name=general),
        in_persian("“%(name)s” was approved by your headquarters.", name=specific),
        in_persian("The initial results of “%(name)s” are disclosed and can be viewed.", name=general),
        in_persian("The initial results of “%(name)s” are disclosed and can be viewed.", name=specific),
        in_persian("You are invited to a defence session on %(when)s.", when="۱ شهریور ۱۴۰۵ ساعت ۱۰:۰۰"),
        in_persian("Your objection to “%(name)s” was decided.", name="G-1 · سرانه آموزش کارکنان"),
        in_persian("The final results of your agency can be seen now."),
        in_persian("The results of “%(cycle)s” are published.", cycle=year.cycle),
        *of_the_festival(),
        in_persian("An improvement plan is proposed to your agency: complete it and agree, or ask for a change."),
        in_persian("The improvement plan of your agency is approved. Report the progress of its actions each quarter."),
        report_of_a_quarter(year),
    ]


def report_of_a_quarter(year):
    """The sentence that asks for the report of the quarter after the approval."""
    plan = models.ImprovementPlan.objects.get()
    quarter = following.quarter_of(timezone.localdate(plan.approved_at) + timedelta(days=93))
    return in_persian(
        "Report the progress of the improvement plan of “%(cycle)s” for quarter %(quarter)s of %(year)s.",
        cycle=year.cycle,
        quarter=localise_digits(quarter.number, "fa"),
        year=localise_digits(quarter.year, "fa"),
    )


def in_persian(text, **values):
    """Notices are written in Persian, whatever language the sender reads."""
    with translation.override("fa"):
        return translation.gettext(text) % values


def of_the_festival():
    """What the reporter of agency A hears of the festival."""
    words = {"festival": "جشنواره شهید رجایی"}
    honour = "“%(name)s” is honoured at “%(festival)s”: %(kind)s."
    day = format_jalali(timezone.localdate(), language="fa")
    window = "“%(festival)s”: nominate the best teams, managers and experts of your agency by %(day)s."
    return [
        in_persian(window, **words, day=day),
        in_persian(honour, **words, name="اداره کل راه و شهرسازی", kind="بالاترین رتبه"),
        in_persian(honour, **words, name="میز خدمت", kind="بهترین خدمت"),
        in_persian("The winners of “%(festival)s” are announced.", **words),
    ]
