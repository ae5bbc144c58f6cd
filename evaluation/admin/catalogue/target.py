"""The agencies' own targets and base figures: by workbook, or one by one until the line stands."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import ListState
from evaluation.models import Agency, Indicator, Line, SpecificList, Target
from evaluation.process.catalogue import target
from evaluation.rules import sentences

from ..base import BaseAdmin, RefusableForm
from ..display import badge, column, latin, number
from ..filters import ScopedRelatedFilter
from ..imports.workbooks import WorkbookButtonsMixin


class TargetForm(RefusableForm):
    def clean_target(self):
        """The database would say it too, but not what to do instead."""
        target = self.cleaned_data["target"]
        if target is not None and target < 0:
            self.add_error("target", sentences.NEGATIVE_TARGET)
        return target


def open_leaves(indicators):
    """Those whose catalogue, or specific list, is not frozen yet; measures instead of their parents."""
    lists = SpecificList.objects.filter(cycle=OuterRef("cycle"), agency=OuterRef("agency"), state=ListState.FROZEN)
    written = Q(agency=None, dimension__frozen_at=None) | (Q(agency__isnull=False) & ~Exists(lists))
    leaves = indicators.filter(written, measures=None).select_related("cycle", "agency")
    return leaves.order_by("-cycle__performance_year", "agency__name", "code")


@admin.register(Target)
class TargetAdmin(WorkbookButtonsMixin, BaseAdmin):
    workbooks = ("targets",)
    form = TargetForm
    list_display = (
        "agency",
        "shown_code",
        "shown_title",
        "unit",
        "shown_target",
        "shown_default",
        "shown_baseline",
        "is_fixed",
    )
    list_display_links = ("agency", "shown_code")
    list_filter = (
        ("indicator__cycle", ScopedRelatedFilter),
        ("indicator__dimension", ScopedRelatedFilter),
        ("agency", ScopedRelatedFilter),
    )
    search_fields = ("agency__name", "agency__code", "indicator__code", "indicator__title")
    select_related = ("indicator__cycle__province", "indicator__dimension", "agency")
    has_log = True
    few_in_a_year = True

    def get_queryset(self, request):
        lines = Line.objects.filter(indicator=OuterRef("indicator"))
        lines = lines.filter(assessment__participation__agency=OuterRef("agency"))
        fixed = Subquery(lines.order_by().values("pk")[:1])  # asked for each row shown; EXISTS would read all lines
        return super().get_queryset(request).annotate(fixed=fixed)

    def is_open(self, target):
        return not getattr(target, "fixed", False)  # a row that was just added has none

    def get_fields(self, request, obj=None):
        """What is read only is shown as in the list, not with all the decimals that the database keeps."""
        if obj is None or self.has_change_permission(request, obj):
            return ("agency", "indicator"), ("target", "baseline")
        return ("agency", "indicator"), ("shown_target", "shown_default"), ("shown_baseline", "is_fixed")

    def get_readonly_fields(self, request, obj=None):
        figures = ("shown_target", "shown_default", "shown_baseline", "is_fixed")
        place = ("agency", "indicator") if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *place, *figures)

    def get_field_queryset(self, db, db_field, request):
        rows = super().get_field_queryset(db, db_field, request)
        if db_field.remote_field.model is Indicator:
            return open_leaves(rows)
        return rows.filter(active=True) if db_field.remote_field.model is Agency else rows

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "indicator":
            field.label_from_instance = in_full
            if db_field.name not in self.get_autocomplete_fields(request) and not self.offers_one(request, field):
                field.queryset = field.queryset.none()
                field.help_text = _("No catalogue is open now: targets are set before the catalogue is frozen.")
        return field

    def offers_one(self, request, field):
        """Whether there is an indicator to choose; asked once in a request, which makes its form more than once."""
        if not hasattr(request, "offers_an_indicator"):
            request.offers_an_indicator = field.queryset.exists()
        return request.offers_an_indicator

    def save_model(self, request, obj, form, change):
        target.set_target(obj, by=request.user)

    @column(gettext_lazy("indicator code"), "indicator__code")
    def shown_code(self, row):
        return latin(row.indicator.code)

    @column(gettext_lazy("indicator title"), "indicator__title")
    def shown_title(self, row):
        return row.indicator.title

    @column(gettext_lazy("unit of measure"))
    def unit(self, row):
        return row.indicator.unit

    @column(gettext_lazy("target"), "target")
    def shown_target(self, row):
        return number(row.target)

    @column(gettext_lazy("the indicator's target"))
    def shown_default(self, row):
        return number(row.indicator.target)

    @column(gettext_lazy("base figure"), "baseline")
    def shown_baseline(self, row):
        return number(row.baseline)

    @column(gettext_lazy("state"))
    def is_fixed(self, row):
        return badge(_("fixed on the line"), "good") if row.fixed else badge(_("open"), "info")


def in_full(indicator):
    """An indicator among those of several agencies and cycles."""
    place = [indicator.agency.name] if indicator.agency else []
    return " · ".join([str(indicator), *place, str(indicator.cycle)])
