"""Forms that were taken, so that the same one sent twice acts once."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .base import ScopedModel


class SentForm(ScopedModel):
    """One form of one person that was saved: `key` is a sum over the form's token and all that was written in it.

    The key is unique in the database, so that of two simultaneous posts the second waits for the first.
    """

    key = models.CharField(_("key"), max_length=64, primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("account"), on_delete=models.CASCADE, related_name="+"
    )
    object_id = models.CharField(_("row"), max_length=40, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("sent form")
        verbose_name_plural = _("sent forms")
        ordering = ["-at"]

    def __str__(self):
        return self.key
