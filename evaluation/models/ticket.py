"""The service desk: how each province runs it, tickets with their thread, and the requests of outsiders it counts."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import ConcurrentTransitionMixin, transition

from evaluation import enums
from evaluation.enums import TicketState
from evaluation.persian import localise_digits
from evaluation.rules.tickets import may_ask_again, may_handle

from .base import (
    ScopedModel,
    choice_field,
    moment_field,
    name_field,
    note_field,
    one_of,
    state_field,
    together,
    user_field,
)


class ServiceDesk(ScopedModel):
    """The service desk of a province: how the office is reached, and whether people without an account may write."""

    province = models.OneToOneField(
        "Province", verbose_name=_("province"), on_delete=models.PROTECT, related_name="service_desk"
    )
    phone = models.CharField(_("phone"), max_length=60)
    email = models.EmailField(_("e-mail"), blank=True)
    address = note_field(_("postal address"))
    hours = name_field(_("office hours"), blank=True)
    public = models.BooleanField(
        _("open before log-in"),
        default=True,
        help_text=_("People without an account can write to the desk from the log-in page."),
    )

    class Meta:
        verbose_name = _("settings of the service desk")
        verbose_name_plural = _("settings of the service desks")
        ordering = ["province__name"]

    def __str__(self):
        return str(self.province)


class TicketRule(ScopedModel):
    """How long an answer to tickets of one kind may take, and to whom they go; a fault to the system's manager."""

    desk = models.ForeignKey(
        ServiceDesk, verbose_name=_("service desk"), on_delete=models.CASCADE, related_name="rules"
    )
    kind = choice_field(_("kind"), enums.TicketKind)
    days = models.PositiveSmallIntegerField(
        _("days to answer"), help_text=_("Calendar days; an end on a day off moves to the next working day.")
    )
    owner = user_field(_("goes to"), help_text=_("If empty, all staff of the province are told."))

    class Meta:
        verbose_name = _("rule for tickets")
        verbose_name_plural = _("rules for tickets")
        ordering = ["desk", "pk"]
        constraints = [
            one_of("kind", enums.TicketKind),
            models.UniqueConstraint(fields=["desk", "kind"], name="ticketrule_once"),
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=365),
                name="ticketrule_days_known",
                violation_error_message=_("Enter between one day and a year."),
            ),
        ]

    def __str__(self):
        return self.get_kind_display()


