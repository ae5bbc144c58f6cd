"""The log of files: who downloaded or exported what, and which file was infected, changed or missing. Append-only."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation.enums import FileEventKind

from .audit import AppendOnly
from .base import choice_field, note_field, one_of, user_field


class FileEvent(AppendOnly):
    kind = choice_field(_("event"), FileEventKind)
    by = user_field(_("person"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    name = models.CharField(_("file name"), max_length=255)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    source = models.CharField(
        _("where it belongs"),
        max_length=250,
        blank=True,
        help_text=_("The table, row and field of a stored file, or an address."),
    )
    cycle = models.ForeignKey(
        "Cycle", verbose_name=_("cycle"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = note_field(_("note"))

    class Meta:
        verbose_name = _("event of a file")
        verbose_name_plural = _("log of files")
        ordering = ["-at", "-pk"]
        constraints = [one_of("kind", FileEventKind)]
        indexes = [
            models.Index(fields=["cycle", "-at"], name="fileevent_cycle"),
            models.Index(fields=["-at", "-id"], name="fileevent_time"),
            models.Index(fields=["source", "kind"], name="fileevent_source"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.name}"
