"""What stands around every page: announcements in force, and the bell with the number of unread notices."""

from django import template
from django.utils.translation import gettext as _

from evaluation.process.messages import announcement

register = template.Library()

TONE_OF_KIND = {announcement.EXPOSED: "danger", "fault": "danger", "interruption": "warning", "note": "info"}


@register.simple_tag
def announcements(user=None):
    """[{text, tone}] above this person's pages; without a person, those of the login page."""
    known = user is not None and user.is_authenticated
    rows = rows_for(user) if known else announcement.texts(announcement.announced_before_login())
    return [
        {"text": text or exposed_accounts(), "tone": TONE_OF_KIND[kind]}
        for kind, text, _from, _key in rows
        if kind != announcement.UNREAD
    ]


def rows_for(user):
    """`announcement.texts_for` this person, read once in a request: the bell and the page ask one after the other."""
    if not hasattr(user, "_frame_rows"):
        user._frame_rows = announcement.texts_for(user)
    return user._frame_rows


def exposed_accounts():
    """What staff read while an account has the demo password."""
    return _(
        "Some accounts still have the demo password, which everybody knows. Before you enter real data, change these "
        "passwords or remove the demo data with the command remove_demo."
    )


@register.simple_tag
def unread_notices(user):
    """How many notices the person has not read yet."""
    return sum(key for kind, _text, _from, key in rows_for(user) if kind == announcement.UNREAD)
