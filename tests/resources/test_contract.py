"""`docs/spreadsheets.md` says what the workbooks in the code say."""

import re

from evaluation.enums import Workbook
from tests.resources.contract import PAGE, written


def test_the_page_lists_the_columns_that_the_code_reads():
    page = PAGE.read_text(encoding="utf-8")
    assert written(page) == page, "run python -m tests.resources.contract"


def test_the_page_says_of_every_workbook_what_an_empty_cell_means():
    rows = PAGE.read_text(encoding="utf-8").split("## What an empty cell means")[1].split("\n## ")[0]
    named = [name for row in re.findall(r"^\| (`.*?) \|", rows, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]
    assert set(named) == set(Workbook.values)
