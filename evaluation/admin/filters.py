"""List filters: only what the person may see, counted, and periods of the Jalali calendar."""

from datetime import date, datetime, time

from django import forms
from django.apps import apps
from django.contrib import messages
from django.contrib.admin import (
    AllValuesFieldListFilter,
    ChoicesFieldListFilter,
    FieldListFilter,
    RelatedFieldListFilter,
)
from django.db.models import DateTimeField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import persian
from evaluation.admin.choices import NAME_COLUMNS, named_by, named_from_columns
from evaluation.admin.chosen_year import chosen_cycle, chosen_year, cycles_of, seen_cycles
from evaluation.admin.forms import JalaliDateField
from evaluation.admin.list_summary import summary_of
from evaluation.admin.menu.sidebar import years_of
from evaluation.models import Cycle
from evaluation.rules.paths import CYCLE
from evaluation.rules.state_words import own_words, point_of_view
from evaluation.rules.statements import Argument, statement

MAX_CHOICES = 320  # the cycles of ten years of the whole country


class ScopedRelatedFilter(RelatedFieldListFilter):
    """Offers only rows that occur in the list as this person sees it, so no foreign name appears.

    Where they are too many to choose from, it offers those of the chosen cycle, and none before one is chosen. In a
    list that is too long to look through it offers all that the person may know. Cycles are offered where the filter by
    year does not say the same: where a year has several.
    """

    is_related = True  # see `list_summary`
    is_by_year = False  # cycles, of which each year has one
    template = "evaluation/filters/choices.html"

    def has_output(self):
        """What the address asks for is obeyed, and shown, also where there is nothing else to choose."""
        if self.lookup_val is not None or self.lookup_val_isnull:
            return True
        return super().has_output() and not self.is_by_year

    def field_choices(self, field, request, model_admin):
        of_rows = self.field_path == CYCLE.get(model_admin.opts.model_name)
        if of_rows and field.related_model is Cycle and len(years_of(request).known) > 1:
            return self.cycles_to_choose(request, model_admin)
        ordering = self.field_admin_ordering(field, request, model_admin)
        model, keys = field.remote_field.model, summary_of(request, model_admin).keys(self.field_path)
        ordering = tuple(ordering or model._meta.ordering)
        columns = NAME_COLUMNS.get(model._meta.model_name)
        if keys is not None and len(keys) <= MAX_CHOICES:
            if not keys:
                return []
            asked = Choices(keys), model._meta.label, ordering
            if columns:
                return named_from_columns(model, _names_of.rows(*asked, columns))
            return named(_rows_of.objects(*asked, tuple(named_by(model))))
        rows = known_rows(model, request.user) if keys is None else model._default_manager.filter(pk__any_of=list(keys))
        few = keys is None and rows.order_by()[: MAX_CHOICES + 1].count() <= MAX_CHOICES  # in no order: read no more
        if not few:
            chosen = chosen_cycle(request, model_admin) or only_cycle(request, model_admin)
            path = CYCLE.get(model._meta.model_name, "pk")
            if not chosen or path == "pk":
                return []
            rows = rows.filter(**{f"{path}__in": chosen})
        rows = rows.order_by(*ordering)
        if columns:
            return named_from_columns(model, rows.values_list("pk", *columns))
        return named(rows.select_related(*named_by(model)))

    def cycles_to_choose(self, request, model_admin):
        """Those of the list, from all that the person sees, which the filter by year has read."""
        seen, keys = seen_cycles(request), summary_of(request, model_admin).keys(self.field_path)
        self.is_by_year = len({cycle.performance_year for cycle in seen}) == len(seen)
        if keys is None:
            year = chosen_year(request, model_admin)
            keys = {cycle.pk for cycle in seen} if year is None else cycles_of(request, year)
        return [(cycle.pk, cycle.title) for cycle in seen if cycle.pk in keys]


def only_cycle(request, model_admin):
    """The cycle of the chosen year, in a list, where it has just one for this person."""
    year = chosen_year(request, model_admin)
    cycles = cycles_of(request, year) if year is not None else []
    return cycles if len(cycles) == 1 else []


def named(rows):
    """Rows as choices."""
    return [(row.pk, str(row)) for row in rows]


class Choices(Argument):
    """The keys of rows to choose from; so many are asked for that lists of another length have the same text."""

    def __init__(self, keys):
        size, last = 1 << (len(keys) - 1).bit_length(), max(keys)
        self.keys = [*keys, *[last] * (size - len(keys))]

    def take_keys(self, call):
        call.take_constant(len(self.keys))
        for place, key in enumerate(self.keys):
            call.take(place, key)

    def with_stand_ins(self, call):
        return [call.of(place, key) for place, key in enumerate(self.keys)]


@statement
def _names_of(keys, label, ordering, columns):
    """(key, name) of the rows of a table with these keys, in this order."""
    rows = apps.get_model(label)._default_manager.filter(pk__any_of=keys)
    return rows.order_by(*ordering).values_list("pk", *columns)


@statement
def _rows_of(keys, label, ordering, names):
    """The rows of a table with these keys, in this order, with the relations that name them."""
    return apps.get_model(label)._default_manager.filter(pk__any_of=keys).order_by(*ordering).select_related(*names)


def known_rows(model, user):
    """All rows of a table that a person may know of; none of a table without scopes."""
    manager = model._default_manager
    return manager.visible_to(user) if hasattr(manager, "visible_to") else manager.none()


