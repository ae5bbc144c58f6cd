"""What the pages before log-in share: their frame, and that no copy of them is kept."""

from functools import wraps

from django.contrib import admin
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from backoffice.site import has_nul


def public(view):
    """No copy of the page is kept anywhere; what no page can read gets the site's own sentence."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        if has_nul(request, kwargs):
            return admin.site.unreadable(request)
        return view(request, *args, **kwargs)

    return never_cache(sensitive_post_parameters("code", "text", "phone", "email")(inner))


def page(request, name, title, *, status=200, **context):
    frame = {**admin.site.each_context(request), "title": title}
    return TemplateResponse(request, f"desk/{name}.html", {**frame, **context}, status=status)
