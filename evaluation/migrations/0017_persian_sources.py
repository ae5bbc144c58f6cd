"""Sources of shared laws and level schemes that were partly English, in Persian; what staff changed stays."""

from django.db import migrations

PERSIAN = {
    "1381 performance evaluation regulation (definitions) — https://nezamat.ir/post-33572 ؛ 1381 self-assessment form for specific indicators (fields, formulas, cap) — http://www.dastour.ir/Brows/?lid=306807": (
        "آیین‌نامه ارزیابی عملکرد دستگاه‌های اجرایی ۱۳۸۱ (تعاریف) — https://nezamat.ir/post-33572 ؛ فرم خودارزیابی شاخص‌های اختصاصی ۱۳۸۱ (ستون‌ها، فرمول‌ها و سقف امتیاز) — http://www.dastour.ir/Brows/?lid=306807"
    ),
    "1383 amendment: provincial MPO runs evaluation in province — https://www.vekalatonline.ir/laws/28230/": (
        "اصلاحیه ۱۳۸۳: ارزیابی در استان با سازمان مدیریت و برنامه‌ریزی استان است — https://www.vekalatonline.ir/laws/28230/"
    ),
    "بیانیه توافق سطح خدمت ارزیابی عملکرد سالانه دستگاه‌های اجرایی، سازمان مدیریت و برنامه‌ریزی استان قم، بدون تاریخ ؛ 1400/09/20 circular 51080: evaluation of 1400 — https://shenasname.ir/arzyabi/24609-ارزیابی-عملکرد-سال-۱۴۰۰": (
        "بیانیه توافق سطح خدمت ارزیابی عملکرد سالانه دستگاه‌های اجرایی، سازمان مدیریت و برنامه‌ریزی استان قم، بدون تاریخ ؛ بخشنامه شماره ۵۱۰۸۰ مورخ ۱۴۰۰/۰۹/۲۰: ارزیابی عملکرد سال ۱۴۰۰ — https://shenasname.ir/arzyabi/24609-ارزیابی-عملکرد-سال-۱۴۰۰"
    ),
    "1389 directive 27911/200 performance management system — https://shenasname.ir/arzyabi/633-27911/amp": (
        "دستورالعمل شماره ۲۰۰/۲۷۹۱۱ سال ۱۳۸۹: نظام مدیریت عملکرد — https://shenasname.ir/arzyabi/633-27911/amp"
    ),
    "1389 directive 43512/200 efficiency allowance by agency level — https://www.shenasname.ir/wage/473-43512": (
        "دستورالعمل شماره ۲۰۰/۴۳۵۱۲ سال ۱۳۸۹: فوق‌العاده کارایی بر پایه سطح دستگاه — https://www.shenasname.ir/wage/473-43512"
    ),
    "1393/12/25 circular 170751: moving results into the government performance system — https://www.shenasname.ir/arzyabi/2998-bakhsh34": (
        "بخشنامه شماره ۱۷۰۷۵۱ مورخ ۱۳۹۳/۱۲/۲۵: انتقال نتایج به سامانه مدیریت عملکرد دولت — https://www.shenasname.ir/arzyabi/2998-bakhsh34"
    ),
    "1396/01/23 circular 1115747: provincial scoring guide for 1395 general indicators — https://shenasname.ir/arzyabi/3870-1115747": (
        "بخشنامه شماره ۱۱۱۵۷۴۷ مورخ ۱۳۹۶/۰۱/۲۳: شیوه‌نامه امتیازدهی استانی شاخص‌های عمومی سال ۱۳۹۵ — https://shenasname.ir/arzyabi/3870-1115747"
    ),
    "Hormozgan MPO 1396: provincial slice file, county slices — https://hormozgan.mporg.ir/58276f59-eced-4dc2-8517-07ca5d72b144/wid/b9bda174-61e0-4532-a0d5-263f962cfc19/id/912e9619-1e88-4755-995d-b0164c2368b4/": (
        "سازمان مدیریت و برنامه‌ریزی استان هرمزگان، ۱۳۹۶: برش استانی و برش شهرستانی — https://hormozgan.mporg.ir/58276f59-eced-4dc2-8517-07ca5d72b144/wid/b9bda174-61e0-4532-a0d5-263f962cfc19/id/912e9619-1e88-4755-995d-b0164c2368b4/"
    ),
    "Administrative reform programme, second period (10 programmes) — https://ekhtebar.ir/برنامه-جامع-اصلاح-نظام-اداری-دوره-دوم-۱/amp ؛ فرم شناسنامه خدمت «ارزیابی عملکرد سالانه دستگاه‌های اجرایی استان»، شناسه ۱۰۰۱۱۷۷۶۰۰۰، سازمان مدیریت و برنامه‌ریزی استان تهران، بدون تاریخ (پس از ۱۳۹۷/۰۶/۱۴)": (
        "برنامه اصلاح نظام اداری، دوره دوم (ده برنامه) — https://ekhtebar.ir/برنامه-جامع-اصلاح-نظام-اداری-دوره-دوم-۱/amp ؛ فرم شناسنامه خدمت «ارزیابی عملکرد سالانه دستگاه‌های اجرایی استان»، شناسه ۱۰۰۱۱۷۷۶۰۰۰، سازمان مدیریت و برنامه‌ریزی استان تهران، بدون تاریخ (پس از ۱۳۹۷/۰۶/۱۴)"
    ),
    "Festival legal basis; number of the 1398 circular — https://www.yesnapars.com/en/consult/Consulting-and-training-to-evaluate-the-evaluation-of-Shahid-Rajaei-Festival/": (
        "مبنای قانونی جشنواره و شماره بخشنامه سال ۱۳۹۸ — https://www.yesnapars.com/en/consult/Consulting-and-training-to-evaluate-the-evaluation-of-Shahid-Rajaei-Festival/"
    ),
    "1400/09/20 circular 51080: evaluation of 1400 — https://shenasname.ir/arzyabi/24609-ارزیابی-عملکرد-سال-۱۴۰۰": (
        "بخشنامه شماره ۵۱۰۸۰ مورخ ۱۴۰۰/۰۹/۲۰: ارزیابی عملکرد سال ۱۴۰۰ — https://shenasname.ir/arzyabi/24609-ارزیابی-عملکرد-سال-۱۴۰۰"
    ),
    "1402/11/17 circular 124278: evaluation of 1402 — https://www.shenasname.ir/arzyabi/60243-ارزیابی-عملکرد-سال-۱۴۰۲": (
        "بخشنامه شماره ۱۲۴۲۷۸ مورخ ۱۴۰۲/۱۱/۱۷: ارزیابی عملکرد سال ۱۴۰۲ — https://www.shenasname.ir/arzyabi/60243-ارزیابی-عملکرد-سال-۱۴۰۲"
    ),
    "1403/02/23 circular 15573: 19th Shahid Rajaee festival — https://shenasname.ir/arzyabi/62267-بخشنامه-نوزدهمین-جشنواره-شهید-رجایی/amp": (
        "بخشنامه شماره ۱۵۵۷۳ مورخ ۱۴۰۳/۰۲/۲۳: نوزدهمین جشنواره شهید رجایی — https://shenasname.ir/arzyabi/62267-بخشنامه-نوزدهمین-جشنواره-شهید-رجایی/amp"
    ),
    "1403/10/22 circular 100146: evaluation of 1403 — https://shenasname.ir/دسته‌بندی-نشده/68734-بخشنامه-ارزیابی-عملکرد-سال-۱۴۰۳": (
        "بخشنامه شماره ۱۰۰۱۴۶ مورخ ۱۴۰۳/۱۰/۲۲: ارزیابی عملکرد سال ۱۴۰۳ — https://shenasname.ir/دسته‌بندی-نشده/68734-بخشنامه-ارزیابی-عملکرد-سال-۱۴۰۳"
    ),
    "بیانیه توافق سطح خدمت ارزیابی عملکرد سالانه دستگاه‌های اجرایی، سازمان مدیریت و برنامه‌ریزی استان قم، بدون تاریخ ؛ فرم شناسنامه خدمت «ارزیابی عملکرد سالانه دستگاه‌های اجرایی استان»، شناسه ۱۰۰۱۱۷۷۶۰۰۰، سازمان مدیریت و برنامه‌ریزی استان تهران، بدون تاریخ (پس از ۱۳۹۷/۰۶/۱۴)": (
        "بیانیه توافق سطح خدمت ارزیابی عملکرد سالانه دستگاه‌های اجرایی، سازمان مدیریت و برنامه‌ریزی استان قم، بدون تاریخ ؛ فرم شناسنامه خدمت «ارزیابی عملکرد سالانه دستگاه‌های اجرایی استان»، شناسه ۱۰۰۱۱۷۷۶۰۰۰، سازمان مدیریت و برنامه‌ریزی استان تهران، بدون تاریخ (پس از ۱۳۹۷/۰۶/۱۴) ؛ مستندسازی فرایند «ارزیابی عملکرد دستگاه‌های اجرایی»، سازمان مدیریت و برنامه‌ریزی استان ایلام، بخش «استنادات قانونی» (سال عملکرد ۱۳۹۵)"
    ),
    "بیانیه توافق سطح خدمت ارزیابی عملکرد سالانه دستگاه‌های اجرایی، سازمان مدیریت و برنامه‌ریزی استان قم، بدون تاریخ": (
        "بیانیه توافق سطح خدمت ارزیابی عملکرد سالانه دستگاه‌های اجرایی، سازمان مدیریت و برنامه‌ریزی استان قم، بدون تاریخ ؛ مستندسازی فرایند «ارزیابی عملکرد دستگاه‌های اجرایی»، سازمان مدیریت و برنامه‌ریزی استان ایلام، بخش «استنادات قانونی» (سال عملکرد ۱۳۹۵)"
    ),
    "Department of Environment: provincial offices on specific indicators, 1393 — https://bazresi.doe.ir/portal/home/?news/321514/1432728/451760/": (
        "سازمان حفاظت محیط زیست: ادارات کل استان‌ها در شاخص‌های اختصاصی، ۱۳۹۳ — https://bazresi.doe.ir/portal/home/?news/321514/1432728/451760/"
    ),
    'Tavanir: first in its ministry, level "good" in specific indicators, performance year 1403 (2025-09-08) — https://www.iribnews.ir/fa/news/5561928': (
        "توانیر: رتبه نخست در وزارتخانه و سطح «خوب» در شاخص‌های اختصاصی، سال عملکرد ۱۴۰۳ (خبر ۱۴۰۴/۰۶/۱۷) — https://www.iribnews.ir/fa/news/5561928"
    ),
}


def to_persian(apps, schema_editor):
    """Replace the English source of each shared row that still has it."""
    for name in ("LegalReference", "LevelScheme"):
        shared = apps.get_model("evaluation", name).objects.filter(province=None)
        for english, persian in PERSIAN.items():
            shared.filter(source=english).update(source=persian)


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0016_legal_references")]

    operations = [migrations.RunPython(to_persian, migrations.RunPython.noop)]
