"""The commitments of a cycle: until an agency's person has accepted them, no other page opens for that person."""

from django.conf import settings
from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import CycleKind, Role, Stage
from evaluation.models import Commitment, Cycle
from evaluation.process.assessing import assessment
from evaluation.rules.roles import memberships_of

from ..base import BaseAdmin, ReadOnlyMixin
from ..display import column, jalali
from ..filters import JalaliPeriodFilter, ScopedRelatedFilter

STANDARD_TEXT = settings.BASE_DIR / "fixtures" / "commitments_fa.txt"
OPEN_TO_ALL = {"login", "logout", "jsi18n", "password_change", "password_change_done", "evaluation_commitment_accept"}


def text_of(cycle):
    """The cycle's own text, else the standard one."""
    return cycle.commitment_text.strip() or STANDARD_TEXT.read_text(encoding="utf-8").strip()


def pending_commitment(user):
    """The first (cycle, agency) whose commitments this person still has to accept, or None."""
    for membership in memberships_of(user):
        if membership.role == Role.AGENCY and (cycle := cycle_to_commit_to(user, membership.agency)):
            return cycle, membership.agency
    return None


def cycle_to_commit_to(user, agency):
    """A running cycle in which the agency takes part (or may yet) without an acceptance of this person."""
    accepted = Commitment.objects.filter(cycle=OuterRef("pk"), agency=agency, user=user)
    part = Cycle.objects.filter(pk=OuterRef("pk"), participations__agency=agency)
    cycles = Cycle.objects.filter(province=agency.province_id, kind=CycleKind.ANNUAL)
    cycles = cycles.exclude(stage__in=[Stage.DRAFT, Stage.CLOSED])
    cycles = cycles.filter(
        Exists(part) | ~Exists(Cycle.objects.filter(pk=OuterRef("pk"), participants_fixed_at__isnull=False))
    )
    return cycles.filter(~Exists(accepted)).order_by("-performance_year").first()


class CommitmentsMiddleware:
    """Leads an agency's person from any page of the admin to the commitments, as long as they wait."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        match = request.resolver_match
        if match.app_names != ["admin"] or match.url_name in OPEN_TO_ALL or not request.user.is_authenticated:
            return None
        if pending_commitment(request.user) is None:
            return None
        return HttpResponseRedirect(reverse("admin:evaluation_commitment_accept"))


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
        waiting = pending_commitment(request.user)
        if waiting is None:
            if any(membership.role == Role.AGENCY for membership in memberships_of(request.user)):
                return HttpResponseRedirect(reverse("admin:index"))
            raise Http404
        cycle, agency = waiting
        if request.method == "POST":
            if (request.POST.get("cycle"), request.POST.get("agency")) == (str(cycle.pk), str(agency.pk)):
                assessment.commit(cycle, agency, by=request.user, text=text_of(cycle))
            return HttpResponseRedirect(reverse("admin:index"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Commitments of the cycle"),
            "cycle": cycle,
            "agency": agency,
            "text": text_of(cycle),
        }
        return TemplateResponse(request, "admin/evaluation/assessing/commitment/accept.html", context)
