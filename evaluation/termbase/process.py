"""The cycle: stages, windows, circulars, meetings."""

from .term import Avoid, Term

PROCESS = (
    Term("evaluation cycle", "دورهٔ ارزیابی", "Cycle", (Avoid("چرخهٔ ارزیابی", "«دوره» is the word of Qom"),), "qom"),
    Term("performance year", "سال عملکرد", "Cycle.performance_year", source="qazvin"),
    Term(
        "stage",
        "مرحله",
        "Stage",
        source="ilam",
        note="«مرحله» is one of the twelve and a step of the approval; «گام» is a row of the checklist only",
    ),
    Term(
        "to go on to a stage",
        "آغاز مرحلهٔ …",
        "Cycle.go_on_*",
        (Avoid("رفتن به مرحلهٔ", "an act that moves the whole province is named by its effect", False),),
        "qazvin",
    ),
    Term(
        "to open, to reopen",
        "آغاز، بازگشایی",
        "open_*, reopen",
        (
            Avoid("گشودن", "literary"),
            Avoid("گشایش", "literary"),
            Avoid("بگشایید", "literary"),
            Avoid("گشوده", "literary"),
        ),
    ),
    Term(
        "steps of the process",
        "گام‌های فرایند",
        "CycleStep",
        (Avoid("فرآیند", "one spelling: فرایند", True),),
        "ilam",
        "Ilam writes «فرایند», the flowcharts «فرآیند»; the first is kept everywhere",
    ),
    Term(
        "checklist of the process",
        "فهرست کنترل فرایند",
        "CycleStep",
        (Avoid("چک‌لیست", "an English word"),),
    ),
    Term("stage window", "مهلت مرحله", "StageWindow"),
    Term("extension", "تمدید مهلت", "Extension"),
    Term(
        "responsible now",
        "اقدام‌کننده",
        "whose_turn",
        (Avoid("نوبت اقدام", "says of whom one waits as in a game"),),
        note="Ilam's form says «متصدیان»; in a table of today's work «اقدام‌کننده» is shorter and clear",
    ),
    Term(
        "past its end",
        "مهلت پایان یافته است",
        "is_over",
        (Avoid("عقب‌افتاده", "an insult when said of a person"),),
    ),
    Term(
        "rule for a side that does not act",
        "قاعدهٔ عدم اقدام",
        "Cycle.silent_agency",
        (Avoid("بی‌پاسخ", "judges the agency"),),
    ),
    Term("circular", "بخشنامه", "Circular", source="flowcharts"),
    Term(
        "reading, confirmed",
        "رؤیت",
        "acknowledge, read_at",
        (Avoid("تأیید رؤیت", "one word is enough"), Avoid("آن را خوانده‌ایم", "no act of an office")),
        "flowcharts",
    ),
    Term("workshop", "کارگاه", "Workshop", source="ilam"),
    Term("committee session", "جلسهٔ شورا یا کمیته", "CommitteeSession"),
    Term("by letter", "مکاتبه", "Channel.LETTER", source="ilam"),
    Term(
        "legal references",
        "استنادات قانونی",
        "LegalReference",
        (
            Avoid("مستند قانونی", "«مستندات» are the evidence"),
            Avoid("مستندات قانونی", "«مستندات» are the evidence"),
        ),
        "ilam",
    ),
    Term("legal reference", "استناد قانونی", "LegalReference", source="ilam"),
    Term("legal basis", "استناد قانونی", "Indicator.legal_basis", source="ilam"),
    Term("commitments", "تعهدات", "Commitment", (Avoid("تعهدها", "offices use the Arabic plural"),), "qom"),
    Term("defence session", "جلسهٔ دفاعیه", "Hearing", source="flowcharts"),
    Term(
        "defence sessions", "جلسات دفاعیه", "Hearing", (Avoid("جلسه‌های", "the flowcharts write «جلسات»"),), "flowcharts"
    ),
    Term("transfer", "انتقال اطلاعات", "Transfer", (Avoid("انتقال‌ها", "Ilam: «انتقال اطلاعات»"),), "ilam"),
    Term(
        "integrity code",
        "کد کنترل صحت",
        "sha256",
        (Avoid("شناسهٔ SHA-256", "means nothing to a reader"),),
    ),
)
