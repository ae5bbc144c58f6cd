"""Lists of hundreds of thousands of rows: in the order of an index until a cycle is chosen."""

from django.db.models.functions import Coalesce

from .chosen_year import chosen_cycle, chosen_year
from .list_summary import LongListSummary, sees_one_province


class WideListMixin:
    """Needs `by_key`, an order that an index gives, beside the order of the model; adds that the list chooses.

    The order of the model goes by names of other tables: for the rows of one cycle it is sorted at once, for those of
    the whole country it would be sorted for seconds to show fifty. Where the list `sorts_few`, no index is read in its
    order through the rows of everybody else.
    """

    by_key = ()

    def get_ordering(self, request):
        if chosen_cycle(request, self):
            return super().get_ordering(request)
        first, *others = self.by_key
        return (unindexed(first), *others) if self.sorts_few(request) else self.by_key


def shows_a_year_of_one_province(request, model_admin):
    """Whether the rows of a list are those of one year of a province: few enough to sort all, by indexes alone."""
    return chosen_year(request, model_admin) is not None and sees_one_province(request.user)


def unindexed(order):
    """The same order by an expression, which has no index."""
    column = order.removeprefix("-")
    return Coalesce(column, column).desc() if order != column else Coalesce(column, column).asc()


class WideNationMixin(WideListMixin):
    """Needs and adds the same as `WideListMixin`, where the rows are those of several provinces and too many to count.

    The filters of the list have found that out before its order is asked for.
    """

    def get_ordering(self, request):
        summary = request.__dict__.get("list_summaries", {}).get(self)
        if isinstance(summary, LongListSummary):
            return super().get_ordering(request)
        return super(WideListMixin, self).get_ordering(request)
