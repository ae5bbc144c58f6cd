"""The catalogue: dimensions with their freeze and sums, axes, indicators."""

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import enums
from evaluation.models import Axis, Dimension, Indicator, LegalReference, PartnerBody, SpecificList
from evaluation.process import door
from evaluation.process.catalogue import indicator
from evaluation.rules import sentences, stages
from evaluation.rules.permissions import holds

from ..base import BaseAdmin, BaseTabular, ReadOnlyInline, RefusableForm
from ..display import EMPTY, badge, column, latin, number
from ..filters import CountedChoicesFilter, ScopedRelatedFilter
from ..forms import LatinWidget, PersianDecimalField
from ..imports.workbooks import WorkbookButtonsMixin
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb, VerbsMixin
from ..wide_lists import WideNationMixin, shows_a_year_of_one_province
from .options import OptionsField, lines
from .specific_list import DROP, REVISE


class AxisInline(BaseTabular):
    model = Axis
    fields = ("number", "title", "maximum")

    def is_open(self, dimension):
        return not settled(dimension)


def sums(dimension):
    """Each axis with the points of its indicators, and what the catalogue misses: shown before the freeze."""
    top = Q(indicators__parent=None, indicators__agency=None)
    axes = dimension.axes.annotate(
        points=Sum("indicators__points", filter=top), count=Count("indicators", filter=top)
    ).order_by("number")
    rows = [
        {"title": axis.title, "count": axis.count, "points": axis.points or 0, "maximum": axis.maximum}
        | {"difference": (axis.points or 0) - axis.maximum}
        for axis in axes
    ]
    return {
        "rows": rows,
        "points": sum(row["points"] for row in rows),
        "axes": sum(row["maximum"] for row in rows),
        "maximum": dimension.maximum,
        "gaps": stages.dimension_gaps(dimension),
    }


@admin.register(Dimension)
class DimensionAdmin(VerbsMixin, BaseAdmin):
    class Media:
        css = {"all": ("evaluation/css/catalogue.css",)}

    list_display = ("title", "cycle", "kind", "shown_maximum", "basis", "is_counted", "frozen")
    list_filter = (("cycle", ScopedRelatedFilter), ("kind", CountedChoicesFilter))
    list_select_related = ("cycle",)
    select_related = ("cycle", "frozen_by")
    search_fields = ("title", "code")
    inlines = (AxisInline,)
    has_log = True
    change_form_outer_before_template = "admin/evaluation/catalogue/dimension_top.html"
    verbs = (
        Verb(
            "freeze",
            indicator.freeze,
            label=gettext_lazy("Freeze the catalogue"),
            transition=False,
            codename="freeze_dimension",
            offered=lambda dimension: dimension.frozen_at is None and dimension.kind == enums.DimensionKind.GENERAL,
            reasons=lambda dimension: stages.dimension_gaps(dimension),
            icon="lock",
            sentence=gettext_lazy("The lines of every agency are created; later changes are amendments with a reason."),
        ),
    )

    def get_fields(self, request, obj=None):
        key = ("code", "kind") if obj is None else "kind"  # the code is the system's own key, which says nothing
        fields = ["cycle", key, "title", ("maximum", "basis"), ("national_points", "provincial_points")]
        fields.append(("counts", "order"))
        return [*fields, ("frozen_at", "frozen_by")] if obj is not None and obj.frozen_at else fields

    def get_readonly_fields(self, request, obj=None):
        fixed = ("cycle", "code", "kind") if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def is_open(self, dimension):
        return not settled(dimension)

    def about(self, request, obj):
        general = obj.kind == enums.DimensionKind.GENERAL
        return super().about(request, obj) | {"sums": sums(obj) if general else None}

    @column(gettext_lazy("maximum points"), "maximum")
    def shown_maximum(self, row):
        return number(row.maximum)

    @column(gettext_lazy("counts in the total"), "counts", boolean=True)
    def is_counted(self, row):
        return row.counts

    @column(gettext_lazy("frozen"), "frozen_at")
    def frozen(self, row):
        if row.kind == enums.DimensionKind.SPECIFIC:
            return _("list by list")
        return badge(_("frozen"), "good") if row.frozen_at else badge(_("open"), "info")


def settled(dimension):
    """Frozen, or giving points to lines already: the specific dimension is frozen list by list."""
    return dimension.frozen_at is not None or dimension.assessments.exists()


def refuse_frozen(dimension):
    if settled(dimension):
        raise door.Refusal(
            _("The catalogue of “%(name)s” is frozen; nothing can be added to it.") % {"name": dimension}
        )


