"""The log of steps and the letters behind steps on behalf: read, never typed."""

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from evaluation.models import OnBehalf, TransitionLog

from .. import labels
from ..base import BaseAdmin, ReadOnlyMixin
from ..display import badge, column, jalali, letter, tone_of, typed
from ..files import file_column
from ..filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from ..list_summary import summary_of


class SubjectFilter(admin.SimpleListFilter):
    title = _("subject")
    parameter_name = "subject"
    related_path = "content_type"  # see `list_summary`

    def lookups(self, request, model_admin):
        keys = summary_of(request, model_admin).keys(self.related_path)
        if keys is None:
            keys = [kind.pk for kind in ContentType.objects.get_for_models(*logged_models()).values()]
        kinds = [ContentType.objects.get_for_id(key) for key in sorted(keys)]
        return [(str(kind.pk), model_title(kind)) for kind in kinds if kind.model_class()]

    def queryset(self, request, queryset):
        value = self.value() or ""
        return queryset.filter(content_type=int(value)) if value.isdecimal() and len(value) < 10 else queryset


def logged_models():
    """The models whose rows take steps: what a log may tell of that is too long to look through."""
    registered = admin.site._registry.items()
    return [model for model, own in registered if getattr(own, "has_log", False) or getattr(own, "state", None)]


def model_title(kind):
    model = kind.model_class()
    return model._meta.verbose_name if model else kind.model


@admin.register(TransitionLog)
class TransitionLogAdmin(ReadOnlyMixin, BaseAdmin):
    tells_year = False  # each row has its moment
    list_display = ("moment", "step", "subject_kind", "shown_agency", "move", "shown_by", "behalf", "shown_note")
    list_filter = (
        ("cycle", ScopedRelatedFilter),
        SubjectFilter,
        ("agency", ScopedRelatedFilter),
        ("at", JalaliPeriodFilter),
    )
    list_select_related = ("content_type", "agency", "by", "on_behalf_of")
    select_related = ("content_type", "agency", "by", "on_behalf_of", "cycle")
    search_fields = ("note", "agency__name", "by__username")
    fields = ("moment", "step", "subject_link", "cycle", "shown_agency", "move", "shown_by", "behalf", "shown_note")
    readonly_fields = fields

    @column(_("at"), "at")
    def moment(self, row):
        return jalali(row.at)

    @column(_("step"), "name")
    def step(self, row):
        model = row.content_type.model_class()
        return labels.verb_label(model, row.name) if model else row.name

    @column(_("subject"), "content_type")
    def subject_kind(self, row):
        return model_title(row.content_type)

    @column(_("subject"))
    def subject_link(self, row):
        return row.subject or "—"

    @column(_("executive agency"), "agency__name")
    def shown_agency(self, row):
        return row.agency or "—"

    @column(_("states"))
    def move(self, row):
        model = row.content_type.model_class()
        if model is None or not (row.source or row.target):
            return "—"
        source, target = (labels.state_label(model, state) for state in (row.source, row.target))
        return format_html("{} {}", badge(source, tone_of(row.source)), badge(target, tone_of(row.target)))

    @column(_("by"), "by")
    def shown_by(self, row):
        return labels.person(row.by)

    @column(_("on behalf of"))
    def behalf(self, row):
        return row.on_behalf_of or "—"

    @column(_("note"), "note")
    def shown_note(self, row):
        return typed(row.note)


@admin.register(OnBehalf)
class OnBehalfAdmin(ReadOnlyMixin, BaseAdmin):
    list_display = ("body", "role", "basis", "shown_number", "day", "cycle", "shown_by", "moment", "file_link")
    list_filter = (
        ("cycle", ScopedRelatedFilter),
        ("role", CountedChoicesFilter),
        ("basis", CountedChoicesFilter),
        ("at", JalaliPeriodFilter),
    )
    list_select_related = ("cycle", "by")
    select_related = ("cycle", "by")
    search_fields = ("body", "letter_number")
    file_link = file_column("file", _("letter file"))

    @column(_("letter number"), "letter_number")
    def shown_number(self, row):
        return letter(row.letter_number)

    @column(_("letter date"), "letter_date")
    def day(self, row):
        return jalali(row.letter_date)

    @column(_("entered by"), "by")
    def shown_by(self, row):
        return labels.person(row.by)

    @column(_("at"), "at")
    def moment(self, row):
        return jalali(row.at)
