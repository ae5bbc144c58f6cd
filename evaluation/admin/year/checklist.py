"""Process templates with their steps, and the checklist of a cycle."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminExpandableTextareaWidget

from evaluation import persian
from evaluation.enums import Stage
from evaluation.models import CycleStep, ProcessTemplate, TemplateStep
from evaluation.process.year.checklist import begin, tick, untick
from evaluation.reports import checklist, process_form
from evaluation.reports.shown_work import shown_work
from evaluation.rules.permissions import holds

from ..base import BaseAdmin, BaseTabular, RefusableForm
from ..current import current_cycles
from ..display import EMPTY, badge, column, digits, sentences
from ..files import file_column
from ..filters import CountedChoicesFilter, ScopedRelatedFilter
from ..forms import JalaliDateField, UploadField
from ..labels import person
from ..verbs.buttons import verb_button
from ..verbs.dialogs import VerbForm
from ..verbs.shared_rows import CopiedRowsMixin
from ..verbs.verb import Verb, VerbsMixin


class DoneMixin:
    """The column of a checklist: when and by whom a step was done, or the button for those who may mark it.

    Needs rows of `CycleStep` and `holds()`. Adds `shown_done`, `done_or_button`, and `with_buttons()`, which puts the
    second in place of the first.
    """

    @column(gettext_lazy("done"), "done_at")
    def shown_done(self, step):
        if not step.done_at:
            return "—"
        day = persian.format_jalali(step.done_on or timezone.localtime(step.done_at).date())
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
    fields = ("number", "title", "responsible", "channel", "days", "stage", "mandatory", "phase")
    show_title = False

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Titles are sentences: they are read whole."""
        if db_field.name in ("title", "responsible"):
            kwargs["widget"] = UnfoldAdminExpandableTextareaWidget(attrs={"rows": 2})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class ProcessTemplateForm(RefusableForm):
    skipped = forms.MultipleChoiceField(
        label=gettext_lazy("skipped stages"),
        choices=[(stage.value, stage.label) for stage in Stage.worked()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


@admin.register(ProcessTemplate)
class ProcessTemplateAdmin(CopiedRowsMixin, BaseAdmin):
    form = ProcessTemplateForm
    list_display = ("title", "shown_days", "source")
    search_fields = ("title", "code")
    fields = ("province", "code", "title", "total_days", "skipped", "festival_required", "track")
    fields += (("unit", "electronic", "proposed"),)
    fields += ("aims", ("receivers", "providers"), ("forms", "documents"), ("technology", "laws"), "duties", "source")
    inlines = (TemplateStepInline,)
    change_form_outer_before_template = "admin/evaluation/year/checklist/template_top.html"

    class Media:
        css = {"all": ("evaluation/css/steps.css",)}

    readonly_fields = ("shown_skipped",)

    def get_fields(self, request, obj=None):
        """Who only reads the template reads the stages by their names."""
        kept = "skipped" if self.may_edit(request, obj) else "shown_skipped"
        return [kept if name == "skipped" else name for name in self.fields]

    def get_urls(self):
        view = self.admin_site.admin_view(self.form_view)
        return [path("<path:object_id>/form/", view, name="evaluation_processtemplate_form"), *super().get_urls()]

    def form_view(self, request, object_id):
        """The process as the official form of the documentation of processes: read, and printed."""
        template = self.visible_row(request, object_id)
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        steps = list(template.steps.all())
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": template,
            "title": _("Process form: %(template)s") % {"template": template},
            "template": template,
            "boxes": process_form.boxes(template),
            "steps": steps,
            "days": sum(step.days or 0 for step in steps) or template.total_days,
            "number_of_steps": len(steps),
        }
        return TemplateResponse(request, "admin/evaluation/year/checklist/form.html", context)

    def about(self, request, obj):
        address = reverse("admin:evaluation_processtemplate_form", args=[obj.pk])
        return super().about(request, obj) | {"form_url": address}

    def may_edit(self, request, obj):
        return self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)

    @column(gettext_lazy("skipped stages"))
    def shown_skipped(self, row):
        return "، ".join(str(Stage(stage).label) for stage in row.skipped) or EMPTY

    @column(gettext_lazy("total days"), "total_days")
    def shown_days(self, row):
        return digits(row.total_days) or "—"


class BeginForm(VerbForm):
    on = JalaliDateField(
        label=gettext_lazy("began on"), required=False, help_text=gettext_lazy("If empty, today is recorded.")
    )


class TickForm(VerbForm):
    on = JalaliDateField(
        label=gettext_lazy("done on"), required=False, help_text=gettext_lazy("If empty, today is recorded.")
    )
    letter_number = forms.CharField(label=gettext_lazy("letter number"), max_length=60, required=False)
    file = UploadField(label=gettext_lazy("minute or letter"), required=False)


