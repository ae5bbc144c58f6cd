"""The button that opens the dialog of a step above the page."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

CLASS_OF_TONE = {"primary": "ev-primary", "danger": "ev-danger-line"}  # other tones look plain
ICON = '<span class="material-symbols-outlined" aria-hidden="true">{}</span>'


@register.simple_tag
def dialog_button(url, words, *, tone="", icon="", about="", held_up=False, title=""):
    """A link to a step's dialog; without scripts it leads to the dialog's own page.

    `tone` is "primary", "danger" or anything else for plain; `icon` a Material symbol; `about` what the step is taken
    on, for screen readers where the words alone are the same in every row. A step that is `held_up` by conditions
    looks switched off, and its dialog says why; so may the `title`.
    """
    extra = SafeString("")
    if held_up:
        extra += SafeString(' aria-disabled="true"')
    if title:
        extra += format_html(' title="{}"', title)
    if about:
        extra += format_html(' aria-label="{}: {}"', words, about)
    return format_html(
        '<a class="{}" href="{}" hx-get="{}" hx-target="#modal-content" hx-swap="innerHTML"'
        ' x-on:htmx:after-on-load="openModal = true"{}>{}{}</a>',
        " ".join(filter(None, ["ev-button", "" if held_up else CLASS_OF_TONE.get(tone, "")])),
        url,
        url,
        extra,
        format_html(ICON, icon) if icon else "",
        words,
    )
