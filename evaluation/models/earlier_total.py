"""Totals of years before the system was used, which growth needs in the first year."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from evaluation.persian import localise_digits

from .base import ScopedModel, name_field, points_field


class EarlierTotal(ScopedModel):
    """An agency's published total of an earlier performance year; without a dimension, of all together."""

    agency = models.ForeignKey(
        "Agency", verbose_name=_("executive agency"), on_delete=models.PROTECT, related_name="earlier_totals"
    )
    year = models.PositiveSmallIntegerField(_("performance year"))
    dimension = name_field(
        _("dimension"), blank=True, help_text=_("If empty, it is the total of all dimensions together.")
    )
    total = points_field(_("total score"))
    maximum = points_field(_("maximum points"), null=True, blank=True)
    source = name_field(_("source"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("earlier total")
        verbose_name_plural = _("earlier totals")
        ordering = ["-year", "agency__name", "dimension"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "dimension"],
                name="earliertotal_once",
                violation_error_message=_("The total of this agency and year is recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1300, year__lte=1500),
                name="earliertotal_year_is_jalali",
                violation_error_message=_("Write the year of the Jalali calendar, in four digits."),
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0),
                name="earliertotal_not_negative",
                violation_error_message=_("A total cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(maximum=None) | Q(maximum__gte=F("total")),
                name="earliertotal_within_maximum",
                violation_error_message=_("The total is above the maximum."),
            ),
        ]

    def __str__(self):
        return f"{self.agency} · {localise_digits(self.year)} · {self.dimension}".removesuffix(" · ")
