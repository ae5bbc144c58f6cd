"""The report card: the page of an agency's result, its PDF, and its acknowledgement by the agency."""

from django import forms
from django.http import Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext_lazy

from evaluation.enums import ResultState
from evaluation.models import AgencyResult
from evaluation.process.improvement import report_card as card_verbs
from evaluation.reports import report_card, report_card_pdf
from evaluation.rules.open_fields import sees_evaluators

from ..addresses import page_url
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb


class AcknowledgeForm(VerbForm):
    comment = forms.CharField(
        label=gettext_lazy("comment of the agency"), widget=forms.Textarea, required=False, max_length=20000
    )
    may_be_named = forms.BooleanField(
        label=gettext_lazy("The agency may be named as an example"),
        required=False,
        help_text=gettext_lazy(
            "Agencies of the same group then read that this one is among the best in an indicator, without figures."
        ),
    )


ACKNOWLEDGE = Verb(
    "acknowledge_card",
    card_verbs.acknowledge,
    form=AcknowledgeForm,
    label=gettext_lazy("Acknowledge the report card"),
    transition=False,
    codename=card_verbs.ACKNOWLEDGE.codename,
    party=card_verbs.ACKNOWLEDGE.party,
    offered=card_verbs.waits,
    icon="done_all",
    sentence=gettext_lazy("The time of reading is recorded in the name of your agency."),
)


def combined_result(participation, user):
    """The AgencyResult over all dimensions of this agency that the person may read, or None."""
    rows = AgencyResult.objects.visible_to(user).filter(participation=participation, dimension=None)
    results = report_card.result_set_for(participation, user)
    return rows.filter(result_set=results).first() if results else None


class ResultCardMixin:
    """For the admin of agency results. Adds the card above the figures, and `<pk>/card/`, its PDF.

    The row over all dimensions has the card; those of single dimensions lead to it. Needs `visible_row()`.
    """

    change_form_outer_before_template = "admin/evaluation/improvement/result_top.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.card_view)
        return [path("<path:object_id>/card/", view, name="evaluation_agencyresult_card"), *super().get_urls()]

    def about(self, request, obj):
        context = super().about(request, obj)
        participation = obj.participation
        if obj.dimension_id is not None:
            return context | {"card_url": page_url("participation_card", participation.pk)}
        return (
            context
            | card_context(request, obj.result_set, participation)
            | {"pdf_url": page_url("agencyresult_card", obj.pk)}
        )

    def card_view(self, request, object_id):
        """The card as a PDF, over what the person may read."""
        obj = self.visible_row(request, object_id)
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        card = report_card.read(obj.result_set, obj.participation, request.user)
        name = f"report-card-{card.agency.code}-{card.year}.pdf"
        response = HttpResponse(report_card_pdf.make(card, obj.result_set), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def card_context(request, result_set, participation):
    """What the card's template shows."""
    card, receipt = report_card.read(result_set, participation, request.user), card_verbs.receipt_of(participation)
    is_read = card_verbs.is_read(receipt, card.figures_code)
    waits = not is_read and result_set.state in ResultState.seen_by_agency()
    return {
        "card": card,
        "receipt": receipt,
        "receipt_is_old": receipt is not None and not is_read,
        "reads_names": sees_evaluators(request.user, participation.agency_id),
        "card_verbs": buttons(request.user, participation) if waits else [],
    }


def buttons(user, participation):
    """The step of a card that waits for its agency, for people who may take it, as `dialog_button` draws it."""
    if not ACKNOWLEDGE.may(user, participation):
        return []
    url = page_url("participation_do", participation.pk, ACKNOWLEDGE.name)
    return [{"label": ACKNOWLEDGE.label, "url": url, "tone": "primary", "icon": ACKNOWLEDGE.icon, "reasons": []}]


class ParticipationCardMixin:
    """For the admin of participations. Adds `<pk>/card/`, which leads to the card. Needs `visible_row()` and `go()`."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.card_view)
        return [path("<path:object_id>/card/", view, name="evaluation_participation_card"), *super().get_urls()]

    def card_view(self, request, object_id):
        """To the page of the agency's result; 404 while the person may read none."""
        participation = self.visible_row(request, object_id)
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        result = combined_result(participation, request.user)
        if result is None:
            raise Http404
        return HttpResponseRedirect(page_url("agencyresult_change", result.pk))

    def after_verb(self, request, obj, verb):
        if verb.name != ACKNOWLEDGE.name:
            return super().after_verb(request, obj, verb)
        return self.go(request, page_url("participation_card", obj.pk))
