"""How a record of the log is written: on one line, a failure by its kind, its words and the places where it arose."""

import copy
import logging
import re
import traceback
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
PLACE = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+), in (?P<name>\S+)')
TRACEBACK = re.compile(r"\s*:?\s*Traceback \(most recent call last\):\n(?P<rest>.*)", re.DOTALL)
WORDS = 300  # letters of an error's own text


class LineFormatter(logging.Formatter):
    """One line for a record. `whole` adds tracebacks as Python prints them, for whoever looks for a fault."""

    def __init__(self, *args, whole=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.whole = whole

    def format(self, record):
        if self.whole:
            return super().format(record)
        bare = copy.copy(record)
        bare.msg, bare.args = shortened(record.getMessage()), ()
        bare.exc_info = bare.exc_text = bare.stack_info = None
        line = super().format(bare)
        if record.exc_info and record.exc_info[1]:
            line = f"{line} [{failure(record.exc_info[1])}]"
        return " ".join(line.split("\n"))


def failure(error):
    """“ValueError: its words (file.py:12 in name, other.py:7 in name)”: our last place, then where it arose."""
    frames = [(frame.filename, frame.lineno, frame.name) for frame in traceback.extract_tb(error.__traceback__)]
    return f"{type(error).__name__}: {str(error)[:WORDS]}{places(frames)}"


def shortened(message):
    """A message into which somebody has put a whole traceback, with its places alone."""
    trace = TRACEBACK.search(message)
    if not trace:
        return message
    frames = [(place["file"], int(place["line"]), place["name"]) for place in PLACE.finditer(trace["rest"])]
    return f"{message[: trace.start()]}{places(frames)}"


def places(frames):
    ours = [frame for frame in frames if is_ours(frame[0])]
    chosen = dict.fromkeys([*ours[-1:], *frames[-1:]])
    words = ", ".join(f"{named(file)}:{line} in {name}" for file, line, name in chosen)
    return f" ({words})" if words else ""


def is_ours(file):
    return Path(file).is_relative_to(BASE_DIR) and "site-packages" not in file


def named(file):
    return str(Path(file).relative_to(BASE_DIR)) if is_ours(file) else Path(file).name
