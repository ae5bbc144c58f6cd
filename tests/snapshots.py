"""The small year of the cast, kept by stage: the verbs walk to a stage once in a process, later tests get its rows.

A snapshot holds the rows of all tables, the files, and the cast's own attributes. It is taken and used only for a cast
that nobody has touched since it was made, on the same day and in the same language. Each stage is walked to from the
snapshot of the one before, so that a row has the same key at every stage.
"""

import pickle
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import get_language

KEPT = {}
LASTING = (ContentType, Permission, Group, Group.permissions.through)  # in the template: see `migrated`
CHANGES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class Writes:
    """Counts what is written while a test runs."""

    def __init__(self):
        self.count = 0

    def __call__(self, execute, sql, params, many, context):
        self.count += sql.lstrip().upper().startswith(CHANGES)
        return execute(sql, params, many, context)


@contextmanager
def counted():
    writes = Writes()
    with connection.execute_wrapper(writes):
        yield writes


def key(name, attributes):
    """Sentences are kept in the language of the moment."""
    return name, timezone.localdate(), get_language(), settings.LANGUAGE_CODE, attributes


def tables():
    """{table: its columns}, but for those that the database computes."""
    models = [*apps.get_app_config("evaluation").get_models(include_auto_created=True)]
    models += apps.get_app_config("auth").get_models(include_auto_created=True)
    return {
        model._meta.db_table: [field.column for field in model._meta.concrete_fields if not field.generated]
        for model in models
        if model not in LASTING
    }


def once(make, *name):
    """What `make` makes where no row stands yet, with its rows and files; made once in a process, then put again."""
    kept = key(name, None)
    if kept in KEPT:
        return put(kept)
    made = make()
    keep(kept, made)
    return made


def keep(name, cast):
    with connection.cursor() as cursor:
        content = {table: rows(cursor, table, columns) for table, columns in tables().items()}
    KEPT[name] = pickle.dumps((type(cast), vars(cast), content, files()))


def rows(cursor, table, columns):
    names = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(f'SELECT {names} FROM "{table}"')
    return columns, cursor.fetchall()


def files():
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def put(name, cast=None):
    """The rows and files of a snapshot in a database without any, or in place of those of a cast."""
    kind, attributes, kept, media = pickle.loads(KEPT[name])
    with transaction.atomic(), connection.cursor() as cursor:
        for table in kept if cast else ():
            cursor.execute(f'DELETE FROM "{table}"')
        for table, (columns, values) in kept.items():
            if values:
                names, marks = ", ".join(f'"{column}"' for column in columns), ", ".join(["%s"] * len(columns))
                cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', [list(row) for row in values])
    for path, content in media.items():
        target = Path(settings.MEDIA_ROOT) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    cast = kind.__new__(kind) if cast is None else cast
    vars(cast).clear()
    vars(cast).update(attributes)
    return cast


def empty():
    """Take all rows away but those of the template: made again, content types and permissions had other numbers."""
    kept = {model._meta.db_table for model in LASTING}
    with transaction.atomic(), connection.cursor() as cursor:
        for table in {*connection.introspection.django_table_names(only_existing=True, include_views=False)} - kept:
            cursor.execute(f'DELETE FROM "{table}"')


def read_content_types():
    """A process reads them once, and again in a copy of its database: which test does is chance, and a count of queries
    would follow it.
    """
    ContentType.objects.clear_cache()
    ContentType.objects.get_for_models(*apps.get_models())
