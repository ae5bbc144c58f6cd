"""Evaluator groups, their people and the agencies each of them scores."""

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from evaluation.models import Assignment, Evaluator, EvaluatorGroup, Participation
from evaluation.process.year import evaluator_group

from ..base import BaseAdmin, BaseTabular
from ..choices import CheckboxesMixin
from ..display import badge, column
from ..filters import ScopedRelatedFilter
from ..imports.workbooks import WorkbookButtonsMixin
from ..labels import person
from ..list_summary import sees_one_province
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb, VerbsMixin
from .coverage import CoverageMixin


class EvaluatorInline(BaseTabular):
    model = Evaluator
    fields = ("user", "lead", "represents")
    show_title = False  # it would be the user again

    def get_autocomplete_fields(self, request):
        """In a group that stands nothing is looked up: few may sit in its province."""
        return super().get_autocomplete_fields(request) if request.edited is None else self.autocomplete_fields

    def get_field_queryset(self, db, db_field, request):
        """Of the people of several provinces those who may sit in this one, and those who do."""
        rows, group = super().get_field_queryset(db, db_field, request), request.edited
        if group is None or db_field.name != "user" or sees_one_province(request.user):
            return rows
        may = evaluator_group.may_sit(group.cycle.province).values("user")
        return rows.filter(Q(pk__in=may) | Q(pk__in=group.evaluators.values("user")))


class AssignForm(VerbForm):
    evaluator = forms.ModelChoiceField(Evaluator.objects.none(), label=_("evaluator"))
    participations = forms.ModelMultipleChoiceField(
        Participation.objects.none(), label=_("agencies"), widget=forms.CheckboxSelectMultiple
    )

    def prepare(self):
        super().prepare()
        self.fields["evaluator"].queryset = self.subject.evaluators.select_related("user")
        rows = Participation.objects.visible_to(self.user).filter(cycle=self.subject.cycle_id)
        if agencies := list(self.subject.agencies.all()):
            rows = rows.filter(agency__in=agencies)
        self.fields["participations"].queryset = rows.select_related("agency")


def assign(group, *, by, evaluator, participations, note=""):
    """Agencies of a group to one evaluator; without the training by the manager alone, with the reason in the note."""
    return evaluator_group.assign(evaluator, participations, by=by, note=note)


@admin.register(EvaluatorGroup)
class EvaluatorGroupAdmin(CoverageMixin, CheckboxesMixin, WorkbookButtonsMixin, VerbsMixin, BaseAdmin):
    workbooks = ("evaluators",)
    list_display = ("title", "cycle", "lead_body", "shown_axes", "specific", "shown_lead")
    list_filter = (("cycle", ScopedRelatedFilter), "covers_specific")
    list_select_related = ("cycle",)
    select_related = ("cycle",)
    search_fields = ("title", "lead_body")
    fields = ("cycle", "title", "lead_body", "axes", "covers_specific", "agencies", "formed_by")
    autocomplete_fields = ("agencies",)
    inlines = (EvaluatorInline,)
    has_log = True
    verbs = (
        Verb(
            "assign",
            assign,
            form=AssignForm,
            label=_("Assign agencies"),
            transition=False,
            codename="add_assignment",
            icon="assignment_ind",
            sentence=_("The chosen agencies are removed from the other evaluators of the group."),
        ),
    )

    def get_queryset(self, request):
        seats = Prefetch("evaluators", Evaluator.objects.select_related("user"))
        return super().get_queryset(request).prefetch_related("axes", seats)

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), *(("cycle",) if obj is not None else ()))

    def save_formset(self, request, form, formset, change):
        """A seat is given by the verb, which asks for the evaluator's role and for one lead."""
        if formset.model is not Evaluator:
            super().save_formset(request, form, formset, change)
            return
        rows = formset.save(commit=False)
        for gone in formset.deleted_objects:
            gone.delete()
        for row in sorted(rows, key=lambda row: row.lead):
            names = {"lead": row.lead, "represents": row.represents}
            saved = evaluator_group.seat(row.group, row.user, by=request.user, **names)
            row.pk = saved.pk
        formset.save_m2m()

    @column(_("axes"))
    def shown_axes(self, row):
        return "، ".join(str(axis) for axis in row.axes.all()) or "—"

    @column(_("scores the specific dimension"), "covers_specific", boolean=True)
    def specific(self, row):
        return row.covers_specific

    @column(_("lead"))
    def shown_lead(self, row):
        leads = [seat for seat in row.evaluators.all() if seat.lead]
        return person(leads[0].user) if leads else badge(_("no lead yet"), "warning")


@admin.register(Evaluator)
class EvaluatorAdmin(WorkbookButtonsMixin, BaseAdmin):
    workbooks = ("evaluators",)
    list_display = ("shown_person", "group", "leads", "represents")
    list_filter = (("group", ScopedRelatedFilter), "lead")
    list_select_related = ("user", "group")
    select_related = ("user", "group")
    search_fields = ("user__username", "user__last_name", "group__title")

    def has_add_permission(self, request, obj=None):
        """Seats are given on the group's page."""
        return False

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), "user", "group")

    @column(_("user"), "user__last_name")
    def shown_person(self, row):
        return person(row.user)

    @column(_("leads the group"), "lead", boolean=True)
    def leads(self, row):
        return row.lead


@admin.register(Assignment)
class AssignmentAdmin(BaseAdmin):
    list_display = ("participation", "evaluator", "shown_group")
    list_filter = (("evaluator__group", ScopedRelatedFilter), ("evaluator", ScopedRelatedFilter))
    list_select_related = ("participation__agency", "evaluator__user", "evaluator__group")
    select_related = ("participation__agency", "evaluator__user")
    search_fields = ("participation__agency__name", "evaluator__user__last_name")

    def has_add_permission(self, request, obj=None):
        """Agencies are assigned on the group's page, or for many at once on the list of participations."""
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @column(_("evaluator group"), "evaluator__group")
    def shown_group(self, row):
        return row.evaluator.group
