"""Bodies, people and their rights."""

from .term import Avoid, Term

PEOPLE = (
    Term("executive agency", "دستگاه اجرایی", "Agency", source="ilam"),
    Term(
        "agency headquarters",
        "دستگاه متبوع",
        "Headquarters",
        (
            Avoid(
                "ستاد دستگاه", "three spellings were in use; «ستاد» alone also names the procurement system and others"
            ),
            Avoid("ستادهای دستگاه", "the plural is «دستگاه‌های متبوع»"),
        ),
        "flowcharts",
        "the flowcharts write «ستاد مرکزی/دستگاه متبوع», Ilam and Tehran «ستاد»; «دستگاه متبوع» is clear",
    ),
    Term(
        "Management and Planning Organization",
        "سازمان مدیریت و برنامه‌ریزی استان",
        "Province",
        source="ilam",
    ),
    Term("national organization", "سازمان اداری و استخدامی کشور", "Role.NATIONAL", source="tehran"),
    Term("indicator steward", "راهبر شاخص", "PartnerBody", source="glossary"),
    Term("partner bodies", "دستگاه‌های راهبر و همکار", "PartnerBody", source="glossary"),
    Term(
        "agency reporter",
        "مسئول ارزیابی عملکرد دستگاه",
        "Role.AGENCY",
        (
            Avoid("مسئول دستگاه", "reads as the head of the agency"),
            Avoid("کاربر دستگاه اجرایی", "names the account, not the person in charge"),
        ),
    ),
    Term("evaluator", "ارزیاب", "Evaluator", source="ilam"),
    Term("evaluator group", "گروه ارزیابی", "EvaluatorGroup", source="qazvin"),
    Term("lead", "سرگروه", "Evaluator.leads"),
    Term(
        "system administrator",
        "مدیر سامانه",
        "User.is_superuser",
        (Avoid("راهبر سامانه", "«راهبر» is the steward of an indicator"),),
        "qom",
    ),
    Term(
        "council for management development",
        "شورای راهبری توسعه مدیریت استان",
        "Committee",
        (Avoid("توسعهٔ مدیریت", "the official name is written without hamza, as in the flowcharts"),),
        "ilam",
        "the flowcharts leave out «استان»; Ilam's full name is kept",
    ),
    Term("membership", "نقش کاربر", "Membership", (Avoid("عضویت", "a person has a role; groups have members", False),)),
    Term("memberships", "نقش کاربران", "Membership"),
    Term(
        "password",
        "رمز عبور",
        "User.password",
        (Avoid("گذرواژه", "the flowcharts and offices say «رمز عبور»"),),
        "flowcharts",
    ),
    Term("user name", "نام کاربری", "User.username", source="qom"),
    Term(
        "step on behalf",
        "اقدام نیابتی",
        "TransitionLog.on_behalf_of",
        (Avoid("اقدام‌های به نیابت", "the plural is «اقدامات نیابتی»"),),
    ),
    Term(
        "participation",
        "دستگاه شرکت‌کننده",
        "Participation",
        (Avoid("شرکت‌ها در ارزیابی", "reads as companies"), Avoid("شرکت در ارزیابی", "reads as the act", False)),
        "ilam",
    ),
    Term("participations", "دستگاه‌های شرکت‌کننده", "Participation", source="ilam"),
    Term("peer group", "گروه همتا", "PeerGroup"),
)
