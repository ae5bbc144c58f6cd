"""Who takes part: provinces, agencies, their headquarters, partner bodies, and people's roles in them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation.enums import Role
from evaluation.rules.roles import Answers

from .base import (
    ScopedModel,
    ScopedQuerySet,
    SharedModel,
    choice_field,
    code_field,
    name_field,
    once_in_a_province,
    one_of,
)
from .search_key import search_index, search_key_field


class Province(ScopedModel):
    code = code_field(_("code"), unique=True)
    name = name_field(_("name"), unique=True)

    class Meta:
        verbose_name = _("province")
        verbose_name_plural = _("provinces")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Headquarters(SharedModel):
    """The body in the capital that checks its provincial agencies' self-assessment."""

    code = code_field(_("code"))
    name = name_field(_("name"))

    class Meta:
        verbose_name = _("agency headquarters")
        verbose_name_plural = _("agency headquarters (plural)")
        ordering = ["name"]
        constraints = [once_in_a_province("headquarters", "code"), once_in_a_province("headquarters", "name")]

    def __str__(self):
        return self.name


class PartnerBody(SharedModel):
    """A body that is the steward of an indicator or provides evaluators."""

    code = code_field(_("code"))
    name = name_field(_("name"))

    class Meta:
        verbose_name = _("partner body")
        verbose_name_plural = _("partner bodies")
        ordering = ["name"]
        constraints = [once_in_a_province("partnerbody", "code")]

    def __str__(self):
        return self.name


class Agency(ScopedModel):
    province = models.ForeignKey(
        Province, verbose_name=_("province"), on_delete=models.PROTECT, related_name="agencies"
    )
    code = code_field(_("agency code"))
    name = name_field(_("agency name"))
    kind = name_field(_("kind of agency"), max_length=120, blank=True)
    headquarters = models.ForeignKey(
        Headquarters,
        verbose_name=_("agency headquarters"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agencies",
    )
    group = name_field(_("usual peer group"), max_length=120, blank=True)
    national_id = models.CharField(_("national identifier"), max_length=11, blank=True)
    ranked = models.BooleanField(
        _("ranked"), default=True, help_text=_("Banks, municipalities and the like are evaluated but not ranked.")
    )
    active = models.BooleanField(_("active"), default=True)
    search_key = search_key_field("name", "code")

    class Meta:
        verbose_name = _("executive agency")
        verbose_name_plural = _("executive agencies")
        ordering = ["name"]
        indexes = [search_index("agency")]
        constraints = [
            models.UniqueConstraint(fields=["province", "code"], name="agency_code_once_in_province"),
            models.UniqueConstraint(fields=["national_id"], condition=~Q(national_id=""), name="agency_national_id"),
        ]
        permissions = [
            ("import_agency", "Can import agencies"),
            ("export_agency", "Can export agencies"),
        ]

    def __str__(self):
        return self.name


class AgencyIdentifier(ScopedModel):
    """The agency's key in an outside system."""

    agency = models.ForeignKey(
        Agency, verbose_name=_("executive agency"), on_delete=models.CASCADE, related_name="identifiers"
    )
    system = models.ForeignKey("ExternalSystem", verbose_name=_("external system"), on_delete=models.PROTECT)
    value = models.CharField(_("identifier"), max_length=60)

    class Meta:
        verbose_name = _("identifier in another system")
        verbose_name_plural = _("identifiers in other systems")
        constraints = [
            models.UniqueConstraint(fields=["agency", "system"], name="agencyidentifier_once"),
            models.UniqueConstraint(fields=["system", "value"], name="agencyidentifier_value_once"),
        ]

    def __str__(self):
        return self.value


class MembershipQuerySet(ScopedQuerySet):
    def active(self, at=None):
        return self.on_day(timezone.localdate(at) if at else timezone.localdate())

    def on_day(self, day):
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), active=True, since__lte=day)


class Membership(ScopedModel):
    """A person in a role at a place. Every right in the product comes from the active ones."""

    # What `rules.scopes` has answered about this membership, kept on the object while a page or a bulk write reads.
    # None: nothing is kept.
    answers: Answers | None = None

    user = models.ForeignKey("auth.User", verbose_name=_("user"), on_delete=models.CASCADE, related_name="memberships")
    role = choice_field(_("role"), Role)
    province = models.ForeignKey(
        Province,
        verbose_name=_("province"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("executive agency"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    headquarters = models.ForeignKey(
        Headquarters,
        verbose_name=_("agency headquarters"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    partner = models.ForeignKey(
        PartnerBody,
        verbose_name=_("partner body"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    since = models.DateField(_("from"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)
    active = models.BooleanField(_("active"), default=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["user", "role"]
        constraints = [
            one_of("role", Role),
            models.CheckConstraint(
                name="membership_place_fits_role",
                condition=Q(role__in=[str(role) for role in Role.provincial()], province__isnull=False, agency=None)
                | Q(role=Role.AGENCY, agency__isnull=False, headquarters=None)
                | Q(role=Role.HEADQUARTERS, headquarters__isnull=False, agency=None)
                | Q(role=Role.STEWARD, partner__isnull=False, agency=None)
                | Q(role=Role.NATIONAL, agency=None, headquarters=None),
                violation_error_message=_("The place does not fit the role: fill the field that the role needs."),
            ),
            models.UniqueConstraint(
                "user",
                "role",
                *(Coalesce(place, 0) for place in ("province", "agency", "headquarters", "partner")),
                name="membership_once",
                violation_error_message=_("This person has this role at this place already."),
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.get_role_display()} · {self.place or '—'}"

    @property
    def place(self):
        return self.agency or self.headquarters or self.partner or self.province
