"""The year of each row, in lists that hold the rows of several."""

from operator import attrgetter

from django.utils.translation import gettext_lazy

from evaluation.rules.paths import CYCLE

from .display import EMPTY, column, digits
from .filters import chosen_cycle
from .list_summary import summary_of

YEAR = "year_of_row"
NAMES_IT = {"cycle", "shown_cycle", "year", YEAR}  # columns of lists that say it already


class YearMixin:
    """For every admin with a list. Needs a filter by cycle, and the cycle among `select_related`.

    Adds a column with the year of each row, while the list holds several cycles and none of them is chosen, unless
    the list says `tells_year = False`.
    """

    tells_year = True

    def with_year(self, request, columns):
        """These columns of the list, and the year after the first of them where it is needed."""
        return [columns[0], YEAR, *columns[1:]] if self.mixes_years(request, columns) else columns

    def mixes_years(self, request, columns):
        path = CYCLE.get(self.opts.model_name, "pk")
        offered = {entry[0] for entry in self.get_list_filter(request) if isinstance(entry, tuple)}
        named = any(name in NAMES_IT for name in columns if isinstance(name, str))
        if not self.tells_year or named or path not in offered & {*self.select_related} or chosen_cycle(request, self):
            return False
        cycles = summary_of(request, self).keys(path)
        return cycles is None or len(cycles) > 1

    @column(gettext_lazy("performance year"))
    def year_of_row(self, row):
        cycle = attrgetter(CYCLE[self.opts.model_name].replace("__", "."))(row)
        return digits(cycle.performance_year) if cycle else EMPTY
