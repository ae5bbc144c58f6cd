"""Turns of writing: words that are Persian, but not of an office."""

from .term import Avoid, Term

WRITING = (
    Term("of somebody", "متعلق به، مربوط به", avoid=(Avoid("از آنِ", "literary"),)),
    Term("if empty, …", "اگر خالی بماند، …", avoid=(Avoid("خالی یعنی", "spoken"),)),
    Term(
        "nothing was changed",
        "هیچ تغییری ثبت نشد",
        avoid=(Avoid("چیزی تغییر نکرد", "a calque"), Avoid("چیزی ثبت نشد", "a calque", False)),
    ),
    Term("actions", "اقدامات", avoid=(Avoid("اقدام‌ها", "offices use the Arabic plural"),), source="tehran"),
    Term("blocks", "موانع", avoid=(Avoid("مانع‌ها", "offices use the Arabic plural"), Avoid("مانع‌های", "as above"))),
    Term("values", "مقادیر", avoid=(Avoid("مقدارها", "offices use the Arabic plural"),)),
    Term("changes", "تغییرات", avoid=(Avoid("تغییرها", "offices use the Arabic plural"),)),
    Term("of now", "فعلی", avoid=(Avoid("کنونی", "literary"),)),
    Term("at least", "حداقل", avoid=(Avoid("دست‌کم", "literary"),)),
    Term("by, according to", "بر اساس، طبق", avoid=(Avoid("بر پایهٔ", "literary"), Avoid("بنا بر", "literary"))),
    Term("already", "قبلاً", avoid=(Avoid("پیش‌تر", "literary"),)),
    Term(
        "to fill",
        "تکمیل کردن",
        avoid=(Avoid("پر کردن", "spoken"), Avoid("پر کنید", "spoken"), Avoid("پر شود", "spoken")),
    ),
    Term("business", "کسب‌وکار", avoid=(Avoid("کسب و کار", "one spelling"),)),
    Term("recruitment", "جذب و به‌کارگیری", avoid=(Avoid("بکارگیری", "one spelling"),), source="tehran"),
    Term("correspondence", "مکاتبه", avoid=(Avoid("نامه‌نگاری", "private letters"),), source="qom"),
    Term("morning", "صبح", avoid=(Avoid("بامداد", "literary"),)),
    Term("produced", "تهیه شد", avoid=(Avoid("حروف‌چینی", "a printer's word"),)),
    Term("required pace", "روند مورد انتظار", avoid=(Avoid("آهنگ یکنواخت", "a calque"),)),
    Term("outcome", "نتیجه", avoid=(Avoid("سرنوشت", "of people"),)),
)
