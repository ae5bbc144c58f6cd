"""How the workbooks of one source are read: kept under a name, so that the next file asks nothing."""

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from evaluation import enums

from .base import ScopedModel, choice_field, name_field, one_of, user_field


class FileSource(ScopedModel):
    """Names of columns and values of one source, as a person gave them at an upload.

    `headings` is {normalised heading: column code, or "" to leave it out}, `values` {column code: {normalised text of
    a cell: the text that is read in its place, or None to pass over the row}}.
    """

    province = models.ForeignKey(
        "Province", verbose_name=_("province"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    workbook = choice_field(_("workbook"), enums.Workbook)
    name = name_field(_("name of the source"), max_length=120)
    headings = models.JSONField(_("headings identified by the person"), default=dict, blank=True)
    values = models.JSONField(_("values identified by the person"), default=dict, blank=True)
    saved_by = user_field(_("saved by"), null=False, blank=False)
    saved_at = models.DateTimeField(_("saved at"), auto_now=True)

    class Meta:
        verbose_name = _("source of files")
        verbose_name_plural = _("sources of files")
        ordering = ["workbook", "name"]
        constraints = [
            one_of("workbook", enums.Workbook),
            models.UniqueConstraint(
                Coalesce("province", 0),
                "workbook",
                "name",
                name="filesource_once",
                violation_error_message=_("There is a source of this name for the workbook already."),
            ),
        ]

    def __str__(self):
        return self.name
