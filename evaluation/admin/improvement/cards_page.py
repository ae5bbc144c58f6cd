"""The report cards of all agencies of a cycle, side by side, for the provincial organization."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from evaluation.enums import CycleKind
from evaluation.reports import report_cards
from evaluation.rules.permissions import holds


class CardsMixin:
    """Adds `<pk>/cards/` to the admin of cycles. Needs `visible_row()`."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.cards_view)
        return [path("<path:object_id>/cards/", view, name="evaluation_cycle_cards"), *super().get_urls()]

    def cards_view(self, request, object_id):
        """The cards of an annual cycle, for the provincial organization's own people."""
        cycle = self.visible_row(request, object_id)
        if not holds(request.user, "compute_resultset", cycle):
            raise PermissionDenied("compute_resultset")
        if cycle.kind != CycleKind.ANNUAL:
            raise Http404
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": cycle,
            "title": _("Report cards: %(cycle)s") % {"cycle": cycle},
            "cycle": cycle,
            "cards": report_cards.of_cycle(cycle, request.user),
        }
        return TemplateResponse(request, "admin/evaluation/improvement/cards.html", context)
