"""A nation of the size that we want to measure: copies of one seeded province and its year, made by SQL alone.

The rows of the province (agencies, accounts, committees …) are copied once for each other province, the rows of its
latest cycle once for each province and year. All keys of one copy are moved by the same number, so references within a
copy are moved by it too; those to rows that provinces share stay. Constraints are checked as always.

For measuring only: cycles of earlier years are archived, whatever their rows say; copies share the stored files of the
original, and the texts of its kept results, whose codes do not hold for copies.
"""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max

from evaluation.enums import Stage
from evaluation.models import Agency, AgencyIdentifier, CommitteeSession, Cycle, Membership, Notice, Province, Ticket
from evaluation.persian import localise_digits
from evaluation.rules import demo_password
from evaluation.rules.roles import SCHEDULER

from .removal import closure, keys_of
from .year import period

ROWS = "nation_rows"  # the temporary table of what is copied: (part, name of the table, key)
PROVINCE, CYCLE = "province", "cycle"  # the parts

ONCE = {  # texts that may stand once
    (AgencyIdentifier, "value"),
    (CommitteeSession, "number"),
    (Notice, "event"),
    (Ticket, "reference"),
}


@dataclass
class Copy:
    """Where one copy goes: `moves` {part: what is added to its keys}, `older` that of the year before, or None."""

    province: Province
    year: int
    days: int  # by which its dates are earlier than the original's
    moves: dict[str, int]
    older: int | None
    mark: str  # what makes texts different that may stand only once


class Nation:
    """`cycle` is the original; `provinces` are those that get copies, without its own."""

    def __init__(self, cycle, provinces, years):
        self.cycle, self.provinces, self.years = cycle, provinces, years
        self.parts = parts(cycle)
        self.stride = stride([*self.parts[PROVINCE], *self.parts[CYCLE]])

    @transaction.atomic
    def make(self, report=lambda province: None):
        """Write every copy. Returns how many cycles were made; `report` is called with each province that is done."""
        remember(self.parts)
        started = self.started()
        for place, province in enumerate([self.cycle.province, *self.provinces]):
            copies = [self.copy(place, province, back) for back in range(self.years)]
            if place:
                self.write(PROVINCE, copies[0])
            fresh = [copy for copy in copies if place or copy.year not in started]
            for copy in fresh:
                self.write(CYCLE, copy)
            report(province)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), self.tables()):
                cursor.execute(statement)
            cursor.execute(f"DROP TABLE {ROWS}")
        return Cycle.objects.filter(pk__gt=self.stride).count()

    def started(self):
        """The years that the original's province has already."""
        return set(Cycle.objects.filter(province=self.cycle.province).values_list("performance_year", flat=True))

    def tables(self):
        return list({*self.parts[PROVINCE], *self.parts[CYCLE]})

    def copy(self, place, province, back):
        """The copy for the province at this place of the list, `back` years before the original."""
        year, base = self.cycle.performance_year - back, place * (self.years + 1) * self.stride
        cycle = base + (back + 1) * self.stride
        return Copy(
            province=province,
            year=year,
            days=(self.cycle.period_start - period(year)["period_start"]).days,
            moves={PROVINCE: base, CYCLE: cycle},
            older=cycle + self.stride if back + 1 < self.years else None,
            mark=f"/{cycle // self.stride}",
        )

    def write(self, part, copy):
        for model in self.parts[part]:
            insert(self, part, model, copy)


def parts(cycle):
    """{part: {model: keys}}: what belongs to the province of `cycle` whatever the year, and what to this cycle."""
    province = cycle.province
    of_years = closure({Cycle: keys_of(province.cycles.all())})
    whole = closure({Province: {province.pk}})
    seats = Membership.objects.filter(pk__in=whole.get(Membership, ())).exclude(user__username=SCHEDULER)
    whole = closure({Province: {province.pk}, get_user_model(): set(seats.values_list("user", flat=True))})
    of_province = {model: keys - of_years.get(model, set()) for model, keys in whole.items() if model is not Province}
    return {PROVINCE: copied(of_province), CYCLE: copied(closure({Cycle: {cycle.pk}}))}


def copied(rows):
    """Without empty tables and those whose keys are no numbers: sessions, sent forms."""
    numbered = (models.AutoField, models.BigAutoField)
    return {model: keys for model, keys in rows.items() if keys and isinstance(model._meta.pk, numbered)}


def stride(tables):
    """A power of ten above every key of these tables."""
    most = max(model._base_manager.aggregate(most=Max("pk"))["most"] or 0 for model in tables)
    return 10 ** len(str(most))


def remember(parts):
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {ROWS} (part varchar(10), name varchar(60), id bigint)")
        for part, tables in parts.items():
            for model, keys in tables.items():
                rows = [(part, model._meta.label_lower, key) for key in sorted(keys)]
                cursor.executemany(f"INSERT INTO {ROWS} VALUES (%s, %s, %s)", rows)
        cursor.execute(f"CREATE INDEX {ROWS}_key ON {ROWS} (part, name, id)")


# -- one statement for each table -------------------------------------------------------------------


