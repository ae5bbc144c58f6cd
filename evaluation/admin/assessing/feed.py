"""Figures that external systems observed, as the workbook brought them: read here, written by nobody."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.models import FeedValue

from ..base import BaseAdmin, ReadOnlyMixin
from ..display import badge, column, jalali, latin, number
from ..filters import JalaliPeriodFilter, ScopedRelatedFilter
from ..imports.workbooks import WorkbookButtonsMixin
from ..wide_lists import WideNationMixin


@admin.register(FeedValue)
class FeedValueAdmin(WideNationMixin, WorkbookButtonsMixin, ReadOnlyMixin, BaseAdmin):
    by_key = ("-pk",)
    workbooks = ("feed",)
    list_display = ("agency", "shown_code", "shown_title", "shown_value", "unit", "shown_day", "use")
    list_display_links = ("agency", "shown_code")
    list_filter = (
        ("indicator__cycle", ScopedRelatedFilter),
        ("indicator", ScopedRelatedFilter),
        ("agency", ScopedRelatedFilter),
        ("observed_at", JalaliPeriodFilter),
    )
    search_fields = ("agency__name", "agency__code", "indicator__code", "indicator__title")
    select_related = ("indicator__cycle__province", "agency")
    fields = (("agency", "indicator"), ("shown_value", "unit"), ("shown_day", "use"))
    readonly_fields = ("agency", "indicator", "shown_value", "unit", "shown_day", "use")

    @column(gettext_lazy("indicator code"), "indicator__code")
    def shown_code(self, row):
        return latin(row.indicator.code)

    @column(gettext_lazy("indicator title"), "indicator__title")
    def shown_title(self, row):
        return row.indicator.title

    @column(gettext_lazy("value"), "value")
    def shown_value(self, row):
        return number(row.value)

    @column(gettext_lazy("unit of measure"))
    def unit(self, row):
        return row.indicator.unit

    @column(gettext_lazy("observed on"), "observed_at")
    def shown_day(self, row):
        return jalali(row.observed_at)

    @column(gettext_lazy("written to the line at"), "used_at")
    def use(self, row):
        return jalali(row.used_at) if row.used_at else badge(_("stored, not used yet"), "muted")
