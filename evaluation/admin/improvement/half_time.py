"""The half-time card: the page of an agency in an interim cycle, its PDF, and the page of all cards."""

from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from evaluation.enums import AssessmentState, CycleKind
from evaluation.models import Workshop
from evaluation.process.improvement import report_card as card_verbs
from evaluation.reports import half_time_card, half_time_card_pdf, half_time_cards
from evaluation.rules.open_fields import sees_evaluators
from evaluation.rules.own_files import is_mpo_for

from ..addresses import page_url
from ..cycle_pages import cycle_page


class HalfTimeMixin:
    """For the admin of participations. Adds `<pk>/half_time/`, the PDF of a half-time card. Needs `visible_row()`."""

    card_steps = ()  # the steps that the agency takes on its card

    def get_urls(self):
        view = self.admin_site.admin_view(self.half_time_paper)
        return [
            path("<path:object_id>/half_time/", view, name="evaluation_participation_half_time"),
            *super().get_urls(),
        ]

    def half_time_card(self, request, participation):
        """The card after an interim evaluation; empty until the person may read a score of the agency."""
        card = half_time_card.read(participation, request.user)
        receipt = getattr(participation, "card_receipt", None)
        is_read = card is not None and card_verbs.is_read(receipt, card.code)
        offered = [step for step in self.card_steps if card and step.may(request.user, participation)]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": participation,
            "title": _("Half-time card: %(agency)s") % {"agency": participation},
            "participation": participation,
            "card": card,
            "receipt": receipt if card else None,
            "receipt_is_old": receipt is not None and not is_read,
            "reads_names": sees_evaluators(request.user, participation.agency_id),
            "card_verbs": [button(step, participation) for step in offered if step.offered(participation)],
            "pdf_url": page_url("participation_half_time", participation.pk),
            "materials": materials_of(participation, request.user) if card else [],
            "meeting_url": meeting_address(participation, request.user),
        }
        return TemplateResponse(request, "admin/evaluation/improvement/half_time_card.html", context)

    def half_time_paper(self, request, object_id):
        """The card as a PDF; 404 in an annual cycle, and until the person may read a score of the agency."""
        participation = self.visible_row(request, object_id)
        is_interim = participation.cycle.kind == CycleKind.INTERIM
        card = half_time_card.read(participation, request.user) if is_interim else None
        if card is None:
            raise Http404
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        is_disclosed = participation.assessments.filter(state__in=AssessmentState.disclosed_or_after()).exists()
        content = half_time_card_pdf.make(card, participation, is_disclosed=is_disclosed)
        response = HttpResponse(content, content_type="application/pdf")
        name = f"half-time-card-{participation.agency.code}-{participation.cycle.performance_year}.pdf"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def materials_of(participation, user):
    """The workshops of the year with material that the person may read, the latest first."""
    years = [key for key in (participation.cycle_id, participation.cycle.main_cycle_id) if key]
    return list(Workshop.objects.visible_to(user).filter(cycle__in=years).exclude(material=""))


def meeting_address(participation, user):
    """Where staff record the meeting that the agency asked for; "" for others, and where none was asked for."""
    if not is_mpo_for(user, participation.agency_id) or not card_verbs.is_asked_for(participation.pk):
        return ""
    return f"{page_url('visit_add')}?participation={participation.pk}"


def button(verb, participation):
    """A step of a card as `dialog_button` draws it."""
    url = page_url("participation_do", participation.pk, verb.name)
    tone = "" if verb.tone == "plain" else "primary"
    return {"label": verb.label, "url": url, "tone": tone, "icon": verb.icon, "reasons": []}


class HalfTimeCardsMixin:
    """Adds `<pk>/half_time/` to the admin of cycles. Needs `visible_row()`."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.half_time_view)
        return [path("<path:object_id>/half_time/", view, name="evaluation_cycle_half_time"), *super().get_urls()]

    def half_time_view(self, request, object_id):
        """The cards of an interim cycle and who is named, for the provincial organization's own people."""
        return cycle_page(
            self,
            request,
            object_id,
            "admin/evaluation/improvement/half_time_cards.html",
            right="compute_resultset",
            kind=CycleKind.INTERIM,
            title=_("Half-time cards: %(cycle)s"),
            cards=lambda cycle: half_time_cards.of_cycle(cycle, request.user),
        )
