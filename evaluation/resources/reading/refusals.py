"""Why an upload cannot be read: the limits, and a sentence for each reason that says what to do next."""

from django.utils.translation import gettext_lazy as _

from evaluation.persian import localise_digits

MAX_BYTES = 20 * 2**20
MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 200_000, 200, 3_000_000

DAMAGED = _("The workbook is damaged or incomplete. Open it in Excel, save it as a new .xlsx file and upload that.")
MACROS = _(
    "The workbook contains macros and was not opened. Save it in Excel as a plain .xlsx workbook and upload that."
)
ENCRYPTED = _("The workbook is protected with a password. Remove the password in Excel, save it and upload it again.")
BINARY = _("The binary form .xlsb is not supported. Save it in Excel as .xlsx and upload that.")
BOMB = _(
    "The file contains more data than is allowed and was not opened. Save it in Excel as .xlsx and upload it again."
)
DOCTYPE = _(
    "The structure of the file is not that of an Excel file, and it was not opened. Save it in Excel as "
    ".xlsx and upload it again."
)
TOO_FAR = _(
    "Sheet “%(sheet)s” has a cell at %(address)s, but at most %(rows)s rows and %(columns)s columns can be read. "
    "Delete everything outside the table, save the workbook and upload it again."
)
TOO_MANY_CELLS = _(
    "The workbook is too large: at most %(rows)s rows, %(columns)s columns and %(cells)s cells can be read. Split it "
    "into several files."
)
TOO_MUCH_TEXT = _("The cells hold too much text. Split the workbook into several files.")
NO_DATE = _(
    "Sheet “%(sheet)s”, row %(row)s: a cell is formatted as a date or a time, but its number is far too large for one. "
    "Correct the cell, save the workbook and upload it again."
)
EMPTY_FILE = _("The file is empty. Fill the template, save it and upload it again.")
TOO_BIG = _("The file is larger than %(most)s megabytes. Remove pictures and unused sheets and upload it again.")
OTHER_KIND = _("“%(name)s” is not a workbook. Upload an Excel workbook (.xlsx), or an .xls, .ods or .csv file.")
WEB_PAGE = _("The file is a web page with the name of a workbook. Open it in Excel, save it as .xlsx and upload that.")
NOT_WHAT_ITS_NAME_SAYS = _(
    "“%(name)s” is plain text with the name of a workbook. Open it in Excel, save it as .xlsx and upload that."
)
TOO_SLOW = _("The file could not be read in time. Save it in Excel as an .xlsx workbook and upload that.")
CSV_BROKEN = _("The .csv file cannot be read. Save it in Excel as an .xlsx workbook and upload that.")
NOT_UTF_8 = _(
    "Line %(line)s of the .csv file holds a damaged character (number %(sign)s of the line), so its letters cannot be "
    "read with certainty. Save the file in Excel as .xlsx, or again as “CSV UTF-8”, and upload that."
)
QUOTE_OPEN = _(
    "A quotation mark in line %(line)s of the .csv file is out of place or is never closed, so the rows after it "
    "cannot be told apart. Correct that line, or save the file in Excel as .xlsx, and upload it again."
)
QUOTE_SWALLOWS = _(
    "A cell that begins in line %(line)s of the .csv file holds whole rows: a quotation mark seems to be missing. "
    "Correct that line, or save the file in Excel as .xlsx, and upload it again."
)
PDF = _(
    "“%(name)s” is a PDF document with the name of a workbook. Ask for the workbook itself, or enter its figures in "
    "the template, and upload that."
)
NOTHING_VISIBLE = _("The workbook has no visible sheet with cells. Fill the template and upload it again.")


class UnreadableWorkbook(Exception):
    """The upload cannot be read; `str()` is one sentence in the reader's language that says what to do."""

    def __init__(self, sentence, **values):
        super().__init__(sentence)
        self._sentence, self.values = sentence, values

    @property
    def sentence(self):
        return str(self._sentence) % self.values if self.values else str(self._sentence)

    def __str__(self):
        return self.sentence


def too_many_cells():
    """The refusal of a workbook larger than the limits."""
    return UnreadableWorkbook(
        TOO_MANY_CELLS,
        rows=localise_digits(MAX_ROWS),
        columns=localise_digits(MAX_COLUMNS),
        cells=localise_digits(MAX_CELLS),
    )
