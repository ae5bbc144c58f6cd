"""A new database is made by one migration; it has the tables that the steps before it would have made."""

import os
import sqlite3
import subprocess
import sys

import pytest
from django.db import migrations, models

from evaluation.migrations._at_once import AtOnce
from tests.migrated import ROOT

SCRIPT = """
import django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

executor = MigrationExecutor(connection)
executor.loader = MigrationLoader(connection, replace_migrations={replace})
leaves = executor.loader.graph.leaf_nodes()
executor.migrate([node for node in leaves if {replace} or "squashed" not in node[1]])
"""


def migrated(folder, *, replace):
    """The tables of a new SQLite file in `folder`, made with or without the migration that replaces others."""
    folder.mkdir()
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env |= {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "backoffice.settings"}
    subprocess.run([sys.executable, "-c", SCRIPT.format(replace=replace)], env=env, cwd=ROOT, check=True)
    return tables(folder / "db.sqlite3")


def tables(path):
    """{name of a table or an index: its parts in the order of the alphabet}: columns may stand in another order."""
    with sqlite3.connect(path) as file:
        rows = file.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: sorted(parts(sql)) for name, sql in rows}


def parts(sql):
    """The text split at its outermost commas."""
    depth, found, part = 0, [], ""
    inner = sql[sql.index("(") + 1 : sql.rindex(")")]
    for letter in inner:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            found.append(part.strip())
            part = ""
        else:
            part += letter
    return [sql.partition("(")[0], *found, part.strip(), sql.rpartition(")")[2]]


@pytest.mark.long
def test_one_migration_makes_what_the_steps_make(tmp_path):
    whole, steps = migrated(tmp_path / "whole", replace=True), migrated(tmp_path / "steps", replace=False)
    assert len(whole) > 400
    assert whole == steps


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RunSQL("SELECT 1"),
        migrations.AddField("elsewhere", "name", models.TextField()),
    ],
)
def test_what_belongs_to_no_table_made_at_once_is_refused(operation):
    with pytest.raises(TypeError):
        AtOnce([migrations.CreateModel("here", [("id", models.BigAutoField(primary_key=True))]), operation])
