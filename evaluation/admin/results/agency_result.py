"""The figures of results one by one, read-only, and the files that were published with them."""

from collections import Counter

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import EndOrder, ResultState
from evaluation.models import AgencyResult, AxisResult, Publication, ResultSet
from evaluation.persian import format_decimal
from evaluation.process.results.result import shows_ranks
from evaluation.reports import explained
from evaluation.scoring import to_two_decimals
from evaluation.templatetags import look
from evaluation.templatetags.files import file_link

from ..base import BaseAdmin, ReadOnlyMixin
from ..beside import BesideMixin
from ..display import EMPTY, column, digits, latin, percent, score, score_column, sentences
from ..filters import CountedChoicesFilter, ScopedRelatedFilter
from ..improvement.report_card import ResultCardMixin
from ..lookups import OfferedChangeList
from ..wide_lists import WideNationMixin


class FiguresAdmin(WideNationMixin, ReadOnlyMixin, BaseAdmin):
    """Figures of the result sets that are not void."""

    list_per_page = 100

    def get_changelist(self, request, **kwargs):
        return FiguresList

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(result_set__state=ResultState.VOID)

    @column(gettext_lazy("performance year"), ordering="result_set__cycle__performance_year")
    def year(self, obj):
        return digits(obj.result_set.cycle.performance_year)

    @column(gettext_lazy("percent"))
    def share(self, obj):
        return percent(obj.total * 100 / obj.maximum) if obj.total is not None and obj.maximum else EMPTY


def ranked_beside(rows):
    """Two of {(result set, dimension, …): number of ranked figures} for the sets of these rows.

    Of the overall ranks by set and dimension, of those in a peer group by its title too.
    """
    beside = AgencyResult.objects.filter(result_set__in={row.result_set_id for row in rows}).order_by()
    groups = beside.values_list("result_set", "dimension", "group_title").annotate(Count("rank"), Count("group_rank"))
    overall, inside = Counter(), Counter()
    for result_set, dimension, title, ranked, ranked_inside in groups:
        overall[result_set, dimension] += ranked
        inside[result_set, dimension, title] += ranked_inside
    return overall, inside


TELLS_RANKS = ("total", "growth", "level")


class FiguresList(OfferedChangeList):
    """A list whose order does not tell ranks: while those of a visible set are hidden, figures do not sort it."""

    def get_ordering(self, request, queryset):
        fields = super().get_ordering(request, queryset)
        if not hides_ranks(request.user):
            return fields
        return [field for field in fields if not tells_rank(field)]


def tells_rank(field):
    name = field if isinstance(field, str) else getattr(getattr(field, "expression", field), "name", "")
    return name.lstrip("-").split("__")[0] in TELLS_RANKS


def hides_ranks(user):
    """Whether the person sees figures of a set whose ranks are hidden until the council's approval."""
    rows = ResultSet.objects.visible_to(user).filter(cycle__end_order=EndOrder.COUNCIL_BEFORE_RANKING, council_at=None)
    return rows.exclude(computed_at=None).exclude(state=ResultState.VOID).exists()