class Ticket(ConcurrentTransitionMixin, ScopedModel):
    """What somebody asks of the desk. `author` is empty for people without an account, who use number and code."""

    province = models.ForeignKey(
        "Province", verbose_name=_("province"), on_delete=models.PROTECT, related_name="tickets"
    )
    reference = models.CharField(_("reference number"), max_length=12, unique=True, editable=False)
    code_hash = models.CharField(_("hash of the tracking code"), max_length=64, blank=True, editable=False)
    kind = choice_field(_("kind"), enums.TicketKind)
    state = state_field(_("state"), TicketState, TicketState.OPEN)
    subject = name_field(_("subject"), max_length=200)
    text = note_field(_("text"))
    agency = models.ForeignKey(
        "Agency", verbose_name=_("executive agency"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    about_cycle = models.ForeignKey(
        "Cycle", verbose_name=_("cycle"), null=True, blank=True, on_delete=models.PROTECT, related_name="tickets"
    )
    about_role = choice_field(_("whom the complaint is about"), enums.ComplainedOf, blank=True, default="")
    about_name = name_field(_("name of the person"), blank=True)
    about = user_field(_("account of the person"))
    author = user_field(_("asked by"), editable=False)
    name = name_field(_("name"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    filed_at = models.DateTimeField(_("received at"), default=timezone.now, editable=False)
    due_at = models.DateTimeField(_("answer due by"), editable=False)
    owner = user_field(_("handled by"))
    first_answered_at = moment_field(_("first answered at"), editable=False)
    answered_at = moment_field(_("answered at"), editable=False)
    closed_at = moment_field(_("closed at"), editable=False)
    satisfaction = models.PositiveSmallIntegerField(
        _("satisfaction"), choices=enums.Satisfaction.choices, null=True, blank=True
    )
    satisfaction_note = note_field(_("remark on the answer"))
    announcement = models.ForeignKey(
        "Announcement",
        verbose_name=_("announcement"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets of the service desk")
        ordering = ["-filed_at", "-pk"]
        constraints = [
            one_of("kind", enums.TicketKind),
            one_of("state", TicketState),
            together("state", [TicketState.ASSIGNED], "owner"),
            together("state", TicketState.settled(), "owner", "first_answered_at", "answered_at"),
            together("state", [TicketState.CLOSED], "closed_at"),
            models.CheckConstraint(
                condition=Q(about_role="", about=None)
                | Q(kind__in=[str(kind) for kind in enums.TicketKind.about_people()]),
                name="ticket_about_people",
                violation_error_message=_("Only a complaint or unequal treatment is about a person."),
            ),
            models.CheckConstraint(
                condition=Q(owner=None) | Q(about=None) | ~Q(owner=models.F("about")),
                name="ticket_never_handled_by_its_subject",
                violation_error_message=_("A ticket is never handled by the person it complains of."),
            ),
            models.CheckConstraint(condition=~Q(text=""), name="ticket_has_text"),
        ]
        permissions = [("handle_ticket", "Can handle tickets of the service desk")]

    def __str__(self):
        return f"{localise_digits(self.reference)} · {self.subject}"

    @transition(
        field="state",
        source=[TicketState.OPEN, TicketState.ASSIGNED, TicketState.REOPENED],
        target=TicketState.ASSIGNED,
        permission=may_handle,
        custom={"label": pgettext_lazy("verb", "Assign the ticket")},
    )
    def assign(self, *, owner):
        self.owner = owner

    @transition(
        field="state",
        source=[TicketState.ASSIGNED, TicketState.REOPENED],
        target=TicketState.ANSWERED,
        permission=may_handle,
        custom={"label": pgettext_lazy("verb", "Answer the ticket")},
    )
    def answer(self, *, person, moment):
        self.owner = self.owner or person
        self.answered_at = moment
        self.first_answered_at = self.first_answered_at or moment

    @transition(
        field="state",
        source=TicketState.ANSWERED,
        target=TicketState.CLOSED,
        permission=may_ask_again,
        custom={"label": pgettext_lazy("verb", "Close the ticket")},
    )
    def close(self, *, moment):
        self.closed_at = moment

    @transition(
        field="state",
        source=[TicketState.ANSWERED, TicketState.CLOSED],
        target=TicketState.REOPENED,
        permission=may_ask_again,
        custom={"label": pgettext_lazy("verb", "Reopen the ticket"), "reason": True, "back": True},
    )
    def reopen(self, *, due_at):
        self.closed_at, self.due_at = None, due_at


class TicketMessage(ScopedModel):
    """One word of the thread, read by both sides; `by` is empty for an asker without an account."""

    ticket = models.ForeignKey(Ticket, verbose_name=_("ticket"), on_delete=models.CASCADE, related_name="messages")
    by = user_field(_("by"))
    of_desk = models.BooleanField(_("answer of the desk"), default=False)
    text = note_field(_("text"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("message of a ticket")
        verbose_name_plural = _("messages of tickets")
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="ticketmessage_has_text")]

    def __str__(self):
        return self.text


class OutsideRequest(ScopedModel):
    """One request from an address before log-in, counted for the limits; the address itself is not kept."""

    action = models.CharField(_("action"), max_length=20)
    address_key = models.CharField(_("key of the address"), max_length=64)
    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("request before log-in")
        verbose_name_plural = _("requests before log-in")
        ordering = ["-at"]
        indexes = [models.Index(fields=["action", "address_key", "at"], name="outsiderequest_counted")]

    def __str__(self):
        return self.action
