"""Which agencies take part in a cycle, and with whom each is compared."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from evaluation.enums import RankedAmong

from .base import ScopedModel, choice_field, name_field, one_of


class PeerGroup(ScopedModel):
    cycle = models.ForeignKey("Cycle", verbose_name=_("cycle"), on_delete=models.CASCADE, related_name="peer_groups")
    title = name_field(_("title"))
    order = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        verbose_name = _("peer group")
        verbose_name_plural = _("peer groups")
        ordering = ["cycle", "order", "title"]
        constraints = [models.UniqueConstraint(fields=["cycle", "title"], name="peergroup_once")]

    def __str__(self):
        return self.title


class Participation(ScopedModel):
    cycle = models.ForeignKey("Cycle", verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="participations")
    agency = models.ForeignKey(
        "Agency", verbose_name=_("executive agency"), on_delete=models.PROTECT, related_name="participations"
    )
    peer_group = models.ForeignKey(
        PeerGroup,
        verbose_name=_("peer group"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="participations",
    )
    ranked_among = choice_field(
        _("ranked among"),
        RankedAmong,
        default=RankedAmong.ALL,
        help_text=_("Banks, for example, may be compared with each other alone."),
    )

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["cycle", "agency__name"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "agency"], name="participation_once"),
            one_of("ranked_among", RankedAmong),
        ]

    def __str__(self):
        return str(self.agency)
