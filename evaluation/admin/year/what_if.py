"""The page that tries other rules on the figures of a year at `<pk>/what-if/`; it reads only, and saves nothing."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from evaluation import scoring
from evaluation.enums import CycleKind
from evaluation.models import Cycle
from evaluation.process.results import what_if
from evaluation.reports.what_if import report
from evaluation.rules.permissions import holds

from .what_if_form import WhatIfForm

RIGHT = "compute_resultset"


class WhatIfMixin:
    """Adds `<pk>/what-if/` to the admin of cycles. Needs `visible_row()`."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.what_if_view)
        return [path("<path:object_id>/what-if/", view, name="evaluation_cycle_what_if"), *super().get_urls()]

    def what_if_view(self, request, object_id):
        """Rules typed in the address, tried on this or on last year's figures, for people who compute results."""
        cycle = self.visible_row(request, object_id)
        if not holds(request.user, RIGHT, cycle):
            raise PermissionDenied(RIGHT)
        if cycle.kind != CycleKind.ANNUAL:
            raise Http404
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        data = self.data_cycle(request, cycle)
        figures = what_if.data_of(data) if data else None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": cycle,
            "title": _("What if: %(cycle)s") % {"cycle": cycle},
            "cycle": cycle,
            "data": data,
            "earlier": what_if.earlier_cycle(cycle),
        }
        if figures is not None:
            context |= self.tried(request, cycle, data, figures)
        return TemplateResponse(request, "admin/evaluation/year/what_if.html", context)

    def data_cycle(self, request, cycle):
        """The cycle whose figures are tried: this one, or with `data=earlier` the one before it; None without it."""
        if request.GET.get("data") != "earlier":
            return cycle
        earlier = what_if.earlier_cycle(cycle)
        known = earlier and Cycle.objects.visible_to(request.user).filter(pk=earlier.pk).exists()
        return earlier if known and holds(request.user, RIGHT, earlier) else None

    def tried(self, request, cycle, data, figures):
        """The form, and the report of what was asked."""
        asked = "try" in request.GET
        form = WhatIfForm(request.GET if asked else None, figures=figures, earlier=data != cycle)
        outcome = None
        if asked and form.is_valid():
            try:
                outcome = report(what_if.run(figures, form.changes(cycle, data)))
            except scoring.BadFigure:
                form.add_error(None, _("With these figures no score can be computed. Check them."))
        return {"form": form, "report": outcome}
