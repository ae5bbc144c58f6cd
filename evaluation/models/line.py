"""The lines of an assessment with their whole chain of levels, the marks behind it, evidence and exemptions."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation.enums import MarkLevel, MarkSource

from .audit import AppendOnly
from .base import (
    ScopedModel,
    choice_field,
    figure_field,
    moment_field,
    name_field,
    note_field,
    one_of,
    points_field,
    user_field,
)
from .search_key import search_index, search_key_field
from .stored_file import StoredFileField


def within_maximum(level):
    score = f"{level}_score"
    return models.CheckConstraint(
        condition=Q(**{score: None}) | Q(**{f"{score}__gte": 0, f"{score}__lte": F("maximum")}),
        name=f"line_{score}_within_maximum",
    )


class Line(ScopedModel):
    """Assessment × leaf indicator. `target` is fixed at the freeze; an evaluator or a decision on an objection may
    set the target of its own level. `final` is written by the confirmation alone.
    """

    assessment = models.ForeignKey(
        "Assessment",
        verbose_name=_("assessment"),
        on_delete=models.CASCADE,
        related_name="lines",
        db_index=False,  # `line_once` begins with it
    )
    indicator = models.ForeignKey(
        "Indicator", verbose_name=_("indicator"), on_delete=models.PROTECT, related_name="lines"
    )
    maximum = points_field(_("maximum points"))
    target = figure_field(_("target"))
    baseline = figure_field(_("last year's figure"))
    exempt = models.BooleanField(_("not applicable"), default=False)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)

    self_actual = figure_field(_("self-assessment: actual"))
    self_numerator = figure_field(_("self-assessment: numerator"))
    self_denominator = figure_field(_("self-assessment: denominator"))
    self_score = points_field(_("self-assessment: score"), null=True, blank=True)
    self_note = note_field(_("self-assessment: explanation"))
    hq_actual = figure_field(_("headquarters: actual"))
    hq_score = points_field(_("headquarters: score"), null=True, blank=True)
    hq_note = note_field(_("headquarters: reason"))
    initial_actual = figure_field(_("initial: actual"))
    initial_target = figure_field(_("initial: target"))
    initial_score = points_field(_("initial: score"), null=True, blank=True)
    initial_note = note_field(_("initial: evaluator's comment"))
    revised_actual = figure_field(_("revised: actual"))
    revised_target = figure_field(_("revised: target"))
    revised_score = points_field(_("revised: score"), null=True, blank=True)
    revised_note = note_field(_("revised: reason"))
    final_actual = figure_field(_("final: actual"))
    final_score = points_field(_("final: score"), null=True, blank=True)

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ["assessment", "indicator__axis__number", "indicator__code"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "indicator"], name="line_once"),
            models.CheckConstraint(condition=Q(target=None) | Q(target__gte=0), name="line_target_not_negative"),
            *(within_maximum(level) for level in MarkLevel.values),
        ]
        # The way from a file to what hangs on its lines, without their rows.
        indexes = [models.Index(fields=["assessment", "indicator", "id"], name="line_of_assessment")]
        permissions = [
            ("import_line", "Can import figures of lines"),
            ("export_line", "Can export figures of lines"),
        ]

    def __str__(self):
        return str(self.indicator)

    def target_at(self, level):
        """The target in force at a level: its own where somebody changed it, else the level's before it."""
        if level in (MarkLevel.REVISED, MarkLevel.FINAL) and self.revised_target is not None:
            return self.revised_target
        changed = level in (MarkLevel.INITIAL, MarkLevel.REVISED, MarkLevel.FINAL) and self.initial_target is not None
        return self.initial_target if changed else self.target

    @property
    def standing_score(self):
        """What counts now: revised, else initial (points)."""
        return self.revised_score if self.revised_score is not None else self.initial_score


