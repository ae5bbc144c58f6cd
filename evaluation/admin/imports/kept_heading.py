"""Headings that people identified: seen with what they were read as, and struck out."""

from django.contrib import admin
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.models import KeptHeading
from evaluation.resources.workbooks.registry import resource_of

from .. import labels
from ..base import BaseAdmin
from ..display import badge, column, digits, jalali
from ..filters import CountedChoicesFilter
from .workbooks import import_url

KEPT, ASKED = gettext_lazy("read without a question"), gettext_lazy("asked about again")


class RecursFilter(admin.SimpleListFilter):
    """Those by which files are read without a question, and those that are asked about once more."""

    title = gettext_lazy("use")
    parameter_name = "recurs"

    def lookups(self, request, model_admin):
        return [("1", KEPT), ("0", ASKED)]

    def queryset(self, request, queryset):
        recurs = Q(times__gte=KeptHeading.RECURS)
        return queryset.filter({"1": recurs, "0": ~recurs}.get(self.value(), Q()))


@admin.register(KeptHeading)
class KeptHeadingAdmin(BaseAdmin):
    list_display = ("shown_heading", "workbook", "read_as", "use", "shown_times", "person", "file", "moment")
    list_filter = (("workbook", CountedChoicesFilter), RecursFilter)
    list_select_related = ("named_by", "run")
    select_related = ("named_by", "run", "province")
    search_fields = ("heading", "named_by__first_name", "named_by__last_name", "named_by__username", "run__file_name")
    fields = ("shown_heading", "workbook", "read_as", "use", "shown_times", "person", "file", "first_moment", "moment")
    readonly_fields = fields
    list_before_template = "admin/evaluation/imports/kept_headings.html"

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        """What a heading means is said on the page of an import; here it is only struck out."""
        return False

    @column(gettext_lazy("heading in the file"), "heading")
    def shown_heading(self, row):
        return format_html('<bdi dir="auto">{}</bdi>', row.heading)

    @column(gettext_lazy("read as the column"))
    def read_as(self, row):
        fields = resource_of(row.workbook).fields
        return fields[row.column].heading if row.column in fields else _("Do not read this column")

    @column(gettext_lazy("use"))
    def use(self, row):
        return badge(KEPT, "good") if row.recurs else badge(ASKED, "muted")

    @column(gettext_lazy("files"), "times")
    def shown_times(self, row):
        return digits(row.times)

    @column(gettext_lazy("identified by"), "named_by__last_name")
    def person(self, row):
        return labels.person(row.named_by)

    @column(gettext_lazy("last file"), "run__file_name")
    def file(self, row):
        address = import_url("change", object_id=row.run_id)
        return format_html(
            '<a class="ev-link" href="{}"><bdi class="latin" dir="auto">{}</bdi></a>', address, row.run.file_name
        )

    @column(gettext_lazy("first identified at"), "first_at")
    def first_moment(self, row):
        return jalali(row.first_at)

    @column(gettext_lazy("last identified at"), "last_at")
    def moment(self, row):
        return jalali(row.last_at)
