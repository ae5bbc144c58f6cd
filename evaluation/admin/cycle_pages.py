"""A page about one cycle, that shows figures and is read alone."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.template.response import TemplateResponse

from evaluation.rules.permissions import holds


def cycle_page(admin, request, object_id, template, *, right, kind, title, **figures):
    """The page `template` of a cycle of this `kind`, for who has the `right` on it; else PermissionDenied or Http404.

    `admin` is that of cycles. `title` has a place for the cycle; `figures` {name in the template: function of the
    cycle} are asked once the person may read them.
    """
    cycle = admin.visible_row(request, object_id)
    if not holds(request.user, right, cycle):
        raise PermissionDenied(right)
    if cycle.kind != kind:
        raise Http404
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "original": cycle,
        "title": title % {"cycle": cycle},
        "cycle": cycle,
    }
    return TemplateResponse(request, template, context | {name: ask(cycle) for name, ask in figures.items()})
