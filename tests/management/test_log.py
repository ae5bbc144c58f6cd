"""The log: one line for a record, a failure by its kind and its places; whole tracebacks only for DEBUG."""

import logging
import re
import sys

import pytest

from backoffice.log import LineFormatter
from evaluation.persian import parse_decimal

FORMAT = {"fmt": "{levelname} {name}: {message}", "style": "{"}


def record(message, *args):
    try:
        parse_decimal("x")
    except ValueError:
        return logging.LogRecord("ours", logging.ERROR, __file__, 1, message, args, sys.exc_info())


def test_a_failure_is_one_line_with_its_kind_and_places():
    line = LineFormatter(**FORMAT).format(record("line %s", 7))
    assert re.fullmatch(r"ERROR ours: line 7 \[ValueError: .+ \(evaluation/persian/\w+\.py:\d+ in \w+\)\]", line), line


def test_debug_shows_the_whole_traceback():
    text = LineFormatter(**FORMAT, whole=True).format(record("line %s", 7))
    assert "\nTraceback (most recent call last):\n" in text


@pytest.mark.parametrize("whole", [False, True])
def test_the_traceback_of_a_task_is_cut_to_its_places(whole):
    message = (
        "Failed 'close' - no: Traceback (most recent call last):\n"
        '  File "/lib/worker.py", line 3, in work\n    f()\nValueError: no\n'
    )
    told = logging.LogRecord("django-q", logging.ERROR, __file__, 1, message, (), None)
    line = LineFormatter(**FORMAT, whole=whole).format(told)
    short = "ERROR django-q: Failed 'close' - no (worker.py:3 in work)"
    assert line == (f"ERROR django-q: {message}" if whole else short)
