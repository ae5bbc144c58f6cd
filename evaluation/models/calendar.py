"""The calendar of a cycle: templates of the process, its checklist, windows and extensions."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation import enums
from evaluation.enums import Stage
from evaluation.rules import sentences
from evaluation.rules.statements import statement

from .base import (
    ScopedModel,
    ScopedQuerySet,
    SharedModel,
    choice_field,
    code_field,
    moment_field,
    name_field,
    note_field,
    once_in_a_province,
    user_field,
)
from .stored_file import StoredFileField


class ProcessTemplate(SharedModel):
    """A way of organising the year, as data: steps, days, and skipped stages."""

    code = code_field(_("code"))
    title = name_field(_("title"))
    total_days = models.PositiveSmallIntegerField(
        _("total days"),
        null=True,
        blank=True,
        help_text=_(
            "In a template without days, each step gets its days in proportion to the template of Ilam and this total."
        ),
    )
    skipped = models.JSONField(_("skipped stages"), default=list, blank=True)
    festival_required = models.BooleanField(
        _("festival required"),
        default=False,
        help_text=_("The cycle is archived only after its winners are announced and the festival is reported."),
    )
    track = choice_field(
        _("track"), enums.Track, blank=True, default="", help_text=_("If empty, it is about both dimensions.")
    )
    unit = name_field(_("group, office or unit"), blank=True)
    electronic = models.BooleanField(_("electronic"), default=True)
    proposed = models.BooleanField(
        _("proposed"), default=False, help_text=_("The process as it should be; else as it is at present.")
    )
    aims = note_field(_("aims of the process"))
    laws = note_field(_("laws and directives"))
    receivers = note_field(_("receivers of the service"))
    providers = note_field(_("providers of the service"))
    forms = note_field(_("forms used"))
    documents = note_field(_("documents and information needed"))
    technology = note_field(_("technology used"))
    duties = note_field(_("duties of those who carry it out"))
    source = note_field(_("source"))

    class Meta:
        verbose_name = _("process template")
        verbose_name_plural = _("process templates")
        ordering = ["code"]
        constraints = [once_in_a_province("processtemplate", "code")]

    def __str__(self):
        return self.title


class Step(ScopedModel):
    number = models.PositiveSmallIntegerField(_("number"))
    title = name_field(_("title"), max_length=400)
    responsible = name_field(_("responsible"), blank=True)
    channel = models.CharField(_("channel"), max_length=60, blank=True)
    days = models.PositiveSmallIntegerField(_("planned days"), null=True, blank=True)
    stage = choice_field(_("stage"), Stage)
    mandatory = models.BooleanField(
        _("mandatory"), default=False, help_text=_("The stage cannot be left before the mandatory step is done.")
    )

    class Meta:
        abstract = True
        ordering = ["number"]

    def __str__(self):
        return self.title


class TemplateStep(Step):
    template = models.ForeignKey(
        ProcessTemplate, verbose_name=_("process template"), on_delete=models.CASCADE, related_name="steps"
    )
    phase = choice_field(
        _("phase"), enums.Phase, blank=True, default="", help_text=_("If empty, a step of every cycle.")
    )

    class Meta(Step.Meta):
        verbose_name = _("step of a template")
        verbose_name_plural = _("steps of a template")
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="templatestep_once")]


class CycleStep(Step):
    cycle = models.ForeignKey("Cycle", verbose_name=_("cycle"), on_delete=models.CASCADE, related_name="steps")
    template = models.ForeignKey(
        ProcessTemplate,
        verbose_name=_("process template"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The template of this step; a cycle may have steps of several templates."),
    )
    began_on = models.DateField(_("began on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_at = moment_field(_("recorded as done at"))
    done_by = user_field(_("done by"))
    letter_number = models.CharField(_("letter number"), max_length=60, blank=True)
    note = note_field(_("note"))
    file = StoredFileField(_("file"), upload_to="steps/", blank=True)

    class Meta(Step.Meta):
        verbose_name = _("step of the process")
        verbose_name_plural = _("steps of the process")
        constraints = [
            models.UniqueConstraint("cycle", Coalesce("template", 0), "number", name="cyclestep_once"),
            models.CheckConstraint(
                condition=Q(began_on=None) | Q(done_on=None) | Q(done_on__gte=F("began_on")),
                name="cyclestep_runs_forward",
                violation_error_message=_("A step cannot be done before it began."),
            ),
            models.CheckConstraint(condition=Q(done_on=None) | Q(done_at__isnull=False), name="cyclestep_day_is_done"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="cyclestep_done_has_person",
            ),
        ]
        permissions = [("tick_cyclestep", "Can mark a step as done")]

    @property
    def in_order(self):
        """Key of the checklist's order: by stage, and within it by template and number."""
        return Stage(self.stage).number, self.template_id or 0, self.number, self.pk


