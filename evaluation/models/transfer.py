"""Transfers of files: headquarters → national organization → province, and the final report back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import ConcurrentTransitionMixin, transition

from evaluation import enums
from evaluation.enums import TransferState as State
from evaluation.persian import localise_digits
from evaluation.rules import end_conditions as at_the_end
from evaluation.rules.permissions import may_receive_transfer, may_send_transfer, may_supersede_transfer

from .base import ScopedModel, choice_field, moment_field, note_field, one_of, state_field, together, user_field
from .search_key import search_index, search_key_field
from .stored_file import StoredFileField


class Transfer(ConcurrentTransitionMixin, ScopedModel):
    cycle = models.ForeignKey("Cycle", verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="transfers")
    direction = choice_field(_("direction"), enums.TransferDirection)
    state = state_field(_("state"), State, State.PREPARED)
    letter_number = models.CharField(_("letter number"), max_length=60, blank=True)
    letter_date = models.DateField(_("letter date"), null=True, blank=True)
    package = StoredFileField(_("package"), upload_to="packages/", blank=True, editable=False, sha256="sha256")
    sha256 = models.CharField(_("integrity code"), max_length=64, blank=True, editable=False)
    prepared_at = models.DateTimeField(_("prepared at"), auto_now_add=True)
    prepared_by = user_field(_("prepared by"), editable=False, null=False, blank=False)
    sent_at = moment_field(_("sent at"), editable=False)
    sent_by = user_field(_("sent by"), editable=False)
    answered_at = moment_field(_("answered at"), editable=False)
    answered_by = user_field(_("answered by"), editable=False)
    refusal_reason = note_field(_("reason of the refusal"))
    search_key = search_key_field("letter_number")

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["-prepared_at", "-pk"]
        indexes = [
            models.Index(fields=["-prepared_at", "-id"], name="transfer_time"),
            models.Index(fields=["state", "direction"], name="transfer_state"),
            search_index("transfer"),
        ]
        constraints = [
            one_of("state", State),
            one_of("direction", enums.TransferDirection),
            together("state", [State.SENT, State.RECEIVED, State.REFUSED], "sent_at", "sent_by"),
            together("state", [State.RECEIVED, State.REFUSED], "answered_at", "answered_by"),
            models.CheckConstraint(
                condition=Q(state__in=[State.PREPARED, State.SUPERSEDED]) | (~Q(sha256="") & ~Q(package="")),
                name="transfer_sent_with_package",
            ),
        ]
        permissions = [
            ("prepare_transfer", "Can prepare a transfer"),
            ("send_transfer", "Can send a transfer"),
            ("receive_transfer", "Can receive or refuse a transfer"),
            ("supersede_transfer", "Can supersede a transfer"),
        ]

    def __str__(self):
        return f"{self.get_direction_display()} · {localise_digits(self.pk)}"

    @transition(
        field="state",
        source=State.PREPARED,
        target=State.SENT,
        permission=may_send_transfer,
        custom={"label": pgettext_lazy("verb", "Send the package")},
    )
    def send(self, *, package, sha256, person, moment):
        self.package, self.sha256 = package, sha256
        self.sent_at, self.sent_by = moment, person

    @transition(
        field="state",
        source=State.SENT,
        target=State.RECEIVED,
        permission=may_receive_transfer,
        custom={"label": pgettext_lazy("verb", "Record the receipt")},
    )
    def receive(self, *, person, moment):
        self.answered_at, self.answered_by = moment, person

    @transition(
        field="state",
        source=State.SENT,
        target=State.REFUSED,
        permission=may_receive_transfer,
        custom={"label": pgettext_lazy("verb", "Refuse the package"), "reason": True, "back": True},
    )
    def refuse(self, *, reason, person, moment):
        self.refusal_reason, self.answered_at, self.answered_by = reason, moment, person

    @transition(
        field="state",
        source=[State.PREPARED, State.SENT, State.RECEIVED, State.REFUSED],
        target=State.SUPERSEDED,
        permission=may_supersede_transfer,
        conditions=[at_the_end.no_results_rest_on_it],
        custom={"label": pgettext_lazy("verb", "Supersede the transfer"), "reason": True, "back": True},
    )
    def supersede(self):
        pass


class TransferItem(ScopedModel):
    transfer = models.ForeignKey(Transfer, verbose_name=_("transfer"), on_delete=models.CASCADE, related_name="items")
    assessment = models.ForeignKey(
        "Assessment", verbose_name=_("assessment"), on_delete=models.PROTECT, related_name="transfer_items"
    )

    class Meta:
        verbose_name = _("item of a transfer")
        verbose_name_plural = _("items of a transfer")
        ordering = ["transfer", "assessment"]
        constraints = [models.UniqueConstraint(fields=["transfer", "assessment"], name="transferitem_once")]

    def __str__(self):
        return str(self.assessment)
