"""The service as its identity form describes it and the two-sided agreement about it: data with versions and validity.

A version is written as a draft, published, and then no longer changed: an amendment is the next version.
"""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation import enums
from evaluation.persian import localise_digits

from .base import ScopedModel, SharedModel, choice_field, moment_field, name_field, note_field, one_of, user_field


class Versioned(SharedModel):
    """What a service and an agreement share: version, days of validity, and who published it when."""

    title = name_field(_("title"))
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    valid_from = models.DateField(_("valid from"), null=True, blank=True, editable=False)
    valid_until = models.DateField(_("last day of validity"), null=True, blank=True, editable=False)
    published_at = moment_field(_("published at"), editable=False)
    published_by = user_field(_("published by"), editable=False)
    source = note_field(_("source"))

    class Meta:
        abstract = True
        ordering = ["province", "-version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(valid_from__isnull=False), name="%(class)s_published_has_day"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="%(class)s_runs_forward"
            ),
        ]

    def __str__(self):
        return f"{self.title} · {localise_digits(self.version)}"

    def in_force(self, day):
        """Whether this version is published and valid on a day (date)."""
        if self.published_at is None or self.valid_from > day:
            return False
        return self.valid_until is None or day <= self.valid_until


class Service(Versioned):
    """The service of yearly evaluation, as the identity form of services asks it."""

    identifier = models.CharField(_("identifier of the service"), max_length=20)
    provider = name_field(_("executive body"))
    mother_body = name_field(_("mother body"))
    description = note_field(_("description"))
    kind = choice_field(_("kind of service"), enums.ServiceFor, default=enums.ServiceFor.GOVERNMENT)
    recipients = note_field(_("recipients"))
    nature = choice_field(_("nature of the service"), enums.ServiceNature, default=enums.ServiceNature.SOVEREIGN)
    level = choice_field(_("level of the service"), enums.ServiceLevel, default=enums.ServiceLevel.PROVINCIAL)
    programme = name_field(_("related programme"), blank=True)
    start = choice_field(_("begins with"), enums.ServiceStart, default=enums.ServiceStart.TIME)
    documents = note_field(_("documents needed"))
    forms = note_field(_("forms"))
    recipient_count = models.PositiveIntegerField(_("number of recipients in a year"), null=True, blank=True)
    mean_months = models.PositiveSmallIntegerField(_("mean duration (months)"), null=True, blank=True)
    frequency = choice_field(_("how often"), enums.Frequency, default=enums.Frequency.YEAR)
    visits = models.PositiveSmallIntegerField(
        _("visits in person"), default=0, help_text=_("0: no visit in person is needed.")
    )
    fee = models.PositiveBigIntegerField(_("fee (rials)"), default=0, help_text=_("0: the service is free."))
    address = models.CharField(_("address of the service"), max_length=250, blank=True)
    system = name_field(_("name of the system"), blank=True)
    contact = note_field(_("contact"))
    legal_references = models.ManyToManyField("LegalReference", verbose_name=_("laws and regulations"), blank=True)
    template = models.ForeignKey(
        "ProcessTemplate",
        verbose_name=_("process template"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Its steps are shown as the steps of the service."),
    )

    class Meta(Versioned.Meta):
        verbose_name = _("identity of the service")
        verbose_name_plural = _("identities of the service")
        constraints = [
            *Versioned.Meta.constraints,
            one_of("kind", enums.ServiceFor),
            one_of("nature", enums.ServiceNature),
            one_of("level", enums.ServiceLevel),
            one_of("start", enums.ServiceStart),
            one_of("frequency", enums.Frequency),
        ]


class ServiceChannel(ScopedModel):
    """How one phase of the service is reached."""

    service = models.ForeignKey(
        Service, verbose_name=_("identity of the service"), on_delete=models.CASCADE, related_name="channels"
    )
    phase = choice_field(_("phase of the service"), enums.ServicePhase)
    electronic = models.BooleanField(_("electronic"), default=True)
    medium = name_field(_("medium"))

    class Meta:
        verbose_name = _("channel of a phase")
        verbose_name_plural = _("channels of the phases")
        ordering = ["service", "pk"]
        constraints = [one_of("phase", enums.ServicePhase)]

    def __str__(self):
        return self.get_phase_display()


class Agreement(Versioned):
    """The statement of the service level: what the office promises, and what it asks of the agencies."""

    purpose = note_field(_("purpose"))
    basis = note_field(_("responsibility and legal basis"))
    fee = note_field(_("fees and payments"))
    amendment = note_field(_("period and amendment"))
    termination = note_field(_("termination"))
    text = note_field(_("text that agencies accept"), editable=False)
    ended_reason = note_field(_("reason of the termination"), editable=False)

    class Meta(Versioned.Meta):
        verbose_name = _("service level agreement")
        verbose_name_plural = _("service level agreements")
        constraints = [*Versioned.Meta.constraints]


class AgreementClause(ScopedModel):
    """One promise or duty, with the figure by which it is measured, where there is one."""

    agreement = models.ForeignKey(
        Agreement, verbose_name=_("service level agreement"), on_delete=models.CASCADE, related_name="clauses"
    )
    side = choice_field(_("side"), enums.ClauseSide)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    text = note_field(_("text"))
    measure = choice_field(_("measured by"), enums.PromiseMeasure, blank=True, default="")

    class Meta:
        verbose_name = _("clause of an agreement")
        verbose_name_plural = _("clauses of agreements")
        ordering = ["agreement", "side", "order", "pk"]
        constraints = [
            one_of("side", enums.ClauseSide),
            models.CheckConstraint(condition=~Q(text=""), name="agreementclause_has_text"),
        ]

    def __str__(self):
        return self.text


class Outage(ScopedModel):
    """A time in which a health check failed; it ends with the first check that succeeds."""

    part = choice_field(_("part"), enums.SystemPart)
    reason = note_field(_("reason"))
    started_at = models.DateTimeField(_("began at"), default=timezone.now)
    ended_at = moment_field(_("ended at"))

    class Meta:
        verbose_name = _("outage")
        verbose_name_plural = _("outages")
        ordering = ["-started_at"]
        constraints = [
            one_of("part", enums.SystemPart),
            models.UniqueConstraint(fields=["part"], condition=Q(ended_at=None), name="outage_one_open"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="outage_runs_forward"
            ),
        ]

    def __str__(self):
        return self.get_part_display()


class HealthCheck(ScopedModel):
    """When the health was last checked: a gap says that nobody could check, since everything stood still."""

    checked_at = models.DateTimeField(_("checked at"))
    first_at = models.DateTimeField(_("first checked at"), default=timezone.now)

    class Meta:
        verbose_name = _("health check")
        verbose_name_plural = _("health checks")

    def __str__(self):
        return str(self.checked_at)
