"""Hypothesis strategies: figures, measurements and sheets as a province could hold them."""

from decimal import Decimal

from hypothesis import strategies as st

from evaluation.scoring import (
    AxisSheet,
    DimensionSheet,
    Direction,
    Entry,
    ExemptionRule,
    LineSheet,
    Measurement,
    Nature,
    Step,
    normalised,
)

COMPUTED = [Nature.SINGLE, Nature.RATIO, Nature.GROWTH, Nature.REDUCTION]


def decimals(lowest: str, highest: str, places: int = 6) -> st.SearchStrategy[Decimal]:
    return st.decimals(Decimal(lowest), Decimal(highest), places=places, allow_nan=False, allow_infinity=False)


maxima = decimals("0", "1000")
points = decimals("0.5", "200", places=2)
positive = decimals("0.000001", "1000000")
anything = decimals("-1000000", "1000000")
# few different values, so that ties and bounds do happen
round_totals = st.sampled_from([Decimal(text) for text in ("0", "900", "900.004", "900.005", "900.01", "1800", "2000")])


def measurements(natures=tuple(Nature)) -> st.SearchStrategy[Measurement]:
    """Any line at all, with whatever was or was not filled in."""
    fraction = decimals("0", "1", places=2)
    return st.builds(
        Measurement,
        nature=st.sampled_from(natures),
        direction=st.sampled_from(Direction),
        maximum=maxima,
        target=st.none() | st.just(Decimal(0)) | positive,
        actual=st.none() | st.just(Decimal(0)) | anything,
        numerator=st.none() | anything,
        denominator=st.none() | st.just(Decimal(0)) | anything,
        baseline=st.none() | st.just(Decimal(0)) | anything,
        steps=st.lists(st.builds(Step, st.text(max_size=5), fraction), max_size=3).map(tuple),
    )


def scored_lines(natures=tuple(Nature)) -> st.SearchStrategy[Measurement]:
    """A line with everything that its formula needs; the actual may be zero or negative."""
    return st.builds(
        Measurement,
        nature=st.sampled_from(natures),
        direction=st.sampled_from(Direction),
        maximum=maxima,
        target=positive,
        actual=st.just(Decimal(0)) | anything,
        numerator=st.none() | st.just(Decimal(0)) | anything,
        denominator=st.none() | positive,
        baseline=st.none() | positive,
        steps=st.just((Step("none", Decimal(0)), Step("in force", Decimal(1)))),
    )


def plain_lines(nature=Nature.SINGLE, direction=Direction.ASCENDING) -> st.SearchStrategy[Measurement]:
    """A line that can be scored: a positive target and an actual that is not negative."""
    return st.builds(
        Measurement,
        nature=st.just(nature),
        direction=st.just(direction),
        maximum=maxima,
        target=positive,
        actual=st.just(Decimal(0)) | positive,
    )


@st.composite
def lines(draw, number: int) -> list[LineSheet]:
    """One line, or the measures of one indicator; scores do not pass the maximum."""
    maximum = draw(points)
    weights = draw(st.just([Decimal(100)]) | st.lists(decimals("1", "60", places=2), min_size=2, max_size=4))
    shares = normalised(dict(enumerate(weights)), maximum)
    made = []
    for place, share in shares.items():
        fraction = draw(st.none() | decimals("0", "1", places=2))
        made.append(
            LineSheet(
                key=f"{number}.{place}",
                maximum=share,
                score=None if fraction is None else (share * fraction).quantize(Decimal("0.000001"), "ROUND_DOWN"),
                exempt=draw(st.booleans()),
                parent=number if len(weights) > 1 else None,
                weight=weights[place] if len(weights) > 1 else None,
            )
        )
    return made


@st.composite
def dimension_sheets(draw, rules=tuple(ExemptionRule)) -> DimensionSheet:
    """A sheet that adds up: lines total their axis, axes total the dimension."""
    axes = []
    for key in range(draw(st.integers(1, 4))):
        held = [line for number in range(draw(st.integers(1, 4))) for line in draw(lines(number))]
        axes.append(AxisSheet(key, sum(line.maximum for line in held), tuple(held)))
    return DimensionSheet("general", sum(axis.maximum for axis in axes), tuple(axes), draw(st.sampled_from(rules)))


@st.composite
def ranked_entries(draw) -> list[Entry]:
    totals = draw(st.lists(st.none() | round_totals, max_size=12))
    groups = st.sampled_from([None, "north", "south"])
    breakers = st.tuples(round_totals)
    return [Entry(key, total, draw(groups), draw(breakers)) for key, total in enumerate(totals)]
