"""Objections: filed and decided in place on the page of lines; their list, versions and steps."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from evaluation.enums import Nature, ObjectionKind, ObjectionState, Role, Scorer
from evaluation.models import Objection, ObjectionVersion
from evaluation.process.assessing import objection
from evaluation.process.assessing.line import Figures
from evaluation.process.door import Refusal
from evaluation.reports import assessment_lines
from evaluation.rules.open_fields import sees_evaluators
from evaluation.rules.permissions import holds

from ..base import BaseAdmin, ReadOnlyInline, ReadOnlyMixin
from ..display import column, digits, jalali, score, score_column, state_column
from ..files import file_column
from ..filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from ..forms import PersianDecimalField, UploadField
from ..verbs.behalf import lines_url
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb, VerbsMixin
from .claim_facts import cell_facts, claim_facts, line_facts, objection_facts
from .lines_context import may_object


class ClaimForm(VerbForm):
    """What an agency claims for one line; `subject` is the line."""

    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=ObjectionKind.choices)
    text = forms.CharField(
        label=gettext_lazy("text of the objection"), widget=forms.Textarea(attrs={"rows": 4}), max_length=8000
    )
    claimed_actual = PersianDecimalField(
        label=gettext_lazy("claimed actual"), required=False, max_digits=24, decimal_places=6
    )
    claimed_target = PersianDecimalField(
        label=gettext_lazy("claimed target"), required=False, max_digits=24, decimal_places=6
    )
    claimed_score = PersianDecimalField(
        label=gettext_lazy("claimed score"), required=False, max_digits=14, decimal_places=6
    )
    file = UploadField(label=gettext_lazy("file"), required=False)


class DecisionForm(VerbForm):
    """Verdict and corrected figures; `subject` is the objection."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("decision"), choices=[(state.value, state.label) for state in ObjectionState.decided()]
    )
    actual = PersianDecimalField(
        label=gettext_lazy("corrected actual"), required=False, max_digits=24, decimal_places=6
    )
    target = PersianDecimalField(
        label=gettext_lazy("corrected target"), required=False, max_digits=24, decimal_places=6
    )
    score = PersianDecimalField(
        label=gettext_lazy("corrected score"),
        required=False,
        max_digits=14,
        decimal_places=6,
        help_text=gettext_lazy("Empty: computed from the corrected actual and target."),
    )

    def prepare(self):
        super().prepare()
        indicator = self.subject.line.indicator if self.subject else None
        if indicator and indicator.nature == Nature.QUALITATIVE:
            del self.fields["target"]


class InPlaceDecisionForm(DecisionForm):
    reason = forms.CharField(
        label=gettext_lazy("reason"), widget=forms.Textarea(attrs={"rows": 3}), strip=True, max_length=8000
    )


def decide(obj, *, by, reason, verdict, actual=None, target=None, score=None):
    """The verb, from the fields of its dialog: without any corrected figure there are none."""
    figures = Figures(actual=actual, target=target, score=score, note=reason)
    corrected = any(value is not None for value in (actual, target, score))
    return objection.decide(obj, verdict=verdict, reason=reason, by=by, figures=figures if corrected else None)


class InPlaceMixin:
    """Adds to the assessments the forms that file and decide an objection inside its line.

    Needs `with_access()` of `LinesMixin`.
    """

    def get_urls(self):
        object_ = self.admin_site.admin_view(self.object_view)
        decide_ = self.admin_site.admin_view(self.decide_view)
        return [
            path("<path:object_id>/lines/<int:line_id>/object/", object_, name="evaluation_assessment_object"),
            path("<path:object_id>/lines/<int:line_id>/decide/", decide_, name="evaluation_assessment_decide"),
            *super().get_urls(),
        ]

    def row_of(self, request, object_id, line_id):
        assessment, rights = self.with_access(request, object_id)
        row = next(iter(assessment_lines.line_rows(assessment, request.user, rights, key=line_id)), None)
        if row is None:
            raise Http404
        return row, rights

    def object_view(self, request, object_id, line_id):
        """File an objection to a line, or edit the one that stands."""
        row, rights = self.row_of(request, object_id, line_id)
        if not rights.objects:
            raise PermissionDenied("file_objection")
        standing = row.objection if row.objection and row.objection.state == ObjectionState.FILED else None
        initial = {name: getattr(standing, name) for name in objection.CLAIM} if standing else {}

        def act(cleaned):
            objection.file(row.line, by=request.user, on_behalf=rights.behalf, **cleaned)

        closed = [] if may_object(row, rights) else rights.objection_closed
        facts = [*line_facts(row.line), *cell_facts(row.cells.values())]
        return self.in_place(request, row, ClaimForm, row.line, initial, act, _("File the objection"), closed, facts)

    def decide_view(self, request, object_id, line_id):
        """Decide the objection to a line, beside its chain."""
        row, rights = self.row_of(request, object_id, line_id)
        if row.line.pk not in rights.decides:
            raise PermissionDenied("decide_objection")
        if row.objection is None:
            raise Http404
        row.objection.line = row.line

        def act(cleaned):
            decide(row.objection, by=request.user, **cleaned)

        label, closed = _("Decide the objection"), rights.answer_closed
        facts = [*line_facts(row.line), *cell_facts(row.cells.values()), *claim_facts(row.objection)]
        return self.in_place(request, row, InPlaceDecisionForm, row.objection, {}, act, label, closed, facts)

    def in_place(self, request, row, kind, subject, initial, act, label, closed, facts):
        """Show a form inside the row, or as a page of its own below `facts`, and do what it asks for."""
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        form = kind(*posted, subject=subject, user=request.user, initial=initial, prefix=f"line-{row.line.pk}")
        sentences = [str(sentence) for sentence in closed]
        if request.method == "POST" and form.is_valid():
            try:
                act(form.cleaned_data)
            except Refusal as refusal:
                sentences = refusal.sentences
            else:
                messages.success(request, _("Done: %(verb)s.") % {"verb": label})
                if "HX-Request" in request.headers:
                    return HttpResponse(headers={"HX-Refresh": "true"})
                return HttpResponseRedirect(f"{lines_url(row.line.assessment)}#line-{row.line.pk}")
        context = {
            "title": f"{label}: {row.line}",
            "facts": facts,
            "form": form,
            "sentences": sentences,
            "confirm": label,
            "action_url": request.path,
            "back_url": f"{lines_url(row.line.assessment)}#line-{row.line.pk}",
        }
        if "HX-Request" in request.headers:
            return TemplateResponse(request, "admin/evaluation/assessing/objection/inline_form.html", context)
        page = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, "admin/evaluation/assessing/objection/inline_page.html", page)


