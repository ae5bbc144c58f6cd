"""Which agencies a kind of award proposes: the best by a figure of the frozen results, and by nothing else.

`content` is what `kept.read` gives of the snapshot of the figures; names, groups and scores are those that were kept.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from evaluation import scoring
from evaluation.enums import DimensionKind, Measure, Within
from evaluation.models import AwardKind
from evaluation.persian import match_key

from ..results.ground import LINE_COLUMNS

type Content = Mapping[str, Any]
type Base = tuple[Decimal, Decimal]  # (total, maximum)

HUNDRED = Decimal(100)
MUST_RISE = (Measure.GROWTH, Measure.GROWTH_OF_TWO_YEARS)  # nobody is honoured for a fall


class Candidate(NamedTuple):
    """An agency (its key and the name that was kept) with its figure and its rank in a part of a kind of award."""

    agency: int
    name: str
    part: str
    measure: Measure
    figure: Decimal
    rank: int


class Topic(NamedTuple):
    """A topic of a kind of award; `words` are codes of indicators or titles of axes, none where it has no figure."""

    title: str
    words: tuple[str, ...]


def topics_of(kind: AwardKind) -> list[Topic]:
    """The topics of a kind, from the lines of its text."""
    topics = []
    for line in kind.topics.splitlines():
        title, _colon, words = line.partition(":")
        if title.strip():
            named = words.replace(",", "،").split("،")
            topics.append(Topic(title.strip(), tuple(word.strip() for word in named if word.strip())))
    return topics


def unknown_words(kind: AwardKind, content: Content) -> list[str]:
    """Words of the topics that are neither the code of an indicator nor the title of an axis of the results."""
    known = {match_key(row["code"]) for row in content["indicators"]}
    known |= {match_key(row["title"]) for row in content["axes"]}
    return [word for topic in topics_of(kind) for word in topic.words if match_key(word) not in known]


def candidates(kind: AwardKind, content: Content, earlier: Mapping[int, Base]) -> list[Candidate]:
    """The candidates of a kind, part by part: as many as it gives awards, its reserve, and who ties with the last.

    `earlier` has the (total, maximum) of two years ago by the key of the agency. An agency that is a candidate by two
    figures stands once, by the one in which it has the better rank.
    """
    by_agency: dict[tuple[str, int], Candidate] = {}
    for measure in kind.measures:
        for part, figures in parts_of(kind, measure, content, earlier):
            for candidate in best(kind, content, part, measure, figures):
                standing = by_agency.get((part, candidate.agency))
                if standing is None or candidate.rank < standing.rank:
                    by_agency[part, candidate.agency] = candidate
    return list(by_agency.values())


def best(
    kind: AwardKind, content: Content, part: str, measure: Measure, figures: Mapping[int, Decimal]
) -> Iterator[Candidate]:
    """The first agencies of one part by one figure; `figures` by the key of their participation."""
    agencies = {row["row"]: row for row in content["agencies"]}
    if kind.within != Within.GROUP:  # who is ranked in its group only is compared with nobody else
        figures = {key: figure for key, figure in figures.items() if not agencies[key].get("only_in_group")}
    if measure in MUST_RISE:
        figures = {key: figure for key, figure in figures.items() if figure > 0}
    places = scoring.ranks(scoring.Entry(key, figure) for key, figure in figures.items())
    ranks = {key: place.overall for key, place in places.items() if place.overall is not None}
    last = None if kind.in_each is None else kind.in_each + kind.reserve
    for key, rank in sorted(ranks.items(), key=lambda item: (item[1], agencies[item[0]]["name"])):
        if last is None or rank <= last:
            agency = agencies[key]
            yield Candidate(agency["agency"], agency["name"], part, measure, figures[key], rank)


def parts_of(
    kind: AwardKind, measure: Measure, content: Content, earlier: Mapping[int, Base]
) -> Iterator[tuple[str, dict[int, Decimal]]]:
    """(title of the part, {participation: figure}) of each part of a kind; the whole province is one without title."""
    if measure == Measure.PART:
        yield from own_figures(kind, content)
        return
    figures = figures_by(measure, content, earlier)
    if kind.within == Within.GROUP:
        for group in content["groups"]:
            members = {row["row"] for row in content["agencies"] if row["group"] == group["row"]}
            yield group["title"], {key: figure for key, figure in figures.items() if key in members}
    elif kind.within == Within.TOPIC:
        for topic in topics_of(kind):
            yield topic.title, figures
    elif kind.within == Within.OVERALL:
        yield "", figures


def own_figures(kind: AwardKind, content: Content) -> Iterator[tuple[str, dict[int, Decimal]]]:
    """The share reached in each axis, or in each topic that has a figure, in percent of its maximum."""
    if kind.within == Within.AXIS:
        for axis in content["axes"]:
            yield axis["title"], shares(axis_points(content, {axis["row"]}), content)
        return
    for topic in topics_of(kind):
        wanted = {match_key(word) for word in topic.words}
        axes = {row["row"] for row in content["axes"] if match_key(row["title"]) in wanted}
        codes = {row["row"] for row in content["indicators"] if match_key(row["code"]) in wanted}
        codes |= {row["row"] for row in content["indicators"] if row["parent"] in codes}
        if axes or codes:
            points = [*axis_points(content, axes), *line_points(content, codes)]
            yield topic.title, shares(points, content)


def axis_points(content: Content, axes: set[int]) -> list[tuple[int, Decimal, Decimal]]:
    """[(participation, points, maximum)] of these axes; an axis that is wholly exempt has no points and stays out."""
    rows = [row for row in content["axis_results"] if row["axis"] in axes and row["total"] is not None]
    return [(row["participation"], Decimal(row["total"]), Decimal(row["maximum"])) for row in rows]


def line_points(content: Content, indicators: set[int]) -> list[tuple[int, Decimal, Decimal]]:
    """[(participation, points, maximum)] of the lines of these indicators that are not exempt."""
    lines = (dict(zip(LINE_COLUMNS, row, strict=True)) for row in content["lines"])
    return [
        (line["participation"], Decimal(line["score"] or 0), Decimal(line["maximum"]))
        for line in lines
        if line["indicator"] in indicators and not line["exempt"]
    ]


def shares(points: Iterable[tuple[int, Decimal, Decimal]], content: Content) -> dict[int, Decimal]:
    """{participation: percent of the maximum} of those who are ranked and took part."""
    sums: dict[int, tuple[Decimal, Decimal]] = {}
    for key, reached, maximum in points:
        before = sums.get(key, (Decimal(0), Decimal(0)))
        sums[key] = before[0] + reached, before[1] + maximum
    ranked = in_ranking(content)
    return {key: total * HUNDRED / most for key, (total, most) in sums.items() if most and key in ranked}


def in_ranking(content: Content) -> set[int]:
    """The participations that are ranked and took part."""
    passive = {row["participation"] for row in content["results"] if row["dimension"] is None and row["passive"]}
    return {row["row"] for row in content["agencies"] if row["ranked"] and row["row"] not in passive}


def figures_by(measure: Measure, content: Content, earlier: Mapping[int, Base]) -> dict[int, Decimal]:
    """{participation: figure} by a figure of the whole results, of those who are ranked and took part."""
    ranked = in_ranking(content)
    combined = {row["participation"]: row for row in content["results"] if row["dimension"] is None}
    if measure == Measure.TOTAL:
        values = {key: row["total"] for key, row in combined.items()}
    elif measure == Measure.GROWTH:
        values = {key: row["growth"] for key, row in combined.items()}
    elif measure == Measure.GROWTH_OF_TWO_YEARS:
        values = dict(growth_of_two_years(content, combined, earlier))
    else:
        values = of_kind(content, DimensionKind(str(measure)))
    return {key: Decimal(value) for key, value in values.items() if value is not None and key in ranked}


def of_kind(content: Content, kind: DimensionKind) -> dict[int, Any]:
    """{participation: points} over the counting dimensions of a kind."""
    wanted = {row["row"] for row in content["dimensions"] if row["kind"] == kind and row["counts"]}
    values: dict[int, Any] = {}
    for row in content["results"]:
        if row["dimension"] in wanted and row["total"] is not None:
            values[row["participation"]] = values.get(row["participation"], Decimal(0)) + Decimal(row["total"])
    return values


def growth_of_two_years(
    content: Content, combined: Mapping[int, Mapping[str, Any]], earlier: Mapping[int, Base]
) -> Iterator[tuple[int, Decimal | None]]:
    """(participation, growth on two years ago in percent of the share of the maximum) of those who have such a base."""
    for agency in content["agencies"]:
        row, base = combined.get(agency["row"]), earlier.get(agency["agency"])
        if row and base and row["total"] is not None:
            this = Decimal(row["total"]), Decimal(row["maximum"])
            yield agency["row"], scoring.growth_of_shares(base, this)
