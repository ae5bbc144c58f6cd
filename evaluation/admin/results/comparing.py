"""The comparisons of a result set at `<pk>/compare/<name>/`, each also as a workbook."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path, reverse

from evaluation.reports import publication, status, tables
from evaluation.reports.comparing.registry import COMPARISONS
from evaluation.reports.comparing.source import Source, reads_all
from evaluation.rules.permissions import holds

READERS, READERS_OF_LINES = "export_resultset", "compute_resultset"


def may_compare(user, result_set, comparison):
    """Whether the person may open this comparison: with the right to the figures, and all of them readable.

    What shows figures of single lines is for the people who compute the results.
    """
    right = READERS_OF_LINES if comparison.of_lines else READERS
    return holds(user, right, result_set) and reads_all(result_set, user)


class ComparingMixin:
    """Adds `<pk>/compare/<name>/` and `<pk>/compare/<name>/workbook/`. Needs `visible_row()` and `page_of()`."""

    def get_urls(self):
        page, file = (self.admin_site.admin_view(view) for view in (self.compare_view, self.compare_workbook_view))
        address = "<path:object_id>/compare/<slug:comparison>/"
        return [
            path(address, page, name="evaluation_resultset_compare"),
            path(f"{address}workbook/", file, name="evaluation_resultset_compare_workbook"),
            *super().get_urls(),
        ]

    def compared(self, request, object_id, name):
        """(result set, comparison) for who may read it. Raises Http404, PermissionDenied."""
        obj = self.visible_row(request, object_id)
        if name not in COMPARISONS or obj.computed_at is None:
            raise Http404
        if not may_compare(request.user, obj, COMPARISONS[name]):
            raise PermissionDenied(name)
        return obj, COMPARISONS[name]

    def compare_view(self, request, object_id, comparison):
        """One comparison: its pictures, tables and, where there is one, the text to announce."""
        obj, chosen = self.compared(request, object_id, comparison)
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        report = chosen.report(Source(obj, request.user))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": obj,
            "title": report.title,
            "report": report,
            "result_set": obj,
            "standing": status.mark(obj),
            "others": self.comparisons(request, obj, comparison),
            "workbook_url": reverse("admin:evaluation_resultset_compare_workbook", args=[obj.pk, comparison]),
            "page_url": self.page_of(obj),
        }
        return TemplateResponse(request, "admin/evaluation/results/comparison.html", context)

    def compare_url(self, obj):
        """The first comparison, which whoever may export the figures and reads them all may open."""
        return reverse("admin:evaluation_resultset_compare", args=[obj.pk, next(iter(COMPARISONS))])

    def comparisons(self, request, obj, current):
        """[(title, address, whether it is shown now)] of the comparisons for a person who may open one of them."""
        of_lines = holds(request.user, READERS_OF_LINES, obj)
        return [
            (comparison.title, reverse("admin:evaluation_resultset_compare", args=[obj.pk, name]), name == current)
            for name, comparison in COMPARISONS.items()
            if of_lines or not comparison.of_lines
        ]

    def compare_workbook_view(self, request, object_id, comparison):
        """The same tables as a workbook."""
        obj, chosen = self.compared(request, object_id, comparison)
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        source = Source(obj, request.user)
        content = tables.workbook(lambda: chosen.report(source), title=str(chosen.title), header=status.mark(obj))
        name = f"{comparison}-{obj.cycle.performance_year}{status.suffix(obj)}.xlsx"
        response = HttpResponse(content, content_type=publication.content_type(name))
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
