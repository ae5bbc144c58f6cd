"""Results of a cycle: totals, ranks, gates, levels and what is published (docs/process.md#end)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import ConcurrentTransitionMixin, transition

from evaluation import enums
from evaluation.enums import ResultState as State
from evaluation.enums import Role
from evaluation.persian import localise_digits
from evaluation.rules import conditions as must
from evaluation.rules import end_conditions as at_the_end
from evaluation.rules import gates
from evaluation.rules.permissions import may

from .base import (
    ScopedModel,
    SharedModel,
    choice_field,
    code_field,
    moment_field,
    name_field,
    note_field,
    once_in_a_province,
    one_of,
    points_field,
    state_field,
    together,
    user_field,
)
from .stored_file import StoredFileField


class LevelScheme(SharedModel):
    """Names of levels; none ships as official, thresholds are given only where a year has them."""

    code = code_field(_("code"), max_length=60)
    title = name_field(_("title"))
    source = note_field(_("source"))

    class Meta:
        verbose_name = _("level scheme")
        verbose_name_plural = _("level schemes")
        ordering = ["title"]
        constraints = [once_in_a_province("levelscheme", "code")]

    def __str__(self):
        return self.title


class Level(ScopedModel):
    scheme = models.ForeignKey(
        LevelScheme, verbose_name=_("level scheme"), on_delete=models.CASCADE, related_name="levels"
    )
    order = models.PositiveSmallIntegerField(_("order"))
    title = name_field(_("title"), max_length=60)
    threshold = models.DecimalField(
        _("lowest percent of the maximum"), max_digits=7, decimal_places=4, null=True, blank=True
    )
    effect = name_field(_("effect"), blank=True)

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["scheme", "order"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "order"], name="level_order_once"),
            models.UniqueConstraint(fields=["scheme", "title"], name="level_title_once"),
        ]

    def __str__(self):
        return self.title


def name_of_set(cycle, number):
    """`cycle`: the cycle of a result set, or its title."""
    return f"{cycle} · {localise_digits(number)}"


class ResultSet(ConcurrentTransitionMixin, ScopedModel):
    cycle = models.ForeignKey("Cycle", verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="result_sets")
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    state = state_field(_("state"), State, State.DRAFT)
    computed_at = moment_field(_("computed at"), editable=False)
    computed_by = user_field(_("computed by"), editable=False)
    rule_version = models.CharField(_("rule version"), max_length=30, blank=True, editable=False)
    council_session = models.ForeignKey(
        "CommitteeSession", verbose_name=_("council session"), null=True, blank=True, on_delete=models.PROTECT
    )
    council_at = moment_field(_("council's approval at"), editable=False)
    reported_at = moment_field(_("reported at"), editable=False)
    report = models.ForeignKey(
        "Transfer",
        verbose_name=_("report"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="result_sets",
    )
    levelled_at = moment_field(_("levels set at"), editable=False)
    announced_at = moment_field(_("announced at"), editable=False)
    announced_by = user_field(_("announced by"), editable=False)
    published_at = moment_field(_("published at"), editable=False)
    published_by = user_field(_("published by"), editable=False)

    class Meta:
        verbose_name = _("result set")
        verbose_name_plural = _("result sets")
        ordering = ["cycle", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="resultset_number_once"),
            models.UniqueConstraint(
                fields=["cycle"], condition=~Q(state=State.VOID), name="resultset_one_valid_in_cycle"
            ),
            one_of("state", State),
            together(
                "state",
                [State.COMPUTED, State.APPROVED, State.ANNOUNCED, State.PUBLISHED],
                "computed_at",
                "computed_by",
            ),
            together("state", [State.APPROVED, State.ANNOUNCED, State.PUBLISHED], "council_at"),
            together("state", [State.ANNOUNCED, State.PUBLISHED], "announced_at", "announced_by"),
            together("state", [State.PUBLISHED], "published_at", "published_by"),
        ]
        permissions = [
            ("compute_resultset", "Can compute the results"),
            ("approve_resultset", "Can record the council's approval"),
            ("report_resultset", "Can record the report to the national organization"),
            ("level_resultset", "Can record levels"),
            ("announce_resultset", "Can announce the results"),
            ("publish_resultset", "Can publish the results"),
            ("void_resultset", "Can void a result set"),
            ("return_resultset", "Can return the results from the council"),
            ("dispatch_resultset", "Can send the results to the council"),
            ("correct_resultset", "Can correct published results by an erratum"),
            ("export_resultset", "Can export the ranking"),
        ]

    def __str__(self):
        return name_of_set(self.cycle, self.number)

    def not_yet(self, name):
        """Why a step of the end is not there yet, as sentences (`rules.gates`)."""
        return gates.not_yet(self, name)

    @transition(
        field="state",
        source=[State.DRAFT, State.COMPUTED],
        target=State.COMPUTED,
        permission=may("compute_resultset"),
        conditions=[at_the_end.remarks_answered, must.all_confirmed, must.nothing_passed_yet],
        custom={"label": pgettext_lazy("verb", "Compute totals and ranks")},
    )
    def compute(self, *, person, moment, rule_version):
        self.computed_by, self.computed_at, self.rule_version = person, moment, rule_version

    @transition(
        field="state",
        source=State.COMPUTED,
        target=None,
        permission=may("dispatch_resultset"),
        conditions=[must.gates_before(enums.Gate.COUNCIL)],
        custom={"label": pgettext_lazy("verb", "Send the results to the council")},
    )
    def dispatch(self):
        pass

    @transition(
        field="state",
        source=State.COMPUTED,
        target=State.APPROVED,
        permission=may("approve_resultset", party=Role.COUNCIL),
        conditions=[must.gates_before(enums.Gate.COUNCIL), at_the_end.sent_to_council],
        custom={"label": pgettext_lazy("verb", "Record the council's approval")},
    )
    def approve(self, *, session, moment):
        self.council_session, self.council_at = session, moment

    @transition(
        field="state",
        source=[State.COMPUTED, State.APPROVED],
        target=State.VOID,
        permission=may("return_resultset", party=Role.COUNCIL),
        conditions=[at_the_end.sent_to_council],
        custom={"label": pgettext_lazy("verb", "Return the results"), "reason": True, "back": True},
    )
    def return_(self, *, session):
        self.council_session = session

    @transition(
        field="state",
        source=[State.COMPUTED, State.APPROVED],
        target=None,
        permission=may("report_resultset"),
        conditions=[must.gates_before(enums.Gate.REPORT)],
        custom={"label": pgettext_lazy("verb", "Record the report to the national organization")},
    )
    def record_report(self, *, transfer, moment):
        self.report, self.reported_at = transfer, moment

    @transition(
        field="state",
        source=[State.COMPUTED, State.APPROVED],
        target=None,
        permission=may("level_resultset", party=Role.NATIONAL),
        conditions=[must.gates_before(enums.Gate.LEVELS)],
        custom={"label": pgettext_lazy("verb", "Record the levels")},
    )
    def record_levels(self, *, moment):
        self.levelled_at = moment

    @transition(
        field="state",
        source=State.APPROVED,
        target=State.ANNOUNCED,
        permission=may("announce_resultset"),
        conditions=[must.gates_passed],
        custom={"label": pgettext_lazy("verb", "Announce to the agencies")},
    )
    def announce(self, *, person, moment):
        self.announced_by, self.announced_at = person, moment

    @transition(
        field="state",
        source=State.ANNOUNCED,
        target=State.PUBLISHED,
        permission=may("publish_resultset"),
        conditions=[must.festival_stage],
        custom={"label": pgettext_lazy("verb", "Publish the results")},
    )
    def publish(self, *, person, moment):
        self.published_by, self.published_at = person, moment

    @transition(
        field="state",
        source=State.PUBLISHED,
        target=None,
        permission=may("correct_resultset"),
        custom={"label": pgettext_lazy("verb", "Correct by an erratum"), "reason": True},
    )
    def correct(self):
        pass

    @transition(
        field="state",
        source=[State.DRAFT, State.COMPUTED, State.APPROVED, State.ANNOUNCED],
        target=State.VOID,
        permission=may("void_resultset"),
        custom={"label": pgettext_lazy("verb", "Void the result set"), "reason": True, "back": True},
    )
    def void(self):
        pass


class AgencyResult(ScopedModel):
    """One agency's figures in one dimension; without a dimension, in all counting dimensions together.

    The rows of a set are its snapshot once more, for lists: names are those of the computation.
    """

    result_set = models.ForeignKey(
        ResultSet, verbose_name=_("result set"), on_delete=models.CASCADE, related_name="agency_results"
    )
    participation = models.ForeignKey(
        "Participation", verbose_name=_("participation"), on_delete=models.PROTECT, related_name="results"
    )
    dimension = models.ForeignKey(
        "Dimension", verbose_name=_("dimension"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    raw = points_field(_("earned points"), null=True)
    total = points_field(_("points after exemptions"), null=True)
    maximum = points_field(_("maximum points"))
    exempt_points = points_field(_("exempt points"), default=0)
    passive = models.BooleanField(_("did not take part"), default=False)
    agency_name = name_field(_("executive agency"), blank=True)
    group_title = name_field(_("peer group"), blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, blank=True)
    group_rank = models.PositiveSmallIntegerField(_("rank in the peer group"), null=True, blank=True)
    growth = models.DecimalField(
        _("growth on last year, percent"), max_digits=14, decimal_places=6, null=True, blank=True
    )
    explanation = models.JSONField(_("explanation"), default=dict, blank=True)
    level = models.ForeignKey(
        Level, verbose_name=_("level"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    level_title = name_field(_("level as announced"), max_length=60, blank=True, editable=False)
    level_letter = models.CharField(_("letter of the level"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("agency result")
        verbose_name_plural = _("agency results")
        ordering = ["result_set", "dimension__order", "rank", "agency_name"]
        constraints = [
            models.UniqueConstraint("result_set", "participation", Coalesce("dimension", 0), name="agencyresult_once")
        ]

    def __str__(self):
        return self.agency_name

    @property
    def shown_level(self):
        """The level as it was called when it was announced; before that as it is called now."""
        return self.level_title or (self.level.title if self.level else "")


class AxisResult(ScopedModel):
    result_set = models.ForeignKey(
        ResultSet, verbose_name=_("result set"), on_delete=models.CASCADE, related_name="axis_results"
    )
    participation = models.ForeignKey(
        "Participation", verbose_name=_("participation"), on_delete=models.PROTECT, related_name="axis_results"
    )
    axis = models.ForeignKey("Axis", verbose_name=_("axis"), on_delete=models.PROTECT, related_name="results")
    agency_name = name_field(_("executive agency"), blank=True)
    raw = points_field(_("earned points"))
    total = points_field(_("points after exemptions"), null=True)
    maximum = points_field(_("maximum points"))

    class Meta:
        verbose_name = _("axis result")
        verbose_name_plural = _("axis results")
        ordering = ["result_set", "axis"]
        constraints = [models.UniqueConstraint(fields=["result_set", "participation", "axis"], name="axisresult_once")]

    def __str__(self):
        return f"{self.agency_name} · {self.axis}"


class Publication(ScopedModel):
    """A file that went out with the results, with its hash."""

    result_set = models.ForeignKey(
        ResultSet, verbose_name=_("result set"), on_delete=models.PROTECT, related_name="publications"
    )
    kind = choice_field(_("kind"), enums.PublicationKind)
    file = StoredFileField(_("file"), upload_to="publications/", sha256="sha256")
    sha256 = models.CharField(_("integrity code"), max_length=64)
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    made_by = user_field(_("made by"), null=False, blank=False)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-made_at"]

    def __str__(self):
        return self.get_kind_display()
