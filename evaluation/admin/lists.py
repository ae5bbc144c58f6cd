"""What every list page says of itself: its title, in the words of the person's menu."""

from django.utils.text import capfirst

from .menu.sidebar import own_title


def list_context(request, model):
    """The title of the list of `model`: of the tab of the browser here, of the heading on the request."""
    request.list_title = capfirst(own_title(request, model) or model._meta.verbose_name_plural)
    return {"title": request.list_title}
