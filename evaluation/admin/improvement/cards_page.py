"""The report cards of all agencies of a cycle, side by side, for the provincial organization."""

from django.urls import path
from django.utils.translation import gettext as _

from evaluation.enums import CycleKind
from evaluation.reports import report_cards

from ..cycle_pages import cycle_page


class CardsMixin:
    """Adds `<pk>/cards/` to the admin of cycles. Needs `visible_row()`."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.cards_view)
        return [path("<path:object_id>/cards/", view, name="evaluation_cycle_cards"), *super().get_urls()]

    def cards_view(self, request, object_id):
        """The cards of an annual cycle, for the provincial organization's own people."""
        return cycle_page(
            self,
            request,
            object_id,
            "admin/evaluation/improvement/cards.html",
            right="compute_resultset",
            kind=CycleKind.ANNUAL,
            title=_("Report cards: %(cycle)s"),
            cards=lambda cycle: report_cards.of_cycle(cycle, request.user),
        )
