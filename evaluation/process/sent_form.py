"""A form that is sent twice, by a double click or from two tabs, acts once."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluation.models import SentForm

KEPT_DAYS = 2


def take(key: object, *, by: User) -> SentForm | None:
    """The record of a form that is saved now, or None when the same form is saved already.

    To be called inside the transaction that saves: a second post waits here until the first one has ended, and what
    is rolled back was never sent.
    """
    try:
        with transaction.atomic():
            return SentForm.objects.create(key=key, user=by)
    except IntegrityError:
        return None


def forget_old() -> int:
    """Remove the records of forms sent days ago; how many there were."""
    old = SentForm.objects.filter(at__lt=timezone.now() - timedelta(days=KEPT_DAYS))
    return old.delete()[0]


def row_of(key: object) -> str:
    """The key of the row that a form has saved, or an empty text."""
    return SentForm.objects.filter(pk=key).values_list("object_id", flat=True).first() or ""
