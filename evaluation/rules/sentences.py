"""Sentences that forms, verbs, workbooks and constraints say alike."""

from django.utils.translation import gettext_lazy as _

ARCHIVED = _(
    "The cycle is archived and cannot be changed. To change it, take the cycle back to an earlier stage or contact the "
    "provincial organization."
)
EXTENSION_NEEDS_REASON = _("An extension needs a reason.")
NEGATIVE_TARGET = _("A target cannot be negative: choose the nature “reduction” instead.")
REASON_NEEDED = _("Give a reason for this action.")
WINDOW_ENDS_TOO_EARLY = _("A window must close after it opens.")
