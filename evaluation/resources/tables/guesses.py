"""A guess of the column that an unknown heading means. It is only offered: a person's answer makes it a name."""

from difflib import SequenceMatcher
from functools import cache

from evaluation.persian import match_key

ALIKE = 0.6  # least likeness of two names by difflib for a guess
SYNONYMS = {  # what offices call our columns in their own workbooks
    "کد دستگاه": "کد دستگاه اجرایی|شناسه دستگاه|کد اداره|کد سازمان|شماره دستگاه|دستگاه|agency code",
    "نام دستگاه": "نام دستگاه اجرایی|عنوان دستگاه|نام اداره|نام سازمان|دستگاه اجرایی|agency name",
    "نوع": "نوع دستگاه|ماهیت دستگاه",
    "دستگاه متبوع": "ستاد دستگاه|دستگاه مادر|وزارتخانه|دستگاه ملی|headquarters",
    "گروه": "گروه دستگاه|گروه همتا|خوشه",
    "شناسه ملی": "شناسه ملی دستگاه|کد ملی دستگاه|شناسه حقوقی",
    "رتبه‌بندی می‌شود": "رتبه‌بندی|در رتبه‌بندی|مشمول رتبه‌بندی",
    "کد شاخص": "شناسه شاخص|شماره شاخص|کد سنجه|شناسه سنجه|شاخص|indicator code",
    "عنوان شاخص": "نام شاخص|شرح شاخص|عنوان سنجه|نام سنجه|عنوان",
    "کد شاخص مادر": "شاخص مادر|کد مادر|شاخص اصلی|کد شاخص اصلی",
    "بعد": "نام بعد|عنوان بعد|حوزه|dimension",
    "محور": "نام محور|عنوان محور|axis",
    "سقف محور": "حداکثر امتیاز محور|امتیاز محور|سقف امتیاز محور",
    "وزن": "وزن شاخص|ضریب|ضریب اهمیت|weight",
    "سقف امتیاز": "حداکثر امتیاز|سقف|امتیاز شاخص|بارم|maximum",
    "واحد سنجش": "واحد|واحد اندازه‌گیری|unit",
    "ماهیت": "نوع شاخص|ماهیت شاخص|نوع محاسبه",
    "جهت": "جهت شاخص|جهت مطلوب",
    "هدف": "مقدار هدف|هدف کمی|هدف سال|هدف‌گذاری|target",
    "امتیازدهنده": "مرجع امتیازدهی|ارزیاب|ارزیابی‌کننده",
    "راهبر": "راهبر شاخص|متولی|دستگاه راهبر|دستگاه متولی",
    "مستندات": "مدارک|مستند|مدارک و مستندات",
    "گزینه‌ها": "طیف|مقیاس|سطوح امتیاز",
    "استناد قانونی": "ماخذ قانونی|مبنای قانونی|قانون",
    "راهنما": "شیوه محاسبه|روش محاسبه|نحوه محاسبه|توضیح شاخص",
    "برش": "برش شاخص|سطح شاخص|نوع برش",
    "عملکرد واقعی": "عملکرد|مقدار عملکرد|عملکرد سال|میزان تحقق|مقدار واقعی|عملکرد دستگاه|actual",
    "صورت": "صورت کسر|مقدار صورت",
    "مخرج": "مخرج کسر|مقدار مخرج",
    "امتیاز خودارزیابی": "امتیاز خوداظهاری|امتیاز دستگاه|نمره خوداظهاری|امتیاز|خودارزیابی امتیاز",
    "عملکرد خودارزیابی": "عملکرد خوداظهاری|عملکرد دستگاه|عملکرد",
    "توضیح": "توضیحات|ملاحظات|یادداشت|note",
    "عملکرد تأییدشده": "عملکرد|عملکرد نهایی|عملکرد مورد تأیید|عملکرد ارزیاب|مقدار تأییدشده",
    "امتیاز": "نمره|امتیاز ارزیاب|امتیاز نهایی|امتیاز کسب‌شده|امتیاز اولیه|score",
    "نظر ارزیاب": "توضیح ارزیاب|توضیحات ارزیاب|توضیحات|ملاحظات|نظر|دلیل",
    "عملکرد تأیید دستگاه متبوع": "عملکرد ستاد|عملکرد تأییدشده ستاد|عملکرد تأیید شده",
    "امتیاز تأیید دستگاه متبوع": "امتیاز ستاد|امتیاز تأییدشده ستاد|امتیاز تأیید شده",
    "عملکرد پایه": "سال پایه|مقدار پایه|عملکرد سال قبل|عملکرد سال گذشته|عملکرد سال پیش|baseline",
    "مقدار": "میزان|عدد|رقم|مقدار شاخص|value",
    "تاریخ": "تاریخ داده|تاریخ آمار|تاریخ مشاهده|date",
    "سطح": "سطح دستگاه|سطح عملکرد|رتبه کیفی|level",
    "شماره نامه": "نامه|شماره|شماره ابلاغ",
}


def guess(unknown, columns):
    """{place: code}: the column guessed for each unknown heading, the most alike first.

    `unknown` is {place: match key of the heading}, `columns` the columns that have no heading yet {code: Column}.
    """
    pairs = [
        (likeness, -place, code)
        for place, key in unknown.items()
        for code, column in columns.items()
        if (likeness := alike(key, code, column)) >= ALIKE
    ]
    guesses = {}
    for _likeness, place, code in sorted(pairs, reverse=True):
        if -place not in guesses and code not in guesses.values():
            guesses[-place] = code
    return guesses


def alike(key, code, column):
    """How alike a heading is to the names and synonyms of a column, from 0 to 1."""
    names = {*column.matches(code), *synonyms_of(column.heading)}
    return max(SequenceMatcher(None, key, name).ratio() for name in names)


@cache
def synonyms_of(heading):
    """The match keys of the synonyms of the column with this heading."""
    return frozenset(match_key(word) for word in SYNONYMS.get(heading, "").split("|") if word)
