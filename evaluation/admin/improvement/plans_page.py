"""The improvement plans of a cycle as a whole: what was expected and won, beside the lines that nobody planned."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from evaluation.enums import CycleKind
from evaluation.reports import improvement
from evaluation.rules.permissions import holds


class PlansMixin:
    """Adds `<pk>/plans/` to the admin of cycles. Needs `visible_row()`."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.plans_view)
        return [path("<path:object_id>/plans/", view, name="evaluation_cycle_plans"), *super().get_urls()]

    def plans_view(self, request, object_id):
        """The picture of the plans of an annual cycle, for the provincial organization's own people."""
        cycle = self.visible_row(request, object_id)
        if not holds(request.user, "propose_improvementplan", cycle):
            raise PermissionDenied("propose_improvementplan")
        if cycle.kind != CycleKind.ANNUAL:
            raise Http404
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": cycle,
            "title": _("Effect of improvement plans: %(cycle)s") % {"cycle": cycle},
            "cycle": cycle,
            "picture": improvement.of_cycle(cycle, request.user),
        }
        return TemplateResponse(request, "admin/evaluation/improvement/plans.html", context)
