"""The catalogue of a cycle: dimensions, axes, indicators with their measures, and each agency's specific list."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import ConcurrentTransitionMixin, transition

from evaluation import enums
from evaluation.enums import ListState, Part, Role
from evaluation.rules import conditions as must
from evaluation.rules import sentences
from evaluation.rules.permissions import may

from .base import (
    ScopedModel,
    choice_field,
    code_field,
    figure_field,
    moment_field,
    name_field,
    note_field,
    one_of,
    points_field,
    state_field,
    together,
    user_field,
)
from .search_key import search_index, search_key_field


class Dimension(ScopedModel):
    """A part of the evaluation (general, specific): its maximum, and whether it counts in the total."""

    cycle = models.ForeignKey("Cycle", verbose_name=_("cycle"), on_delete=models.CASCADE, related_name="dimensions")
    code = code_field(_("code"))
    kind = choice_field(_("kind"), enums.DimensionKind)
    title = name_field(_("title"))
    maximum = points_field(_("maximum points"), default=1000)
    basis = choice_field(_("basis of points"), enums.Basis, default=enums.Basis.POINTS)
    national_points = points_field(_("points of the national slice"), null=True, blank=True)
    provincial_points = points_field(_("points of the provincial slice"), null=True, blank=True)
    counts = models.BooleanField(_("counts in the total"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    frozen_at = moment_field(_("frozen at"), editable=False)
    frozen_by = user_field(_("frozen by"), editable=False)

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        ordering = ["cycle", "order"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "code"], name="dimension_once"),
            models.CheckConstraint(condition=Q(maximum__gt=0), name="dimension_maximum_positive"),
            models.CheckConstraint(
                condition=Q(frozen_at=None, frozen_by=None) | Q(frozen_at__isnull=False, frozen_by__isnull=False),
                name="dimension_frozen_has_person",
            ),
            one_of("kind", enums.DimensionKind),
        ]
        permissions = [("freeze_dimension", "Can freeze the catalogue of a dimension")]

    def __str__(self):
        return self.title


class Axis(ScopedModel):
    dimension = models.ForeignKey(Dimension, verbose_name=_("dimension"), on_delete=models.CASCADE, related_name="axes")
    number = models.PositiveSmallIntegerField(_("number"))
    title = name_field(_("title"))
    maximum = points_field(_("maximum points of the axis"))
    origin = models.ForeignKey(
        "self", verbose_name=_("origin"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("axis")
        verbose_name_plural = _("axes")
        ordering = ["dimension", "number"]
        constraints = [
            models.UniqueConstraint(fields=["dimension", "number"], name="axis_number_once"),
            models.UniqueConstraint(fields=["dimension", "title"], name="axis_title_once"),
            models.CheckConstraint(condition=Q(maximum__gte=0), name="axis_maximum_not_negative"),
        ]

    def __str__(self):
        return self.title


class Indicator(ScopedModel):
    """A scored leaf, or the parent of weighted measures. With an agency it is one of that agency's specific ones."""

    cycle = models.ForeignKey("Cycle", verbose_name=_("cycle"), on_delete=models.CASCADE, related_name="indicators")
    dimension = models.ForeignKey(
        Dimension, verbose_name=_("dimension"), on_delete=models.CASCADE, related_name="indicators"
    )
    axis = models.ForeignKey(
        Axis, verbose_name=_("axis"), null=True, blank=True, on_delete=models.PROTECT, related_name="indicators"
    )
    agency = models.ForeignKey(
        "Agency",
        verbose_name=_("executive agency"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="specific_indicators",
    )
    slice = choice_field(_("slice"), enums.Slice, blank=True, default="")
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent indicator"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="measures",
    )
    code = code_field(_("indicator code"))
    title = name_field(_("indicator title"), max_length=400)
    points = points_field(_("maximum points"), null=True, blank=True)
    weight = points_field(_("weight"), null=True, blank=True)
    unit = name_field(_("unit of measure"), max_length=60, blank=True)
    nature = choice_field(_("nature"), enums.Nature, default=enums.Nature.SINGLE)
    direction = choice_field(_("direction"), enums.Direction, default=enums.Direction.ASCENDING)
    scale = models.JSONField(
        _("scale"),
        default=list,
        blank=True,
        help_text=_("Named steps of a qualitative indicator with their fractions."),
    )
    target = figure_field(_("target"))
    scorer = choice_field(_("scorer"), enums.Scorer, default=enums.Scorer.EVALUATOR)
    steward = models.ForeignKey(
        "PartnerBody",
        verbose_name=_("indicator steward"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="indicators",
    )
    evidence_rule = choice_field(_("evidence"), enums.EvidenceRule, default=enums.EvidenceRule.OPTIONAL)
    guide = note_field(_("guide"))
    legal_reference = models.ForeignKey(
        "LegalReference",
        verbose_name=_("legal reference"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="indicators",
    )
    legal_basis = note_field(_("legal basis"))
    source = note_field(_("source"))
    origin = models.ForeignKey(
        "self", verbose_name=_("origin"), null=True, blank=True, on_delete=models.SET_NULL, related_name="successors"
    )
    fit = choice_field(_("review verdict"), enums.FitVerdict, blank=True, default="")
    fit_reason = note_field(_("reason of the verdict"))
    fit_document = name_field(_("document cited"), blank=True)
    search_key = search_key_field("title", "code")

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["dimension", "code"]
        indexes = [
            models.Index(fields=["id", "scorer", "axis"], name="indicator_for_lines"),  # what lists of lines ask of it
            models.Index(  # the few that an agency does not fill itself
                fields=["cycle"], condition=~Q(scorer=enums.Scorer.EVALUATOR), name="indicator_of_others"
            ),
            search_index("indicator"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "code"], condition=Q(agency=None), name="indicator_general_code_once"
            ),
            models.UniqueConstraint(
                fields=["cycle", "agency", "code"],
                condition=Q(agency__isnull=False),
                name="indicator_specific_code_once",
            ),
            models.CheckConstraint(
                condition=Q(agency=None, slice="") | Q(agency__isnull=False, slice__in=enums.Slice.values),
                name="indicator_slice_with_agency",
                violation_error_message=_("A specific indicator has an agency and a slice, a general one has neither."),
            ),
            models.CheckConstraint(
                condition=Q(scorer=enums.Scorer.STEWARD, steward__isnull=False) | ~Q(scorer=enums.Scorer.STEWARD),
                name="indicator_steward_named",
                violation_error_message=_("An indicator scored by a steward needs its steward."),
            ),
            models.CheckConstraint(
                condition=Q(target=None) | Q(target__gte=0),
                name="indicator_target_not_negative",
                violation_error_message=sentences.NEGATIVE_TARGET,
            ),
            models.CheckConstraint(condition=Q(points=None) | Q(points__gte=0), name="indicator_points_not_negative"),
            models.CheckConstraint(condition=Q(weight=None) | Q(weight__gte=0), name="indicator_weight_not_negative"),
            one_of("nature", enums.Nature),
            one_of("direction", enums.Direction),
            one_of("scorer", enums.Scorer),
        ]
        permissions = [
            ("import_indicator", "Can import indicators"),
            ("export_indicator", "Can export indicators"),
            ("amend_indicator", "Can amend an indicator after the freeze"),
        ]

    def __str__(self):
        return f"{self.code} · {self.title}"

    @property
    def outside_agency(self):
        """Steward and feed lines are read-only for the agency and outside its completeness."""
        return self.scorer != enums.Scorer.EVALUATOR


class Target(ScopedModel):
    """What one agency is to reach in one indicator, and the figure it starts from; read at the freeze, then fixed."""

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.CASCADE, related_name="targets"
    )
    agency = models.ForeignKey("Agency", verbose_name=_("executive agency"), on_delete=models.PROTECT, related_name="+")
    target = figure_field(_("target"))
    baseline = figure_field(_("base figure"))

    class Meta:
        verbose_name = _("agency's target")
        verbose_name_plural = _("agencies' targets")
        ordering = ["agency", "indicator"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "agency"], name="target_once"),
            models.CheckConstraint(condition=Q(target=None) | Q(target__gte=0), name="target_not_negative"),
        ]
        permissions = [("import_target", "Can import targets"), ("export_target", "Can export targets")]

    def __str__(self):
        return f"{self.agency} · {self.indicator}"

    @property
    def cycle(self):
        return self.indicator.cycle


