"""Committees of the evaluation; the council for management development is one of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from evaluation import enums

from .base import ScopedModel, choice_field, name_field, note_field, user_field


class Committee(ScopedModel):
    province = models.ForeignKey(
        "Province", verbose_name=_("province"), on_delete=models.PROTECT, related_name="committees"
    )
    kind = choice_field(_("kind"), enums.CommitteeKind)
    title = name_field(_("title"))

    class Meta:
        verbose_name = _("committee")
        verbose_name_plural = _("committees")
        ordering = ["kind", "title"]
        constraints = [models.UniqueConstraint(fields=["province", "title"], name="committee_once")]

    def __str__(self):
        return self.title


class CommitteeSession(ScopedModel):
    committee = models.ForeignKey(
        Committee, verbose_name=_("committee"), on_delete=models.PROTECT, related_name="sessions"
    )
    cycle = models.ForeignKey(
        "Cycle", verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="committee_sessions"
    )
    number = models.CharField(_("session number"), max_length=30)
    held_on = models.DateField(_("date of the session"))
    resolution = note_field(_("resolution"))
    minutes = models.FileField(_("minutes"), upload_to="minutes/", blank=True)
    recorded_by = user_field(_("recorded by"), editable=False)

    class Meta:
        verbose_name = _("committee session")
        verbose_name_plural = _("committee sessions")
        ordering = ["-held_on"]
        constraints = [models.UniqueConstraint(fields=["committee", "number"], name="committeesession_once")]

    def __str__(self):
        return f"{self.committee} · {self.number}"
