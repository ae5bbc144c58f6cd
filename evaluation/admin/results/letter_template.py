"""The texts of letters, with a preview of the figures of one agency."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from evaluation.enums import AssessmentState, LetterKind, ResultState, Role
from evaluation.models import AgencyResult, Assessment, LetterTemplate, Participation
from evaluation.process.door import Refusal
from evaluation.process.results import letter_text
from evaluation.rules import letter_times

from ..addresses import is_key
from ..base import BaseAdmin, RefusableForm
from ..verbs.shared_rows import TextsOfKindsMixin

MAX_OFFERED = 200  # agencies to choose from for a preview


class TextForm(RefusableForm):
    def clean(self):
        cleaned = super().clean()
        for name in letter_text.TEXTS:
            try:
                letter_text.check_text(self.instance.kind, cleaned.get(name) or "")
            except Refusal as refusal:
                self.add_error(name, str(refusal))
        return cleaned


@admin.register(LetterTemplate)
class LetterTemplateAdmin(TextsOfKindsMixin, BaseAdmin):
    form = TextForm
    list_display = ("shown_kind", "subject")
    search_fields = ("subject", "body")
    fields = ("kind", "province", "subject", "body", "signer", "announcement")
    change_form_after_template = "admin/evaluation/results/letter/preview.html"

    def get_fields(self, request, obj=None):
        """Before the announcement there is nothing that an agency may publish."""
        after = obj is None or obj.kind in LetterKind.after_announcement()
        return self.fields if after else [name for name in self.fields if name != "announcement"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.preview_view)
        name = "evaluation_lettertemplate_preview"
        return [path("<path:object_id>/preview/", view, name=name), *super().get_urls()]

    def about(self, request, obj):
        places = [(f"{{{name}}}", words) for name, words in letter_text.places_of(obj.kind).items()]
        address = reverse("admin:evaluation_lettertemplate_preview", args=[obj.pk])
        offered = offered_agencies(request.user, obj)
        context = {"places": places, "preview_url": address, "offered": offered}
        return super().about(request, obj) | context | preview_of(obj, offered[0] if offered else None)

    def preview_view(self, request, object_id):
        """What a typed text says of the chosen agency; keeps nothing."""
        text = self.visible_row(request, object_id)
        if not self.has_change_permission(request, text):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        for name in letter_text.TEXTS:
            setattr(text, name, request.POST.get(name, ""))
        key = request.POST.get("preview_of", "")
        offered = agencies_to_preview(request.user, text).filter(pk=key).first() if is_key(key) else None
        return TemplateResponse(
            request, "admin/evaluation/results/letter/said.html", preview_of(text, offered, fresh=True)
        )


def agencies_to_preview(user, text):
    """The agencies whose figures a letter of this kind may tell now, of cycles whose letters this person makes.

    A join would give each agency once for each of its results, and the country's would be sorted whole to leave one.
    """
    rows = Participation.objects.visible_to(user, among=Role.mpo())
    if text.kind in LetterKind.after_announcement():
        seen = [str(state) for state in ResultState.seen_by_agency()]
        figures = AgencyResult.objects.filter(result_set__state__in=seen)
    else:
        figures = Assessment.objects.filter(state__in=AssessmentState.disclosed_or_after())
    rows = rows.filter(Exists(figures.order_by().filter(participation=OuterRef("pk"))))
    if text.province_id:
        rows = rows.filter(cycle__province=text.province_id)
    return rows.select_related("agency", "cycle").order_by("-cycle__performance_year", "agency__name", "pk")


def offered_agencies(user, text):
    return list(agencies_to_preview(user, text)[:MAX_OFFERED])


def preview_of(text, participation, *, fresh=False):
    """{said: content} of the letter to this agency, or {fault: sentence}."""
    if participation is None:
        if fresh:
            return {"fault": _("Choose an agency from the list.")}
        return {"fault": _("A preview is there as soon as an agency has figures that such a letter may tell.")}
    try:
        if reasons := letter_times.not_yet(participation, text.kind):
            raise Refusal(*reasons)
        said = letter_text.compose(participation, kind=text.kind, addressee=Role.AGENCY, template=text)
    except Refusal as refusal:
        return {"fault": str(refusal)}
    return {"said": said, "decision_columns": letter_text.decision_columns()}
