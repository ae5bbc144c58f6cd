"""The workbook that is imported: the product's own export, filled as an evaluator fills it."""

import random
from io import BytesIO

from openpyxl import Workbook, load_workbook

from evaluation.resources.downloads import export

AGENCY, CODE, SELF = "کد دستگاه", "کد شاخص", "خوداظهاری عملکرد"
ACTUAL, SCORE, NOTE, MAXIMUM = "عملکرد تأییدشده", "امتیاز", "نظر ارزیاب", "سقف امتیاز"
NAMES = (ACTUAL, SCORE, NOTE, AGENCY, CODE)  # tablib wants rows of one length: what is never empty comes last
REMARK = "مستندات بررسی شد و عملکرد پس از حذف موارد تکراری تأیید شد؛ ردیف"


def filled(world):
    """The export with an actual in every row; each tenth row a typed score with its reason, each fifth a remark."""
    book = load_workbook(BytesIO(export("scores", by=world.manager, cycle=world.cycle)))
    page, dice = book.worksheets[0], random.Random(12)
    place = {cell.value: cell.column for cell in page[1]}
    for number, row in enumerate(page.iter_rows(min_row=2), start=2):
        stated = row[place[SELF] - 1].value
        if not isinstance(stated, int | float):
            continue  # the hidden row of codes
        row[place[ACTUAL] - 1].value = stated if stated < 1 else round(stated - dice.randrange(0, 500) / 100, 2)
        if number % 10 == 0:
            row[place[SCORE] - 1].value = round(float(row[place[MAXIMUM] - 1].value) * dice.random(), 2)
        if number % 5 == 0:
            row[place[NOTE] - 1].value = f"{REMARK} {number}"
    return saved(book)


def plain_rows(data, most):
    """A workbook of one heading row and `most` rows with the read columns alone, as stock import-export wants it."""
    page = load_workbook(BytesIO(data), read_only=True).worksheets[0]
    rows = page.iter_rows(values_only=True)
    headings = next(rows)
    places = [headings.index(name) for name in NAMES]
    made = Workbook(write_only=True)
    sheet = made.create_sheet("scores")
    sheet.append(NAMES)
    kept = ([row[place] for place in places] for row in rows if row[places[-1]] != "code")
    for _number, row in zip(range(most), kept, strict=False):
        sheet.append(row)
    return saved(made)


def saved(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()
