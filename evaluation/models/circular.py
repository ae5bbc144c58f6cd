"""Circulars of the year with their recipients, and workshops."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation import enums
from evaluation.persian import localise_digits

from .base import (
    ScopedModel,
    SharedModel,
    choice_field,
    moment_field,
    name_field,
    note_field,
    once_in_a_province,
    one_of,
    user_field,
)
from .stored_file import StoredFileField


class LegalReference(SharedModel):
    """A law, bylaw, resolution or programme on which the evaluation rests; a law need not have a number or a date."""

    title = name_field(_("title"))
    number = models.CharField(_("number"), max_length=60, blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    link = models.URLField(_("address of the text"), max_length=400, blank=True)
    text = note_field(_("text"))
    file = StoredFileField(_("file"), upload_to="laws/", blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(
        _("last day of validity"), null=True, blank=True, help_text=_("If empty, it is in force until further notice.")
    )
    source = note_field(_("source"))

    class Meta:
        verbose_name = _("legal reference")
        verbose_name_plural = _("legal references")
        ordering = ["date", "number", "title"]
        constraints = [
            once_in_a_province("legalreference", "number", "date", condition=~Q(number="")),
            once_in_a_province("legalreference", "title", condition=Q(number="")),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="legalreference_runs_forward",
                violation_error_message=_("A legal reference cannot lose its validity before it has it."),
            ),
        ]

    def __str__(self):
        return f"{self.title} ({localise_digits(self.number)})" if self.number else self.title

    def in_force(self, day):
        """Whether it is valid on a day (date); without days it always is."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


class Circular(ScopedModel):
    cycle = models.ForeignKey("Cycle", verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="circulars")
    direction = choice_field(_("direction"), enums.CircularDirection)
    kind = choice_field(_("kind"), enums.CircularKind, default=enums.CircularKind.CIRCULAR)
    number = models.CharField(_("letter number"), max_length=60)
    date = models.DateField(_("letter date"))
    issuer = name_field(_("issuer"))
    subject = name_field(_("subject"))
    text = note_field(_("text"))
    file = StoredFileField(_("file"), upload_to="circulars/", blank=True)
    legal_references = models.ManyToManyField(LegalReference, verbose_name=_("legal basis"), blank=True)
    sent_at = moment_field(_("sent at"), editable=False)
    sent_by = user_field(_("sent by"), editable=False)

    class Meta:
        verbose_name = _("circular")
        verbose_name_plural = _("circulars")
        ordering = ["-date", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "direction", "number"],
                name="circular_once",
                violation_error_message=_("A circular with this number is already registered in this cycle."),
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None, sent_by=None)
                | Q(sent_at__isnull=False, sent_by__isnull=False, direction=enums.CircularDirection.OUTGOING),
                name="circular_sent_has_person",
            ),
            one_of("direction", enums.CircularDirection),
        ]
        permissions = [("send_circular", "Can send a circular to its recipients")]

    def __str__(self):
        return f"{localise_digits(self.number)} · {self.subject}"


class CircularFile(ScopedModel):
    """An attachment of a circular, beside its letter."""

    circular = models.ForeignKey(Circular, verbose_name=_("circular"), on_delete=models.CASCADE, related_name="files")
    title = name_field(_("title"))
    file = StoredFileField(_("file"), upload_to="circulars/")

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["circular", "pk"]

    def __str__(self):
        return self.title


class CircularReceipt(ScopedModel):
    """One recipient of a circular, and when it was read."""

    circular = models.ForeignKey(
        Circular, verbose_name=_("circular"), on_delete=models.CASCADE, related_name="receipts"
    )
    agency = models.ForeignKey(
        "Agency", verbose_name=_("executive agency"), on_delete=models.PROTECT, related_name="receipts"
    )
    read_at = moment_field(_("read at"))
    read_by = user_field(_("read by"))
    reminded_at = moment_field(_("last reminded at"))
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0, editable=False)

    class Meta:
        verbose_name = _("receipt of a circular")
        verbose_name_plural = _("receipts of circulars")
        ordering = ["agency__name"]
        indexes = [models.Index(fields=["read_at"], name="circularreceipt_time")]
        constraints = [models.UniqueConstraint(fields=["circular", "agency"], name="circularreceipt_once")]

    def __str__(self):
        return str(self.agency)


class Workshop(ScopedModel):
    cycle = models.ForeignKey("Cycle", verbose_name=_("cycle"), on_delete=models.CASCADE, related_name="workshops")
    kind = choice_field(_("kind"), enums.WorkshopKind, default=enums.WorkshopKind.AGENCIES)
    title = name_field(_("title"))
    place = name_field(_("place"), blank=True)
    starts_at = models.DateTimeField(_("starts at"))
    held_at = moment_field(_("held at"))
    held_by = user_field(_("recorded by"), editable=False)
    note = note_field(_("note"))
    material = StoredFileField(_("material"), upload_to="workshops/", blank=True)
    file = StoredFileField(_("minutes"), upload_to="workshops/", blank=True)

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_at=None, held_by=None) | Q(held_at__isnull=False, held_by__isnull=False),
                name="workshop_held_has_person",
            )
        ]
        permissions = [("hold_workshop", "Can record that a workshop was held")]

    def __str__(self):
        return self.title


class Attendance(ScopedModel):
    """One invited to a workshop: a person of the evaluation, or an agency with the name of whoever came."""

    workshop = models.ForeignKey(
        Workshop, verbose_name=_("workshop"), on_delete=models.CASCADE, related_name="attendances"
    )
    user = user_field(_("person"), related_name="attendances")
    agency = models.ForeignKey(
        "Agency", verbose_name=_("executive agency"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = name_field(_("name of the participant"), blank=True)
    invited_at = models.DateTimeField(_("invited at"), default=timezone.now, editable=False)
    attended = models.BooleanField(_("present"), null=True, blank=True)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["workshop", "agency__name", "user__last_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "user"], name="attendance_person_once"),
            models.UniqueConstraint(fields=["workshop", "agency"], name="attendance_agency_once"),
            models.CheckConstraint(
                condition=Q(user=None, agency__isnull=False) | Q(user__isnull=False, agency=None),
                name="attendance_of_person_or_agency",
                violation_error_message=_("Name a person or an agency."),
            ),
        ]

    def __str__(self):
        if self.agency_id:
            return str(self.agency)
        return self.user.get_full_name() or self.user.get_username()


class Participant(ScopedModel):
    """One person of an agency at a workshop, by name: managers and experts, each with their own attendance."""

    workshop = models.ForeignKey(
        Workshop, verbose_name=_("workshop"), on_delete=models.CASCADE, related_name="participants"
    )
    agency = models.ForeignKey("Agency", verbose_name=_("executive agency"), on_delete=models.PROTECT, related_name="+")
    name = name_field(_("name of the participant"))
    post = choice_field(_("takes part as"), enums.ParticipantPost)
    attended = models.BooleanField(_("present"), default=False)

    class Meta:
        verbose_name = _("participant of a workshop")
        verbose_name_plural = _("participants of workshops")
        ordering = ["workshop", "agency__name", "pk"]
        constraints = [
            one_of("post", enums.ParticipantPost),
            models.UniqueConstraint(
                fields=["workshop", "agency", "name"],
                name="participant_once",
                violation_error_message=_("This person is on the list already."),
            ),
        ]

    def __str__(self):
        return self.name
