"""Workbooks, files, messages and the machinery."""

from .term import Avoid, Term

FILES = (
    Term(
        "workbook",
        "فایل اکسل",
        "Workbook",
        (Avoid("کاربرگ", "in Persian Excel it is one sheet, in offices the Academy's word for a paper form"),),
        note="Ilam says «فرم»; the empty one is «فرم خام»",
    ),
    Term("template", "فرم خام", "template", (Avoid("نمونهٔ خام", "an office fills a form"),), "ilam"),
    Term("offline workbook", "فایل اکسل بدون اتصال", "Kit", (Avoid("برون‌خط", "Academy's word, not used"),)),
    Term("sheet", "برگه", "Sheet", (Avoid("شیت", "an English word"),)),
    Term("row", "ردیف", "Row", source="ilam"),
    Term(
        "cell",
        "سلول",
        "Cell",
        (Avoid("خانهٔ خالی", "the house of the cell"), Avoid("خانه‌ها", "as above"), Avoid("خانه‌هایی", "as above")),
        note="Excel in offices is spoken of with «سلول»",
    ),
    Term(
        "file",
        "فایل",
        "FileField",
        (Avoid("پرونده", "a dossier; it also stood for the self-assessment, so that one word was two things"),),
    ),
    Term("attachment", "پیوست", "CircularFile"),
    Term(
        "imports",
        "بارگذاری اکسل",
        "ImportRun",
        (Avoid("درون‌ریزی", "the flowcharts write «بارگذاری … در سامانه»"),),
        "flowcharts",
    ),
    Term("export", "دریافت اکسل", "export"),
    Term(
        "trial run",
        "بررسی آزمایشی",
        "try_run",
        (Avoid("اجرای آزمایشی", "the pilot run of a project"),),
    ),
    Term(
        "undoing of an import",
        "لغو بارگذاری",
        "undo",
        (Avoid("بازگردانی", "three acts had one word: return to the agency, undo, go back a stage"),),
    ),
    Term("copy", "کپی", "copy", (Avoid("رونوشت", "the cc of a letter"),)),
    Term(
        "e-mail",
        "پست الکترونیک",
        "mail",
        (Avoid("رایانامه", "Tehran's form has «پست الکترونیک»"), Avoid("ایمیل", "an English word")),
        "tehran",
    ),
    Term("notice", "اعلان", "Notice"),
    Term(
        "notification settings", "تنظیمات اعلان‌ها", "NoticePreference", (Avoid("تنظیم‌ها", "two plurals were in use"),)
    ),
    Term("my tasks", "کارتابل", "tasks"),
    Term(
        "system",
        "سامانه",
        "",
        (Avoid("کارساز", "to a civil servant it is «سامانه», to the administrator «سرور»"),),
        "ilam",
    ),
    Term(
        "background service",
        "سرویس پردازش خودکار سامانه",
        "cluster",
        (Avoid("پردازشگر", "no official use"), Avoid("پردازش‌گر", "no official use")),
    ),
    Term(
        "external systems",
        "سامانه‌های مرتبط",
        "ExternalSystem",
        (Avoid("سامانه‌های بیرونی", "Tehran: «ارتباط خدمت با سایر سامانه‌ها»"), Avoid("سامانهٔ بیرونی", "as above")),
        "tehran",
    ),
    Term("external system", "سامانهٔ مرتبط", "ExternalSystem", source="tehran"),
    Term("session of a login", "زمان استفاده", "", (Avoid("نشست", "a meeting"),)),
    Term("tab of a browser", "صفحهٔ دیگر مرورگر", "", (Avoid("زبانه", "unknown to most"),)),
)
