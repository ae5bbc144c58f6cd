"""What stands around every page: announcements in force, and the bell with the number of unread notices."""

from django import template

from evaluation.models import Notice
from evaluation.process.messages import announcement

register = template.Library()

TONE_OF_KIND = {"fault": "danger", "note": "info"}


@register.simple_tag
def announcements(user=None):
    """[{text, tone}] above this person's pages; without a person, those of the login page."""
    known = user is not None and user.is_authenticated
    rows = announcement.announced_to(user) if known else announcement.announced_before_login()
    return [{"text": row.text, "tone": TONE_OF_KIND[row.kind]} for row in rows]


@register.simple_tag
def unread_notices(user):
    """How many notices the person has not read yet."""
    return Notice.objects.filter(user=user, read_at=None).count()