class Mark(AppendOnly):
    """One figure entered for a line at a level; the history of the chain."""

    line = models.ForeignKey(  # the index of the history begins with it; nobody asks for marks by person or letter
        Line, verbose_name=_("line"), on_delete=models.PROTECT, related_name="marks", db_index=False
    )
    level = choice_field(_("level of the mark"), MarkLevel)
    actual = figure_field(_("actual performance"))
    target = figure_field(_("target"))
    numerator = figure_field(_("numerator"))
    denominator = figure_field(_("denominator"))
    score = points_field(_("score"), null=True, blank=True)
    override = models.BooleanField(_("typed score differs from the computed one"), default=False)
    explanation = models.JSONField(_("explanation"), default=dict, blank=True)
    note = note_field(_("note"))
    by = user_field(_("by"), null=False, blank=False, db_index=False)
    on_behalf_of = models.ForeignKey(
        "OnBehalf",
        verbose_name=_("on behalf of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="marks",
        db_index=False,
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    source = choice_field(_("source"), MarkSource, default=MarkSource.SCREEN)
    run = models.ForeignKey(
        "ImportRun", verbose_name=_("import"), null=True, blank=True, on_delete=models.PROTECT, related_name="marks"
    )

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        ordering = ["-at", "-pk"]
        constraints = [one_of("level", MarkLevel, often=True), one_of("source", MarkSource, often=True)]
        indexes = [models.Index(fields=["line", "level", "-at"], name="mark_line_level")]

    def __str__(self):
        return f"{self.line} · {self.get_level_display()}"


class Evidence(ScopedModel):
    line = models.ForeignKey(  # its index is the beginning of `evidence_of_line`
        Line, verbose_name=_("line"), on_delete=models.CASCADE, related_name="evidence", db_index=False
    )
    title = name_field(_("title"))
    file = StoredFileField(_("file"), upload_to="evidence/%Y/%m/", max_length=250, size="size", sha256="sha256")
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("integrity code"), max_length=64)
    uploaded_by = user_field(_("uploaded by"), null=False, blank=False)
    on_behalf_of = models.ForeignKey(
        "OnBehalf", verbose_name=_("on behalf of"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    removed_at = moment_field(_("removed at"))
    removed_by = user_field(_("removed by"))
    search_key = search_key_field("title")

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence files")
        ordering = ["line", "uploaded_at"]
        indexes = [
            models.Index(fields=["-uploaded_at", "-id"], name="evidence_time"),
            # What counts the rows of a list, and sorts those of a year, reads it alone.
            models.Index(fields=["line", "uploaded_at", "id"], name="evidence_of_line"),
            search_index("evidence"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "sha256"], condition=Q(removed_at=None), name="evidence_file_once_on_line"
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None) | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="evidence_removed_has_person",
            ),
        ]

    def __str__(self):
        return self.title


class Exemption(ScopedModel):
    """An indicator that does not apply to an agency (عدم مصداق), with the reason and who decided."""

    line = models.OneToOneField(Line, verbose_name=_("line"), on_delete=models.CASCADE, related_name="exemption")
    reason = note_field(_("reason"))
    document = name_field(_("document cited"), blank=True)
    decided_by = user_field(_("decided by"), null=False, blank=False)
    decided_at = models.DateTimeField(_("decided at"), default=timezone.now)

    class Meta:
        verbose_name = _("exemption")
        verbose_name_plural = _("exemptions")
        ordering = ["-decided_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="exemption_has_reason",
                violation_error_message=_("An exemption needs a reason."),
            )
        ]
        permissions = [("decide_exemption", "Can decide exemptions")]

    def __str__(self):
        return str(self.line)


class Commitment(AppendOnly):
    """The commitments of the agreement, accepted by an agency's person at login: each text once."""

    cycle = models.ForeignKey("Cycle", verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="commitments")
    agency = models.ForeignKey("Agency", verbose_name=_("executive agency"), on_delete=models.PROTECT, related_name="+")
    user = user_field(_("user"), null=False, blank=False)
    text = note_field(_("text accepted"))
    text_hash = models.CharField("SHA-256", max_length=64, default="", editable=False)
    at = models.DateTimeField(_("accepted at"), default=timezone.now)

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["-at"]
        indexes = [models.Index(fields=["-at", "-id"], name="commitment_time")]
        constraints = [models.UniqueConstraint(fields=["cycle", "agency", "user", "text_hash"], name="commitment_once")]

    def __str__(self):
        return f"{self.user} · {self.cycle}"
