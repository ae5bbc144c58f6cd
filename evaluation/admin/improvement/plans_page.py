"""The improvement plans of a cycle as a whole: what was expected and won, beside the lines that nobody planned."""

from django.urls import path
from django.utils.translation import gettext as _

from evaluation.enums import CycleKind
from evaluation.reports import improvement

from ..cycle_pages import cycle_page


class PlansMixin:
    """Adds `<pk>/plans/` to the admin of cycles. Needs `visible_row()`."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.plans_view)
        return [path("<path:object_id>/plans/", view, name="evaluation_cycle_plans"), *super().get_urls()]

    def plans_view(self, request, object_id):
        """The picture of the plans of an annual cycle, for the provincial organization's own people."""
        return cycle_page(
            self,
            request,
            object_id,
            "admin/evaluation/improvement/plans.html",
            right="propose_improvementplan",
            kind=CycleKind.ANNUAL,
            title=_("Effect of improvement plans: %(cycle)s"),
            picture=lambda cycle: improvement.of_cycle(cycle, request.user),
        )
