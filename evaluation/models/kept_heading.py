"""A heading that a person read as a column of ours: asked about again, and kept once it recurs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from evaluation import enums

from .base import ScopedModel, choice_field, name_field, one_of, user_field


class KeptHeading(ScopedModel):
    """What one heading means in the files of one person, as that person said it.

    `times` is the number of different files for which it was said; from `RECURS` on, files are read by it without a
    question. `key` is the heading as it is compared, `column` the code of ours, empty where it is not read.
    """

    RECURS = 2  # files: a heading that was named for one file alone may have been data

    province = models.ForeignKey(
        "Province", verbose_name=_("province"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    workbook = choice_field(_("workbook"), enums.Workbook)
    key = models.CharField(max_length=250, editable=False)
    heading = name_field(_("heading"))
    column = models.CharField(_("column"), max_length=60, blank=True)
    named_by = user_field(_("identified by"), null=False, blank=False)
    times = models.PositiveIntegerField(_("files"), default=1)
    run = models.ForeignKey(
        "ImportRun", verbose_name=_("last file"), on_delete=models.PROTECT, related_name="kept_headings"
    )
    first_at = models.DateTimeField(_("first identified at"), auto_now_add=True)
    last_at = models.DateTimeField(_("last identified at"), auto_now=True)

    class Meta:
        verbose_name = _("kept heading")
        verbose_name_plural = _("kept headings")
        ordering = ["workbook", "heading", "pk"]
        constraints = [
            one_of("workbook", enums.Workbook),
            models.UniqueConstraint(fields=["named_by", "workbook", "key"], name="keptheading_once"),
        ]

    def __str__(self):
        return self.heading

    @property
    def recurs(self):
        return self.times >= self.RECURS