class StageWindowQuerySet(ScopedQuerySet):
    def of(self, cycle, stage, *, part="", dimension=None):
        """Windows that govern this part and dimension: an empty part or dimension of a window covers all."""
        windows = self.filter(cycle=cycle, stage=stage)
        if part:
            windows = windows.filter(part__in=["", part])
        if dimension is not None:
            windows = windows.filter(Q(dimension=None) | Q(dimension=dimension))
        return windows

    def is_open(self, cycle, stage, *, part="", dimension=None, agency=None, at=None):
        """Whether work on `stage` is allowed at `at` (aware datetime; now by default), extensions included.

        Half-open: a window is open from its first moment up to, not including, its last. All windows of the cycle
        count, whatever this queryset was filtered by.
        """
        at = at or timezone.now()
        if _windows_open.rows(cycle.pk, str(stage), str(part), getattr(dimension, "pk", dimension), at):
            return True
        return agency is not None and Extension.objects.running(
            cycle, stage, part=part, dimension=dimension, agency=agency, at=at
        )

    def open_to(self, cycle, stage, *, part="", dimension=None, at=None):
        """`is_open` for all agencies at once: (whether everybody may work, else the keys of agencies that may)."""
        if self.is_open(cycle, stage, part=part, dimension=dimension, at=at):
            return True, frozenset()
        extended = Extension.objects.covering(cycle, stage, part=part, dimension=dimension, at=at)
        return False, frozenset(extended.values_list("agency_id", flat=True))

    def due(self, at):
        return self.filter(closes_at__lte=at, closed_at=None)


@statement
def _windows_open(cycle, stage, part, dimension, at):
    windows = StageWindow.objects.of(cycle, stage, part=part, dimension=dimension)
    return windows.filter(opens_at__lte=at, closes_at__gt=at).order_by().values_list("pk")[:1]


class StageWindow(ScopedModel):
    cycle = models.ForeignKey("Cycle", verbose_name=_("cycle"), on_delete=models.CASCADE, related_name="windows")
    stage = choice_field(_("stage"), Stage)
    part = choice_field(_("part"), enums.Part, blank=True, default="")
    dimension = models.ForeignKey(
        "Dimension", verbose_name=_("dimension"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))
    closed_at = moment_field(_("closing done at"), editable=False)

    objects = StageWindowQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage window")
        verbose_name_plural = _("stage windows")
        ordering = ["cycle", "opens_at", "pk"]
        constraints = [
            models.UniqueConstraint("cycle", "stage", "part", Coalesce("dimension", 0), name="stagewindow_once"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="stagewindow_runs_forward",
                violation_error_message=sentences.WINDOW_ENDS_TOO_EARLY,
            ),
        ]
        indexes = [models.Index(fields=["closed_at", "closes_at"], name="stagewindow_due")]

    def __str__(self):
        return f"{self.get_stage_display()} · {self.get_part_display()}" if self.part else self.get_stage_display()


class ExtensionQuerySet(ScopedQuerySet):
    def running(self, cycle, stage, *, part="", dimension=None, agency=None, at=None):
        """Whether an extension of this agency covers the work at `at`; without an agency, whether any does."""
        return self.covering(cycle, stage, part=part, dimension=dimension, agency=agency, at=at).exists()

    def covering(self, cycle, stage, *, part="", dimension=None, agency=None, at=None):
        at = at or timezone.now()
        extensions = self.of(cycle, stage, part=part, dimension=dimension, agency=agency)
        return extensions.filter(granted_at__lte=at, ends_at__gt=at)

    def of(self, cycle, stage, *, part="", dimension=None, agency=None):
        """Extensions for this work, whether they run or not."""
        extensions = self.filter(cycle=cycle, stage=stage)
        if agency is not None:
            extensions = extensions.filter(agency=agency)
        if part:
            extensions = extensions.filter(part__in=["", part])
        if dimension is not None:
            extensions = extensions.filter(Q(dimension=None) | Q(dimension=dimension))
        return extensions


