"""Totals of the years before the system was used: entered in a form or by the workbook `history`."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from evaluation.models import EarlierTotal

from ..base import BaseAdmin
from ..display import column, digits, latin, score_column
from ..filters import ScopedRelatedFilter, YearFilter
from ..imports.workbooks import WorkbookButtonsMixin


@admin.register(EarlierTotal)
class EarlierTotalAdmin(WorkbookButtonsMixin, BaseAdmin):
    workbooks = ("history",)
    list_display = ("agency", "code", "shown_year", "shown_dimension", score_column(_("total score"), "total"),
                    score_column(_("maximum points"), "maximum"), "source")  # fmt: skip
    list_filter = (("agency", ScopedRelatedFilter), ("year", YearFilter))
    list_select_related = ("agency",)
    select_related = ("agency",)
    search_fields = ("agency__name", "agency__code", "source")
    autocomplete_fields = ("agency",)
    fields = ("agency", ("year", "dimension"), ("total", "maximum"), "source")

    @column(_("agency code"), "agency__code")
    def code(self, row):
        return latin(row.agency.code)

    @column(_("performance year"), "year")
    def shown_year(self, row):
        return digits(row.year)

    @column(_("dimension"), "dimension")
    def shown_dimension(self, row):
        return row.dimension or _("Total")
