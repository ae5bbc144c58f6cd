"""Middleware of the product: commitments come before all other pages, and the menu counts anew what somebody did."""

from django.http import HttpResponseRedirect
from django.urls import reverse

from evaluation.admin.menu import sidebar
from evaluation.process.assessing import commitments

OPEN_TO_ALL = {"login", "logout", "jsi18n", "password_change", "password_change_done", "evaluation_commitment_accept"}


class CommitmentsMiddleware:
    """Redirect an agency's person from any page of the admin to the commitments while they wait for acceptance."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        match = request.resolver_match
        if match.app_names != ["admin"] or match.url_name in OPEN_TO_ALL or not request.user.is_authenticated:
            return None
        if commitments.pending_commitment(request.user) is None:
            return None
        return HttpResponseRedirect(reverse("admin:evaluation_commitment_accept"))


class MenuCountsMiddleware:
    """After each form that a person sends the menu counts what waits anew."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "POST" and request.user.is_authenticated:
            sidebar.count_anew(request.user)
        return response
