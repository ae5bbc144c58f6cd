"""The specific lists of agencies, from proposal to freeze, each with its indicators as rows of one page."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import enums
from evaluation.enums import ListState, Role
from evaluation.models import SpecificList
from evaluation.process.catalogue import indicator, many_lists, specific_list
from evaluation.reports import slices
from evaluation.rules import stages
from evaluation.rules.permissions import May, holds

from ..base import BaseAdmin
from ..display import badge, column, jalali, state_column
from ..filters import CountedChoicesFilter, ScopedRelatedFilter
from ..forms import LatinWidget, PersianDecimalField
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb, VerbsMixin
from ..wide_lists import WideNationMixin
from ..year.extension import ASK

PROPOSE = May("propose_specificlist", party=Role.AGENCY)
SLICE = May("slice_specificlist")


class RowForm(VerbForm):
    """One specific indicator."""

    code = forms.CharField(label=gettext_lazy("indicator code"), max_length=30, widget=LatinWidget)
    title = forms.CharField(label=gettext_lazy("indicator title"), max_length=400)
    slice = forms.ChoiceField(label=gettext_lazy("slice"), choices=enums.Slice.choices)
    weight = PersianDecimalField(label=gettext_lazy("weight"), min_value=0, max_digits=14, decimal_places=6)
    unit = forms.CharField(label=gettext_lazy("unit of measure"), max_length=60, required=False)
    nature = forms.ChoiceField(label=gettext_lazy("nature"), choices=enums.Nature.choices, initial=enums.Nature.SINGLE)
    direction = forms.ChoiceField(
        label=gettext_lazy("direction"), choices=enums.Direction.choices, initial=enums.Direction.ASCENDING
    )
    target = PersianDecimalField(
        label=gettext_lazy("target"), required=False, min_value=0, max_digits=24, decimal_places=6
    )
    evidence_rule = forms.ChoiceField(
        label=gettext_lazy("evidence"), choices=enums.EvidenceRule.choices, initial=enums.EvidenceRule.OPTIONAL
    )
    guide = forms.CharField(label=gettext_lazy("guide"), widget=forms.Textarea, required=False)

    def prepare(self):
        super().prepare()
        if getattr(self.subject, "state", "") == ListState.FINALISED:
            self.fields["slice"].initial = enums.Slice.PROVINCIAL


class ReviewForm(VerbForm):
    all_fit = forms.BooleanField(
        label=gettext_lazy("Indicators without a verdict fit"),
        required=False,
        help_text=gettext_lazy("Every indicator without a verdict is recorded as “fits”."),
    )


class WritingVerb(Verb):
    """Whose step the writing is depends on the state: the agency's proposal, then the province's slice."""

    def right(self, obj):
        return SLICE if list_of(obj).state == ListState.FINALISED else PROPOSE


class ReviewVerb(Verb):
    """Its form can pass what nobody has judged: missing verdicts alone do not close the dialog."""

    def why_not(self, obj):
        if self.exists_now(obj) and unjudged(obj):
            return []
        return super().why_not(obj)


def unjudged(obj):
    return obj.cycle.indicators.filter(agency=obj.agency_id, parent=None, fit="").exists()


def list_of(obj):
    if isinstance(obj, SpecificList):
        return obj
    if obj.agency_id is None:
        return SpecificList()
    return SpecificList.objects.get(cycle=obj.cycle_id, agency=obj.agency_id)


def is_written(obj):
    return list_of(obj).pk is not None and list_of(obj).state in (ListState.DRAFTING, ListState.FINALISED)


REVISE = WritingVerb(
    "revise",
    specific_list.revise,
    form=RowForm,
    label=gettext_lazy("Edit"),
    transition=False,
    offered=is_written,
    initial=lambda indicator: {name: getattr(indicator, name) for name in specific_list.WRITTEN},
    icon="edit",
)
DROP = WritingVerb(
    "drop",
    specific_list.drop,
    label=gettext_lazy("Remove from the list"),
    tone="danger",
    transition=False,
    offered=is_written,
    icon="delete",
)


@admin.register(SpecificList)
class SpecificListAdmin(VerbsMixin, WideNationMixin, BaseAdmin):
    by_key = ("-pk",)

    class Media:
        css = {"all": ("evaluation/css/catalogue.css",)}

    list_display = ("agency", "cycle", state_column(gettext_lazy("state")), "freezing", "acknowledging")
    list_filter = (
        ("cycle", ScopedRelatedFilter),
        ("state", CountedChoicesFilter),
        ("agency__headquarters", ScopedRelatedFilter),
    )
    list_select_related = ("agency__headquarters", "cycle")
    select_related = ("agency__headquarters", "cycle", "frozen_by", "acknowledged_by")
    search_fields = ("agency__name", "agency__code")
    state = "state"
    change_form_outer_before_template = "admin/evaluation/catalogue/specific_top.html"
    verbs = (
        WritingVerb(
            "propose",
            specific_list.propose,
            form=RowForm,
            label=gettext_lazy("Add an indicator"),
            tone="plain",
            transition=False,
            offered=is_written,
            icon="add",
        ),
        Verb("endorse", indicator.endorse, batch=True, icon="verified"),
        Verb("send", indicator.send_list, batch=True, icon="send"),
        Verb("finalise", indicator.finalise, batch=True, icon="task_alt"),
        Verb("add_slice", indicator.add_slice, batch=True, icon="playlist_add_check"),
        ReviewVerb("review", indicator.review, form=ReviewForm, batch=True, icon="rule"),
        Verb("freeze", indicator.freeze_list, batch=True, together=many_lists.freeze, icon="lock"),
        Verb(
            "acknowledge",
            indicator.acknowledge,
            label=gettext_lazy("Acknowledge the final list"),
            transition=False,
            codename="acknowledge_specificlist",
            party=Role.AGENCY,
            offered=lambda row: row.state == ListState.FROZEN and row.acknowledged_at is None,
            batch=True,
            icon="mark_email_read",
        ),
        Verb("return_", indicator.return_list, batch=True, icon="undo"),
        ASK,
    )

    def get_fields(self, request, obj=None):
        fields = [("cycle", "agency")]
        if obj is not None and obj.return_reason:
            fields.append("return_reason")
        if obj is not None and obj.frozen_at:
            fields += [("frozen_at", "frozen_by"), ("acknowledged_at", "acknowledged_by")]
        return fields

    def has_change_permission(self, request, obj=None):
        """Lists are opened with their stage and written row by row."""
        return False

    def about(self, request, obj):
        slices_of_list, worth = slices.of_list(obj)
        rows = {"rows": self.rows(request, obj, worth), "gaps": self.gaps(request, obj), "slices": slices_of_list}
        return super().about(request, obj) | rows

    def rows(self, request, obj, worth):
        """The list's indicators with what each is worth (`slices.of_list`) and what this person may do to it."""
        indicators = obj.cycle.indicators.filter(agency=obj.agency_id).order_by("slice", "code")
        writes = is_written(obj) and REVISE.may(request.user, obj)
        judges = obj.state in (ListState.FINALISED, ListState.SLICED)
        judges = judges and holds(request.user, "review_specificlist", obj)
        offered = [(REVISE.name, _("Edit")), (DROP.name, _("Remove"))] if writes else []
        offered += [("judge", _("Review"))] if judges else []
        return [
            {
                "indicator": row,
                "worth": worth.get(row.pk),
                "url": reverse("admin:evaluation_indicator_change", args=[row.pk]),
                "fit": badge(row.get_fit_display(), FIT_TONES.get(row.fit)) if row.fit else "",
                "verbs": [
                    {"label": label, "url": reverse("admin:evaluation_indicator_do", args=[row.pk, name])}
                    for name, label in offered
                ],
            }
            for row in indicators
        ]

    def gaps(self, request, obj):
        if obj.state not in (ListState.SLICED, ListState.REVIEWED):
            return []
        return stages.catalogue_gaps(obj.cycle, agency=obj.agency)

    @column(gettext_lazy("frozen at"), "frozen_at")
    def freezing(self, row):
        return jalali(row.frozen_at)

    @column(gettext_lazy("acknowledged"), "acknowledged_at")
    def acknowledging(self, row):
        if row.state != ListState.FROZEN:
            return "—"
        return jalali(row.acknowledged_at) if row.acknowledged_at else badge(_("not recorded yet"), "warning")


FIT_TONES = {"fit": "good", "not_fit": "danger", "revise": "warning"}
