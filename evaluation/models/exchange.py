"""Outside systems that provide figures (Tehran service identity form, section 7)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from evaluation import enums

from .base import (
    ScopedModel,
    SharedModel,
    choice_field,
    code_field,
    figure_field,
    moment_field,
    name_field,
    note_field,
    once_in_a_province,
)


class ExternalSystem(SharedModel):
    code = code_field(_("code"))
    name = name_field(_("name"))
    body = name_field(_("body"))
    fields = name_field(_("fields exchanged"), max_length=400, blank=True)
    mode = choice_field(_("mode of exchange"), enums.ExchangeMode)
    cost = name_field(_("cost"), max_length=60, blank=True)
    source = note_field(_("source"))

    class Meta:
        verbose_name = _("external system")
        verbose_name_plural = _("external systems")
        ordering = ["name"]
        constraints = [once_in_a_province("externalsystem", "code")]

    def __str__(self):
        return self.name


class FeedValue(ScopedModel):
    """A figure that an external system observed for one agency on one day; the latest gives the line's actual."""

    indicator = models.ForeignKey(
        "Indicator", verbose_name=_("indicator"), on_delete=models.CASCADE, related_name="feed_values"
    )
    agency = models.ForeignKey("Agency", verbose_name=_("executive agency"), on_delete=models.PROTECT, related_name="+")
    value = figure_field(_("value"))
    observed_at = models.DateField(_("observed on"))
    used_at = moment_field(_("written to the line at"))

    class Meta:
        verbose_name = _("figure of an external system")
        verbose_name_plural = _("figures of external systems")
        ordering = ["agency", "indicator", "-observed_at"]
        indexes = [models.Index(fields=["observed_at"], name="feedvalue_time")]
        constraints = [models.UniqueConstraint(fields=["indicator", "agency", "observed_at"], name="feedvalue_once")]

    def __str__(self):
        return f"{self.agency} · {self.indicator}"
