"""Sentences that forms, verbs, workbooks and constraints say alike."""

from django.utils.translation import gettext_lazy as _

ARCHIVED = _("The cycle is archived.")
EXTENSION_NEEDS_REASON = _("An extension needs a reason.")
NEGATIVE_TARGET = _("A target cannot be negative: use the nature “reduction” instead.")
REASON_NEEDED = _("This step needs a reason.")
WINDOW_ENDS_TOO_EARLY = _("A window must close after it opens.")