@admin.register(Axis)
class AxisAdmin(BaseAdmin):
    list_display = ("shown_number", "title", "dimension", "shown_maximum")
    list_display_links = ("title",)
    list_filter = (("dimension__cycle", ScopedRelatedFilter), ("dimension", ScopedRelatedFilter))
    list_select_related = ("dimension__cycle",)
    select_related = ("dimension__cycle",)
    search_fields = ("title",)
    fields = ("dimension", ("number", "maximum"), "title")

    def is_open(self, axis):
        return not settled(axis.dimension)

    def save_model(self, request, obj, form, change):
        refuse_frozen(obj.dimension)
        super().save_model(request, obj, form, change)

    @column(gettext_lazy("number"), "number")
    def shown_number(self, row):
        return number(row.number)

    @column(gettext_lazy("maximum points of the axis"), "maximum")
    def shown_maximum(self, row):
        return number(row.maximum)


class IndicatorForm(RefusableForm):
    """The dimension, axis and parent of an indicator belong to its cycle and to each other."""

    scale = OptionsField()

    def clean(self):
        cleaned = super().clean()
        cycle, dimension = cleaned.get("cycle"), cleaned.get("dimension")
        axis, parent = cleaned.get("axis"), cleaned.get("parent")
        dimension = dimension or getattr(self.instance, "dimension", None) if self.instance.pk else dimension
        if cycle and dimension and dimension.cycle_id != cycle.pk:
            self.add_error("dimension", _("This dimension belongs to another cycle."))
        if axis and dimension and axis.dimension_id != dimension.pk:
            self.add_error("axis", _("This axis belongs to another dimension."))
        if parent and dimension and (parent.dimension_id != dimension.pk or parent.parent_id is not None):
            self.add_error("parent", _("A parent is an indicator of the same dimension that is no measure itself."))
        return cleaned


class AmendForm(VerbForm):
    """The fields that may still be amended after the freeze."""

    def prepare(self):
        super().prepare()
        self.fields["steward"].queryset = PartnerBody.objects.visible_to(self.user)
        self.fields["legal_reference"].queryset = LegalReference.objects.visible_to(self.user)

    title = forms.CharField(label=gettext_lazy("indicator title"), max_length=400)
    target = PersianDecimalField(label=gettext_lazy("target"), required=False, max_digits=24, decimal_places=6)
    unit = forms.CharField(label=gettext_lazy("unit of measure"), max_length=60, required=False)
    direction = forms.ChoiceField(label=gettext_lazy("direction"), choices=enums.Direction.choices)
    evidence_rule = forms.ChoiceField(label=gettext_lazy("evidence"), choices=enums.EvidenceRule.choices)
    scorer = forms.ChoiceField(label=gettext_lazy("scorer"), choices=enums.Scorer.choices)
    steward = forms.ModelChoiceField(
        PartnerBody.objects.none(), label=gettext_lazy("indicator steward"), required=False
    )
    guide = forms.CharField(label=gettext_lazy("guide"), widget=forms.Textarea, required=False)
    legal_reference = forms.ModelChoiceField(
        LegalReference.objects.none(), label=gettext_lazy("legal reference"), required=False
    )
    legal_basis = forms.CharField(label=gettext_lazy("legal basis"), widget=forms.Textarea, required=False)

    def clean(self):
        cleaned = super().clean()
        target = cleaned.get("target")
        if target is not None and target < 0:
            self.add_error("target", sentences.NEGATIVE_TARGET)
        if cleaned.get("scorer") == enums.Scorer.STEWARD and not cleaned.get("steward"):
            self.add_error("steward", _("An indicator scored by a steward needs its steward."))
        return cleaned


class JudgeForm(VerbForm):
    verdict = forms.ChoiceField(label=gettext_lazy("review verdict"), choices=enums.FitVerdict.choices)
    reason = forms.CharField(label=gettext_lazy("reason"), widget=forms.Textarea, required=False)
    document = forms.CharField(label=gettext_lazy("document cited"), max_length=250, required=False)


def is_frozen(indicator):
    if indicator.agency_id is None:
        return indicator.dimension.frozen_at is not None
    return lists_of(indicator).filter(state=enums.ListState.FROZEN).exists()


def lists_of(indicator):
    return SpecificList.objects.filter(cycle=indicator.cycle_id, agency=indicator.agency_id)


def may_judge(user, indicator):
    if indicator is None:
        return holds(user, "review_specificlist")
    reviewed = lists_of(indicator).first() if indicator.agency_id else None
    return reviewed is not None and holds(user, "review_specificlist", reviewed)


def in_review(indicator):
    open_states = (enums.ListState.FINALISED, enums.ListState.SLICED)
    return indicator.agency_id is not None and lists_of(indicator).filter(state__in=open_states).exists()


def affected(obj):
    """Which lines an amendment touches, as pairs for the dialog."""
    lines = indicator.affected_lines(obj)
    names = [str(line.assessment.agency) for line in lines[:10]]
    agencies = "، ".join(names) + (" …" if len(names) == 10 else "")
    return [(_("lines affected"), number(lines.count())), (_("executive agencies"), agencies or "—")]


