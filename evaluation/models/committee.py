"""Committees of the evaluation; the council for management development is one of them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from evaluation import enums
from evaluation.persian import localise_digits

from .base import ScopedModel, choice_field, name_field, note_field, one_of, user_field
from .stored_file import StoredFileField


class Committee(ScopedModel):
    province = models.ForeignKey(
        "Province", verbose_name=_("province"), on_delete=models.PROTECT, related_name="committees"
    )
    kind = choice_field(_("kind"), enums.CommitteeKind)
    title = name_field(_("title"))
    legal_reference = models.ForeignKey(
        "LegalReference",
        verbose_name=_("legal reference"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="committees",
    )

    class Meta:
        verbose_name = _("committee")
        verbose_name_plural = _("committees")
        ordering = ["kind", "title"]
        constraints = [models.UniqueConstraint(fields=["province", "title"], name="committee_once")]

    def __str__(self):
        return self.title


class CommitteeMember(ScopedModel):
    """A seat in a committee, from its first to its last day; a member need not have an account."""

    committee = models.ForeignKey(
        Committee, verbose_name=_("committee"), on_delete=models.CASCADE, related_name="members"
    )
    name = name_field(_("name"))
    office = name_field(_("office"), blank=True)
    post = choice_field(_("seat"), enums.MemberPost, default=enums.MemberPost.MEMBER)
    user = user_field(_("account"))
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    decree = models.CharField(_("number of the decree"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("committee member")
        verbose_name_plural = _("committee members")
        ordering = ["committee", "pk"]
        constraints = [
            one_of("post", enums.MemberPost),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="committeemember_runs_forward",
                violation_error_message=_("A seat must end after it begins."),
            ),
        ]

    def __str__(self):
        return self.name


class CommitteeSession(ScopedModel):
    committee = models.ForeignKey(
        Committee, verbose_name=_("committee"), on_delete=models.PROTECT, related_name="sessions"
    )
    cycle = models.ForeignKey(
        "Cycle", verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="committee_sessions"
    )
    number = models.CharField(_("session number"), max_length=30)
    held_on = models.DateField(_("date of the session"))
    place = name_field(_("place"), blank=True)
    agenda = note_field(_("agenda"))
    present = models.ManyToManyField(
        CommitteeMember, verbose_name=_("members present"), blank=True, related_name="sessions"
    )
    guests = note_field(
        _("others present"), help_text=_("Persons present who are no registered members, one on each line.")
    )
    resolution = note_field(_("resolution"))
    decision = choice_field(_("decision on the results"), enums.CouncilDecision, blank=True, editable=False)
    minutes = StoredFileField(_("minutes"), upload_to="minutes/", blank=True)
    recorded_by = user_field(_("recorded by"), editable=False)

    class Meta:
        verbose_name = _("committee session")
        verbose_name_plural = _("committee sessions")
        ordering = ["-held_on"]
        constraints = [models.UniqueConstraint(fields=["committee", "number"], name="committeesession_once")]

    def __str__(self):
        return f"{self.committee} · {localise_digits(self.number)}"
