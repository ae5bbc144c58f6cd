"""What can happen to a file, as the log of files tells it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FileEventKind(TextChoices):
    DOWNLOADED = "downloaded", _("downloaded")
    EXPORTED = "exported", _("exported")
    INFECTED = "infected", _("put into quarantine")
    CHANGED = "changed", _("found changed")
    MISSING = "missing", _("not found")

    @classmethod
    def faults(cls):
        """What staff have to look into."""
        return [cls.INFECTED, cls.CHANGED, cls.MISSING]
