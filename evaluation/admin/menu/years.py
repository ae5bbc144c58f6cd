"""The performance years that a person sees, and the one in which lists open.

After some years of use a list holds the rows of all of them, while people work in the running one: where there is just
one, the menu leads to its rows, and the list to those of all years. Results are those of the latest year that has some.
"""

from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from evaluation.enums import ResultState, Stage
from evaluation.models import Cycle, ResultSet
from evaluation.rules.paths import CYCLE

PARAMETER = "performance_year"  # the name of the filter in an address
OF_ALL_YEARS = {  # lists that open with the rows of all years
    *("resultset", "festival"),  # one row of each cycle, as in the list of cycles itself
    *("publication", "erratum", "award", "nominee"),  # a few of each year, at its end
    *("improvementplan", "improvementaction"),  # carried out in the years after their cycle
    *("transitionlog", "onbehalf", "fileevent"),  # ordered by moments; some rows are of no cycle
}
YEAR_TEXT = CharField(max_length=5)
OF_RESULTS = {"agencyresult", "axisresult"}  # until a year has results, people read those of the year before


class Years(NamedTuple):
    """`known`: the years of the cycles that a person sees, latest first; `running`: those with a cycle that is not
    archived; `results`: those of which the person sees results.
    """

    known: tuple
    running: tuple
    results: tuple

    def opened(self, model_name):
        """The year in which the list of a table opens; None where it opens with all rows."""
        if len(self.known) < 2 or not is_of_a_year(model_name) or model_name in OF_ALL_YEARS:
            return None
        if model_name in OF_RESULTS:
            return self.results[0] if self.results else None
        return self.running[0] if len(self.running) == 1 else None


def questions(user):
    """The rows of which the Years of a person are known: cycles, by year and stage, and results, by year (`said`)."""
    cycles = Cycle.objects.visible_to(user)
    computed = ResultSet.objects.visible_to(user).exclude(state__in=(ResultState.DRAFT, ResultState.VOID))
    return (
        cycles.annotate(
            said=Concat(Cast("performance_year", YEAR_TEXT), Value(" "), "stage", output_field=CharField())
        ),
        computed.annotate(said=Cast("cycle__performance_year", YEAR_TEXT)),
    )


def years_from(cycles, results):
    """The Years from what the rows of the `questions` said."""
    stages = [(int(year), stage) for year, stage in (text.split() for text in cycles)]
    running = {year for year, stage in stages if stage != Stage.CLOSED}
    sets_of_years = {year for year, _stage in stages}, running, set(map(int, results))
    return Years(*(tuple(sorted(years, reverse=True)) for years in sets_of_years))


def is_of_a_year(model_name):
    """Whether each row of this table belongs to a cycle, of which there may be several."""
    return CYCLE.get(model_name, "pk") != "pk"


def in_year(address, years, model_name):
    """The address of a list of this table, narrowed to the year in which it opens."""
    year = years.opened(model_name)
    if year is None:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode({PARAMETER: year})}"
