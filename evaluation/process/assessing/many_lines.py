"""Thousands of lines column by column: how they stand, what their usual figures earn, and writing them.

A model's object of each line, its Figures checked one by one and set on it, take longer than all that the database
does. What is read, computed and stored here is what `line.check_many` and `line.write_unchecked` read, compute and
store; a row of which that is not sure is left to them.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import QuerySet

from evaluation import scoring
from evaluation.enums import AssessmentState, MarkLevel, MarkSource
from evaluation.models import Assessment, ImportRun, Indicator, Line, Mark, OnBehalf
from evaluation.persian import LARGEST_FIGURE
from evaluation.rules.open_fields import OwnLines

from .. import bulk
from ..door import Refusal
from . import moves
from .line import RECKONED, shared_by_marks
from .line_columns import COLUMN
from .reckoning import Figures, Reckoned, reckon

# What is read of every line beside the columns of its levels.
LINE_COLUMNS = "assessment_id indicator_id maximum target initial_target baseline exempt version".split()


class StandingLines:
    """Lines as they stand, {column: values}; a Line is made of one when somebody asks for it.

    `places` is {(agency code, indicator code): place in the columns}.
    """

    def __init__(
        self,
        rows: QuerySet[Line],
        *,
        levels: Collection[MarkLevel],
        assessments: Mapping[int, Assessment],
        indicators: Mapping[int, Indicator],
    ) -> None:
        names = dict.fromkeys((*LINE_COLUMNS, *(name for level in levels for name in COLUMN[level].values())))
        self.columns, self.db = bulk.by_column(rows, "id", *names), rows.db
        self.ids, self.assessments, self.indicators = self.columns["id"], assessments, indicators
        agencies = {key: assessment.participation.agency.code for key, assessment in assessments.items()}
        codes = {key: indicator.code for key, indicator in indicators.items()}
        of_agencies = [agencies[key] for key in self.columns["assessment_id"]]
        of_indicators = [codes[key] for key in self.columns["indicator_id"]]
        self.places = {key: place for place, key in enumerate(zip(of_agencies, of_indicators, strict=True))}
        self._made: dict[int, Line] = {}

    def line(self, place: int) -> Line:
        """The Line at a place, with its indicator and assessment; always the same object."""
        if (line := self._made.get(place)) is None:
            values = {name: column[place] for name, column in self.columns.items()}
            related: dict[str, Any] = {"assessment": self.assessments[values["assessment_id"]]}
            related["indicator"] = self.indicators[values["indicator_id"]]
            line = self._made[place] = bulk.made(Line, values.items(), db=self.db, related=related)
        return line

    def get(self, key: tuple[str, str]) -> Line | None:
        """The line of an agency's indicator, by their codes, or None."""
        place = self.places.get(key)
        return None if place is None else self.line(place)

    def __getitem__(self, key: tuple[str, str]) -> Line:
        return self.line(self.places[key])

    def indicator(self, place: int) -> Indicator:
        """The indicator of the line at a place."""
        return self.indicators[self.columns["indicator_id"][place]]

    def at(self, name: str, places: Sequence[int]) -> list[Any]:
        """The values of a column at these places."""
        column = self.columns[name]
        return [column[place] for place in places]

    def targets(self, level: MarkLevel) -> Sequence[Decimal | None]:
        """The targets in force at `self` or `initial`, as `Line.target_at` has them."""
        if level == MarkLevel.SELF:
            return self.columns["target"]
        pairs = zip(self.columns["target"], self.columns["initial_target"], strict=True)
        return [target if own is None else own for target, own in pairs]


class QuickReckoned(NamedTuple):
    """As `Reckoned`; the explanation is made when it is written. `explain` is asked for its JSON with both figures."""

    actual: Decimal
    score: Decimal
    override: bool
    explain: Callable[[Decimal, Decimal], str]


type AnyReckoned = Reckoned | QuickReckoned


