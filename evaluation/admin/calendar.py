"""Process templates, the checklist of a cycle, its windows and extensions."""

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import persian
from evaluation.enums import STAGE_PARTS, Stage
from evaluation.models import CycleStep, Extension, ProcessTemplate, StageWindow, TemplateStep
from evaluation.process import calendar

from .base import BaseAdmin, BaseTabular, RefusableForm
from .buttons import verb_button
from .dialogs import VerbForm
from .display import badge, column, digits, jalali
from .files import file_column
from .filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from .labels import person
from .transitions import Verb, VerbsMixin


class DoneMixin:
    """The column of a checklist: when and by whom a step was done, or the button for those who may mark it."""

    @column(gettext_lazy("done"), "done_at")
    def shown_done(self, step):
        if not step.done_at:
            return "—"
        day = persian.format_jalali(timezone.localtime(step.done_at).date())
        return badge(f"{day} · {person(step.done_by)}", "good")

    @column(gettext_lazy("done"), "done_at")
    def done_or_button(self, step):
        return self.shown_done(step) if step.done_at else verb_button(step, "tick", _("Mark as done"))

    def with_buttons(self, request, names):
        """The columns of this person."""
        if not self.holds(request, "tick"):
            return names
        return ["done_or_button" if name == "shown_done" else name for name in names]


class TemplateStepInline(BaseTabular):
    model = TemplateStep
    fields = ("number", "title", "responsible", "channel", "days", "stage", "mandatory")


class TemplateForm(RefusableForm):
    skipped = forms.MultipleChoiceField(
        label=gettext_lazy("skipped stages"),
        choices=[(stage.value, stage.label) for stage in Stage if 0 < stage.number < Stage.CLOSED.number],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


@admin.register(ProcessTemplate)
class ProcessTemplateAdmin(BaseAdmin):
    form = TemplateForm
    list_display = ("title", "shown_days", "source")
    search_fields = ("title", "code")
    fields = ("code", "title", "total_days", "skipped", "source")
    inlines = (TemplateStepInline,)

    @column(gettext_lazy("days in all"), "total_days")
    def shown_days(self, row):
        return digits(row.total_days) or "—"


class TickForm(VerbForm):
    file = forms.FileField(label=gettext_lazy("file"), required=False)


@admin.register(CycleStep)
class CycleStepAdmin(DoneMixin, VerbsMixin, BaseAdmin):
    list_display = ("shown_number", "title", "responsible", "stage", "is_mandatory", "shown_done", "file_link")
    list_display_links = ("title",)
    list_filter = (("cycle", ScopedRelatedFilter), ("stage", CountedChoicesFilter), "mandatory")
    list_select_related = ("done_by", "cycle")
    select_related = ("cycle", "done_by")
    search_fields = ("title", "responsible")
    fields = ("cycle", ("number", "stage"), "title", ("responsible", "channel"), ("days", "mandatory"))
    fields += (("done_at", "done_by"), "note", "file")
    has_log = True
    file_link = file_column("file")
    verbs = (
        Verb(
            "tick",
            calendar.tick,
            form=TickForm,
            label=gettext_lazy("Mark as done"),
            transition=False,
            codename="tick_cyclestep",
            offered=lambda step: step.done_at is None,
            batch=True,
            icon="check",
        ),
    )

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), "cycle")

    def get_list_display(self, request):
        return self.with_buttons(request, super().get_list_display(request))

    @column(gettext_lazy("number"), "number")
    def shown_number(self, row):
        return digits(row.number)

    @column(gettext_lazy("mandatory"), "mandatory", boolean=True)
    def is_mandatory(self, row):
        return row.mandatory


class PartForm(RefusableForm):
    """Only the parts that the chosen stage has."""

    def clean(self):
        cleaned = super().clean()
        stage, part = cleaned.get("stage"), cleaned.get("part")
        if stage and part and part not in STAGE_PARTS.get(stage, ()):
            self.add_error("part", _("The chosen stage has no such part."))
        return cleaned


@admin.register(StageWindow)
class StageWindowAdmin(BaseAdmin):
    form = PartForm
    list_display = ("stage", "part", "dimension", "cycle", "opening", "closing", "shown_state")
    list_filter = (("cycle", ScopedRelatedFilter), ("stage", CountedChoicesFilter), ("closes_at", JalaliPeriodFilter))
    list_select_related = ("cycle", "dimension")
    select_related = ("cycle",)
    fields = ("cycle", ("stage", "part"), "dimension", ("opens_at", "closes_at"))

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), *(("cycle",) if obj is not None else ()))

    def save_model(self, request, obj, form, change):
        """A window that is given more time after its end will be closed again when that is over."""
        if obj.closes_at > timezone.now():
            obj.closed_at = None
        super().save_model(request, obj, form, change)

    @column(gettext_lazy("opens at"), "opens_at")
    def opening(self, row):
        return jalali(row.opens_at)

    @column(gettext_lazy("closes at"), "closes_at")
    def closing(self, row):
        return jalali(row.closes_at)

    @column(gettext_lazy("state"))
    def shown_state(self, row):
        now = timezone.now()
        if row.closes_at <= now:
            return badge(_("over"), "muted")
        return badge(_("open"), "good") if row.opens_at <= now else badge(_("to come"), "info")


@admin.register(Extension)
class ExtensionAdmin(BaseAdmin):
    form = PartForm
    list_display = ("agency", "stage", "part", "cycle", "ending", "shown_approver", "reason")
    list_filter = (("cycle", ScopedRelatedFilter), ("stage", CountedChoicesFilter), ("ends_at", JalaliPeriodFilter))
    list_select_related = ("agency", "cycle", "approver")
    select_related = ("agency", "cycle", "approver")
    search_fields = ("agency__name", "reason")
    autocomplete_fields = ("agency",)
    has_log = True

    def get_fields(self, request, obj=None):
        fields = ["cycle", "agency", ("stage", "part"), "dimension", "ends_at", "reason"]
        return fields if obj is None else [*fields, ("approver", "granted_at")]

    def get_readonly_fields(self, request, obj=None):
        fixed = ("cycle", "agency", "stage", "part", "dimension", "approver", "granted_at") if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def save_model(self, request, obj, form, change):
        """A new extension is granted by the verb; later its end and reason may be corrected."""
        if change:
            super().save_model(request, obj, form, change)
            return
        names = ("stage", "part", "dimension", "ends_at", "reason")
        granted = calendar.extend(
            obj.cycle, obj.agency, by=request.user, **{name: getattr(obj, name) for name in names}
        )
        obj.__dict__.update({field.attname: getattr(granted, field.attname) for field in obj._meta.fields})
        obj._state.adding = False

    @column(gettext_lazy("ends at"), "ends_at")
    def ending(self, row):
        return jalali(row.ends_at)

    @column(gettext_lazy("approved by"))
    def shown_approver(self, row):
        return person(row.approver) if row.approver else "—"
