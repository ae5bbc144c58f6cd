"""The tables of docs/benchmarks.md. What is said about them around the marks is written by hand."""

from datetime import date
from pathlib import Path

from . import machine

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
FIRST, LAST = "<!-- measured: first line -->", "<!-- measured: last line -->"


def write(text, *, first=FIRST, last=LAST):
    """Put the tables in the place of the last ones, between these two marks."""
    before, _first, rest = DOCUMENT.read_text().partition(first)
    _old, _last, after = rest.partition(last)
    DOCUMENT.write_text(f"{before}{first}\n\n{text}\n{last}{after}")


def tables(databases):
    """Markdown of everything measured; `databases` are the findings of `one.py`."""
    parts = [f"Measured on {date.today():%Y-%m-%d}.", "", *table("Machine |", machine.described())]  # noqa: DTZ011  the day here
    parts += ["", "### Import of scores: seconds", "", *table(SECONDS, _rows(databases, _seconds))]
    parts += ["", "### Import of scores: ratios", "", *table(RATIOS, _rows(databases, _ratios))]
    parts += [
        "",
        "### Stock import-export: seconds and ratios",
        "",
        *table(STOCK, [_stock(each) for each in databases]),
    ]
    parts += [
        "",
        "### Peak memory",
        "",
        *table(MEMORY, [_memory(each, size) for each in databases for size in each["memory"]]),
    ]
    parts += [
        "",
        "### A template and a ranking: seconds and ratios",
        "",
        *table(YEAR, [_year(each) for each in databases]),
    ]
    return "\n".join(parts) + "\n"


def table(headings, rows):
    names = [name.strip() for name in headings.split("|")]
    return [_line(names), _line("---" for _name in names), *map(_line, rows)]


def _line(cells):
    return f"| {' | '.join(map(str, cells))} |"


def _rows(databases, of):
    return [of(each["database"], size) for each in databases for size in each["imports"]]


SECONDS = """Database | Rows | read | plain upsert | floor | floor with history | trial run | real run |
rows per second"""


def _seconds(database, size):
    times = ("read", "upsert", "floor", "floor with history", "trial", "write")
    return (
        database,
        f"{size['rows']:,}",
        *(f"{size[name]:.3f}" for name in times),
        f"{size['rows'] / size['write']:,.0f}",
    )


RATIOS = """Database | Rows | trial run ÷ read (goal ≤ 4) | real run ÷ floor with history (goal ≤ 2) |
real run ÷ plain upsert (goal ≤ 5) | real run ÷ floor | trial run ÷ floor | both runs ÷ floor"""


def _ratios(database, size):
    floor, history, trial, write = (size[name] for name in ("floor", "floor with history", "trial", "write"))
    goals = (trial / size["read"], write / history, write / size["upsert"])
    ratios = (*goals, write / floor, trial / floor, (trial + write) / floor)
    return (database, f"{size['rows']:,}", *(f"{ratio:.1f}" for ratio in ratios))


STOCK = """Database | Rows | stock | stock with marks | stock scaled to 12,000 | with marks, scaled | ours of 12,000 |
stock ÷ ours (goal ≥ 100) | with marks ÷ ours"""


def _stock(found):
    stock, ours = found["stock"], found["imports"][0]
    kinds = [stock["stock"], stock["stock with marks"]]
    scaled = [taken * ours["rows"] / stock["rows"] for taken in kinds]  # the first size is 12,000
    times = [*(f"{taken:.2f}" for taken in kinds), *(f"{taken:.1f}" for taken in scaled), f"{ours['write']:.3f}"]
    return (found["database"], f"{stock['rows']:,}", *times, *(f"{taken / ours['write']:.0f}" for taken in scaled))


MEMORY = """Database | Rows | file, MiB | idle, MiB | plain, MiB | product, MiB | plain above idle ÷ file |
product above idle ÷ file"""


def _memory(found, size):
    peaks = [size[name] for name in ("bytes", "idle", "plain", "product")]
    above = ((size[name] - size["idle"]) / size["bytes"] for name in ("plain", "product"))
    shown = (f"{peak / 2**20:.1f}" for peak in peaks)
    return (found["database"], f"{size['rows']:,}", *shown, *(f"{ratio:.0f}" for ratio in above))


YEAR = """Database | Lines | template (goal < 3) | export | results computed | totals and ranks alone | SQL GROUP BY |
totals and ranks ÷ SQL | results ÷ SQL"""


def _year(found):
    year = found["year"]
    shown = (f"{year[name]:.3f}" for name in ("template", "export", "compute", "figures"))
    ratios = (f"{year[name] / year['query']:.0f}" for name in ("figures", "compute"))
    return (found["database"], f"{year['lines']:,}", *shown, f"{year['query']:.4f}", *ratios)
