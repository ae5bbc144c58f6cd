"""A button that opens a verb's dialog from a table's row."""

from django.urls import reverse

from evaluation.templatetags.dialogs import dialog_button


def verb_button(obj, name, label):
    """A link to the dialog of a verb on `obj`; whoever may not take it is told so there."""
    meta = obj._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_do", args=[obj.pk, name])
    return dialog_button(url, label)
