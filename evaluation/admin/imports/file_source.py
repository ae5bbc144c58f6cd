"""Sources of files: how their workbooks are read. Kept at an upload, here seen, renamed and deleted."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.models import FileSource
from evaluation.resources.workbooks.registry import resource_of

from .. import labels
from ..base import BaseAdmin
from ..display import EMPTY, column, digits, jalali
from ..filters import CountedChoicesFilter


@admin.register(FileSource)
class FileSourceAdmin(BaseAdmin):
    list_display = ("name", "workbook", "shown_columns", "shown_values", "shown_by", "moment")
    list_filter = (("workbook", CountedChoicesFilter),)
    list_select_related = ("saved_by",)
    select_related = ("saved_by", "province")
    search_fields = ("name",)
    fields = ("name", "workbook", "named_columns", "named_values", "shown_by", "moment")
    readonly_fields = ("workbook", "named_columns", "named_values", "shown_by", "moment")

    def has_add_permission(self, request, obj=None):
        """A source is kept on the page of an import, whose file shows what has to be named."""
        return False

    @column(gettext_lazy("named columns"))
    def shown_columns(self, source):
        return digits(len(source.headings))

    @column(gettext_lazy("named values"))
    def shown_values(self, source):
        return digits(sum(map(len, source.values.values())))

    @column(gettext_lazy("saved by"), "saved_by__last_name")
    def shown_by(self, source):
        return labels.person(source.saved_by)

    @column(gettext_lazy("saved at"), "saved_at")
    def moment(self, source):
        return jalali(source.saved_at)

    @column(gettext_lazy("columns"))
    def named_columns(self, source):
        """Each heading with the column that it names."""
        fields = resource_of(source.workbook).fields
        rows = [
            (heading, fields[code].heading if code in fields else _("Do not read this column"))
            for heading, code in source.headings.items()
        ]
        return format_html_join("", "<div>«{}» ← {}</div>", rows) or EMPTY

    @column(gettext_lazy("values"))
    def named_values(self, source):
        """Each value of a column with what is read in its place."""
        fields = resource_of(source.workbook).fields
        rows = [
            (fields[code].heading, value, _("the row is passed over") if read is None else read)
            for code, values in source.values.items()
            if code in fields
            for value, read in values.items()
        ]
        return format_html_join("", "<div>{}: «{}» ← {}</div>", rows) or EMPTY