def may_give_opinion(user, objection):
    if objection is None or objection.line.indicator.scorer == Scorer.EVALUATOR:
        return False
    return holds(user, "record_initial", objection.line, among=[Role.STEWARD, *Role.mpo()])


class OpinionForm(VerbForm):
    text = forms.CharField(label=gettext_lazy("steward's opinion"), widget=forms.Textarea, max_length=8000)


class VersionInline(ReadOnlyInline):
    model = ObjectionVersion
    show_title = False  # the objection again, and the number that is its first column
    fields = ("shown_number", "kind", "text", "claimed_actual", "claimed_target", "claimed_score", "file_link", "when")
    readonly_fields = fields
    file_link = staticmethod(file_column("file"))

    @column(gettext_lazy("version"))
    def shown_number(self, version):
        return digits(version.number)

    @column(gettext_lazy("at"))
    def when(self, version):
        return jalali(version.at)


@admin.register(Objection)
class ObjectionAdmin(ReadOnlyMixin, VerbsMixin, BaseAdmin):
    state = "state"
    verbs = (
        Verb("decide", decide, form=DecisionForm, icon="gavel", details=objection_facts),
        Verb("withdraw", objection.withdraw, tone="danger", icon="undo", details=objection_facts),
        Verb(
            "give_opinion",
            objection.give_opinion,
            form=OpinionForm,
            transition=False,
            label=pgettext_lazy("verb", "Give the steward's opinion"),
            allowed=may_give_opinion,
            details=objection_facts,
            offered=lambda objection: objection.state == ObjectionState.FILED,
        ),
    )
    list_display = ("line_link", "agency", "kind", state_column(gettext_lazy("state")), "claimed",
                    score_column(gettext_lazy("score before"), "score_before"),
                    score_column(gettext_lazy("score after"), "score_after"), "filed")  # fmt: skip
    list_filter = (
        ("line__assessment__participation__cycle", ScopedRelatedFilter),
        ("state", CountedChoicesFilter),
        ("kind", CountedChoicesFilter),
        ("line__assessment__dimension", ScopedRelatedFilter),
        ("filed_at", JalaliPeriodFilter),
    )
    search_fields = ("line__assessment__participation__agency__name", "line__indicator__code", "line__indicator__title")
    select_related = (
        "line__indicator",
        "line__assessment__participation__agency",
        "line__assessment__participation__cycle",
        "line__assessment__dimension",
    )
    inlines = (VersionInline,)
    list_display_links = ("kind",)
    few_in_a_year = True

    def get_fields(self, request, obj=None):
        names = ["agency", "line_link", "round", "kind", "text", "claimed_actual", "claimed_target", "claimed_score"]
        names += [
            "file",
            "on_behalf_of",
            "steward_opinion",
            "score_before",
            "score_after",
            "decision_reason",
            "decided",
        ]
        agency = obj and obj.line.assessment.participation.agency_id
        return [*names, "decided_by"] if sees_evaluators(request.user, agency) else names

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj)

    @column(gettext_lazy("line"), "line__indicator__code")
    def line_link(self, objection):
        url = f"{lines_url(objection.line.assessment)}#line-{objection.line_id}"
        return format_html('<a class="ev-link" href="{}">{}</a>', url, objection.line.indicator)

    @column(gettext_lazy("executive agency"), "line__assessment__participation__agency__name")
    def agency(self, objection):
        return objection.line.assessment.participation.agency

    @column(gettext_lazy("claimed score"), "claimed_score")
    def claimed(self, objection):
        return score(objection.claimed_score)

    @column(gettext_lazy("filed at"), "filed_at")
    def filed(self, objection):
        return jalali(objection.filed_at)

    @column(gettext_lazy("decided at"))
    def decided(self, objection):
        return jalali(objection.decided_at)


@admin.register(ObjectionVersion)
class ObjectionVersionAdmin(ReadOnlyMixin, BaseAdmin):
    """Only for the files of versions; the versions are read on the page of their objection."""

    list_display = ("objection", "shown_number", "kind", "at")
    select_related = ("objection__line__indicator",)

    @column(gettext_lazy("version"), "number")
    def shown_number(self, version):
        return digits(version.number)

    def has_module_permission(self, request):
        return False
