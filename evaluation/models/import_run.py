"""One upload of a workbook: its file, its trial run, its receipt; and what it changed, row by row."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluation import enums
from evaluation.persian import localise_digits

from .base import ScopedModel, choice_field, moment_field, note_field, one_of, user_field
from .stored_file import StoredFileField


class ImportRun(ScopedModel):
    cycle = models.ForeignKey(
        "Cycle", verbose_name=_("cycle"), null=True, blank=True, on_delete=models.PROTECT, related_name="imports"
    )
    province = models.ForeignKey(
        "Province", verbose_name=_("province"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    workbook = choice_field(_("workbook"), enums.Workbook)
    state = choice_field(_("state"), enums.ImportState)
    job = choice_field(_("work"), enums.ImportJob, default=enums.ImportJob.TRIAL)
    undoes = models.OneToOneField(
        "self", verbose_name=_("undoes"), null=True, blank=True, on_delete=models.PROTECT, related_name="undoing"
    )
    file = StoredFileField(
        _("file"), upload_to="imports/%Y/%m/", blank=True, name_column="file_name", size="size", sha256="sha256"
    )
    file_name = models.CharField(_("file name"), max_length=255)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(_("integrity code"), max_length=64)
    headings = models.JSONField(_("headings identified by the person"), default=dict, blank=True)
    offered = models.JSONField(_("headings identified for one file before"), default=dict, blank=True)
    values = models.JSONField(_("values identified by the person"), default=dict, blank=True)
    on_behalf_of = models.ForeignKey(
        "OnBehalf", verbose_name=_("on behalf of"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    report = models.JSONField(_("report"), default=dict, blank=True)
    plan = models.TextField(_("what the trial run would change"), blank=True, editable=False)
    new = models.PositiveIntegerField(_("new rows"), default=0)
    changed = models.PositiveIntegerField(_("changed rows"), default=0)
    same = models.PositiveIntegerField(_("unchanged rows"), default=0)
    wrong = models.PositiveIntegerField(_("wrong rows"), default=0)
    warned = models.PositiveIntegerField(_("warnings"), default=0)
    total = models.PositiveIntegerField(_("rows"), default=0)
    stage = choice_field(_("stage when it was written"), enums.Stage, blank=True)
    failure = note_field(_("what went wrong"))
    attempt = models.PositiveIntegerField(_("attempt"), default=0)
    asked_by = user_field(_("requested by"))
    started_at = moment_field(_("started at"))
    finished_at = moment_field(_("finished at"))
    uploaded_by = user_field(_("uploaded by"), null=False, blank=False)
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    written_at = moment_field(_("written at"))

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            one_of("state", enums.ImportState),
            one_of("workbook", enums.Workbook),
            one_of("job", enums.ImportJob),
            models.CheckConstraint(
                condition=~Q(state__in=[enums.ImportState.WRITTEN, enums.ImportState.UNDONE])
                | Q(written_at__isnull=False),
                name="importrun_written_has_date",
            ),
            models.CheckConstraint(
                condition=(Q(undoes=None) & ~Q(file="")) | Q(undoes__isnull=False, file=""),
                name="importrun_has_file_or_undoes",
            ),
        ]

    def __str__(self):
        return f"{localise_digits(self.pk)} · {self.get_workbook_display()}"

    @property
    def at_work(self):
        return self.state in enums.ImportState.at_work()


class ImportChange(ScopedModel):
    """One row that a run wrote: its columns before and after as JSON (decimals as text); no `before`: it was made."""

    run = models.ForeignKey(
        ImportRun,
        verbose_name=_("import"),
        on_delete=models.PROTECT,
        related_name="changes",
        db_index=False,  # `importchange_once` begins with it
    )
    kind = models.CharField(_("kind"), max_length=30)
    object_id = models.PositiveBigIntegerField()
    sheet = models.CharField(_("sheet"), max_length=60, blank=True)
    row = models.PositiveIntegerField(_("row"), default=0)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"))
    outcome = choice_field(_("outcome of the undoing"), enums.ChangeOutcome, blank=True)
    reason = note_field(_("reason"))

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        ordering = ["run", "pk"]
        constraints = [models.UniqueConstraint(fields=["run", "kind", "object_id"], name="importchange_once")]

    def __str__(self):
        return f"{self.sheet}!{self.row}" if self.row else f"{self.kind} {self.object_id}"
