"""The report card: the page of an agency's result, its PDF, and its acknowledgement by the agency."""

from django import forms
from django.http import Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext_lazy

from evaluation.enums import CycleKind, ResultState
from evaluation.models import AgencyResult, ImprovementPlan
from evaluation.process.improvement import plan
from evaluation.process.improvement import report_card as card_verbs
from evaluation.reports import report_card, report_card_pdf
from evaluation.rules import scopes
from evaluation.rules.open_fields import sees_evaluators
from evaluation.rules.roles import is_mpo

from ..addresses import page_url
from ..list_summary import sees_one_province
from ..related_links import remember_open
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb
from .half_time import HalfTimeMixin, button, materials_of, meeting_address


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


MEET = Verb(
    "ask_for_meeting",
    card_verbs.ask_for_meeting,
    label=gettext_lazy("Ask for a meeting"),
    transition=False,
    codename=card_verbs.ACKNOWLEDGE.codename,
    party=card_verbs.ACKNOWLEDGE.party,
    offered=lambda participation: card_verbs.code_to_read(participation) is not None,
    tone="plain",
    icon="groups",
    sentence=gettext_lazy(
        "The provincial organization is notified of what you write here, and records the meeting as a visit."
    ),
)
DRAFT = Verb(
    "draft_plan",
    plan.draft,
    label=gettext_lazy("Draft the improvement plan"),
    transition=False,
    codename="draft_improvementplan",
    offered=plan.can_be_drafted,
    batch=True,
    tone="plain",
    icon="trending_up",
    sentence=gettext_lazy(
        "The lines that lost most points become the actions of a draft. What is done, by whom and until when is then "
        "written on the page of the plan."
    ),
)


OF_THE_CARD = (ACKNOWLEDGE, DRAFT, MEET)


def combined_result(participation, user):
    """The AgencyResult over all dimensions of this agency that the person may read, or None."""
    rows = AgencyResult.objects.visible_to(user).filter(participation=participation, dimension=None)
    results = report_card.result_set_for(participation, user)
    return rows.filter(result_set=results).first() if results else None


def card_address(participation, user):
    """The page of the agency's report card; "" while the person has none to read. At half-time its page says so."""
    is_interim = participation.cycle.kind == CycleKind.INTERIM
    if is_interim or combined_result(participation, user) is not None:
        return page_url("participation_card", participation.pk)
    return ""


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
        if is_mpo(request.user):  # they read all rows of the same province, or none
            scopes.seen(request.user, participation)
            if sees_one_province(request.user):
                remember_open(request, obj.result_set)
        if obj.dimension_id is not None:
            return context | {"card_url": page_url("participation_card", participation.pk)}
        try:
            card = card_context(request, obj.result_set, participation)
        except LookupError:  # results copied for a trial keep those of their original
            return context
        return context | card | {"pdf_url": page_url("agencyresult_card", obj.pk)}

    def card_view(self, request, object_id):
        """The card as a PDF, over what the person may read; 404 where the results keep no figure of the agency."""
        obj = self.visible_row(request, object_id)
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        try:
            card = report_card.read(obj.result_set, obj.participation, request.user)
        except LookupError:
            raise Http404 from None
        name = f"report-card-{card.agency.code}-{card.year}.pdf"
        response = HttpResponse(report_card_pdf.make(card, obj.result_set), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def card_context(request, result_set, participation):
    """What the card's template shows; the receipt, with the agency's comment, to readers of its lines alone."""
    card = report_card.read(result_set, participation, request.user)
    receipt = getattr(participation, "card_receipt", None)
    is_read = card_verbs.is_read(receipt, card.figures_code)
    own_plan = ImprovementPlan.objects.visible_to(request.user).filter(participation=participation).first()
    offered = []
    if result_set.state in ResultState.seen_by_agency():
        offered = [*([] if is_read else [ACKNOWLEDGE]), *([] if own_plan else [DRAFT]), MEET]
    return {
        "card": card,
        "receipt": receipt,
        "receipt_is_old": receipt is not None and not is_read,
        "reads_names": sees_evaluators(request.user, participation.agency_id),
        "plan": own_plan,
        "meeting_url": meeting_address(participation, request.user),
        "materials": materials_of(participation, request.user) if card.losses_by_axis else [],
        "card_verbs": [button(verb, participation) for verb in offered if verb.may(request.user, participation)],
    }


class ParticipationCardMixin(HalfTimeMixin):
    """For the admin of participations. Adds `<pk>/card/`, which leads to the card; its steps have their buttons there.

    Needs `visible_row()` and `go()`.
    """

    card_steps = (ACKNOWLEDGE, MEET)

    def get_urls(self):
        view = self.admin_site.admin_view(self.card_view)
        return [path("<path:object_id>/card/", view, name="evaluation_participation_card"), *super().get_urls()]

    def card_view(self, request, object_id):
        """To the page of the agency's result, 404 while there is none to read; in an interim cycle the card itself."""
        participation = self.visible_row(request, object_id)
        is_interim = participation.cycle.kind == CycleKind.INTERIM
        result = None if is_interim else combined_result(participation, request.user)
        if result is None and not is_interim:
            raise Http404
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        if is_interim:
            return self.half_time_card(request, participation)
        return HttpResponseRedirect(page_url("agencyresult_change", result.pk))

    def verbs_of_page(self, request):
        return [verb for verb in super().verbs_of_page(request) if verb not in OF_THE_CARD]

    def after_verb(self, request, obj, verb):
        """An acknowledgement leads back to the card, a draft to the page of the plan."""
        if verb.name in (ACKNOWLEDGE.name, MEET.name):
            return self.go(request, page_url("participation_card", obj.pk))
        if verb.name == DRAFT.name:
            return self.go(request, page_url("improvementplan_change", obj.improvement_plan.pk))
        return super().after_verb(request, obj, verb)
