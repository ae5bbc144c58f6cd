"""Acting on behalf of an agency or its headquarters on one assessment's lines."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from backoffice.row_addresses import row_address
from evaluation.models import OnBehalf
from evaluation.process.door import Refusal
from evaluation.process.files.letters import act_on_behalf
from evaluation.reports.access import access

from .dialogs import BehalfForm, split, usual_body

SESSION_KEY = "behalf"  # {assessment pk: OnBehalf pk}


def letter_in(request, assessment):
    """The letter by which this person acts on this assessment's lines in this session, or None."""
    key = request.session.get(SESSION_KEY, {}).get(str(assessment.pk))
    return OnBehalf.objects.filter(pk=key, by=request.user).first() if key else None


def remember_letter(request, assessment, letter):
    kept = request.session.get(SESSION_KEY, {})
    if letter is None:
        kept.pop(str(assessment.pk), None)
    else:
        kept[str(assessment.pk)] = letter.pk
    request.session[SESSION_KEY] = kept


class BehalfMixin:
    """Adds `<pk>/behalf/` (the dialog) and `<pk>/behalf/end/` to the assessments.

    Needs `visible_row()`, and the page of lines (`LinesMixin`), to which both lead back.
    """

    def get_urls(self):
        begin = self.admin_site.admin_view(self.behalf_view)
        end = self.admin_site.admin_view(self.end_behalf_view)
        return [
            path("<path:object_id>/behalf/", begin, name="evaluation_assessment_behalf"),
            path("<path:object_id>/behalf/end/", end, name="evaluation_assessment_behalf_end"),
            *super().get_urls(),
        ]

    def behalf_view(self, request, object_id):
        """Ask for body, letter number, date and file; keep them for this assessment and session."""
        assessment = self.visible_row(request, object_id)
        party = access(assessment, request.user).party
        if party is None:
            raise PermissionDenied
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        form = BehalfForm(
            *posted, subject=assessment, user=request.user, initial={"behalf_body": usual_body(assessment, party)}
        )
        reasons = []
        if request.method == "POST" and form.is_valid():
            _own, letter = split(form.cleaned_data)
            try:
                written = act_on_behalf(assessment.cycle, role=party, by=request.user, **letter)
            except Refusal as refusal:
                reasons = refusal.sentences
            else:
                remember_letter(request, assessment, written)
                messages.success(request, _("You now act on behalf of “%(body)s”.") % {"body": written.body})
                return to_lines(request, assessment)
        return TemplateResponse(
            request,
            "admin/evaluation/verbs/dialog.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("Act on behalf of: %(party)s") % {"party": party.label},
                "subject": assessment,
                "sentence": _("Every figure that you enter will carry this letter until you end it."),
                "form": form,
                "reasons": reasons,
                "confirm": _("Act on behalf"),
                "action_url": reverse("admin:evaluation_assessment_behalf", args=[assessment.pk]),
                "back_url": lines_url(assessment),
                "fragment": "HX-Request" in request.headers,
            },
        )

    def end_behalf_view(self, request, object_id):
        assessment = self.visible_row(request, object_id)
        if request.method == "POST":
            remember_letter(request, assessment, None)
        return HttpResponseRedirect(lines_url(assessment))


def lines_url(assessment):
    return row_address("admin:evaluation_assessment_lines", assessment.pk)


def to_lines(request, assessment):
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": lines_url(assessment)})
    return HttpResponseRedirect(lines_url(assessment))