class MeasureInline(ReadOnlyInline):
    model = Indicator
    fk_name = "parent"
    fields = ("code", "title", "weight", "nature", "direction", "target")
    show_change_link = True
    verbose_name_plural = gettext_lazy("weighted measures")


@admin.register(Indicator)
class IndicatorAdmin(WideNationMixin, WorkbookButtonsMixin, VerbsMixin, BaseAdmin):
    by_key = ("-cycle_id", "dimension__order", "code")
    workbooks = ("indicators", "specific")
    form = IndicatorForm
    list_display = ("shown_code", "title", "axis", "agency", "shown_points", "nature", "shown_target", "scorer")
    list_display += ("verdict",)
    list_display_links = ("title",)
    list_filter = (
        ("cycle", ScopedRelatedFilter),
        ("dimension", ScopedRelatedFilter),
        ("axis", ScopedRelatedFilter),
        ("agency", ScopedRelatedFilter),
        ("scorer", CountedChoicesFilter),
        ("nature", CountedChoicesFilter),
        ("fit", CountedChoicesFilter),
    )
    list_select_related = ("axis", "agency", "dimension")
    select_related = ("cycle", "dimension", "axis", "agency", "parent", "steward", "legal_reference", "origin")
    search_fields = ("code", "title", "agency__name")
    autocomplete_fields = ("parent",)
    inlines = (MeasureInline,)
    has_log = True
    body = (
        (("code", "unit"), "title", ("points", "weight"), ("nature", "direction", "target"), "scale"),
        (("scorer", "steward"), "evidence_rule", "guide", "legal_reference", "legal_basis", "source"),
    )
    verbs = (
        Verb(
            "amend",
            indicator.amend,
            form=AmendForm,
            label=gettext_lazy("Amend after the freeze"),
            tone="danger",
            transition=False,
            codename="amend_indicator",
            offered=is_frozen,
            details=affected,
            initial=lambda obj: {name: getattr(obj, name) for name in indicator.AMENDABLE},
            icon="edit_note",
            sentence=gettext_lazy("A changed target also changes on lines that nobody has scored yet."),
        ),
        Verb(
            "judge",
            indicator.judge,
            form=JudgeForm,
            label=gettext_lazy("Review the indicator"),
            transition=False,
            allowed=may_judge,
            offered=in_review,
            batch=True,
            icon="rule",
        ),
        REVISE,
        DROP,
    )

    def sorts_few(self, request):
        """Twelve tables are joined for the rows of a page alone."""
        return shows_a_year_of_one_province(request, self)

    def after_verb(self, request, obj, verb):
        """A row of a specific list is worked on from the list's page."""
        if verb.name not in ("judge", "revise", "drop"):
            return super().after_verb(request, obj, verb)
        url = reverse("admin:evaluation_specificlist_change", args=[lists_of(obj).get().pk])
        return self.go(request, url)

    def get_fieldsets(self, request, obj=None):
        place = ["cycle", "dimension", "axis", "parent"]
        if obj is not None and obj.agency_id:
            place = ["cycle", "dimension", ("agency", "slice"), "axis", "parent"]
        figures = self.body[0]
        if obj is not None and not self.has_change_permission(request, obj):
            figures = (*figures[:-1], "shown_scale")
        sets = [
            (None, {"fields": (*place, *figures)}),
            (_("Scoring and evidence"), {"fields": self.body[1]}),
        ]
        if obj is not None and obj.fit:
            sets.append((_("Review"), {"fields": (("fit", "fit_document"), "fit_reason")}))
        return sets

    def get_readonly_fields(self, request, obj=None):
        fixed = ("cycle", "dimension", "agency", "slice") if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *fixed, "shown_scale", "fit", "fit_document", "fit_reason")

    def get_inlines(self, request, obj):
        """No empty table of measures."""
        return self.inlines if obj is not None and obj.parent_id is None and obj.measures.exists() else ()

    def save_model(self, request, obj, form, change):
        refuse_frozen(obj.dimension)
        super().save_model(request, obj, form, change)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "code":
            kwargs["widget"] = LatinWidget()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def is_open(self, indicator):
        """General indicators by form until the freeze; specific ones row by row, through their list."""
        return isinstance(indicator, Indicator) and indicator.agency_id is None and not is_frozen(indicator)

    @column(gettext_lazy("scale"))
    def shown_scale(self, row):
        return " · ".join(lines(row.scale)) or EMPTY

    @column(gettext_lazy("indicator code"), "code")
    def shown_code(self, row):
        return latin(row.code)

    @column(gettext_lazy("points or weight"), "points")
    def shown_points(self, row):
        return number(row.points if row.points is not None else row.weight)

    @column(gettext_lazy("target"), "target")
    def shown_target(self, row):
        return number(row.target)

    @column(gettext_lazy("review verdict"), "fit")
    def verdict(self, row):
        tone = {"fit": "good", "not_fit": "danger", "revise": "warning"}.get(row.fit, "muted")
        return badge(row.get_fit_display(), tone) if row.fit else "—"