def what_shows_it(step):
    """What the system knows of the work of the step's stage, above the dialog that marks the step as done."""
    known = shown_work(step.cycle, whole=True).get(Stage(step.stage), [])
    return [(_("what shows it"), sentences(known))] if known else []


@admin.register(CycleStep)
class CycleStepAdmin(DoneMixin, VerbsMixin, BaseAdmin):
    list_display = (
        "shown_number",
        "title",
        "responsible",
        "stage",
        "planned",
        "is_mandatory",
        "shown_done",
        "file_link",
    )
    list_display_links = ("title",)
    list_filter = (("cycle", ScopedRelatedFilter), ("stage", CountedChoicesFilter), "mandatory")
    list_select_related = ("done_by", "cycle")
    list_before_template = "admin/evaluation/year/checklist/above_list.html"
    select_related = ("cycle", "done_by", "template")
    search_fields = ("title", "responsible")
    fields = (("cycle", "template"), ("number", "stage"), "title", ("responsible", "channel"), ("days", "mandatory"))
    fields += (("began_on", "done_on"), ("done_at", "done_by"), "letter_number", "note", "file")
    has_log = True
    file_link = file_column("file")
    verbs = (
        Verb(
            "begin",
            begin,
            form=BeginForm,
            label=gettext_lazy("Record the start"),
            transition=False,
            codename="tick_cyclestep",
            offered=lambda step: step.done_at is None,
            tone="plain",
            batch=True,
            icon="play_arrow",
        ),
        Verb(
            "tick",
            tick,
            form=TickForm,
            label=gettext_lazy("Mark as done"),
            transition=False,
            codename="tick_cyclestep",
            offered=lambda step: step.done_at is None,
            batch=True,
            details=what_shows_it,
            icon="check",
        ),
        Verb(
            "untick",
            untick,
            label=gettext_lazy("Undo “done”"),
            transition=False,
            codename="tick_cyclestep",
            offered=lambda step: step.done_at is not None,
            tone="danger",
            icon="undo",
        ),
    )

    def get_readonly_fields(self, request, obj=None):
        fixed = ("began_on", "done_on") if obj is None else ("cycle", "template", "began_on", "done_on")
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_list_display(self, request):
        return self.with_buttons(request, super().get_list_display(request))

    def changelist_view(self, request, extra_context=None):
        links = {"checklist_cycles": current_cycles(request.user)}
        return super().changelist_view(request, {**(extra_context or {}), **links})

    def after_verb(self, request, obj, verb):
        """Back to the checklist, at the step; a dialog stays where it was opened, list or checklist.

        A redirect that differs from the page by its fragment alone would not load it again.
        """
        if "HX-Request" in request.headers:
            return HttpResponse(headers={"HX-Refresh": "true"})
        url = reverse("admin:evaluation_cycle_steps", args=[obj.cycle_id])
        return self.go(request, f"{url}#step-{obj.pk}")

    @column(gettext_lazy("number"), "number")
    def shown_number(self, row):
        return digits(row.number)

    @column(gettext_lazy("planned days"), "days")
    def planned(self, row):
        return digits(row.days) or "—"

    @column(gettext_lazy("mandatory"), "mandatory")
    def is_mandatory(self, row):
        return badge(_("mandatory"), "neutral" if row.done_at else "warning") if row.mandatory else "—"


class ChecklistMixin:
    """Adds `<pk>/steps/` to the admin of cycles: the checklist with planned and actual days.

    Needs `visible_row()`, and the verb `take_template` of `VerbsMixin`.
    """

    def get_urls(self):
        view = self.admin_site.admin_view(self.steps_view)
        return [path("<path:object_id>/steps/", view, name="evaluation_cycle_steps"), *super().get_urls()]

    def steps_view(self, request, object_id):
        """The checklist of one cycle, for people who may see its steps."""
        cycle = self.visible_row(request, object_id)
        if not holds(request.user, "view_cyclestep", cycle):
            raise PermissionDenied("view_cyclestep")
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        may_tick = holds(request.user, "tick_cyclestep", cycle)
        stages = checklist.checklist(cycle, whole=may_tick)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": cycle,
            "title": _("Checklist: %(cycle)s") % {"cycle": cycle},
            "is_fullwidth": "1",
            "cycle": cycle,
            "stages": stages,
            "mixed": len({row.step.template_id for group in stages for row in group.rows}) > 1,
            "take_url": self.take_url(request, cycle),
            "may_tick": may_tick,
        }
        return TemplateResponse(request, "admin/evaluation/year/checklist/checklist.html", context)

    def take_url(self, request, cycle):
        """The dialog that takes a template, for people who may in the present stage; else empty."""
        take = self.verb_named(request, "take_template")
        offered = take.exists_now(cycle) and take.may(request.user, cycle)
        return self.do_url(cycle, take.name) if offered else ""