class Extension(ScopedModel):
    """More time for one agency; it lapses by itself."""

    cycle = models.ForeignKey("Cycle", verbose_name=_("cycle"), on_delete=models.CASCADE, related_name="extensions")
    agency = models.ForeignKey(
        "Agency", verbose_name=_("executive agency"), on_delete=models.PROTECT, related_name="extensions"
    )
    stage = choice_field(_("stage"), Stage)
    part = choice_field(_("part"), enums.Part, blank=True, default="")
    dimension = models.ForeignKey(
        "Dimension", verbose_name=_("dimension"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    reason = note_field(_("reason"))
    approver = user_field(_("approved by"))
    granted_at = models.DateTimeField(_("granted at"), default=timezone.now)
    ends_at = models.DateTimeField(_("ends at"))
    lapsed_at = moment_field(_("lapse dealt with at"), editable=False)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["-ends_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("granted_at")),
                name="extension_runs_forward",
                violation_error_message=_("An extension must end after it is granted."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="extension_has_reason",
                violation_error_message=sentences.EXTENSION_NEEDS_REASON,
            ),
        ]

    def __str__(self):
        return f"{self.agency} · {self.get_stage_display()}"


class DayOff(ScopedModel):
    """A day that a province adds to the official days off, or an official one that it works through."""

    province = models.ForeignKey(
        "Province", verbose_name=_("province"), on_delete=models.CASCADE, related_name="days_off"
    )
    date = models.DateField(_("day"))
    title = name_field(_("title"))
    working = models.BooleanField(
        _("exceptionally a working day"),
        default=False,
        help_text=_("This official holiday or Friday counts as a working day, and windows may end on it."),
    )

    class Meta:
        verbose_name = _("day off")
        verbose_name_plural = _("days off")
        ordering = ["-date"]
        constraints = [models.UniqueConstraint(fields=["province", "date"], name="dayoff_once")]

    def __str__(self):
        return self.title


class ExtensionRequest(ScopedModel):
    """An agency's request for more time, and what the provincial organization answered."""

    cycle = models.ForeignKey(
        "Cycle", verbose_name=_("cycle"), on_delete=models.CASCADE, related_name="extension_requests"
    )
    agency = models.ForeignKey(
        "Agency", verbose_name=_("executive agency"), on_delete=models.PROTECT, related_name="extension_requests"
    )
    stage = choice_field(_("stage"), Stage)
    part = choice_field(_("part"), enums.Part, blank=True, default="")
    dimension = models.ForeignKey(
        "Dimension", verbose_name=_("dimension"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    reason = note_field(_("reason"))
    wanted_until = models.DateTimeField(_("wanted until"))
    asked_by = user_field(_("requested by"))
    asked_at = models.DateTimeField(_("requested at"), default=timezone.now)
    decision = choice_field(_("decision"), enums.ExtensionDecision, blank=True, default="")
    decided_by = user_field(_("decided by"))
    decided_at = moment_field(_("decided at"))
    decision_note = note_field(_("reason of the decision"))
    extension = models.OneToOneField(
        Extension,
        verbose_name=_("extension"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="request",
    )

    class Meta:
        verbose_name = _("request for an extension")
        verbose_name_plural = _("requests for extensions")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "agency"], condition=Q(decision=""), name="extensionrequest_one_open"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None, decided_by=None)
                | (~Q(decision="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="extensionrequest_decision_has_person",
            ),
            models.CheckConstraint(
                condition=~Q(decision=enums.ExtensionDecision.GRANTED) | Q(extension__isnull=False),
                name="extensionrequest_granted_has_extension",
            ),
            models.CheckConstraint(
                condition=~Q(decision=enums.ExtensionDecision.REFUSED) | ~Q(decision_note=""),
                name="extensionrequest_refused_has_reason",
            ),
        ]
        permissions = [
            ("ask_extensionrequest", "Can ask for more time"),
            ("decide_extensionrequest", "Can decide on a request for more time"),
        ]

    def __str__(self):
        return f"{self.agency} · {self.get_stage_display()}"
