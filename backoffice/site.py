"""The one admin site. It lives outside `evaluation.admin`, which registers into it while it is being made."""

import errno
from functools import partial, update_wrapper

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from unfold.sites import UnfoldAdminSite

from .downloads import log_export
from .uploads import name_uploader

NUL = "\x00"
SEARCH_LIMIT = 30
FIRST_PAGE = "evaluation.admin.first_page.dashboard.first_page_context"
LOOKUP_VIEW = "evaluation.admin.lookup_view.LookupView"


class BackofficeAdminSite(UnfoldAdminSite):
    index_title = ""
    enable_nav_sidebar = True
    empty_value_display = "—"  # as in our own columns

    def get_urls(self):
        return [path("session/", never_cache(self.session_view), name="session"), *super().get_urls()]

    def get_app_list(self, request, app_label=None):
        """Django's list of all models with this person's rights, made when it is asked: no page of ours shows it."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    def index(self, request, extra_context=None):
        """The first page is made before its frame, so that both count what waits by one query."""
        return super().index(request, import_string(FIRST_PAGE)(request) | (extra_context or {}))

    def session_view(self, request):
        """Who is logged in now (null: nobody) and a token that this session takes, for a page that stood open."""
        account = request.user.pk if self.has_permission(request) else None
        return JsonResponse({"account": account, "token": get_token(request)})

    def admin_view(self, view, cacheable=False):
        """Django's guard, and ours around it: addresses and forms that no page can read get a sentence, not a 500."""
        guarded = super().admin_view(view, cacheable)

        def inner(request, *args, **kwargs):
            if has_nul(request, kwargs):
                return self.unreadable(request)
            if request.method == "POST":
                name_uploader(request)
            try:
                response = guarded(request, *args, **kwargs)
            except IncorrectLookupParameters:  # the export page builds a list without the list page's own guard
                return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                return self.disk_full(request)
            log_export(request, response)
            return response

        return update_wrapper(inner, view)

    def unreadable(self, request):
        """A page that says that the address or the form held characters which cannot be read; status 400."""
        context = {**self.each_context(request), "title": _("Unreadable request")}
        return TemplateResponse(request, "admin/evaluation/unreadable.html", context, status=400)

    def disk_full(self, request):
        """The page for a disk that filled up while a file was written, which nothing foresaw; status 503."""
        sentence = _(
            "The file was not stored: the disk of the system is full. Tell the system administrator, go back to the "
            "form and try again later."
        )
        context = {**self.each_context(request), "title": _("Upload refused"), "sentence": sentence}
        return TemplateResponse(request, "admin/evaluation/system/faulty_file.html", context, status=503)

    def autocomplete_view(self, request):
        return import_string(LOOKUP_VIEW).as_view(admin_site=self)(request)

    def search(self, request, extra_context=None):
        """Ctrl+K: what `COMMAND.search_callback` finds: a fixed few, never kept in a cache."""
        words = request.GET.get("s", "").strip()
        if not words:
            return HttpResponse()
        callback = self._get_config("COMMAND", request).get("search_callback")
        results = (self._get_value(callback, request, words) or []) if callback else []
        paginator = Paginator(results[:SEARCH_LIMIT], SEARCH_LIMIT)
        context = {
            "search_term": words,
            "page_obj": paginator,
            "results": paginator.page(1),
            "page_counter": 0,
        }
        return TemplateResponse(
            request, "unfold/helpers/command_results.html", context, headers={"HX-Trigger": "search"}
        )

    def app_index(self, request, app_label, extra_context=None):
        """Models are grouped by the process, not by package: the first page and the sidebar show them."""
        return HttpResponseRedirect(reverse(f"{self.name}:index"))


def has_nul(request, kwargs):
    """PostgreSQL refuses the character NUL anywhere in a text; nobody types it."""
    if any(NUL in str(value) for value in kwargs.values()):
        return True
    queries = [request.GET, request.POST] if request.method == "POST" else [request.GET]
    return any(NUL in text for query in queries for key, values in query.lists() for text in (key, *values))
