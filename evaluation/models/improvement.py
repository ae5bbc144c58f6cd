"""What follows from results: the report card that an agency has read, and its plan to improve."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .base import ScopedModel, moment_field, note_field, user_field


class CardReceipt(ScopedModel):
    """An agency has read its report card; `sha256` names the figures that it read ("" in an interim evaluation)."""

    participation = models.OneToOneField(
        "Participation", verbose_name=_("agency in the cycle"), on_delete=models.PROTECT, related_name="card_receipt"
    )
    sha256 = models.CharField(_("integrity code"), max_length=64, blank=True, editable=False)
    comment = note_field(_("comment of the agency"))
    may_be_named = models.BooleanField(
        _("may be named as an example"),
        default=False,
        help_text=_("Agencies of the same group then read that this one is among the best in an indicator."),
    )
    acknowledged_at = moment_field(_("acknowledged at"))
    acknowledged_by = user_field(_("acknowledged by"))

    class Meta:
        verbose_name = _("receipt of a report card")
        verbose_name_plural = _("receipts of report cards")
        ordering = ["participation__agency__name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="cardreceipt_has_person",
            ),
        ]
        permissions = [("acknowledge_cardreceipt", "Can acknowledge a report card")]

    def __str__(self):
        return str(self.participation)

    @property
    def cycle(self):
        return self.participation.cycle

    @property
    def agency(self):
        return self.participation.agency
