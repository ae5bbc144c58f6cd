"""Hypothesis strategies: figures, measurements and sheets as a province could hold them, and workbooks as an
office could send them."""

from datetime import datetime
from decimal import Decimal

from hypothesis import strategies as st

from evaluation.scoring import (
    AxisInput,
    DimensionInput,
    Direction,
    Entry,
    ExemptionRule,
    LineInput,
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
def lines(draw, number: int) -> list[LineInput]:
    """One line, or the measures of one indicator; scores do not pass the maximum."""
    maximum = draw(points)
    weights = draw(st.just([Decimal(100)]) | st.lists(decimals("1", "60", places=2), min_size=2, max_size=4))
    shares = normalised(dict(enumerate(weights)), maximum)
    made = []
    for place, share in shares.items():
        fraction = draw(st.none() | decimals("0", "1", places=2))
        made.append(
            LineInput(
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
def dimension_sheets(draw, rules=tuple(ExemptionRule)) -> DimensionInput:
    """A sheet that adds up: lines total their axis, axes total the dimension."""
    axes = []
    for key in range(draw(st.integers(1, 4))):
        held = [line for number in range(draw(st.integers(1, 4))) for line in draw(lines(number))]
        axes.append(AxisInput(key, sum(line.maximum for line in held), tuple(held)))
    return DimensionInput("general", sum(axis.maximum for axis in axes), tuple(axes), draw(st.sampled_from(rules)))


@st.composite
def ranked_entries(draw) -> list[Entry]:
    totals = draw(st.lists(st.none() | round_totals, max_size=12))
    groups = st.sampled_from([None, "north", "south"])
    breakers = st.tuples(round_totals)
    return [Entry(key, total, draw(groups), draw(breakers)) for key, total in enumerate(totals)]


# -- workbooks that went through an office ----------------------------------------------------------

FAR_DAYS = st.datetimes(datetime(1900, 3, 1), datetime(2099, 12, 31))  # noqa: DTZ001  cells have no zone
BEYOND_LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=20)
ODD_NUMBERS = [0, -1, -0.0, 12.5, 0.1 + 0.2, 99.9999999, 1e15, -1e15, 1e300, 5e-324, 123456789012345678, 10**25]
ODD_TEXTS = [
    *("۸۰", "٨٠", "۱۲٫۵", "۱٬۲۰۰", "12,5", "1,200.50", "۸۰٪", "50%", "1e3", "0x10", "NaN", "inf", "--", "-", "۰", "½"),
    *("هشتاد", " 80 ", "80\n", "\u200f80\u200e", "8\u200c0", "\u00a0", "\u202b۱۲\u202c", "_x0041_", "'80", "a\x1bb"),
    *("=1+1", "+1", "@SUM(A1)", "-1+2", '=HYPERLINK("http://a.test","b")', "=A1:A9", "#DIV/0!", "#N/A", "#REF!"),
    *("1404/05/12", "۱۴۰۴/۰۵/۳۱", "1404/13/40", "2025-08-03", "31/31/1404", "بله", "خیر", "true", "None"),
    *("G-1", "g-1", "G-۱", "G-2", "G-31", "S-1", "NONE", "A", "B", "الف", "general", "specific", "كل", "ي" * 40_000),
]
CELLS = st.one_of(
    st.sampled_from(ODD_TEXTS),
    st.sampled_from(ODD_NUMBERS),
    st.none(),
    st.booleans(),
    st.integers(-5, 400),
    st.floats(-500, 500),
    FAR_DAYS,
    FAR_DAYS.map(datetime.date),
    FAR_DAYS.map(datetime.time),
    BEYOND_LETTERS,
)
PLACES = st.integers(0, 30)  # taken modulo what a sheet has


def changes_of(name, *parts) -> st.SearchStrategy[tuple]:
    return st.tuples(st.just(name), *parts)


WORKBOOK_CHANGES = st.one_of(
    changes_of("write", PLACES, PLACES, CELLS),
    changes_of("write", PLACES, PLACES, CELLS),  # the commonest, so it stands twice
    changes_of("fill", PLACES, CELLS),
    changes_of("scale", PLACES, st.sampled_from([0, 0.5, 1.1, 4, -1])),
    changes_of("copy row", PLACES, PLACES),
    changes_of("swap columns", PLACES, PLACES),
    changes_of("rename heading", PLACES, st.sampled_from(["", "code", "كد شاخص", "ستون نو", "=1", "امتياز ", 7, None])),
    changes_of("double heading", PLACES, PLACES),
    changes_of("insert rows", PLACES, st.integers(1, 3)),
    changes_of("insert columns", PLACES, st.integers(1, 3)),
    changes_of("delete rows", PLACES, st.integers(1, 3)),
    changes_of("delete columns", PLACES, st.integers(1, 2)),
    changes_of("merge", PLACES, PLACES, st.integers(1, 3), st.integers(1, 3)),
    changes_of("hide row", PLACES),
    changes_of("hide column", PLACES),
    changes_of("add sheet", st.booleans(), st.lists(CELLS, max_size=4)),
    changes_of("copy sheet"),
    changes_of("hide sheet"),
    changes_of("format", PLACES, PLACES, st.sampled_from(["0%", "@", "yyyy/mm/dd", '0" امتیاز"', "[h]:mm", ";;;"])),
)
FILE_CHANGES = st.one_of(
    changes_of("flip", st.integers(0), st.integers(1, 255)),
    changes_of("cut", st.integers(0)),
    changes_of("append", st.binary(min_size=1, max_size=40)),
    changes_of("drop part", PLACES),
    changes_of("empty part", PLACES),
)


@st.composite
def office_work(draw) -> tuple[list, str, list]:
    """(changes of the workbook, the format it is saved in, changes of the file); most files stay whole."""
    kinds = ["xlsx"] * 6 + ["csv", "csv", "xls name"]
    of_file = st.lists(FILE_CHANGES, min_size=1, max_size=2)
    changed = draw(st.lists(WORKBOOK_CHANGES, max_size=4))
    return changed, draw(st.sampled_from(kinds)), draw(of_file) if draw(st.integers(0, 7)) == 7 else []
