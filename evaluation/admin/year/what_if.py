"""The page that tries other rules on the figures of a year at `<pk>/what-if/`; it reads only, and saves nothing."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import scoring
from evaluation.enums import CycleKind, Direction, ExemptionRule, Nature, TieBreaker
from evaluation.models import Cycle
from evaluation.process.results import what_if
from evaluation.reports.what_if import report
from evaluation.rules.permissions import holds

from ..forms import PersianDecimalField
from ..verbs.dialogs import use_admin_widget

RIGHT = "compute_resultset"
FORMULA = ("draft", "indicator", "target", "nature", "direction", "points")
MAX_TARGET = 10**15
MOVES = range(1, 4)  # how many agencies can be put into another group at once
UNCHANGED = [("", gettext_lazy("as it is"))]


class PointsField(PersianDecimalField):
    def __init__(self, **kwargs):
        super().__init__(required=False, min_value=0, max_value=100_000, **kwargs)


class WhatIfForm(forms.Form):
    """What is tried; an empty field leaves the figures as they are."""

    exemption_rule = forms.ChoiceField(
        label=gettext_lazy("rule for exempt lines"), choices=[*UNCHANGED, *ExemptionRule.choices], required=False
    )
    ties = forms.ChoiceField(
        label=gettext_lazy("equal totals are ranked by"),
        choices=[*UNCHANGED, ("none", gettext_lazy("nothing: they share a rank")), *TieBreaker.choices],
        required=False,
    )
    draft = forms.BooleanField(
        label=gettext_lazy("the formulas of this cycle's own catalogue, on last year's figures"), required=False
    )
    indicator = forms.ChoiceField(label=gettext_lazy("indicator with another formula"), required=False)
    target = PersianDecimalField(
        label=gettext_lazy("target"), required=False, min_value=0, max_value=MAX_TARGET, max_digits=24
    )
    nature = forms.ChoiceField(
        label=gettext_lazy("nature"),
        choices=[*UNCHANGED, *(choice for choice in Nature.choices if choice[0] != Nature.QUALITATIVE)],
        required=False,
    )
    direction = forms.ChoiceField(
        label=gettext_lazy("direction"), choices=[*UNCHANGED, *Direction.choices], required=False
    )
    points = PointsField(label=gettext_lazy("maximum points"))

    def __init__(self, *args, figures, earlier, **kwargs):
        """`figures`: the ground that is tried; `earlier`: whether it is that of the year before."""
        super().__init__(*args, **kwargs)
        self.figures = figures
        leaves = [
            (str(entry["row"]), f"{entry['code']} · {entry['title']}") for entry in what_if.general_leaves(figures)
        ]
        self.fields["indicator"].choices = [*UNCHANGED, *leaves]
        if not earlier:
            del self.fields["draft"]
        for dimension in figures["dimensions"]:
            label = _("Maximum of “%(title)s”") % {"title": dimension["title"]}
            self.fields[f"dimension_{dimension['row']}"] = PointsField(label=label)
        for axis in figures["axes"]:
            label = _("Weight of the axis “%(title)s”") % {"title": axis["title"]}
            self.fields[f"axis_{axis['row']}"] = PointsField(label=label)
        self.add_moves()
        for bound in self.fields.values():
            use_admin_widget(bound)

    def add_moves(self):
        agencies = [(str(entry["row"]), entry["name"]) for entry in self.figures["agencies"]]
        groups = [(str(entry["row"]), entry["title"]) for entry in self.figures["groups"]]
        for number in MOVES:
            for name, label, choices in (("agency", _("agency"), agencies), ("group", _("into the group"), groups)):
                self.fields[f"{name}_{number}"] = forms.ChoiceField(
                    label=label, choices=[*UNCHANGED, *choices], required=False
                )

    def clean(self):
        """A change needs what it is about, and a dimension more than nothing."""
        cleaned = super().clean()
        if has_formula(cleaned) and not cleaned.get("indicator"):
            self.add_error("indicator", _("Choose the indicator whose formula is tried."))
        for name, value in cleaned.items():
            if name.startswith("dimension_") and value == 0:
                self.add_error(name, _("A dimension needs more than zero points."))
        for number in MOVES:
            if bool(cleaned.get(f"agency_{number}")) != bool(cleaned.get(f"group_{number}")):
                self.add_error(f"group_{number}", _("Choose both the agency and its group."))
        axes = [value for name, value in cleaned.items() if name.startswith("axis_") and value is not None]
        if axes and not any(axes) and len(axes) == len(self.figures["axes"]):
            self.add_error(None, _("One axis at least must have a weight above zero."))
        return cleaned

    def changes(self, cycle, data):
        """The `what_if.Changes` that the person asks for."""
        typed = self.cleaned_data
        formulas = what_if.formulas_of(cycle, data) if typed.get("draft") else {}
        if typed["indicator"]:
            formulas[int(typed["indicator"])] = what_if.Formula(
                typed["target"], typed["nature"] or None, typed["direction"] or None, typed["points"]
            )
        ties = {"": None, "none": ()}
        return what_if.Changes(
            exemption_rule=typed["exemption_rule"],
            tie_breakers=ties.get(typed["ties"], (typed["ties"],)),
            dimensions=self.numbers("dimension_"),
            axes=self.numbers("axis_"),
            groups={
                int(typed[f"agency_{number}"]): int(typed[f"group_{number}"])
                for number in MOVES
                if typed[f"agency_{number}"]
            },
            formulas=formulas,
        )

    def numbers(self, prefix):
        """{key: points} of the fields of this kind that are filled."""
        return {
            int(name.removeprefix(prefix)): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix) and value is not None
        }

    # -- the parts of the page ---------------------------------------------------------------------

    @property
    def parts(self):
        """[(heading, fields)] in the order of the page."""
        weights = [name for name in self.fields if name.startswith(("dimension_", "axis_"))]
        moves = [name for name in self.fields if name.startswith(("agency_", "group_"))]
        formula = [name for name in FORMULA if name in self.fields]
        plan = (
            (_("Rules"), ["exemption_rule", "ties"]),
            (_("Weights"), weights),
            (_("Peer groups"), moves),
            (_("Formula of an indicator"), formula),
        )
        return [(heading, [self[name] for name in names]) for heading, names in plan if names]


def has_formula(cleaned):
    """Whether something of a formula is filled."""
    return any(cleaned.get(name) not in (None, "") for name in ("target", "nature", "direction", "points"))


class WhatIfMixin:
    """Adds `<pk>/what-if/` to the admin of cycles. Needs `visible_row()`."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.what_if_view)
        return [path("<path:object_id>/what-if/", view, name="evaluation_cycle_what_if"), *super().get_urls()]

    def what_if_view(self, request, object_id):
        """Rules typed in the address, tried on this or on last year's figures, for people who compute results."""
        cycle = self.visible_row(request, object_id)
        if not holds(request.user, RIGHT, cycle):
            raise PermissionDenied(RIGHT)
        if cycle.kind != CycleKind.ANNUAL:
            raise Http404
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        data = self.data_cycle(request, cycle)
        figures = what_if.data_of(data) if data else None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": cycle,
            "title": _("What if: %(cycle)s") % {"cycle": cycle},
            "cycle": cycle,
            "data": data,
            "earlier": what_if.earlier_cycle(cycle),
        }
        if figures is not None:
            context |= self.tried(request, cycle, data, figures)
        return TemplateResponse(request, "admin/evaluation/year/what_if.html", context)

    def data_cycle(self, request, cycle):
        """The cycle whose figures are tried: this one, or with `data=earlier` the one before it; None without it."""
        if request.GET.get("data") != "earlier":
            return cycle
        earlier = what_if.earlier_cycle(cycle)
        known = earlier and Cycle.objects.visible_to(request.user).filter(pk=earlier.pk).exists()
        return earlier if known and holds(request.user, RIGHT, earlier) else None

    def tried(self, request, cycle, data, figures):
        """The form, and the report of what was asked."""
        asked = "try" in request.GET
        form = WhatIfForm(request.GET if asked else None, figures=figures, earlier=data != cycle)
        outcome = None
        if asked and form.is_valid():
            try:
                outcome = report(what_if.run(figures, form.changes(cycle, data)))
            except scoring.BadFigure:
                form.add_error(None, _("With these figures no score can be computed. Check them."))
        return {"form": form, "report": outcome}
