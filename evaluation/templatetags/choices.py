"""The choices of a list's filter."""

from html import escape

from django import template
from django.utils.encoding import iri_to_uri
from django.utils.safestring import SafeData, SafeString

from .look import number

register = template.Library()


@register.simple_tag
def choice_items(choices):
    """The items of the list of choices, of which there may be hundreds: a loop of the template takes much longer."""
    return SafeString("".join(map(item, choices)))


def item(choice):
    address, display, count = iri_to_uri(choice["query_string"]), choice["display"], choice.get("count")
    chosen = ' aria-current="true"' if choice["selected"] else ""
    title = display if isinstance(display, SafeData) else escape(str(display))
    counted = "" if count is None else f"<span>{number(count)}</span>"
    return f'<li><a href="{escape(address)}"{chosen}><span>{title}</span>{counted}</a></li>'
