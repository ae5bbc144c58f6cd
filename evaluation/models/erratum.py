"""Corrections of published results: each with its reason, the figures before and after, and a new edition."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluation.persian import localise_digits

from .audit import AppendOnly
from .base import note_field, points_field, user_field


class Erratum(AppendOnly):
    """A correction after the publication; the first edition is the publication itself, so errata begin with 2."""

    result_set = models.ForeignKey(
        "ResultSet", verbose_name=_("result set"), on_delete=models.PROTECT, related_name="errata"
    )
    edition = models.PositiveSmallIntegerField(_("edition"))
    reason = note_field(_("reason"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = user_field(_("by"), null=False, blank=False)

    class Meta:
        verbose_name = _("erratum")
        verbose_name_plural = _("errata")
        ordering = ["result_set", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["result_set", "edition"], name="erratum_edition_once"),
            models.CheckConstraint(condition=models.Q(edition__gte=2), name="erratum_after_first_edition"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="erratum_with_reason"),
        ]

    def __str__(self):
        return gettext("Edition %(number)s") % {"number": localise_digits(self.edition)}


class Correction(AppendOnly):
    """One line that an erratum corrected: its final score before and after."""

    erratum = models.ForeignKey(
        Erratum, verbose_name=_("erratum"), on_delete=models.PROTECT, related_name="corrections"
    )
    line = models.ForeignKey("Line", verbose_name=_("line"), on_delete=models.PROTECT, related_name="corrections")
    old_score = points_field(_("score before"), null=True)
    new_score = points_field(_("score after"))

    class Meta:
        verbose_name = _("corrected line")
        verbose_name_plural = _("corrected lines")
        ordering = ["erratum", "pk"]
        constraints = [models.UniqueConstraint(fields=["erratum", "line"], name="correction_once_in_erratum")]

    def __str__(self):
        return str(self.line)
