"""The tables of a nation in docs/benchmarks.md."""

from datetime import date

from ..page import table

MOST_TIMES = 1.3  # a page of a nation may take so many times that of one province
MOST_SECONDS = 0.5
MOST_QUERIES = 20
MOST_READ = 50  # rows read for a row shown
FEW_SHOWN = 5  # a list that shows fewer rows reads what it must to know that
ALONE = "the frame alone"  # a page of `pages.py`, the same in both databases
ANEW = "the frame, its menu counted anew"
ALL_YEARS = " of all years"  # the end of the name of a list that the menu opens in the running year
WITNESS = 0.05  # so far from 1 the frame alone may be before its ratio is allowed for
NAMED = 15  # pages in each of the tables

PAGE = """Page | Who | queries | seconds, province | seconds, nation | nation ÷ province, as many rows |
rows read, province | rows read, nation | rows shown | rows read a row"""
VERB = "Verb | files | queries a file, at once | queries a file, one by one | seconds at once | seconds one by one"


def text(found):
    """Markdown of everything measured; `found` is what `one.py` prints."""
    rows = [compared(row) for row in found["pages"] if not row["failed"]]
    failed, size = sorted({row["page"] for row in found["pages"] if row["failed"]}), found["size"]
    parts = [
        f"Measured on {date.today():%Y-%m-%d}: {size['provinces']} provinces × {size['years']} years × "  # noqa: DTZ011  the day here
        f"{size['agencies']} agencies, seen by {', '.join(size['people']) or 'nobody'}; "
        f"seeded in {found['seconds']['seed']:.0f} s, copied in {found['seconds']['make_nation']:.0f} s.",
        "",
        *table("What stands in it | count", [(name, f"{count:,}") for name, count in found["rows"].items()]),
        "",
        *table("Of pages and searches | count", kept(rows)),
        "",
        f"Not measured, since they fail: {', '.join(failed) or 'none'}.",
        "",
        "#### Pages that grow most",
        "",
        *table(PAGE, map(line, most(rows, "times"))),
        "",
        "#### Pages that read most for a row shown",
        "",
        *table(PAGE, map(line, most([row for row in rows if row["shown"] >= FEW_SHOWN], "read_a_row"))),
        "",
        "#### Pages that take longest",
        "",
        *table(PAGE, map(line, most(rows, "seconds"))),
        "",
        "#### Searches",
        "",
        *table(PAGE, [line(row) for row in rows if "«" in row["page"]]),
        "",
        "#### Verbs on one province's files",
        "",
        *table(VERB, map(verb, found["verbs"])),
        "",
        "#### Closing",
        "",
        *table("What | measured", closing(found["closing"])),
    ]
    return "\n".join(parts) + "\n"


def compared(row):
    """A row of `turns.measure` with what the tables say of it.

    `times`: how much longer the nation takes for as many rows of a list as are shown in one province. `read_a_row`:
    rows read for a row shown, without those of the frame that every page has.
    """
    province, nation, alike = (row[name] for name in ("province", "nation", "alike"))
    shown = nation["shown"]
    return {
        "who": row["who"],
        "page": row["page"],
        "queries": nation["queries"],
        "seconds": nation["seconds"],
        "then": province["seconds"],
        "times": alike["seconds"] / province["seconds"],
        "read": nation["read"],
        "read_then": province["read"],
        "shown": shown,
        "read_a_row": row["own"] / shown if shown else 0,
    }


def most(rows, name):
    return sorted(rows, key=lambda row: -row[name])[:NAMED]


def kept(rows):
    """How many pages keep the aims. The frame does the same in both: its ratio tells how true the others are."""
    lists = [row for row in rows if row["shown"] >= FEW_SHOWN]
    frame = {row["who"]: row["times"] for row in rows if row["page"] == ALONE}
    between = " to ".join(f"{times:.2f}" for times in sorted({min(frame.values()), max(frame.values())}))
    times = f"more than {MOST_TIMES} × one province"
    found = [
        ("pages and searches measured", len(rows)),
        (f"more than {MOST_QUERIES} queries", sum(row["queries"] > MOST_QUERIES for row in rows)),
        (f"more than {MOST_SECONDS} s", sum(row["seconds"] > MOST_SECONDS for row in rows)),
        (times, sum(map(grew, rows))),
        ("of these lists of all years", sum(grew(row) and row["page"].endswith(ALL_YEARS) for row in rows)),
        (f"{ALONE}, nation ÷ province", between),
    ]
    if any(abs(ratio - 1) > WITNESS for ratio in frame.values()):
        beside = sum(row["times"] > MOST_TIMES * frame[row["who"]] for row in rows)
        found.append((f"{times} beside the frame", beside))
    return [
        *found,
        (f"lists and searches that show {FEW_SHOWN} rows or more", len(lists)),
        (f"of these more than {MOST_READ} rows read a row", sum(row["read_a_row"] > MOST_READ for row in lists)),
    ]


def grew(row):
    return row["times"] > MOST_TIMES


def line(row):
    a_row = f"{row['read_a_row']:.0f}" if row["shown"] else "—"
    times = (f"{row['then']:.3f}", f"{row['seconds']:.3f}", f"{row['times']:.1f}")
    read = (f"{row['read_then']:,}", f"{row['read']:,}", row["shown"] or "—", a_row)
    return (row["page"], row["who"], row["queries"], *times, *read)


def verb(found):
    files, bulk, single = found["files"], found["bulk"], found["single"]
    queries = (f"{work['queries'] / files:.1f}" for work in (bulk, single))
    return (
        found["verb"],
        files,
        *queries,
        *(f"{work['database'] + work['processor']:.2f}" for work in (bulk, single)),
    )


def closing(found):
    alone = found["alone"]
    return [
        ("cycles that end in one minute", found["cycles"]),
        ("files", f"{found['files']:,}"),
        ("queries a file, one cycle by itself", f"{alone['queries'] / alone['files']:.1f}"),
        ("seconds of one cycle by itself", f"{alone['database'] + alone['processor']:.2f}"),
        ("seconds until two workers closed the last", f"{found['seconds']:.1f}"),
        ("reports typeset by then", found["beside"]),
        ("reports typeset after that", f"{found['reports']} in {found['typesetting']:.0f} s"),
    ]
