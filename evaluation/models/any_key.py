"""Rows by hundreds of keys. psycopg looks at each parameter of a statement apart: PostgreSQL gets the keys as one."""

from django.core.exceptions import EmptyResultSet
from django.db.models import Lookup
from django.db.models.lookups import In


class AnyKey(Lookup):
    """`pk__any_of=keys` and `agency__any_of=keys`: what `__in` gives for a list of whole numbers."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        return compiler.compile(In(self.lhs, list(self.rhs)))

    def as_postgresql(self, compiler, connection):
        if not self.rhs:
            raise EmptyResultSet
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} = ANY(%s::bigint[])", [*params, list(self.rhs)]