class QuickReckoner:
    """What `line.check_many` gives for an actual, with a typed score or without, on a line that has no such figure yet.

    `gates` and `mine` as `line.gates_of` gives them for the assessments of these lines.
    """

    def __init__(self, lines: StandingLines, level: MarkLevel, gates: Mapping[int, str], mine: OwnLines) -> None:
        self.lines, self.level = lines, level
        columns, self.targets = lines.columns, lines.targets(level)
        self.others: dict[tuple, Reckoned | None] = {}  # of lines that no QuickRule scores; equal ones are scored once
        self.rules = self._rules()
        open_files = {key for key, sentence in gates.items() if not sentence}
        whole = open_files.intersection(mine.whole)
        keys = zip(columns["id"], columns["assessment_id"], columns["indicator_id"], columns["exempt"], strict=True)
        self.ready = [
            not is_exempt
            and (file in whole or (file in open_files and mine.includes(key, file, lines.indicators[indicator].scorer)))
            for key, file, indicator, is_exempt in keys
        ]

    def _rules(self) -> list[scoring.QuickRule | None]:
        """The rule of each line; one for all lines that are alike. `bulk` reads equal figures as one object."""
        columns, indicators = self.lines.columns, self.lines.indicators.items()
        sorts = {key: (indicator.nature, indicator.direction) for key, indicator in indicators}
        maximums, bases = columns["maximum"], columns["baseline"]
        has_base = [base is None or bool(base) for base in bases]
        of_lines = map(sorts.__getitem__, columns["indicator_id"])
        kinds = list(zip(of_lines, map(id, maximums), map(id, self.targets), has_base, strict=True))
        known: dict[tuple, scoring.QuickRule | None] = {}
        for kind, maximum, target in zip(kinds, maximums, self.targets, strict=True):
            if kind not in known:
                known[kind] = scoring.quick_rule(*kind[0], maximum, target) if kind[3] else None
        return list(map(known.__getitem__, kinds))

    def reckoned(self, place: int, actual: Decimal, score: Decimal | None, note: str) -> AnyReckoned | None:
        """The result of figures with six decimals, or None where `check_many` must be asked."""
        if not self.ready[place]:
            return None
        computed: AnyReckoned | None
        rule = self.rules[place]
        earned = rule.earned(actual) if rule else None
        if rule is None or earned is None:
            computed = self._other(place, actual)
        else:
            computed = QuickReckoned(actual, earned, False, rule.explanation_text) if actual <= LARGEST_FIGURE else None
        if computed is None or score is None or score == computed.score:
            return computed
        maximum = self.lines.columns["maximum"][place]
        if computed.score is None or self.level == MarkLevel.SELF or not note.strip() or not 0 <= score <= maximum:
            return None
        return QuickReckoned(actual, score, True, scoring.QuickTyped(maximum, note).explanation_text)

    def _other(self, place: int, actual: Decimal) -> Reckoned | None:
        line = [self.lines.columns[name][place] for name in ("indicator_id", "maximum", "baseline")]
        kind = (*line, self.targets[place], actual)
        if kind not in self.others:
            try:
                self.others[kind] = reckon(self.lines.line(place), self.level, Figures(actual=actual))
            except Refusal:  # its sentence names the line: `check_many` gives one for each
                self.others[kind] = None
        return self.others[kind]


type Entry = tuple[int, Figures, AnyReckoned]  # the place of a line, what was entered without a target, its result


def write_columns(
    lines: StandingLines,
    entries: Sequence[Entry],
    level: MarkLevel,
    *,
    by: User,
    source: MarkSource,
    on_behalf: OnBehalf | None = None,
    run: ImportRun | None = None,
) -> dict[str, list]:
    """`line.write_unchecked` by columns: marks, the lines' columns and started assessments. For `self` and `initial`.

    Returns {column: its values as they stand now} of these lines.
    """
    places = [place for place, _figures, _reckoned in entries]
    figures = [entered for _place, entered, _reckoned in entries]
    reckoned = [result for _place, _figures, result in entries]
    written = {
        name: [getattr(row, name) for row in (reckoned if name in RECKONED else figures)]
        for name in ("actual", "numerator", "denominator", "score", "note")
    }
    keys, targets = lines.at("id", places), lines.targets(level)
    bulk.insert(
        Mark,
        written
        | {
            "line_id": keys,
            "target": [targets[place] for place in places],
            "override": [result.override for result in reckoned],
            "explanation": explanation_texts(reckoned),
        },
        same=shared_by_marks(level, by=by, source=source, run=run) | {"on_behalf_of_id": on_behalf and on_behalf.pk},
        dumped=("explanation",),
    )
    columns = {column: written[name] for name, column in COLUMN[level].items() if name in written}
    versions = [version + 1 for version in lines.at("version", places)]
    save_lines(keys, columns | {"version": versions})
    if level == MarkLevel.SELF:
        for key in dict.fromkeys(lines.at("assessment_id", places)):
            if lines.assessments[key].state == AssessmentState.NOT_STARTED:
                moves.start(lines.assessments[key], by=by, on_behalf=on_behalf)
    return {column: columns.get(column) or lines.at(column, places) for column in COLUMN[level].values()}


def save_lines(keys: Sequence[int], columns: Mapping[str, Sequence]) -> None:
    """The columns of these lines, after their marks."""
    bulk.update(Line, keys, columns)


def explanation_texts(reckoned: Sequence[AnyReckoned]) -> list[str]:
    """The explanations as JSON; one that several lines share is written once."""
    known: dict[int, str] = {}
    texts = []
    for result in reckoned:
        if isinstance(result, QuickReckoned):
            texts.append(result.explain(result.actual, result.score))
            continue
        if (key := id(result.explanation)) not in known:
            known[key] = json.dumps(result.explanation)
        texts.append(known[key])
    return texts
