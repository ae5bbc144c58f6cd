"""Visits of evaluators to agencies, and the feedback sheet that an agency reads and acknowledges (Qazvin)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation import enums

from .base import ScopedModel, choice_field, moment_field, name_field, note_field, one_of, user_field
from .stored_file import StoredFileField


class Visit(ScopedModel):
    """One presence of evaluators at an agency, in an interim or a main cycle."""

    participation = models.ForeignKey(
        "Participation", verbose_name=_("agency in the cycle"), on_delete=models.PROTECT, related_name="visits"
    )
    date = models.DateField(_("date of the visit"))
    evaluators = models.ManyToManyField("Evaluator", verbose_name=_("evaluators"), related_name="visits")
    place = name_field(_("place"), blank=True)
    note = note_field(_("note"))

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-date", "-pk"]
        indexes = [models.Index(fields=["-date", "-id"], name="visit_time")]

    def __str__(self):
        return str(self.participation)

    @property
    def cycle(self):
        return self.participation.cycle

    @property
    def agency(self):
        return self.participation.agency


class VisitFinding(ScopedModel):
    """What was seen at the agency about one of its lines."""

    visit = models.ForeignKey(Visit, verbose_name=_("visit"), on_delete=models.CASCADE, related_name="findings")
    line = models.ForeignKey("Line", verbose_name=_("line"), on_delete=models.PROTECT, related_name="findings")
    kind = choice_field(_("kind"), enums.FindingKind, default=enums.FindingKind.NOTE)
    text = note_field(_("finding"))

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["visit", "line__indicator__code", "pk"]
        constraints = [
            one_of("kind", enums.FindingKind),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="visitfinding_has_text",
                violation_error_message=_("A finding needs its text."),
            ),
        ]

    def __str__(self):
        return self.text


class VisitFile(ScopedModel):
    """A minute, picture or document brought from a visit."""

    visit = models.ForeignKey(Visit, verbose_name=_("visit"), on_delete=models.CASCADE, related_name="files")
    title = name_field(_("title"), blank=True)
    file = StoredFileField(_("file"), upload_to="visits/%Y/%m/", max_length=250, sha256="sha256")
    sha256 = models.CharField(_("integrity code"), max_length=64, editable=False)
    uploaded_by = user_field(_("uploaded by"), null=False, blank=False, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("file of a visit")
        verbose_name_plural = _("files of visits")
        ordering = ["visit", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "sha256"],
                name="visitfile_once",
                violation_error_message=_("This file is attached to the visit already."),
            )
        ]

    def __str__(self):
        return self.title or str(self.visit)


class FeedbackSheet(ScopedModel):
    """What the agency is told of the interim evaluation, and its answer."""

    participation = models.OneToOneField(
        "Participation", verbose_name=_("agency in the cycle"), on_delete=models.PROTECT, related_name="feedback_sheet"
    )
    text = note_field(_("text"))
    strengths = note_field(_("strengths"))
    weaknesses = note_field(_("weaknesses"))
    issued_at = moment_field(_("issued at"))
    issued_by = user_field(_("issued by"))
    acknowledged_at = moment_field(_("acknowledged at"))
    acknowledged_by = user_field(_("acknowledged by"))
    comment = note_field(_("comment of the agency"))

    class Meta:
        verbose_name = _("feedback sheet")
        verbose_name_plural = _("feedback sheets")
        ordering = ["participation__agency__name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_at=None, issued_by=None) | Q(issued_at__isnull=False, issued_by__isnull=False),
                name="feedbacksheet_issued_has_person",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False, issued_at__isnull=False),
                name="feedbacksheet_acknowledged_after_issue",
            ),
        ]
        permissions = [
            ("issue_feedbacksheet", "Can issue a feedback sheet"),
            ("acknowledge_feedbacksheet", "Can acknowledge a feedback sheet"),
        ]

    def __str__(self):
        return str(self.participation)

    @property
    def cycle(self):
        return self.participation.cycle

    @property
    def agency(self):
        return self.participation.agency
