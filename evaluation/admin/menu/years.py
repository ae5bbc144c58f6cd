"""The performance years that a person sees, and the one in which lists open.

After some years of use a list holds the rows of all of them, while people work in the running one: where there is just
one, the menu leads to its rows, and the list to those of all years.
"""

from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import CharField
from django.db.models.functions import Cast

from evaluation.enums import Stage
from evaluation.models import Cycle
from evaluation.rules.paths import CYCLE

PARAMETER = "performance_year"  # the name of the filter in an address
OF_ALL_YEARS = {  # lists that open with the rows of all years
    *("resultset", "festival"),  # one row of each cycle, as in the list of cycles itself
    # They come about at the end of a year; until then people read those of the year before.
    *("agencyresult", "axisresult", "publication", "erratum", "award", "nominee"),
    *("improvementplan", "improvementaction"),  # carried out in the years after their cycle
    *("transitionlog", "onbehalf", "fileevent"),  # ordered by moments; some rows are of no cycle
}


class Years(NamedTuple):
    """`known`: the years of the cycles that a person sees; `running`: those with a cycle that is not archived."""

    known: tuple
    running: tuple

    @property
    def opened(self):
        """The year in which lists open; None where they open with all rows."""
        return self.running[0] if len(self.known) > 1 and len(self.running) == 1 else None


def questions(user):
    """The cycles by whose year, `year_text`, the Years of a person are known: all that they see, and those that run."""
    cycles = Cycle.objects.visible_to(user).annotate(year_text=Cast("performance_year", CharField(max_length=5)))
    return cycles, cycles.exclude(stage=Stage.CLOSED)


def years_from(known, running):
    """The Years from the texts of the years that the `questions` found."""
    return Years(*(tuple(sorted(map(int, years), reverse=True)) for years in (known, running)))


def is_of_a_year(model_name):
    """Whether each row of this table belongs to a cycle, of which there may be several."""
    return CYCLE.get(model_name, "pk") != "pk"


def in_year(address, years, model_name):
    """The address of a list of this table, narrowed to the year in which it opens."""
    if years.opened is None or model_name in OF_ALL_YEARS or not is_of_a_year(model_name):
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode({PARAMETER: years.opened})}"