def insert(nation, part, model, copy):
    quote = connection.ops.quote_name
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    values = [value_of(nation, part, model, field, copy) for field in fields]
    columns = ", ".join(quote(field.column) for field in fields)
    chosen = ", ".join(sql for sql, _parameters in values)
    parameters = [each for _sql, some in values for each in some]
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} ({columns}) SELECT {chosen} FROM {quote(model._meta.db_table)}"
        f" WHERE {quote(model._meta.pk.column)} IN (SELECT id FROM {ROWS} WHERE part = %s AND name = %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, part, model._meta.label_lower])


def value_of(nation, part, model, field, copy):
    """(SQL, parameters) of a column of the copy."""
    column = connection.ops.quote_name(field.column)
    if field.primary_key:
        return f"{column} + {copy.moves[part]}", []
    if own := own_value(nation, model, field, copy, column):
        return own
    if field.is_relation:
        return reference(nation, part, field, copy, column)
    if field.name == "object_id":
        return subject(nation, part, model, copy, column)
    if part == CYCLE and isinstance(field, models.DateField) and copy.days:
        return earlier(field, copy.days, column)
    return column, []


def own_value(nation, model, field, copy, column):
    """What differs by rule in a copy: names, years, and whatever may stand only once; None for all other columns."""
    code, place = copy.province.code, nation.cycle.province.name
    if (model, field.name) in ((Agency, "name"), (Cycle, "title")):
        years = [localise_digits(year, "fa") for year in (nation.cycle.performance_year, copy.year)]
        return f"REPLACE(REPLACE({column}, %s, %s), %s, %s)", [place, copy.province.name, *years]
    fixed = {(Agency, "national_id"): "", (Cycle, "performance_year"): copy.year}
    if copy.days:  # the year of the original alone is under way
        fixed[Cycle, "stage"] = Stage.CLOSED.value
    if model is Cycle and field.name in (bounds := period(copy.year)):
        return column_of(field, bounds[field.name])
    if (model, field.name) in fixed:
        return "%s", [fixed[model, field.name]]
    if (model, field.name) == (get_user_model(), "username"):
        return f"%s || SUBSTR({column}, %s)", [f"{demo_password.PREFIX}{code}-", len(demo_password.PREFIX) + 1]
    if (model, field.name) in ONCE:
        return f"{column} || %s", [copy.mark]
    if field.name == "origin":  # the same row of the year before
        moved = f"{connection.ops.quote_name(model._meta.pk.column)} + {copy.older}"
        return ("NULL" if copy.older is None else f"CASE WHEN {column} IS NULL THEN NULL ELSE {moved} END"), []
    return None


def column_of(field, value):
    """A value of Python; PostgreSQL wants to be told its type, of which SQLite would make a number."""
    prepared = [field.get_db_prep_save(value, connection)]
    return (f"CAST(%s AS {field.db_type(connection)})" if connection.vendor == "postgresql" else "%s"), prepared


def reference(nation, part, field, copy, column):
    """A reference to a row that is copied goes to its copy, one to the province to the other province."""
    target = field.remote_field.model
    if target is Province:
        return f"CASE WHEN {column} = {nation.cycle.province_id} THEN {copy.province.pk} ELSE {column} END", []
    return moved(nation, part, [target], copy, column)


def moved(nation, part, targets, copy, column):
    """`column` as it refers to rows of `targets`, each moved with the part to which it belongs."""
    cases, parameters = "", []
    for of_part in (PROVINCE, CYCLE) if part == CYCLE else (PROVINCE,):
        names = [model._meta.label_lower for model in targets if model in nation.parts[of_part]]
        if not names or not copy.moves[of_part]:
            continue
        listed = ", ".join(["%s"] * len(names))
        rows = f"SELECT id FROM {ROWS} WHERE part = %s AND name IN ({listed})"
        cases += f" WHEN {column} IN ({rows}) THEN {column} + {copy.moves[of_part]}"
        parameters += [of_part, *names]
    return (f"CASE{cases} ELSE {column} END" if cases else column), parameters


def subject(nation, part, model, copy, column):
    """The key of a row that is named by its kind: of the log, and of what an import changed."""
    kinds = {each for tables in nation.parts.values() for each in tables}
    kind, cases, parameters = ("content_type_id" if hasattr(model, "content_type") else "kind"), "", []
    for target in kinds:
        name = target._meta.model_name
        chosen = f"(SELECT id FROM django_content_type WHERE app_label = '{target._meta.app_label}' AND model = %s)"
        sql, some = moved(nation, part, [target], copy, column)
        cases += f" WHEN {kind} = {chosen if kind == 'content_type_id' else '%s'} THEN {sql}"
        parameters += [name, *some]
    return f"CASE{cases} ELSE {column} END", parameters


def earlier(field, days, column):
    """A day or moment, so many days earlier."""
    if connection.vendor == "postgresql":
        moved_back = f"{column} - %s * INTERVAL '1 day'"
        return (moved_back if isinstance(field, models.DateTimeField) else f"CAST({moved_back} AS date)"), [days]
    form = "%%Y-%%m-%%d %%H:%%M:%%f" if isinstance(field, models.DateTimeField) else "%%Y-%%m-%%d"
    return f"strftime('{form}', {column}, %s)", [f"-{days} days"]
