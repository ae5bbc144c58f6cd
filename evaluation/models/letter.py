"""Letters that the system writes and sends: to whom, with which number and date, and when it was received."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from evaluation import enums
from evaluation.persian import localise_digits

from .base import ScopedModel, choice_field, moment_field, name_field, one_of, user_field
from .stored_file import StoredFileField


class Letter(ScopedModel):
    """A letter about the results of a cycle; its file is what was sent, made from the snapshot."""

    cycle = models.ForeignKey("Cycle", verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="letters")
    result_set = models.ForeignKey(
        "ResultSet", verbose_name=_("result set"), on_delete=models.PROTECT, related_name="letters"
    )
    kind = choice_field(_("kind"), enums.LetterKind)
    number = models.CharField(_("letter number"), max_length=60)
    date = models.DateField(_("letter date"))
    recipient = name_field(_("recipient"))
    file = StoredFileField(_("file"), upload_to="letters/", sha256="sha256")
    sha256 = models.CharField(_("integrity code"), max_length=64, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    sent_by = user_field(_("sent by"), null=False, blank=False)
    received_at = moment_field(_("received at"), editable=False)
    received_by = user_field(_("received by"), editable=False)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            one_of("kind", enums.LetterKind),
            models.UniqueConstraint(
                fields=["cycle", "number"],
                name="letter_number_once_in_cycle",
                violation_error_message=_("A letter of this cycle has this number already."),
            ),
            models.CheckConstraint(
                condition=models.Q(received_at=None) | models.Q(received_by__isnull=False),
                name="letter_received_by_somebody",
            ),
        ]
        permissions = [("receive_letter", "Can record the receipt of a letter")]

    def __str__(self):
        return f"{self.get_kind_display()} · {localise_digits(self.number)}"