@admin.register(AgencyResult)
class AgencyResultAdmin(BesideMixin, ResultCardMixin, FiguresAdmin):
    beside = ("publicity", "newspaper")
    figures_in_form = True
    ordering = ("result_set", "dimension__order", "agency_name")
    by_key = ("-result_set_id", "dimension__order", "agency_name")
    select_related = (
        "result_set__cycle__province",
        "participation__agency",
        "participation__card_receipt__acknowledged_by",
        "dimension",
        "level",
    )
    list_display = (
        "agency",
        "dimension_title",
        score_column(gettext_lazy("points"), "total"),
        "share",
        "overall",
        "inside_group",
        "growth_shown",
        "level_shown",
        "year",
    )
    list_filter = (
        ("dimension", ScopedRelatedFilter),
        ("participation__peer_group", ScopedRelatedFilter),
        ("level", ScopedRelatedFilter),
        ("result_set", ScopedRelatedFilter),
    )
    search_fields = ("agency_name", "participation__agency__code")
    fields = (
        "result_set",
        "agency",
        "group",
        "dimension_title",
        "points",
        "earned",
        "exempted",
        "overall",
        "inside_group",
        "growth_shown",
        "level_shown",
        "level_letter",
        "explained",
    )
    readonly_fields = fields

    def add_figures(self, request, rows):
        """The numbers of which the ranks are one; they tell no other agency's figures."""
        overall, inside = ranked_beside(rows)
        for row in rows:
            place = row.result_set_id, row.dimension_id
            row.ranked_count, row.group_count = overall[place], inside[*place, row.group_title]

    @column(gettext_lazy("executive agency"), ordering="agency_name")
    def agency(self, obj):
        return obj.agency_name

    @column(gettext_lazy("peer group"), ordering="group_title")
    def group(self, obj):
        return obj.group_title or EMPTY

    @column(gettext_lazy("dimension"), ordering="dimension__order")
    def dimension_title(self, obj):
        return obj.dimension or _("All dimensions together")

    @column(gettext_lazy("points after exemptions"))
    def points(self, obj):
        return out_of(obj)

    @column(gettext_lazy("earned points"))
    def earned(self, obj):
        return score(obj.raw)

    @column(gettext_lazy("exempt points"))
    def exempted(self, obj):
        return score(obj.exempt_points)

    @column(gettext_lazy("rank"))
    def overall(self, obj):
        return rank_of(obj, obj.rank, of=obj.ranked_count)

    @column(gettext_lazy("rank in the peer group"))
    def inside_group(self, obj):
        return rank_of(obj, obj.group_rank, of=obj.group_count)

    @column(gettext_lazy("growth on last year, percent"), ordering="growth")
    def growth_shown(self, obj):
        return percent(obj.growth)

    @column(gettext_lazy("level"), ordering="level")
    def level_shown(self, obj):
        return obj.shown_level or EMPTY

    @column(gettext_lazy("explanation"))
    def explained(self, obj):
        steps = explained.sentences(obj.explanation)
        return sentences(steps) if steps else EMPTY


def out_of(obj):
    """The points and the maximum they are counted out of."""
    if obj.total is None:
        return EMPTY
    figures = {"points": format_decimal(to_two_decimals(obj.total)), "maximum": format_decimal(obj.maximum, None)}
    return _("%(points)s of %(maximum)s") % figures


def rank_of(obj, place, *, of):
    """A rank `of` so many, as soon as the cycle's order lets it be seen, or in words why there is none."""
    if obj.passive:
        return _("Did not take part")
    if not shows_ranks(obj.result_set):
        return _("hidden until the council's approval")
    return EMPTY if place is None else look.rank_of(place, of)


@admin.register(AxisResult)
class AxisResultAdmin(FiguresAdmin):
    ordering = ("result_set", "agency_name", "axis__dimension__order", "axis__number")
    by_key = ("-result_set_id", "agency_name", "axis__dimension__order", "axis__number")
    select_related = ("result_set__cycle__province", "axis__dimension")
    list_display = (
        "agency",
        "axis",
        score_column(gettext_lazy("points"), "total"),
        score_column(gettext_lazy("maximum points"), "maximum"),
        "share",
        "year",
    )
    list_filter = (("axis", ScopedRelatedFilter), ("result_set", ScopedRelatedFilter))
    search_fields = ("agency_name", "axis__title")
    fields = ("result_set", "agency", "axis", "earned", "points", "share")
    readonly_fields = fields

    @column(gettext_lazy("executive agency"), ordering="agency_name")
    def agency(self, obj):
        return obj.agency_name

    @column(gettext_lazy("earned points"))
    def earned(self, obj):
        return score(obj.raw)

    @column(gettext_lazy("points after exemptions"))
    def points(self, obj):
        return out_of(obj)


@admin.register(Publication)
class PublicationAdmin(ReadOnlyMixin, BaseAdmin):
    select_related = ("result_set__cycle__province", "made_by")
    list_display = ("kind", "result_set", "shown_edition", "made", "made_at")
    list_filter = (("kind", CountedChoicesFilter), ("result_set", ScopedRelatedFilter))
    fields = ("kind", "result_set", "shown_edition", "made", "fingerprint", "made_by", "made_at")
    readonly_fields = fields

    @column(gettext_lazy("edition"), ordering="edition")
    def shown_edition(self, obj):
        return digits(obj.edition)

    @column(gettext_lazy("file"))
    def made(self, obj):
        return file_link(obj.file) or EMPTY

    @column(gettext_lazy("integrity code"))
    def fingerprint(self, obj):
        return latin(obj.sha256)