class CountedChoicesFilter(ChoicesFieldListFilter):
    """The choices of a field that occur in the list, each with its count, in the order of the process."""

    is_counted = True  # see `list_summary`
    template = "evaluation/filters/choices.html"

    def __init__(self, field, request, params, model, model_admin, field_path):
        super().__init__(field, request, params, model, model_admin, field_path)
        self.counts = summary_of(request, model_admin).counts(field_path)  # None: see `LongListSummary`
        reader = point_of_view(request.user)
        words = own_words(field.model._meta.model_name, reader) if field.name == "state" else {}
        self.titles = dict(field.flatchoices) | {str(value): words[value] for value in words}

    def choices(self, changelist):
        everything = [self.lookup_kwarg, self.lookup_kwarg_isnull]
        yield {
            "selected": self.lookup_val is None,
            "query_string": changelist.get_query_string(remove=everything),
            "display": _("All"),
            "count": sum(self.counts.values()) if self.counts is not None else None,
        }
        for value, title in self.titles.items():
            selected = self.lookup_val is not None and str(value) in self.lookup_val
            if selected or self.counts is None or self.counts.get(value):
                yield {
                    "selected": selected,
                    "query_string": changelist.get_query_string({self.lookup_kwarg: value}, [self.lookup_kwarg_isnull]),
                    "display": title,
                    "count": self.counts.get(value, 0) if self.counts is not None else None,
                }


class YearFilter(AllValuesFieldListFilter):
    """The years that occur in the list as this person sees it, latest first, in the digits of the language."""

    template = "evaluation/filters/choices.html"

    def __init__(self, field, request, params, model, model_admin, field_path):
        super().__init__(field, request, params, model, model_admin, field_path)
        seen = model_admin.get_queryset(request).order_by(f"-{field_path}")
        self.lookup_choices = seen.values_list(field_path, flat=True).distinct()

    def choices(self, changelist):
        for choice in super().choices(changelist):
            yield choice | {"display": persian.localise_digits(choice["display"])}


class PeriodForm(forms.Form):
    def __init__(self, prefix, title, **kwargs):
        super().__init__(**kwargs)
        self.fields[f"{prefix}__from"] = JalaliDateField(label=gettext_lazy("From"), required=False)
        self.fields[f"{prefix}__to"] = JalaliDateField(label=gettext_lazy("Up to and including"), required=False)


class JalaliPeriodFilter(FieldListFilter):
    """From and to, or a Jalali year and then its months. Ranges are half-open, so the last second of a day counts."""

    template = "evaluation/filters/period.html"
    is_period = True  # see `lookups`, whose names in the address are not those of Django, and `list_summary`

    def __init__(self, field, request, params, model, model_admin, field_path):
        super().__init__(field, request, params, model, model_admin, field_path)
        self.given = {key: value[-1] for key, value in self.used_parameters.items() if value and value[-1]}
        self.used_parameters = {}
        self.with_time = isinstance(field, DateTimeField)
        self.bounds = self.read_bounds(request)
        self.span = summary_of(request, model_admin).span(field_path)

    def expected_parameters(self):
        return [f"{self.field_path}__{part}" for part in ("from", "to", "year", "month")]

    def part(self, name):
        return self.given.get(f"{self.field_path}__{name}", "")

    def has_output(self):
        return True

    def read_bounds(self, request):
        """First day and the day after the last one; what cannot be read is said and left out."""
        try:
            return self.drilled() if self.part("year") else self.typed()
        except ValueError as refusal:
            messages.error(request, str(refusal))
            return None, None

    def typed(self):
        first, last = persian.parse_jalali(self.part("from")), persian.parse_jalali(self.part("to"))
        return first, last and date.fromordinal(last.toordinal() + 1)

    def drilled(self):
        year, month = self.whole("year", 1200, 1500), self.part("month") and self.whole("month", 1, 12)
        return persian.month_bounds(year, month) if month else persian.year_bounds(year)

    def whole(self, name, lowest, highest):
        text = persian.to_latin_digits(self.part(name))
        if not text.isdecimal() or not lowest <= int(text[:6]) <= highest:
            raise ValueError(_("“%(text)s” is not a year or month of the calendar.") % {"text": text[:20]})
        return int(text)

    def queryset(self, request, queryset):
        first, after = self.bounds
        if first:
            queryset = queryset.filter(**{f"{self.field_path}__gte": self.moment(first)})
        if after:
            queryset = queryset.filter(**{f"{self.field_path}__lt": self.moment(after)})
        return queryset

    def moment(self, day):
        return timezone.make_aware(datetime.combine(day, time.min)) if self.with_time else day

    def choices(self, changelist):
        form = PeriodForm(self.field_path, self.title, initial=self.given)
        kept = changelist.filter_params.items()
        others = [(key, value) for key, values in kept for value in values if key not in self.expected_parameters()]
        yield {"form": form, "others": others, "drill": list(self.drill(changelist)), "query_string": ""}

    def drill(self, changelist):
        """Years of the list's rows; below a chosen year its months."""
        if not self.span["first"]:
            return
        year, month = self.part("year"), self.part("month")
        every = self.expected_parameters()
        yield self.step(changelist, _("All"), {}, every, not self.given)
        if self.bounds[0] is None or not year:
            for number in range(persian.jalali_year(self.span["first"]), persian.jalali_year(self.span["last"]) + 1):
                yield self.step(changelist, persian.localise_digits(number), {"year": number}, every, False)
            return
        yield self.step(changelist, persian.localise_digits(year), {"year": year}, every, not month)
        for number, name in enumerate(persian.MONTHS["fa" if persian.is_persian() else "en"], start=1):
            yield self.step(changelist, name, {"year": year, "month": number}, every, month == str(number))

    def step(self, changelist, display, parts, every, selected):
        new = {f"{self.field_path}__{name}": value for name, value in parts.items()}
        query = changelist.get_query_string(new, [name for name in every if name not in new])
        return {"display": display, "query_string": query, "selected": selected}
