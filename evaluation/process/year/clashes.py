"""Overlaps and gaps between the windows of a year, as sentences. They are allowed."""

import datetime
from collections.abc import Iterable
from itertools import pairwise
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation import persian
from evaluation.enums import Part, Stage
from evaluation.persian import last_day_of

DAY = datetime.timedelta(days=1)


class Span(Protocol):
    """What a window and its draft have alike."""

    @property
    def stage(self) -> str: ...
    @property
    def part(self) -> str: ...
    @property
    def opens_at(self) -> datetime.datetime: ...
    @property
    def closes_at(self) -> datetime.datetime: ...


def clashes_of_windows(windows: Iterable[Span]) -> list[str]:
    """Sentences about overlaps and gaps between consecutive stages, and between the parts of one stage.

    `windows`: rows or drafts; stages are compared by their first opening and last end, answers to objections apart.
    """
    spans: dict[Stage, list[Span]] = {}
    for row in sorted(windows, key=lambda row: (row.opens_at, Stage(row.stage).number)):
        if row.part == Part.ANSWER:
            continue
        spans.setdefault(Stage(row.stage), []).append(row)
    ordered = sorted(spans, key=lambda stage: stage.number)
    sentences = [sentence for stage in ordered for sentence in clashes_of_parts(spans[stage])]
    for before, after in pairwise(ordered):
        end, start = max(row.closes_at for row in spans[before]), min(row.opens_at for row in spans[after])
        sentences += between(before.label, after.label, end, start)
    return sentences


def clashes_of_parts(rows: Iterable[Span]) -> list[str]:
    """Sentences about overlaps and gaps between the parts of one stage."""
    rows = [row for row in rows if row.part and getattr(row, "dimension_id", None) is None]
    pairs = pairwise(rows)
    return [text for one, two in pairs for text in between(str(one), str(two), one.closes_at, two.opens_at)]


def between(before: str, after: str, end: datetime.datetime, start: datetime.datetime) -> list[str]:
    """The sentence about an overlap or a gap between an end and the next opening (aware datetimes), in a list."""
    names = {"before": before, "after": after}
    if start < end:
        names |= {"first": persian.format_jalali(start), "last": persian.format_jalali(last_day_of(end))}
        return [_("“%(before)s” and “%(after)s” overlap from %(first)s to %(last)s.") % names]
    if timezone.localtime(start).date() > last_day_of(end) + DAY:
        names |= {
            "first": persian.format_jalali(last_day_of(end) + DAY),
            "last": persian.format_jalali(timezone.localtime(start).date() - DAY),
        }
        return [_("Between “%(before)s” and “%(after)s” no window is open from %(first)s to %(last)s.") % names]
    return []
