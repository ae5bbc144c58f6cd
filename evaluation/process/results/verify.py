"""Whether kept results are still what they were: codes, figures computed again, scores and rows compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from evaluation import persian, scoring
from evaluation.enums import MarkLevel, ResultState
from evaluation.models import Cycle, Mark, ResultSet, Snapshot

from .. import kept
from . import computing, ground, snapshot

type Content = dict[str, Any]  # of a snapshot, or a row of it
type Lines = dict[int, list[Any]]  # by their keys, in the order of LINE_COLUMNS

COMPARED = ("raw", "total", "maximum", "exempt", "passive", "rank", "group_rank")


@dataclass(frozen=True)
class Verdict:
    """`differences` are sentences, none where all is equal; `sha256` is the code as it was computed now."""

    sha256: str
    differences: tuple[str, ...]

    @property
    def equal(self) -> bool:
        return not self.differences


def verify(result_set: ResultSet) -> Verdict:
    """Compute the results again from the final scores and compare. Nothing is written.

    Figures of the snapshot are computed from the snapshot's own scores; those are compared with the scores and marks of
    the tables, and the figures with the rows that lists show. A void set is compared with itself alone: the scores have
    gone on since.
    """
    figures, announced = snapshot.standing(result_set)
    if figures is None:
        return Verdict("", (_("The results were never computed, so nothing is kept of them."),))
    code = kept.sha256_of(figures.content)
    wrong = [] if code == figures.sha256 else [_("The figures do not match their integrity code.")]
    content = kept.read(figures)
    wrong += wrong_announcement(announced, code)
    wrong += wrong_figures(content)
    if result_set.state != ResultState.VOID:
        wrong += changed_scores(result_set.cycle, content)
    wrong += wrong_rows(result_set, content)
    return Verdict(kept.sha256_of(announced.content) if announced else code, tuple(wrong))


def wrong_announcement(announced: Snapshot | None, code: str) -> list[str]:
    """What is wrong with the second part: its own code, or the code of the figures that it holds."""
    if announced is None:
        return []
    wrong = []
    if kept.sha256_of(announced.content) != announced.sha256:
        wrong.append(_("The announcement does not match its integrity code."))
    if kept.read(announced)["figures_sha256"] != code:
        wrong.append(_("The announcement belongs to other figures."))
    return wrong


def wrong_figures(content: Content) -> list[str]:
    """Figures that come out differently when they are computed again from the scores that are kept with them."""
    compared = COMPARED + (("growth",) if content["rule_version"] == scoring.RULE_VERSION else ())
    results, _axes = computing.compute(content)
    again = {(row["participation"], row["dimension"]): plain(row, compared) for row in results}
    held = {(row["participation"], row["dimension"]): plain(row, compared) for row in content["results"]}
    agencies = names(content)
    return [
        _("The figures of “%(agency)s” come out differently when they are computed again.")
        % {"agency": agencies[participation]}
        for participation in sorted({key[0] for key in again.keys() | held.keys() if again.get(key) != held.get(key)})
    ]


def plain(row: Content, columns: Sequence[str]) -> tuple[Any, ...]:
    """These values of a figure as they compare: numbers by their value, not by their digits."""
    return tuple(number(row[name]) for name in columns)


def number(value: Any) -> Any:
    return Decimal(value) if isinstance(value, str) else value


def names(content: Content) -> dict[int, str]:
    return {agency["row"]: agency["name"] for agency in content["agencies"]}


def changed_scores(cycle: Cycle, content: Content) -> list[str]:
    """Final scores and their marks that are no longer those of the snapshot."""
    held = {row[0]: row for row in content["lines"]}
    now = {row[0]: row for row in ground.lines(cycle)}
    marks = final_marks(cycle)
    wrong = [key for key in held.keys() | now.keys() if facts(held.get(key)) != facts(now.get(key))]
    wrong += [key for key in held.keys() & marks.keys() if key not in wrong and wrong_mark(held[key], marks[key])]
    agencies, codes = names(content), {entry["row"]: entry["code"] for entry in content["indicators"]}
    return [difference(key, held, now, marks, agencies, codes) for key in sorted(wrong)]


def facts(row: Sequence[Any] | None) -> tuple[Any, ...] | None:
    """What figures depend on of a line: maximum, score, exempt."""
    return None if row is None else tuple(number(value) for value in row[4:])


def wrong_mark(row: Sequence[Any], mark: Decimal | None) -> bool:
    """Whether the last final mark of a line says another score; an exempt line has none that counts."""
    return not row[6] and number(row[5]) != mark


def final_marks(cycle: Cycle) -> dict[int, Decimal | None]:
    """{line: score} of the last final mark of entry line that has one."""
    marks = Mark.objects.filter(level=MarkLevel.FINAL, line__assessment__participation__cycle=cycle)
    return dict(marks.order_by("at", "pk").values_list("line", "score"))


def difference(
    key: int,
    held: Lines,
    now: Lines,
    marks: dict[int, Decimal | None],
    agencies: dict[int, str],
    codes: dict[int, str],
) -> str:
    """The sentence about one line."""
    row = held[key] if key in held else now[key]
    today = now.get(key)
    score = today[5] if today and facts(held.get(key)) != facts(today) else marks.get(key)
    return _("“%(agency)s”, indicator %(code)s: %(then)s in the snapshot, %(now)s today.") % {
        "agency": agencies.get(row[1], row[1]),
        "code": codes.get(row[3], row[3]),
        "then": shown(held[key][5]) if key in held else "—",
        "now": shown(score),
    }


def shown(value: Any) -> str:
    return "—" if value is None else persian.format_decimal(number(value), None)


def wrong_rows(result_set: ResultSet, content: Content) -> list[str]:
    """Rows of the lists that are not those of the snapshot."""
    held = {(row["participation"], row["dimension"]): plain(row, COMPARED) for row in content["results"]}
    rows = {
        (row.participation_id, row.dimension_id): tuple(
            getattr(row, column) for column, name in snapshot.RESULT_COLUMNS.items() if name in COMPARED
        )
        for row in result_set.agency_results.all()
    }
    agencies = names(content)
    return [
        _("The list of figures says something else about “%(agency)s” than the snapshot.")
        % {"agency": agencies.get(participation, participation)}
        for participation in sorted({key[0] for key in held.keys() | rows.keys() if held.get(key) != rows.get(key)})
    ]
