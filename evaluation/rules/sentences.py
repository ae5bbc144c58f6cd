"""Sentences that forms, verbs, workbooks and constraints say alike."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

ARCHIVED = _(
    "The cycle is archived and cannot be changed. An error in its published results is corrected by an erratum of the "
    "provincial organization."
)
EXTENSION_NEEDS_REASON = _("An extension needs a reason.")
NEGATIVE_TARGET = _("A target cannot be negative: choose the nature “reduction” instead.")
REASON_NEEDED = _("Give a reason for this action.")
WINDOW_ENDS_TOO_EARLY = _("A window must close after it opens.")


def listed(rows: QuerySet | list[Any], limit: int = 5) -> str:
    """The first `limit` names of these rows, for a sentence."""
    names = [str(row) for row in rows[: limit + 1]]
    first = {"names": "، ".join(names[:limit])}
    return gettext("%(names)s and others") % first if len(names) > limit else first["names"]
