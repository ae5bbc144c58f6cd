"""What a person is told inside the product, once for each event."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .base import ScopedModel, moment_field, note_field


class Notice(ScopedModel):
    user = models.ForeignKey("auth.User", verbose_name=_("user"), on_delete=models.CASCADE, related_name="notices")
    cycle = models.ForeignKey(
        "Cycle", verbose_name=_("cycle"), null=True, blank=True, on_delete=models.CASCADE, related_name="notices"
    )
    event = models.CharField(
        _("event"), max_length=200, help_text=_("A key that keeps an event from being told twice.")
    )
    text = note_field(_("text"))
    url = models.CharField(_("address"), max_length=250, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    read_at = moment_field(_("read at"))

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["user", "event"], name="notice_once_for_event")]

    def __str__(self):
        return self.text
