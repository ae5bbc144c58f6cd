"""Process templates with their steps, and the checklist of a cycle."""

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import persian
from evaluation.enums import Stage
from evaluation.models import CycleStep, ProcessTemplate, TemplateStep
from evaluation.process import steps as process

from .base import BaseAdmin, BaseTabular, RefusableForm
from .buttons import verb_button
from .dialogs import VerbForm
from .display import badge, column, digits
from .files import file_column
from .filters import CountedChoicesFilter, ScopedRelatedFilter
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
            process.tick,
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
