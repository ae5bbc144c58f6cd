"""Letters that the system writes and sends: their texts, to whom, with which number and date, and when received."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation import enums
from evaluation.enums import LetterKind, ResultState, Role
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


class LetterTemplate(SharedModel):
    """How the letters of one kind read; placeholders in braces, see `process.results.letter_text`."""

    kind = choice_field(_("kind"), enums.LetterKind)
    subject = name_field(_("subject"), max_length=200)
    body = note_field(_("text"))
    signer = name_field(_("post of the signer"), max_length=200)
    announcement = note_field(
        _("text that the agency may publish"),
        help_text=_("Only for letters that are written after the announcement; if empty, the letter offers none."),
    )

    class Meta:
        verbose_name = _("text of letters")
        verbose_name_plural = _("texts of letters")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[str(kind) for kind in LetterKind.for_agencies()]),
                name="lettertemplate_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(announcement="")
                | models.Q(kind__in=[str(kind) for kind in LetterKind.after_announcement()]),
                name="lettertemplate_announces_final_figures",
                violation_error_message=_(
                    "Before the announcement agencies publish nothing: leave the text for publication empty."
                ),
            ),
            once_in_a_province("lettertemplate", "kind"),
        ]

    def __str__(self):
        return self.get_kind_display()


class Letter(ScopedModel):
    """A letter about the results of a cycle; its file is what was sent. It is made first, then sent, then received.

    One to an agency or its headquarters (`addressee`) belongs to a participation; `content` holds its words and
    figures as they were put together, without number and date. A later edition of the same letter supersedes it.
    """

    cycle = models.ForeignKey("Cycle", verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="letters")
    result_set = models.ForeignKey(
        "ResultSet",
        verbose_name=_("result set"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="letters",
    )
    participation = models.ForeignKey(
        "Participation",
        verbose_name=_("agency in the cycle"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="letters",
    )
    kind = choice_field(_("kind"), enums.LetterKind)
    addressee = choice_field(_("addressed to"), enums.Role, default=Role.COUNCIL)
    number = models.CharField(_("letter number"), max_length=60)
    date = models.DateField(_("letter date"))
    recipient = name_field(_("recipient"))
    edition = models.PositiveSmallIntegerField(_("edition"), default=1, editable=False)
    content = models.JSONField(_("content"), default=dict, blank=True, editable=False)
    file = StoredFileField(_("file"), upload_to="letters/", sha256="sha256")
    sha256 = models.CharField(_("integrity code"), max_length=64, blank=True, editable=False)
    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    made_by = user_field(_("made by"), editable=False)
    sent_at = moment_field(_("sent at"), editable=False)
    sent_by = user_field(_("sent by"), editable=False)
    received_at = moment_field(_("received at"), editable=False)
    received_by = user_field(_("received by"), editable=False)
    superseded_at = moment_field(_("superseded at"), editable=False)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-made_at", "-pk"]
        constraints = [
            one_of("kind", enums.LetterKind),
            models.UniqueConstraint(
                fields=["cycle", "number"],
                condition=models.Q(superseded_at=None),
                name="letter_number_once_in_cycle",
                violation_error_message=_("A letter of this cycle has this number already."),
            ),
            models.UniqueConstraint(
                fields=["participation", "kind", "addressee"],
                condition=models.Q(superseded_at=None, participation__isnull=False),
                name="letter_stands_once_for_its_addressee",
            ),
            models.CheckConstraint(
                condition=models.Q(participation=None, addressee=Role.COUNCIL)
                | models.Q(participation__isnull=False, addressee__in=[str(Role.AGENCY), str(Role.HEADQUARTERS)]),
                name="letter_addressee_fits",
            ),
            models.CheckConstraint(
                condition=models.Q(sent_at=None, sent_by=None) | models.Q(sent_at__isnull=False, sent_by__isnull=False),
                name="letter_sent_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(received_at=None) | models.Q(received_by__isnull=False, sent_at__isnull=False),
                name="letter_received_by_somebody",
            ),
        ]
        permissions = [
            ("make_letter", "Can make letters to agencies"),
            ("send_letter", "Can send letters to agencies"),
            ("receive_letter", "Can record the receipt of a letter"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {localise_digits(self.number)}"

    @property
    def agency(self):
        """The agency that the letter is about; None for a letter to the council."""
        return self.participation.agency if self.participation_id else None

    @property
    def has_effect(self):
        """Whether it stands: not superseded, and its results are not void."""
        void = self.result_set_id is not None and self.result_set.state == ResultState.VOID
        return self.superseded_at is None and not void
