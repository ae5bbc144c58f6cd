"""People are found by a part of their names without reading every account, as agencies and indicators are.

Accounts are Django's table, which takes no column of ours: PostgreSQL gets an index of the expression that a search asks
for. SQLite has no such index.
"""

from django.conf import settings
from django.db import migrations
from django.db.models.sql import Query

from evaluation.models.search_key import SearchKey, joined

NAMES = "username", "first_name", "last_name"
INDEX = "person_search"


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        accounts = apps.get_model(settings.AUTH_USER_MODEL)
        query = Query(accounts, alias_cols=False)
        key = SearchKey(joined(*NAMES)).resolve_expression(query)
        sql, signs = query.get_compiler(connection=schema_editor.connection).compile(key)
        text = sql % tuple(schema_editor.quote_value(sign) for sign in signs)
        table = schema_editor.quote_name(accounts._meta.db_table)
        schema_editor.execute(f"CREATE INDEX {INDEX} ON {table} USING gin (({text}) gin_trgm_ops)")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX {INDEX}")


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0036_evidence_of_line"),
        ("auth", "0012_alter_user_first_name_max_length"),  # the last change of these columns
    ]

    operations = [migrations.RunPython(add, remove)]
