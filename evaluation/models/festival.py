"""The festival of a cycle: who is nominated, who wins, and what is reported of it (Ilam step 12, Tehran 20 to 22)."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import ConcurrentTransitionMixin, transition

from evaluation import enums
from evaluation.enums import FestivalState as State
from evaluation.rules import festival_conditions as must
from evaluation.rules.permissions import may

from .base import (
    ScopedModel,
    choice_field,
    moment_field,
    name_field,
    note_field,
    one_of,
    points_field,
    state_field,
    together,
    user_field,
)
from .stored_file import StoredFileField


class Festival(ConcurrentTransitionMixin, ScopedModel):
    """One festival for each cycle; who wins is known to staff alone until it is announced."""

    cycle = models.OneToOneField("Cycle", verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="festival")
    title = name_field(_("title"))
    state = state_field(_("state"), State, State.PREPARING)
    committee = models.ForeignKey(
        "Committee",
        verbose_name=_("committee"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="festivals",
        help_text=_("The committee that chooses the winners."),
    )
    kinds = models.ManyToManyField("AwardKind", verbose_name=_("kinds of award"), blank=True, related_name="festivals")
    one_award = models.BooleanField(
        _("one award for each agency"),
        default=False,
        help_text=_("An agency gets at most one of the awards for agencies."),
    )
    nominations_from = models.DateTimeField(_("nominations from"), null=True, blank=True)
    nominations_until = models.DateTimeField(_("nominations until"), null=True, blank=True)
    held_on = models.DateField(_("date of the ceremony"), null=True, blank=True)
    place = name_field(_("place"), blank=True)
    course = note_field(_("course of the ceremony"), help_text=_("The report says it of the day itself."))
    figures = models.ForeignKey(
        "Snapshot",
        verbose_name=_("figures of the candidates"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    announced_at = moment_field(_("announced at"))
    announced_by = user_field(_("announced by"))

    class Meta:
        verbose_name = _("festival")
        verbose_name_plural = _("festivals")
        ordering = ["-cycle__performance_year"]
        constraints = [
            one_of("state", State),
            together("state", [State.ANNOUNCED, State.REPORTED], "announced_at", "announced_by"),
            models.CheckConstraint(
                condition=Q(nominations_until=None)
                | Q(nominations_from__isnull=False, nominations_until__gt=F("nominations_from")),
                name="festival_nominations_run_forward",
                violation_error_message=_("The nominations must end after they begin."),
            ),
        ]
        permissions = [
            ("move_festival", "Can move a festival on"),
            ("propose_festival", "Can propose candidates from the figures"),
            ("announce_festival", "Can announce the winners"),
            ("export_festival", "Can make the papers of a festival"),
        ]

    def __str__(self):
        return self.title

    @transition(
        field="state",
        source=State.PREPARING,
        target=State.NOMINATING,
        permission=may("move_festival"),
        conditions=[must.takes_nominations, must.window_set],
        custom={"label": pgettext_lazy("verb", "Open the nominations")},
    )
    def open_nominations(self):
        pass

    @transition(
        field="state",
        source=[State.PREPARING, State.NOMINATING],
        target=State.CHOOSING,
        permission=may("move_festival"),
        conditions=[must.has_kinds, must.nominations_over, must.has_committee],
        custom={"label": pgettext_lazy("verb", "Hand the candidates to the committee")},
    )
    def begin_choice(self):
        pass

    @transition(
        field="state",
        source=State.CHOOSING,
        target=State.CHOSEN,
        permission=may("move_festival"),
        conditions=[must.has_winners, must.figures_stand],
        custom={"label": pgettext_lazy("verb", "Finish the choice")},
    )
    def finish_choice(self):
        pass

    @transition(
        field="state",
        source=State.CHOSEN,
        target=State.ANNOUNCED,
        permission=may("announce_festival"),
        conditions=[must.results_announced, must.figures_stand],
        custom={"label": pgettext_lazy("verb", "Announce the winners")},
    )
    def announce(self, *, person, moment):
        self.announced_by, self.announced_at = person, moment

    @transition(
        field="state",
        source=[State.ANNOUNCED, State.REPORTED],
        target=State.REPORTED,
        permission=may("move_festival"),
        conditions=[must.ceremony_held, must.no_report_stands],
        custom={"label": pgettext_lazy("verb", "Send the report of the festival")},
    )
    def report(self):
        pass

    @transition(
        field="state",
        source=[State.CHOOSING, State.CHOSEN],
        target=State.NOMINATING,
        permission=may("move_festival"),
        custom={"label": pgettext_lazy("verb", "Open the nominations again"), "reason": True, "back": True},
    )
    def reopen_nominations(self):
        pass

    @transition(
        field="state",
        source=State.CHOSEN,
        target=State.CHOOSING,
        permission=may("move_festival"),
        custom={"label": pgettext_lazy("verb", "Open the choice again"), "reason": True, "back": True},
    )
    def reopen_choice(self):
        pass


class CeremonyItem(ScopedModel):
    """One item of the programme of the ceremony."""

    festival = models.ForeignKey(
        Festival, verbose_name=_("festival"), on_delete=models.CASCADE, related_name="programme"
    )
    begins = models.TimeField(_("time of day"), null=True, blank=True)
    title = name_field(_("item"))
    speaker = name_field(_("person"), blank=True)

    class Meta:
        verbose_name = _("item of the programme")
        verbose_name_plural = _("programme of the ceremony")
        ordering = ["festival", "begins", "pk"]

    def __str__(self):
        return self.title

    @property
    def cycle(self):
        return self.festival.cycle


class ConflictOfInterest(ScopedModel):
    """What a member of the committee declared: on this agency's candidates the member neither scores nor decides."""

    festival = models.ForeignKey(
        Festival, verbose_name=_("festival"), on_delete=models.CASCADE, related_name="conflicts"
    )
    member = models.ForeignKey(
        "CommitteeMember", verbose_name=_("committee member"), on_delete=models.PROTECT, related_name="conflicts"
    )
    agency = models.ForeignKey("Agency", verbose_name=_("executive agency"), on_delete=models.PROTECT, related_name="+")
    reason = note_field(_("reason"))

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        ordering = ["festival", "member", "agency"]
        constraints = [
            models.UniqueConstraint(
                fields=["festival", "member", "agency"],
                name="conflictofinterest_once",
                violation_error_message=_("This conflict of interest is recorded already."),
            )
        ]

    def __str__(self):
        return f"{self.member} · {self.agency}"

    @property
    def cycle(self):
        return self.festival.cycle


