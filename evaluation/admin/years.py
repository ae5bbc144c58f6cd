"""The year of each row in lists that hold the rows of several, and the filter by it."""

from operator import attrgetter

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.persian import localise_digits
from evaluation.rules.paths import CYCLE

from .chosen_year import chosen_cycle, chosen_year, cycle_parameter, cycles_of, read_year
from .display import EMPTY, column, digits
from .list_summary import summary_of
from .menu.sidebar import years_of
from .menu.years import PARAMETER, in_year, is_of_a_year

YEAR = "year_of_row"
NAMES_IT = {"cycle", "shown_cycle", "year", YEAR}  # columns of lists that say it already


class PerformanceYearFilter(SimpleListFilter):
    """The years of the cycles that the person sees, latest first, where there are several.

    The rows are found by the keys of the cycles of the year. An address that names one cycle is one of its year.
    """

    title = gettext_lazy("performance year")
    parameter_name = PARAMETER
    template = "evaluation/filters/choices.html"

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        self.cycle = cycle_parameter(model_admin)
        self.path, self.year = CYCLE[model._meta.model_name], chosen_year(request, model_admin)
        if len(self.lookup_choices) > 1 and self.value() is not None and self.year is None:
            raise IncorrectLookupParameters(PARAMETER)

    def lookups(self, request, model_admin):
        return [(year, localise_digits(year)) for year in years_of(request).known]

    def has_output(self):
        return len(self.lookup_choices) > 1

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(**{f"{self.path}__in": cycles_of(request, read_year(self.value()))})

    def choices(self, changelist):
        """A year that is chosen takes the place of a cycle."""
        yield {
            "selected": self.year is None,
            "query_string": changelist.get_query_string(remove=[PARAMETER, self.cycle]),
            "display": _("All"),
        }
        for year, title in self.lookup_choices:
            yield {
                "selected": year == self.year,
                "query_string": changelist.get_query_string({PARAMETER: year}, [self.cycle]),
                "display": title,
            }


class YearMixin:
    """For every admin with a list. Needs a filter by cycle, and the cycle among `select_related`, for the column.

    Adds the filter by year to each list of rows that belong to cycles, and a column with the year of each row, while
    the list holds several cycles and none of them, and no year, is chosen, unless it says `tells_year = False`.
    """

    tells_year = True

    def get_list_filter(self, request):
        """The year stands before the cycle, which may be one of several of its year."""
        filters, name = super().get_list_filter(request), self.opts.model_name
        if not filters or not is_of_a_year(name):
            return filters
        places = [at for at, entry in enumerate(filters) if isinstance(entry, tuple) and entry[0] == CYCLE[name]]
        at = places[0] if places else 0
        return [*filters[:at], PerformanceYearFilter, *filters[at:]]

    def with_year(self, request, columns):
        """These columns of the list, and the year after the first of them where it is needed."""
        return [columns[0], YEAR, *columns[1:]] if self.mixes_years(request, columns) else columns

    def mixes_years(self, request, columns):
        path = CYCLE.get(self.opts.model_name, "pk")
        offered = {entry[0] for entry in self.get_list_filter(request) if isinstance(entry, tuple)}
        named = any(name in NAMES_IT for name in columns if isinstance(name, str))
        if not self.tells_year or named or path not in offered & {*self.select_related}:
            return False
        if chosen_cycle(request, self) or chosen_year(request, self) is not None:
            return False
        cycles = summary_of(request, self).keys(path)
        return cycles is None or len(cycles) > 1

    @column(gettext_lazy("performance year"))
    def year_of_row(self, row):
        cycle = self.cycle_of_row(row)
        return digits(cycle.performance_year) if cycle else EMPTY

    def cycle_of_row(self, row):
        return attrgetter(CYCLE[self.opts.model_name].replace("__", "."))(row)

    def filters_above(self, request, row):
        """With what the way back from the page of a row leads to its list: as it was left, else as the menu opens it.

        Not where the row is of another year, or does not have its cycle at hand.
        """
        if left := request.GET.get("_changelist_filters"):
            return f"?{left}"
        name, years = self.opts.model_name, years_of(request)
        path, year = CYCLE.get(name, "pk"), years.opened(name)
        at_hand = any(f"{names}__".startswith(f"{path}__") for names in self.select_related)
        if year is None or not at_hand or (cycle := self.cycle_of_row(row)) is None:
            return ""
        return in_year("", years, name) if cycle.performance_year == year else ""
