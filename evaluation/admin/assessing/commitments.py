"""The commitments of a cycle: the list of acceptances, and the page on which an agency's person accepts them."""

from django.contrib import admin
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import Role
from evaluation.models import Commitment
from evaluation.process.assessing import commitments
from evaluation.rules.roles import memberships_of

from ..base import BaseAdmin, ReadOnlyMixin
from ..display import column, jalali
from ..filters import JalaliPeriodFilter, ScopedRelatedFilter


@admin.register(Commitment)
class CommitmentAdmin(ReadOnlyMixin, BaseAdmin):
    list_display = ("user", "agency", "cycle", "accepted")
    list_filter = (("cycle", ScopedRelatedFilter), ("at", JalaliPeriodFilter))
    search_fields = ("agency__name", "user__username", "user__last_name")
    select_related = ("user", "agency", "cycle")
    fields = ("user", "agency", "cycle", "accepted", "text")
    readonly_fields = fields

    @column(gettext_lazy("accepted at"), "at")
    def accepted(self, commitment):
        return jalali(commitment.at)

    def get_urls(self):
        accept = self.admin_site.admin_view(self.accept_view)
        return [path("accept/", accept, name="evaluation_commitment_accept"), *super().get_urls()]

    def accept_view(self, request):
        """The dated text (GET) and its acceptance (POST)."""
        waiting = commitments.pending_commitment(request.user)
        if waiting is None:
            if any(membership.role == Role.AGENCY for membership in memberships_of(request.user)):
                return HttpResponseRedirect(reverse("admin:index"))
            raise Http404
        cycle, agency = waiting
        if request.method == "POST":
            if (request.POST.get("cycle"), request.POST.get("agency")) == (str(cycle.pk), str(agency.pk)):
                commitments.accept_commitments(cycle, agency, by=request.user, text=commitments.text_of(cycle))
            return HttpResponseRedirect(reverse("admin:index"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Commitments of the cycle"),
            "cycle": cycle,
            "agency": agency,
            "text": commitments.text_of(cycle),
        }
        return TemplateResponse(request, "admin/evaluation/assessing/commitment/accept.html", context)
