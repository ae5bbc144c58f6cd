"""The floor: calamine reads, one query finds the keys, and plain SQL writes. Nothing is checked.

`upserted` writes the columns of lines as anybody would, `lines` in the fastest way we know, `lines_and_history` a mark
for each line and what changed as well, since the history is part of the job that the product does.
"""

import csv
import json
from io import BytesIO, StringIO

from django.db import connection, transaction
from python_calamine import CalamineWorkbook

from .books import ACTUAL, AGENCY, CODE, NOTE, SCORE

KEYS = """SELECT a.code, i.code, %(columns)s FROM evaluation_line l
JOIN evaluation_indicator i ON i.id = l.indicator_id
JOIN evaluation_assessment s ON s.id = l.assessment_id
JOIN evaluation_participation p ON p.id = s.participation_id
JOIN evaluation_agency a ON a.id = p.agency_id WHERE p.cycle_id = %%s"""
UPSERT = """INSERT INTO evaluation_line (initial_actual, initial_score, initial_note, assessment_id, indicator_id,
maximum, exempt, version, self_note, hq_note, revised_note) VALUES (%s, %s, %s, %s, %s, %s, false, 0, '', '', '')
ON CONFLICT (assessment_id, indicator_id) DO UPDATE SET initial_actual = excluded.initial_actual,
initial_score = excluded.initial_score, initial_note = excluded.initial_note, version = evaluation_line.version + 1"""
MARK = (
    "line_id, level, actual, score, explanation, note, by_id, at, source, override".split(", ")
)  # fmt: skip
CHANGE = "run_id, kind, object_id, sheet, row, before, after, outcome, reason".split(", ")


def read(data):
    """[(agency, code, actual, score, note)] of the first sheet, empty cells as None."""
    rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    places = [rows[0].index(name) for name in (AGENCY, CODE, ACTUAL, SCORE, NOTE)]
    first = 2 if rows[1][places[1]] == "code" else 1
    agency, code, actual, score, note = places
    return [
        (row[agency], row[code], row[actual], None if row[score] == "" else row[score], row[note])
        for row in rows[first:]
    ]


def keyed(world, rows, columns="l.id"):
    """[(actual, score, note, key of the line)], or more columns that name the line."""
    with connection.cursor() as cursor:
        cursor.execute(KEYS % {"columns": columns}, [world.cycle.pk])
        keys = {(agency, code): key for agency, code, *key in cursor.fetchall()}
    return [(actual, score, note, *keys[agency, code]) for agency, code, actual, score, note in rows]


@transaction.atomic
def upserted(world, data):
    """The plain floor: read, and `INSERT … ON CONFLICT DO UPDATE` row by row."""
    rows = keyed(world, read(data), "l.assessment_id, l.indicator_id, l.maximum")
    with connection.cursor() as cursor:
        statement = UPSERT.replace("%s", "?") if connection.vendor == "sqlite" else UPSERT
        (cursor.connection if connection.vendor == "sqlite" else cursor).executemany(statement, rows)


@transaction.atomic
def lines(world, data):
    """The fastest floor: read and set the columns of lines."""
    rows = keyed(world, read(data))
    with connection.cursor() as cursor:
        (update_sqlite if connection.vendor == "sqlite" else update_postgres)(cursor, rows)
    return rows


@transaction.atomic
def lines_and_history(world, data, run):
    """The floor with history: besides, a row of marks and a row of changes for each line, without any arithmetic."""
    rows = lines(world, data)
    by, at = world.manager.pk, world.cycle.windows.get().opens_at
    marks = [(key, "initial", a, s, "{}", n, by, at, "import", False) for a, s, n, key in rows]
    before = json.dumps(dict.fromkeys(("initial_actual", "initial_score", "initial_note")))
    changes = [
        (run.pk, "line", key, "scores", place, before, json.dumps({"initial_actual": a, "initial_score": s}), "", "")
        for place, (a, s, _note, key) in enumerate(rows, start=2)
    ]
    with connection.cursor() as cursor:
        insert(cursor, "evaluation_mark", MARK, marks)
        insert(cursor, "evaluation_importchange", CHANGE, changes)


def update_sqlite(cursor, rows):
    cursor.connection.executemany(
        "UPDATE evaluation_line SET (initial_actual, initial_score, initial_note) = (?, ?, ?), version = version + 1 "
        "WHERE id = ?",
        rows,
    )


def update_postgres(cursor, rows):
    cursor.execute(
        "CREATE TEMP TABLE plain (actual numeric(24,6), score numeric(14,6), note text, id bigint) ON COMMIT DROP"
    )
    copy(cursor, "COPY plain FROM STDIN (FORMAT csv)", rows)
    cursor.execute(
        "UPDATE evaluation_line l SET initial_actual = actual, initial_score = score, initial_note = note, "
        "version = version + 1 FROM plain p WHERE p.id = l.id"
    )


def insert(cursor, table, columns, rows):
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.vendor == "sqlite":
        marks = ", ".join("?" * len(columns))
        cursor.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
    else:
        copy(cursor, f"COPY {table} ({names}) FROM STDIN (FORMAT csv)", rows)


def copy(cursor, statement, rows):
    out = StringIO()
    csv.writer(out, quoting=csv.QUOTE_NOTNULL).writerows(rows)
    with cursor.copy(statement) as target:
        target.write(out.getvalue())
