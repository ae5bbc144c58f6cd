"""The integrity code of results on their page, and the page that verifies them."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from evaluation.process.results import snapshot, verify
from evaluation.rules.permissions import holds


class VerifyMixin:
    """Adds `<pk>/verify/`, named `evaluation_resultset_verify`, and what the page of a result set says of its snapshot.

    Needs `visible_row()`, `url_of()` and `page_of()`.
    """

    def get_urls(self):
        view = self.admin_site.admin_view(self.verify_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_verify"
        return [path("<path:object_id>/verify/", view, name=name), *super().get_urls()]

    def snapshot_of(self, request, obj):
        """{code, made_at, made_later, edition, verify_url} of the standing snapshot; None before the computation."""
        figures, announced = snapshot.standing(obj)
        if figures is None:
            return None
        latest = announced or figures
        may = holds(request.user, "export_resultset", obj)
        return {
            "code": latest.sha256,
            "made_at": latest.made_at,
            "made_later": figures.made_later,
            "edition": snapshot.edition(obj),
            "verify_url": self.url_of("verify", obj) if may else "",
        }

    def verify_view(self, request, object_id):
        """Compute the results again and compare; which lines differ is told to those who compute them."""
        obj = self.visible_row(request, object_id)
        if not holds(request.user, "export_resultset", obj):
            raise PermissionDenied("export_resultset")
        if obj.computed_at is None:
            raise Http404
        verdict = verify.verify(obj)
        return TemplateResponse(
            request,
            "admin/evaluation/results/verify.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("Verify the results"),
                "original": obj,
                "verdict": verdict,
                "snapshot": self.snapshot_of(request, obj),
                "shows_differences": holds(request.user, "compute_resultset", obj),
                "page_url": self.page_of(obj),
            },
        )