class Nominee(ScopedModel):
    """A candidate for one kind of award: an agency by its figure, or whom an agency or the governor proposed."""

    festival = models.ForeignKey(
        Festival, verbose_name=_("festival"), on_delete=models.PROTECT, related_name="nominees"
    )
    kind = models.ForeignKey(
        "AwardKind", verbose_name=_("kind of award"), on_delete=models.PROTECT, related_name="nominees"
    )
    part = name_field(_("group, axis or topic"), blank=True)
    origin = choice_field(_("origin"), enums.NomineeOrigin)
    agency = models.ForeignKey(
        "Agency",
        verbose_name=_("executive agency"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="nominees",
    )
    name = name_field(_("name"))
    members = note_field(_("members of the team"), help_text=_("One person on each line."))
    reason = note_field(_("reason"))
    measure = choice_field(_("by"), enums.Measure, blank=True, default="")
    figure = points_field(_("figure"), null=True, blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, blank=True)
    letter_number = models.CharField(_("letter number"), max_length=60, blank=True)
    letter_date = models.DateField(_("letter date"), null=True, blank=True)
    file = StoredFileField(_("file"), upload_to="nominees/%Y/", blank=True)
    entered_by = user_field(_("entered by"), editable=False, null=False, blank=False)
    entered_on = models.DateTimeField(_("entered at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("nominee")
        verbose_name_plural = _("nominees")
        ordering = ["festival", "kind__order", "kind", "part", "rank", "name"]
        constraints = [
            one_of("origin", enums.NomineeOrigin),
            models.UniqueConstraint(
                "festival",
                "kind",
                "part",
                models.functions.Coalesce("agency", 0),
                "name",
                name="nominee_once",
                violation_error_message=_("This candidate is nominated for this award already."),
            ),
            models.CheckConstraint(
                condition=~Q(origin=enums.NomineeOrigin.FIGURES)
                | Q(figure__isnull=False, agency__isnull=False, rank__isnull=False),
                name="nominee_by_figure_has_it",
            ),
            models.CheckConstraint(
                condition=~Q(origin=enums.NomineeOrigin.AGENCY) | Q(agency__isnull=False),
                name="nominee_of_agency_has_it",
            ),
            models.CheckConstraint(
                condition=Q(origin=enums.NomineeOrigin.FIGURES) | ~Q(reason=""),
                name="nominee_has_reason",
                violation_error_message=_("A nomination needs its reason."),
            ),
        ]
        permissions = [
            ("nominate_nominee", "Can nominate teams and people of the agency"),
            ("score_nominee", "Can record the committee's marks"),
            ("choose_nominee", "Can record the committee's choice"),
        ]

    def __str__(self):
        return f"{self.name} · {self.kind.title}"

    @property
    def cycle(self):
        return self.festival.cycle


class NomineeMark(ScopedModel):
    """What one member of the committee gives a nominee, out of a hundred."""

    nominee = models.ForeignKey(Nominee, verbose_name=_("nominee"), on_delete=models.CASCADE, related_name="marks")
    member = models.ForeignKey(
        "CommitteeMember", verbose_name=_("committee member"), on_delete=models.PROTECT, related_name="+"
    )
    score = points_field(_("score"))
    reason = note_field(_("reason"))
    given_on = models.DateTimeField(_("recorded at"), default=timezone.now)
    recorded_by = user_field(_("recorded by"), null=False, blank=False)

    class Meta:
        verbose_name = _("mark of a member")
        verbose_name_plural = _("marks of the members")
        ordering = ["nominee", "member"]
        constraints = [
            models.UniqueConstraint(fields=["nominee", "member"], name="nomineemark_once"),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=100),
                name="nomineemark_out_of_hundred",
                violation_error_message=_("A mark is between 0 and 100."),
            ),
        ]

    def __str__(self):
        return str(self.member)

    @property
    def cycle(self):
        return self.nominee.cycle


class Award(ScopedModel):
    """What the committee decided to give a nominee, in which session and why."""

    nominee = models.OneToOneField(Nominee, verbose_name=_("nominee"), on_delete=models.PROTECT, related_name="award")
    session = models.ForeignKey(
        "CommitteeSession",
        verbose_name=_("committee session"),
        on_delete=models.PROTECT,
        related_name="awards",
    )
    reason = note_field(_("reason"))
    score = points_field(_("mean mark"), null=True, blank=True)
    stepped_out = models.ManyToManyField("CommitteeMember", verbose_name=_("stepped out"), blank=True, related_name="+")
    decided_on = models.DateTimeField(_("decided at"), default=timezone.now)
    decided_by = user_field(_("recorded by"), null=False, blank=False)

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering = ["nominee__festival", "nominee__kind__order", "nominee__part", "nominee__name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="award_has_reason",
                violation_error_message=_("An award needs its reason."),
            )
        ]

    def __str__(self):
        return str(self.nominee)

    @property
    def cycle(self):
        return self.nominee.cycle

    @property
    def agency(self):
        return self.nominee.agency
