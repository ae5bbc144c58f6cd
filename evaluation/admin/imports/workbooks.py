"""Templates and exports of workbooks: the page that hands them out, and the buttons above lists."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from evaluation.enums import Workbook
from evaluation.models import Cycle
from evaluation.process.door import Forbidden
from evaluation.resources.downloads import templates
from evaluation.resources.workbooks.registry import RESOURCES, downloadable, importable, resource_of
from evaluation.rules import scopes
from evaluation.rules.permissions import holds
from evaluation.rules.roles import memberships_of

from .. import chosen_year

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def import_url(name, query=None, **kwargs):
    url = reverse(f"admin:evaluation_importrun_{name}", kwargs=kwargs or None)
    parameters = {key: value for key, value in (query or {}).items() if value}
    return f"{url}?{urlencode(parameters)}" if parameters else url


def own_province(user):
    """The one province in which the person works, or None."""
    provinces = {member.province_id: member.province for member in memberships_of(user) if member.province_id}
    return next(iter(provinces.values())) if len(provinces) == 1 else None


def key_in(query, name):
    """A row's key in the query of an address, or "". 404 for what can be no key."""
    key = query.get(name, "")
    if key and not (key.isascii() and key.isdigit() and len(key) < 12):
        raise Http404
    return key


def download_of(data, name):
    """A workbook as a download, whatever letters its name has."""
    header = content_disposition_header(True, name)
    return HttpResponse(data, content_type=XLSX, headers={"Content-Disposition": header})


def chosen_cycle(request):
    """The visible cycle named by `?cycle=`, else the latest; None where there is none. 404 for a foreign one."""
    visible = Cycle.objects.visible_to(request.user).order_by("-performance_year", "-pk")
    key = key_in(request.GET, "cycle")
    if not key:
        return visible.first()
    cycle = visible.filter(pk=key).first()
    if cycle is None:
        raise Http404
    return cycle


class DownloadsMixin:
    """Adds the page of workbooks, templates and exports, which change nothing.

    Needs `kits_offered()` of `KitsMixin`, and an admin of `ImportRun` that routes to its views.
    """

    def workbooks_view(self, request):
        self.read_once(request)
        cycle = chosen_cycle(request)
        if not (self.has_view_permission(request) and self.may_download(request, cycle)):
            raise Forbidden("workbooks")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Workbooks"),
            "cycles": Cycle.objects.visible_to(request.user).values_list("pk", "title", named=True),
            "cycle": cycle,
            "rows": workbook_rows(request.user, cycle),
            "marked": request.GET.get("workbook", ""),
            "kits": self.kits_offered(request.user, cycle),
        }
        return TemplateResponse(request, "admin/evaluation/imports/workbooks.html", context)

    def may_download(self, request, cycle):
        return bool(importable(request.user, cycle) or downloadable(request.user, cycle))

    def template_view(self, request, workbook):
        return self.download(request, workbook, filled=False, allowed=importable)

    def export_view(self, request, workbook):
        return self.download(request, workbook, filled=True, allowed=downloadable)

    def download(self, request, name, *, filled, allowed):
        if name not in Workbook.values or Workbook(name) not in RESOURCES:
            raise Http404
        cycle, user = chosen_cycle(request), request.user
        if name not in allowed(user, cycle):
            raise Forbidden(f"download {name}")
        if cycle is None and resource_of(name).needs_cycle:
            raise Http404
        build = templates.export if filled else templates.template
        data = build(name, by=user, cycle=cycle, province=own_province(user))
        return download_of(data, templates.file_name(name, cycle=cycle, filled=filled))


def workbook_rows(user, cycle, among=tuple(RESOURCES)):
    """Each of these workbooks with what this person may do with it: upload, template, export."""
    uploads = importable(user, cycle, among) if holds(user, "add_importrun") else ()
    exports = downloadable(user, cycle, among)
    query = {"cycle": cycle and cycle.pk}
    rows = []
    for workbook in map(Workbook, among):
        if workbook not in uploads and workbook not in exports:
            continue
        row = {"code": workbook.value, "label": workbook.label}
        if workbook in uploads:
            row["upload"] = import_url("add", query | {"workbook": workbook.value})
        if cycle or not resource_of(workbook).needs_cycle:
            row["template"] = import_url("template", query, workbook=workbook.value) if workbook in uploads else ""
            row["export"] = import_url("export", query, workbook=workbook.value) if workbook in exports else ""
        rows.append(row)
    return rows


class WorkbookButtonsMixin:
    """Adds buttons above a list for the workbooks that fill it, in the cycle or year that the list is narrowed to,
    else of the latest cycle. Needs `workbooks`, a tuple of codes.
    """

    workbooks = ()
    list_before_template = "admin/evaluation/imports/buttons.html"

    def changelist_view(self, request, extra_context=None):
        self.read_once(request)
        cycle = self.cycle_of_list(request)
        if cycle is not None:
            scopes.seen(request.user, cycle)
        buttons = workbook_rows(request.user, cycle, self.workbooks)
        context = {"workbook_buttons": buttons, "workbook_cycle": cycle, **(extra_context or {})}
        return super().changelist_view(request, context)

    def cycle_of_list(self, request):
        """The latest cycle of which the list may show rows; None for people who see no cycle."""
        cycles = Cycle.objects.visible_to(request.user).order_by("-performance_year", "-pk")
        keys, year = chosen_year.chosen_cycle(request, self), chosen_year.chosen_year(request, self)
        if keys:
            return cycles.filter(pk__in=keys).first()
        return cycles.first() if year is None else cycles.filter(performance_year=year).first()
