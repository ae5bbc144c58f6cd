"""The workbook that is imported: the product's own export, filled as an evaluator fills it and as Excel saves it."""

import random
from io import BytesIO

import xlsxwriter
from openpyxl import load_workbook

from evaluation.resources.downloads.templates import export

AGENCY, CODE, SELF = "کد دستگاه", "کد شاخص", "عملکرد خودارزیابی"
ACTUAL, SCORE, NOTE, MAXIMUM = "عملکرد تأییدشده", "امتیاز", "نظر ارزیاب", "سقف امتیاز"
NAMES = (ACTUAL, SCORE, NOTE, AGENCY, CODE)  # tablib wants rows of one length: what is never empty comes last
REMARK = "مستندات بررسی شد و عملکرد پس از حذف موارد تکراری تأیید شد؛ ردیف"


def filled(world):
    """The export with an actual in every row, in each tenth a typed score with its reason, in each fifth a note.

    Written by xlsxwriter, whose files are those of Excel: texts in a table of their own.
    """
    rows, dice = exported(world), random.Random(12)
    place = {name: rows[0].index(name) for name in (SELF, ACTUAL, SCORE, NOTE, MAXIMUM)}
    for number, row in enumerate(rows):
        stated = row[place[SELF]]
        if not isinstance(stated, int | float):
            continue  # the headings and the hidden row of codes
        row[place[ACTUAL]] = stated if stated < 1 else round(stated - dice.randrange(0, 500) / 100, 2)
        if number % 10 == 0:
            row[place[SCORE]] = round(float(row[place[MAXIMUM]]) * dice.random(), 2)
        if number % 5 == 0:
            row[place[NOTE]] = f"{REMARK} {number}"
    return written(rows)


def exported(world):
    data = export("scores", by=world.manager, cycle=world.cycle)
    page = load_workbook(BytesIO(data), read_only=True).worksheets[0]
    return [list(row) for row in page.iter_rows(values_only=True)]


def plain_rows(data, most):
    """A workbook of one heading row and `most` rows with the read columns alone, as stock import-export wants it."""
    page = load_workbook(BytesIO(data), read_only=True).worksheets[0]
    headings, *rows = page.iter_rows(values_only=True)
    places = [headings.index(name) for name in NAMES]
    kept = [[row[place] for place in places] for row in rows if row[places[-1]] != "code"]
    return written([NAMES, *kept[:most]])


def written(rows):
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet("scores")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return out.getvalue()
