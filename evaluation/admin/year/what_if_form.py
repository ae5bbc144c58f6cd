"""The form of the page that tries other rules: an empty field leaves the figures as they are.

Moves of agencies and formulas stand in numbered rows; beside those that are filled there are always empty ones.
"""

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import Direction, ExemptionRule, Nature, TieBreaker
from evaluation.process.results import what_if

from ..forms import PersianDecimalField
from ..verbs.dialogs import use_admin_widget

FORMULA = ("indicator", "target", "nature", "direction", "points")
TIES = ("ties", "second_ties", "third_ties")
MAX_TARGET = 10**15
SPARE_MOVES, SPARE_FORMULAS, MAX_ROWS = 3, 1, 40  # rows; the last number bounds what an address can ask for
UNCHANGED = [("", gettext_lazy("as it is"))]
NO_FURTHER = [("", gettext_lazy("nothing further"))]
NATURES = [choice for choice in Nature.choices if choice[0] != Nature.QUALITATIVE]


class PointsField(PersianDecimalField):
    def __init__(self, **kwargs):
        super().__init__(required=False, min_value=0, max_value=100_000, **kwargs)


class WhatIfForm(forms.Form):
    """What is tried, as it stands in the address."""

    exemption_rule = forms.ChoiceField(
        label=gettext_lazy("rule for exempt lines"), choices=[*UNCHANGED, *ExemptionRule.choices], required=False
    )
    ties = forms.ChoiceField(
        label=gettext_lazy("equal totals are ranked by"),
        choices=[*UNCHANGED, ("none", gettext_lazy("nothing: they share a rank")), *TieBreaker.choices],
        required=False,
    )
    second_ties = forms.ChoiceField(
        label=gettext_lazy("then by"), choices=[*NO_FURTHER, *TieBreaker.choices], required=False
    )
    third_ties = forms.ChoiceField(
        label=gettext_lazy("and last by"), choices=[*NO_FURTHER, *TieBreaker.choices], required=False
    )
    draft = forms.BooleanField(
        label=gettext_lazy("the formulas of this cycle's own catalogue, on last year's figures"), required=False
    )

    def __init__(self, *args, figures, earlier, **kwargs):
        """`figures`: the ground that is tried; `earlier`: whether it is that of the year before."""
        super().__init__(*args, **kwargs)
        self.figures = figures
        if not earlier:
            del self.fields["draft"]
        for dimension in figures["dimensions"]:
            label = _("Maximum of “%(title)s”") % {"title": dimension["title"]}
            self.fields[f"dimension_{dimension['row']}"] = PointsField(label=label)
        for axis in figures["axes"]:
            label = _("Weight of the axis “%(title)s”") % {"title": axis["title"]}
            self.fields[f"axis_{axis['row']}"] = PointsField(label=label)
        self.moves = range(1, last_filled(self.data, ("agency", "group")) + SPARE_MOVES + 1)
        self.formulas = range(1, last_filled(self.data, FORMULA) + SPARE_FORMULAS + 1)
        self.add_moves()
        self.add_formulas()
        for bound in self.fields.values():
            use_admin_widget(bound)

    def add_moves(self):
        agencies = [(str(entry["row"]), entry["name"]) for entry in self.figures["agencies"]]
        groups = [(str(entry["row"]), entry["title"]) for entry in self.figures["groups"]]
        for number in self.moves:
            for name, label, choices in (("agency", _("agency"), agencies), ("group", _("into the group"), groups)):
                self.fields[f"{name}_{number}"] = choice(label, choices)

    def add_formulas(self):
        leaves = [
            (str(entry["row"]), f"{entry['code']} · {entry['title']}") for entry in what_if.general_leaves(self.figures)
        ]
        target = {"required": False, "min_value": 0, "max_value": MAX_TARGET, "max_digits": 24}
        for number in self.formulas:
            self.fields |= {
                f"indicator_{number}": choice(_("indicator with another formula"), leaves),
                f"target_{number}": PersianDecimalField(label=_("target"), **target),
                f"nature_{number}": choice(_("nature"), NATURES),
                f"direction_{number}": choice(_("direction"), Direction.choices),
                f"points_{number}": PointsField(label=_("maximum points")),
            }

    def clean(self):
        """A change needs what it is about, once; a dimension more than nothing; a further rule one before it."""
        cleaned = super().clean()
        for number in self.formulas:
            filled = any(cleaned.get(f"{name}_{number}") not in (None, "") for name in FORMULA[1:])
            if filled and not cleaned.get(f"indicator_{number}"):
                self.add_error(f"indicator_{number}", _("Choose the indicator whose formula is tried."))
        for number in self.moves:
            if bool(cleaned.get(f"agency_{number}")) != bool(cleaned.get(f"group_{number}")):
                self.add_error(f"group_{number}", _("Choose both the agency and its group."))
        self.refuse_repeated("agency", _("This agency is moved above already."))
        self.refuse_repeated("indicator", _("The formula of this indicator is tried above already."))
        self.check_ties(cleaned)
        for name in [name for name, value in cleaned.items() if name.startswith("dimension_") and value == 0]:
            self.add_error(name, _("A dimension needs more than zero points."))
        axes = [value for name, value in cleaned.items() if name.startswith("axis_") and value is not None]
        if axes and not any(axes) and len(axes) == len(self.figures["axes"]):
            self.add_error(None, _("One axis at least must have a weight above zero."))
        return cleaned

    def refuse_repeated(self, prefix, sentence):
        """Refuse a choice of these numbered fields that stands in an earlier one too."""
        earlier = set()
        for name in [name for name in self.cleaned_data if name.startswith(f"{prefix}_")]:
            value = self.cleaned_data[name]
            if value and value in earlier:
                self.add_error(name, sentence)
            earlier.add(value)

    def check_ties(self, cleaned):
        """Tie-breakers are an ordered list without gaps and without a rule twice."""
        chosen = [cleaned.get(name) or "" for name in TIES]
        for place in (1, 2):
            if chosen[place] and chosen[place - 1] in ("", "none"):
                self.add_error(TIES[place], _("Choose the rule before this one first."))
            elif chosen[place] and chosen[place] in chosen[:place]:
                self.add_error(TIES[place], _("This rule stands before already."))

    def changes(self, cycle, data):
        """The `what_if.Changes` that the person asks for."""
        typed = self.cleaned_data
        return what_if.Changes(
            exemption_rule=typed["exemption_rule"],
            tie_breakers=self.tie_breakers(),
            dimensions=self.numbers("dimension_"),
            axes=self.numbers("axis_"),
            groups={
                int(typed[f"agency_{number}"]): int(typed[f"group_{number}"])
                for number in self.moves
                if typed[f"agency_{number}"]
            },
            formulas=(what_if.formulas_of(cycle, data) if typed.get("draft") else {}) | self.typed_formulas(),
        )

    def tie_breakers(self):
        """The rules in their order; () for none at all, None where nothing is changed."""
        first, *further = (self.cleaned_data[name] for name in TIES)
        if first == "none":
            return ()
        return tuple(rule for rule in (first, *further) if rule) if first else None

    def typed_formulas(self):
        """{indicator: what_if.Formula} of the filled rows."""
        typed, formulas = self.cleaned_data, {}
        for number in self.formulas:
            indicator, target, nature, direction, points = (typed[f"{name}_{number}"] for name in FORMULA)
            if indicator:
                formulas[int(indicator)] = what_if.Formula(target, nature or None, direction or None, points)
        return formulas

    def numbers(self, prefix):
        """{key: points} of the fields of this kind that are filled."""
        return {
            int(name.removeprefix(prefix)): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix) and value is not None
        }

    @property
    def parts(self):
        """[(heading, fields)] in the order of the page."""
        weights = [name for name in self.fields if name.startswith(("dimension_", "axis_"))]
        moves = [f"{name}_{number}" for number in self.moves for name in ("agency", "group")]
        formulas = [f"{name}_{number}" for number in self.formulas for name in FORMULA]
        plan = (
            (_("Rules"), ["exemption_rule", *TIES]),
            (_("Weights"), weights),
            (_("Peer groups"), moves),
            (_("Formulas of indicators"), [*(name for name in ("draft",) if name in self.fields), *formulas]),
        )
        return [(heading, [self[name] for name in names]) for heading, names in plan if names]


def choice(label, choices):
    """A choice that may be left as it is."""
    return forms.ChoiceField(label=label, choices=[*UNCHANGED, *choices], required=False)


def last_filled(data, names):
    """The number of the last filled row of fields called so in an address; 0 without one, `MAX_ROWS` at most."""
    pattern = re.compile(rf"(?:{'|'.join(names)})_([1-9]\d?)")
    rows = [int(row[1]) for key, value in data.items() if value and (row := pattern.fullmatch(key))]
    return min(max(rows, default=0), MAX_ROWS)
