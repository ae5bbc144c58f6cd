"""Telling people, never twice for the same event."""

from django.conf import settings
from django.utils import translation

from evaluation.enums import Role
from evaluation.models import Membership, Notice


def tell(users, *, event, text, cycle=None, url=""):
    """Leave a notice for each user; the same event for the same person is told once. Returns the notices made.

    `text` may be a callable that gives the sentence: notices are kept in the product's language, not the sender's.
    """
    with translation.override(settings.LANGUAGE_CODE):
        sentence = str(text() if callable(text) else text)
    made = []
    for user in users:
        notice, created = Notice.objects.get_or_create(
            user=user, event=event, defaults={"text": sentence, "cycle": cycle, "url": url}
        )
        if created:
            made.append(notice)
    return made


def people(role, **place):
    """The users with an active membership of this role at this place."""
    members = Membership.objects.active().filter(role=role, user__is_active=True, **place).select_related("user")
    return list({membership.user_id: membership.user for membership in members}.values())


def managers(cycle):
    from .audit import SCHEDULER  # audit needs nothing of ours; the name alone is wanted

    return [user for user in people(Role.MANAGER, province=cycle.province) if user.username != SCHEDULER]
