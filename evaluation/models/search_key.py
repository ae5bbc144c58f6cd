"""A text as people search for it, computed by the database: `persian.search_key` of what is stored."""

from django.contrib.postgres.indexes import GinIndex
from django.db.models import F, Func, GeneratedField, TextField, Value
from django.db.models.functions import Cast, Collate, Lower

from evaluation.persian.text import SEARCHED_AS

BETWEEN = "|"  # between two texts in one key: no word is found across it
PERSON = ("username", "first_name", "last_name")  # of an account; Django's own table takes no column of ours


class SearchKey(Func):
    """The key of a text column or expression, of normalised text."""

    arity = 1
    output_field = TextField()

    def as_sql(self, compiler, connection, **extra):
        """TRANSLATE of PostgreSQL drops the signs that have no counterpart, which is why they come last."""
        kept = {sign: other for sign, other in SEARCHED_AS.items() if other}
        dropped = "".join(sign for sign, other in SEARCHED_AS.items() if not other)
        signs = Value("".join(kept) + dropped), Value("".join(kept.values()))
        plain = Collate(Lower(Cast(self.source_expressions[0], TextField())), "C")
        return compiler.compile(Func(plain, *signs, function="TRANSLATE", output_field=TextField()))

    def as_sqlite(self, compiler, connection, **extra):
        """SQLite knows no TRANSLATE: `apps` gives each connection the function of Python."""
        return super().as_sql(compiler, connection, function="search_key", **extra)


def joined(*names):
    """The texts of these columns as one expression."""
    first, *others = (Cast(F(name), TextField()) for name in names)
    for text in others:
        first = Joined(Joined(first, Value(BETWEEN)), text)
    return first


class Joined(Func):
    """`||`, which PostgreSQL takes in a column that it computes; CONCAT it does not."""

    arity = 2
    output_field = TextField()
    template = "(%(expressions)s)"
    arg_joiner = " || "


def search_key_field(*names):
    """A column that holds the search key of these columns."""
    return GeneratedField(expression=SearchKey(joined(*names)), output_field=TextField(), db_persist=True)


def search_index(model_name):
    """Trigrams on PostgreSQL, so that a part of a word is found without reading every row."""
    return GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name=f"{model_name}_search")
