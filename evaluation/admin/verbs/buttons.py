"""A button that opens a verb's dialog from a table's row."""

from django.urls import reverse
from django.utils.html import format_html


def verb_button(obj, name, label):
    """A link to the dialog of a verb on `obj`; whoever may not take it is told so there."""
    meta = obj._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_do", args=[obj.pk, name])
    return format_html(
        '<a class="ev-button" href="{}" hx-get="{}" hx-target="#modal-content" hx-swap="innerHTML"'
        ' x-on:htmx:after-on-load="openModal = true">{}</a>',
        url, url, label,
    )  # fmt: skip