class SpecificList(ConcurrentTransitionMixin, ScopedModel):
    """One agency's specific indicators on their way from proposal to freeze (flowchart 2)."""

    cycle = models.ForeignKey("Cycle", verbose_name=_("cycle"), on_delete=models.CASCADE, related_name="specific_lists")
    agency = models.ForeignKey(
        "Agency", verbose_name=_("executive agency"), on_delete=models.PROTECT, related_name="specific_lists"
    )
    state = state_field(_("state"), ListState, ListState.DRAFTING)
    return_reason = note_field(_("reason of the return"))
    frozen_at = moment_field(_("frozen at"), editable=False)
    frozen_by = user_field(_("frozen by"), editable=False)
    acknowledged_at = moment_field(_("acknowledged at"), editable=False)
    acknowledged_by = user_field(_("acknowledged by"), editable=False)

    class Meta:
        verbose_name = _("specific list")
        verbose_name_plural = _("specific lists")
        ordering = ["cycle", "agency__name"]
        indexes = [models.Index(fields=["state"], name="specificlist_state")]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "agency"], name="specificlist_once"),
            one_of("state", ListState),
            together("state", [ListState.FROZEN], "frozen_at", "frozen_by"),
        ]
        permissions = [
            ("propose_specificlist", "Can propose specific indicators"),
            ("endorse_specificlist", "Can endorse a specific list"),
            ("send_specificlist", "Can send a specific list"),
            ("finalise_specificlist", "Can finalise a specific list"),
            ("slice_specificlist", "Can add the provincial slice"),
            ("review_specificlist", "Can review a specific list"),
            ("freeze_specificlist", "Can freeze a specific list"),
            ("return_specificlist", "Can return a specific list"),
            ("acknowledge_specificlist", "Can acknowledge a final specific list"),
        ]

    def __str__(self):
        return str(self.agency)

    @transition(
        field="state",
        source=ListState.DRAFTING,
        target=ListState.ENDORSED,
        permission=may("endorse_specificlist", party=Role.HEADQUARTERS),
        conditions=[must.list_has_indicators, must.list_window(Part.PROPOSE)],
        custom={"label": pgettext_lazy("verb", "Endorse the list")},
    )
    def endorse(self):
        pass

    @transition(
        field="state",
        source=ListState.ENDORSED,
        target=ListState.SENT,
        permission=may("send_specificlist", party=Role.HEADQUARTERS),
        conditions=[must.list_window(Part.ARO)],
        custom={"label": pgettext_lazy("verb", "Send the list to the national organization")},
    )
    def send(self):
        pass

    @transition(
        field="state",
        source=ListState.SENT,
        target=ListState.FINALISED,
        permission=may("finalise_specificlist", party=Role.NATIONAL),
        conditions=[must.list_window(Part.ARO)],
        custom={"label": pgettext_lazy("verb", "Finalise the list")},
    )
    def finalise(self):
        pass

    @transition(
        field="state",
        source=[ListState.ENDORSED, ListState.SENT, ListState.FINALISED, ListState.SLICED, ListState.REVIEWED],
        target=ListState.DRAFTING,
        permission=may("return_specificlist", party=Role.NATIONAL),
        custom={"label": pgettext_lazy("verb", "Return the list"), "reason": True, "back": True},
    )
    def return_(self, *, reason):
        self.return_reason = reason

    @transition(
        field="state",
        source=ListState.FINALISED,
        target=ListState.SLICED,
        permission=may("slice_specificlist"),
        conditions=[must.list_window(Part.SLICE)],
        custom={"label": pgettext_lazy("verb", "Finish the provincial slice")},
    )
    def add_slice(self):
        pass

    @transition(
        field="state",
        source=ListState.SLICED,
        target=ListState.REVIEWED,
        permission=may("review_specificlist"),
        conditions=[must.list_reviewed],
        custom={"label": pgettext_lazy("verb", "Finish the review")},
    )
    def review(self):
        pass

    @transition(
        field="state",
        source=ListState.REVIEWED,
        target=ListState.FROZEN,
        permission=may("freeze_specificlist"),
        conditions=[must.list_adds_up],
        custom={"label": pgettext_lazy("verb", "Freeze the list")},
    )
    def freeze(self, *, person, moment):
        self.frozen_at, self.frozen_by = moment, person
