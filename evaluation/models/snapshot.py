"""What a result set was when it was computed and when it was announced, kept word for word (docs/process.md#end)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation import enums
from evaluation.enums import SnapshotPart
from evaluation.persian import localise_digits

from .audit import AppendOnly
from .base import choice_field, one_of, user_field


class Snapshot(AppendOnly):
    """One part of a result set in canonical form, with the SHA-256 of exactly this text.

    Pages, files and later years read the latest one of its part; earlier ones stay. An interim evaluation has no
    result set: its axis figures are kept when it is archived.
    """

    cycle = models.ForeignKey("Cycle", verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="snapshots")
    result_set = models.ForeignKey(
        "ResultSet",
        verbose_name=_("result set"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="snapshots",
    )
    part = choice_field(_("part"), enums.SnapshotPart)
    number = models.PositiveSmallIntegerField(_("number"))
    content = models.TextField(_("content"))
    sha256 = models.CharField(_("integrity code"), max_length=64)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    made_by = user_field(_("made by"))
    made_later = models.BooleanField(
        _("made afterwards"), default=False, help_text=_("The results stood before snapshots were kept.")
    )

    class Meta:
        verbose_name = _("snapshot of results")
        verbose_name_plural = _("snapshots of results")
        ordering = ["result_set", "part", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "result_set", "part", "number"], name="snapshot_once"),
            one_of("part", SnapshotPart),
            models.CheckConstraint(
                condition=Q(part=SnapshotPart.INTERIM, result_set=None)
                | (~Q(part=SnapshotPart.INTERIM) & Q(result_set__isnull=False)),
                name="snapshot_interim_without_result_set",
            ),
        ]

    def __str__(self):
        return f"{self.get_part_display()} · {localise_digits(self.number)}"
