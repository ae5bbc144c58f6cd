"""What the address of a list may ask for: the filters that this list offers to this person, and nothing else.

Django takes any own column and any annotation of a list as a filter (`?initial_score__gte=`), so that what a page hides
could be read by halving. Here a name that no filter of the list offers is answered like a name that does not exist.
"""

from types import MethodType

from django.contrib import messages
from django.contrib.admin import (
    AllValuesFieldListFilter,
    BooleanFieldListFilter,
    ChoicesFieldListFilter,
    RelatedFieldListFilter,
    SimpleListFilter,
)
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters, ShowFacets
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ERROR_FLAG
from django.db.models import AutoField, BigAutoField, BooleanField
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _
from unfold.views import ChangeList

from backoffice.row_addresses import row_address

from . import list_summary
from .addresses import is_key
from .chosen_year import chosen_year, cycle_parameter, narrowed
from .list_summary import LongListSummary, sees_one_province
from .lists import empty_state, list_context
from .menu.years import PARAMETER

MAX_FOUND = 5_000  # rows of one province with the words of a search box, which are named by their keys
PERIOD = ("from", "to", "year", "month")


def offered_lookups(model_admin, request):
    """{name in the address: whether its value is the key of a row}, of the filters that this person gets here."""
    offered = {}
    for list_filter in model_admin.get_list_filter(request):
        offered |= _names_of(model_admin.model, list_filter)
    return offered


def _names_of(model, list_filter):
    if isinstance(list_filter, type) and issubclass(list_filter, SimpleListFilter):
        return {list_filter.parameter_name: False}
    path, kind = list_filter if isinstance(list_filter, (tuple, list)) else (list_filter, None)
    field = get_fields_from_path(model, path)[-1]
    if kind is None:  # as Django chooses where only the field is named
        kind = BooleanFieldListFilter if isinstance(field, BooleanField) else AllValuesFieldListFilter
    if issubclass(kind, RelatedFieldListFilter):
        return {f"{path}__{field.target_field.name}__exact": True, f"{path}__isnull": False}
    if issubclass(kind, (ChoicesFieldListFilter, BooleanFieldListFilter)):
        return {f"{path}__exact": False, f"{path}__isnull": False}
    if issubclass(kind, AllValuesFieldListFilter):
        return {path: False, f"{path}__isnull": False}
    if getattr(kind, "is_period", False):
        return {f"{path}__{part}": False for part in PERIOD}
    raise TypeError(f"{model.__name__}: nobody has said which names the filter {kind.__name__} offers")


def set_counts(rows, counted, *names):
    """Set what was counted for each of these rows: `counted` gives (key, number, …), one number for each name.

    A row that is not in it has 0 of each.
    """
    counts = {key: numbers for key, *numbers in counted}
    for row in rows:
        vars(row).update(zip(names, counts.get(row.pk, [0] * len(names)), strict=True))


