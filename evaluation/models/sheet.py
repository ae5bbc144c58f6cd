"""One upload of a workbook: its file, its trial run, its receipt."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from evaluation import enums

from .base import ScopedModel, choice_field, moment_field, one_of, user_field


class ImportRun(ScopedModel):
    cycle = models.ForeignKey(
        "Cycle", verbose_name=_("cycle"), null=True, blank=True, on_delete=models.PROTECT, related_name="imports"
    )
    province = models.ForeignKey(
        "Province", verbose_name=_("province"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    workbook = choice_field(_("workbook"), enums.Workbook)
    state = choice_field(_("state"), enums.ImportState)
    file = models.FileField(_("file"), upload_to="imports/%Y/%m/")
    file_name = models.CharField(_("file name"), max_length=250)
    sha256 = models.CharField("SHA-256", max_length=64)
    on_behalf_of = models.ForeignKey(
        "OnBehalf", verbose_name=_("on behalf of"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    report = models.JSONField(_("report"), default=dict, blank=True)
    new = models.PositiveIntegerField(_("new rows"), default=0)
    changed = models.PositiveIntegerField(_("changed rows"), default=0)
    same = models.PositiveIntegerField(_("unchanged rows"), default=0)
    wrong = models.PositiveIntegerField(_("wrong rows"), default=0)
    uploaded_by = user_field(_("uploaded by"), null=False, blank=False)
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    written_at = moment_field(_("written at"))

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [one_of("state", enums.ImportState), one_of("workbook", enums.Workbook)]

    def __str__(self):
        return f"{self.pk} · {self.get_workbook_display()}"
