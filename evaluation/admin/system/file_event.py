"""The log of files: downloads, exports, and what staff have to look into. Read, never typed."""

from django.contrib import admin
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from evaluation.enums import FileEventKind
from evaluation.models import FileEvent
from evaluation.persian import is_persian, localise_digits

from ..base import BaseAdmin, ReadOnlyMixin
from ..display import badge, column, jalali, latin
from ..filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from ..labels import person


def size_label(size):
    """A size in bytes as people read it, with the digits and the decimal mark of the language."""
    text = filesizeformat(size)
    return localise_digits(text.replace(".", "٫")) if is_persian() else text


@admin.register(FileEvent)
class FileEventAdmin(ReadOnlyMixin, BaseAdmin):
    list_display = ("moment", "event", "file_label", "shown_by", "shown_size", "cycle", "note")
    list_filter = (
        ("kind", CountedChoicesFilter),
        ("cycle", ScopedRelatedFilter),
        ("at", JalaliPeriodFilter),
    )
    list_select_related = ("by", "cycle")
    select_related = ("by", "cycle")
    search_fields = ("name", "sha256", "source", "by__username")
    fields = ("moment", "event", "file_label", "shown_by", "shown_size", "hash", "place", "cycle", "note")
    readonly_fields = fields

    @column(_("at"), "at")
    def moment(self, row):
        return jalali(row.at)

    @column(_("event"), "kind")
    def event(self, row):
        return badge(row.get_kind_display(), "danger" if row.kind in FileEventKind.faults() else "neutral")

    @column(_("file name"), "name")
    def file_label(self, row):
        return format_html('<bdi dir="auto">{}</bdi>', row.name)

    @column(_("person"), "by__last_name")
    def shown_by(self, row):
        return person(row.by) if row.by_id else "—"

    @column(_("file size"), "size")
    def shown_size(self, row):
        return size_label(row.size) if row.size else "—"

    @column(_("integrity code"))
    def hash(self, row):
        return latin(row.sha256) if row.sha256 else "—"

    @column(_("where it belongs"))
    def place(self, row):
        return latin(row.source) if row.source else "—"