class OfferedChangeList(ChangeList):
    """A list whose address is read against `offered_lookups` before any of it reaches a query.

    `empty`: see `lists`. `is_long`: it has more rows than `result_count`, the most that are counted for this person.
    `year`: the year within which it is shown, or None; `all_years` the address of the same rows in all years.
    """

    is_long = False
    year = None

    def __init__(self, request, *args, **kwargs):
        super().__init__(request, *args, **kwargs)
        self.way_back, self.preserved_filters = self.preserved_filters, ""  # once for all rows, in `url_for_result`
        if self.year is not None:
            self.all_years = self.get_query_string(remove=[PARAMETER, cycle_parameter(self.model_admin)])
            if not self.get_filters_params().keys() - {PARAMETER}:  # that is where lists open, and stands above them
                self.has_active_filters = False
        if not self.result_count:
            self.empty = empty_state(request, self.model_admin)

    def url_for_result(self, result):
        """The page of a row, with the filters of the list to which it leads back."""
        key, name = getattr(result, self.pk_attname), f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        address = row_address(name, key) if isinstance(key, int) else super().url_for_result(result)
        return f"{address}?{self.way_back}" if self.way_back else address

    def get_results(self, request):
        """The rows of a list that nothing narrows were counted with its filters already."""
        self.year = chosen_year(request, self.model_admin)
        summary = request.__dict__.get("list_summaries", {}).get(self.model_admin)
        counts_all = getattr(request, "counts_all", False)
        keys = None if counts_all else self.keys_found(request)
        whole = not (self.query or self.get_filters_params().keys() - {PARAMETER} or self.narrows_itself())
        if whole and not summary and list_summary.judges(request.user, self.model_admin):  # a list without filters
            summary = list_summary.summary_of(request, self.model_admin)
        if not (counts_all or self.query) and getattr(summary, "row_keys", None) is not None:
            self.queryset = self.queryset.filter(pk__any_of=summary.row_keys)
        if counts_all:
            total = self.queryset.order_by().count()
        elif whole and summary:
            total, self.is_long = summary.total, isinstance(summary, LongListSummary)
        elif keys is not None:
            total, self.queryset = len(keys), self.rows_of(request, keys)
        elif self.query and not sees_one_province(request.user) and list_summary.reaches_several_provinces(request):
            total, self.is_long = list_summary.MAX_COUNTED, True  # its keys were just found to be more
        else:
            total, all_counted = list_summary.counted(request, self.queryset)
            self.is_long = not all_counted
        self.queryset.count = MethodType(lambda _queryset: total, self.queryset)
        super().get_results(request)
        if keys is not None and sees_one_province(request.user) and not (self.show_all and self.can_show_all):
            first = (self.page_num - 1) * self.list_per_page
            self.result_list = self.rows_of(request, keys[first : first + self.list_per_page])
        elif self.sorts_keys(request, total):
            first = (self.page_num - 1) * self.list_per_page
            page_keys = list(self.queryset.values_list("pk", flat=True)[first : first + self.list_per_page])
            self.result_list = self.rows_of(request, page_keys)
        self.result_list = list(self.result_list)
        self.model_admin.add_figures(request, self.result_list)

    def sorts_keys(self, request, total):
        """Whether the keys are sorted alone before the rows of a page are read, with all that they refer to.

        A long list comes in the order of an index, but for those that say otherwise; of one province many are sorted.
        """
        if self.show_all and self.can_show_all:
            return False
        if (self.is_long or self.year is not None) and self.model_admin.sorts_few(request):
            return True
        return not self.is_long and total > list_summary.MAX_COUNTED

    def keys_found(self, request):
        """The keys of the rows that hold the words of the search box; None without words, and where the rows are many.

        Those of one province come in the order of the list. In that order the rows of the whole country would be read
        from their end until enough are met.
        """
        if not self.query:
            return None
        one = sees_one_province(request.user)
        most, rows = (MAX_FOUND, self.queryset) if one else (list_summary.MAX_COUNTED, self.queryset.order_by())
        return list_summary.few_keys(rows, most)

    def rows_of(self, request, keys):
        """The rows of the list with these keys, in its order: the words are looked for once."""
        rows = narrowed(request, self.model_admin, self.root_queryset).filter(pk__any_of=keys)
        if not rows.query.select_related:
            rows = self.apply_select_related(rows)
        return rows.order_by(*self.get_ordering(request, rows))

    def narrows_itself(self):
        """Whether a filter of its own kind stands here, which may leave rows out before anything is chosen.

        The one by year leaves the same rows out that the summary leaves out.
        """
        own = [spec for spec in self.filter_specs if isinstance(spec, SimpleListFilter)]
        return any(spec.parameter_name != PARAMETER for spec in own)

    def get_filters(self, request):
        offered = offered_lookups(self.model_admin, request)
        for name, values in self.get_filters_params().items():
            if name not in offered:
                raise IncorrectLookupParameters(name)
            if offered[name] and not all(map(is_key, values)):
                raise IncorrectLookupParameters(name)
        return super().get_filters(request)


class OfferedLookupsMixin:
    """For every admin with a list: `lookup_allowed` and the list itself know the same names.

    Needs `get_list_filter()` of its class. Adds both, a sentence for an address that names another filter, what a list
    says of itself, `add_figures`, `sorts_few`, and that a forged key or an empty `_to_field` of an address names
    nothing. Facets stay off: they count over lookups of their own.
    """

    show_facets = ShowFacets.NEVER
    few_in_a_year = False  # rows that stand in no index by cycle: those of a year are found once, then by keys

    def get_changelist(self, request, **kwargs):
        return OfferedChangeList

    def add_figures(self, request, rows):
        """Set on each of these rows what is counted or summed for its columns, by one query for all (`set_counts`).

        Called for the rows of a page of the list, and for each part of its file. A column of the queryset would be
        reckoned once for each of them.
        """

    def sorts_few(self, request):
        """Whether a list that is long, or within a year, is sorted by its keys before the rows of a page are read."""
        return False

    def lookup_allowed(self, lookup, value, request=None):
        """Also asked for links of ours, so that a link never names a filter that the list then refuses."""
        return request is not None and lookup in offered_lookups(self, request)

    def changelist_view(self, request, extra_context=None):
        """Where the address named an unknown filter the whole list is shown, and the page says so."""
        if ERROR_FLAG in request.GET:
            if len(request.GET) > 1:
                return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")
            messages.warning(
                request, _("The address asked for a filter that this list does not have; the whole list is shown.")
            )
        return super().changelist_view(request, {**list_context(request, self.model), **(extra_context or {})})

    def get_object(self, request, object_id, from_field=None):
        """Django takes `?_to_field=` for the name of a field."""
        return super().get_object(request, object_id, from_field or None)

    def response_action(self, request, queryset):
        """What a forged form chose that cannot be the key of a row is not among the chosen rows."""
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if isinstance(self.opts.pk, (AutoField, BigAutoField)) and not all(map(is_key, chosen)):
            request.POST = request.POST.copy()
            request.POST.setlist(ACTION_CHECKBOX_NAME, [key for key in chosen if is_key(key)])
        return super().response_action(request, queryset)
