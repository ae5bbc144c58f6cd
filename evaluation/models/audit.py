"""What was done, by whom, when and on whose behalf: append-only."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation.enums import BehalfBasis, Role
from evaluation.persian import format_jalali_datetime, localise_digits

from .base import ScopedModel, ScopedQuerySet, choice_field, name_field, note_field, user_field
from .stored_file import StoredFileField


class AppendOnlyError(TypeError):
    """A log row or a mark was about to be changed or deleted."""


class AppendOnlyQuerySet(ScopedQuerySet):
    def update(self, **kwargs):
        raise AppendOnlyError(self.model.__name__)

    def delete(self):
        raise AppendOnlyError(self.model.__name__)


class AppendOnly(ScopedModel):
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError(type(self).__name__)


class OnBehalf(AppendOnly):
    """The letter by which MPO staff take an outside body's step; for a silent side, the rule of the cycle."""

    basis = choice_field(_("basis"), BehalfBasis, default=BehalfBasis.LETTER)
    role = choice_field(_("role acted for"), Role)
    body = name_field(_("body acted for"))
    letter_number = models.CharField(_("letter number"), max_length=60, blank=True)
    letter_date = models.DateField(_("letter date"), null=True, blank=True)
    file = StoredFileField(_("letter file"), upload_to="behalf/", blank=True)
    cycle = models.ForeignKey("Cycle", verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="+")
    by = user_field(_("entered by"), null=False, blank=False)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("step on behalf")
        verbose_name_plural = _("steps on behalf")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(basis=BehalfBasis.RULE)
                | (~Q(letter_number="") & Q(letter_date__isnull=False) & ~Q(file="") & ~Q(body="")),
                name="onbehalf_letter_complete",
                violation_error_message=_(
                    "A step on behalf needs the body, the letter's number, its date and its file."
                ),
            )
        ]

    def __str__(self):
        return f"{self.body} ({localise_digits(self.letter_number)})" if self.letter_number else self.body


class TransitionLog(AppendOnly):
    """One row for every change of state, written in the transaction of the change."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    cycle = models.ForeignKey(
        "Cycle", verbose_name=_("cycle"), null=True, blank=True, on_delete=models.PROTECT, related_name="log"
    )
    agency = models.ForeignKey(
        "Agency",
        verbose_name=_("executive agency"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="log",
    )
    name = models.CharField(_("verb"), max_length=60)
    source = models.CharField(_("from state"), max_length=30)
    target = models.CharField(_("to state"), max_length=30)
    by = user_field(_("by"), null=False, blank=False)
    on_behalf_of = models.ForeignKey(
        OnBehalf, verbose_name=_("on behalf of"), null=True, blank=True, on_delete=models.PROTECT, related_name="log"
    )
    note = note_field(_("note"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("log row")
        verbose_name_plural = _("log of steps")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["content_type", "object_id", "-at"], name="transitionlog_subject"),
            models.Index(fields=["cycle", "-at"], name="transitionlog_cycle"),
            models.Index(fields=["-at", "-id"], name="transitionlog_time"),
        ]

    def __str__(self):
        return f"{self.content_type.name} · {format_jalali_datetime(self.at)}"
