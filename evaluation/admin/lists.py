"""What every list page says of itself: its title, in the words of the person's menu, and what an empty one says."""

from django.utils.text import capfirst

from evaluation.rules.roles import is_mpo

from .empty_lists import EMPTY, NEXT
from .menu.sidebar import own_title
from .navigation import address_of, model_of


def list_context(request, model):
    """The title of the list of `model`: of the tab of the browser here, of the heading on the request."""
    request.list_title = title_for(request, model)
    return {"title": request.list_title}


def title_for(request, model):
    return capfirst(own_title(request, model) or model._meta.verbose_name_plural)


def empty_state(request, model_admin):
    """What the list says when it is empty: `sentence`, and `next`, a (title, address) or None."""
    meta = model_admin.model._meta
    name = meta.model_name if meta.app_label == "evaluation" else meta.label_lower
    words, place = EMPTY[name], NEXT.get(name)
    acts = is_mpo(request.user) or model_admin.has_add_permission(request)
    sentence = words.acting if words.acting and (acts or not words.reading) else words.reading
    address = address_of(request, place) if place else ""
    return {"sentence": sentence, "next": (title_for(request, model_of(place)), address) if address else None}
