"""What the workbooks of general and of specific indicators share: the columns of an indicator and its checks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from evaluation.enums import Basis, Direction, EvidenceRule, Nature, Scorer
from evaluation.models import Indicator, PartnerBody
from evaluation.persian import match_key
from evaluation.process.imports.catalogue_import import INDICATOR_FIELDS

from ..tables.columns import Choice, Code, Column, Number, Scale, Text
from ..tables.faults import Cause
from ..tables.table import Entry
from .base import CHANGED, NEW, SAME, WorkbookResource

PLAIN = {  # {column code: field} where the cell holds the field's value
    "title": "title",
    "points": "points",
    "weight": "weight",
    "unit": "unit",
    "nature": "nature",
    "direction": "direction",
    "target": "target",
    "scorer": "scorer",
    "evidence": "evidence_rule",
    "scale": "scale",
    "legal_basis": "legal_basis",
    "guide": "guide",
}
WHEN_EMPTY: dict[str, Any] = {
    "nature": Nature.SINGLE,
    "direction": Direction.ASCENDING,
    "scorer": Scorer.EVALUATOR,
    "evidence_rule": EvidenceRule.OPTIONAL,
    "points": None,
    "weight": None,
    "target": None,
    "scale": [],
}


class IndicatorWorkbook(WorkbookResource):
    """Rows of indicators. An erased cell, and an empty one of a new indicator, takes the usual value."""

    change_columns = {"indicator": ("code", *INDICATOR_FIELDS)}

    code = Column("کد شاخص", Code(), required=True)
    title = Column("عنوان شاخص", Text(400), required=True, width=44)
    parent = Column("کد شاخص مادر", Code())
    weight = Column("وزن", Number(digits=8))
    points = Column("سقف امتیاز", Number(digits=8))
    unit = Column("واحد سنجش", Text(60))
    nature = Column("ماهیت", Choice(Nature))
    direction = Column("جهت", Choice(Direction))
    target = Column("هدف", Number())
    scorer = Column("امتیازدهنده", Choice(Scorer, also={"سامانهٔ بیرونی": Scorer.FEED}))  # its label in earlier files
    steward = Column("راهبر", width=28)
    evidence = Column("مستندات", Choice(EvidenceRule))
    scale = Column("گزینه‌ها", Scale(2_000))
    legal_basis = Column("استناد قانونی", Text(4_000), width=36)
    guide = Column("راهنما", Text(4_000), width=44)

    def look_up(self, rows: list[Entry]) -> None:
        self.indicators = {self.key_of(indicator): indicator for indicator in self.own_indicators()}
        self.parents = {indicator.parent_id for indicator in self.indicators.values() if indicator.parent_id}
        bodies = PartnerBody.objects.of_province(self.province)
        self.bodies = {match_key(body.name): body for body in bodies}
        self.bodies |= {match_key(body.code): body for body in bodies}
        self.named = {tuple(entry[code] for code in self.key) for entry in rows}
        self.new: list[Indicator] = []
        self.changed: list[Indicator] = []

    def in_order(self, rows: list[Entry]) -> list[Entry]:
        """Parents before their measures."""
        return sorted(rows, key=lambda entry: entry["parent"] is not None)

    def own_indicators(self) -> Iterable[Indicator]:
        """The cycle's indicators of this kind, with the rows that the comparison needs."""
        raise NotImplementedError

    def key_of(self, indicator: Indicator) -> tuple:
        """The key of an indicator as `self.indicators` has it: who or what it belongs to, then its code."""
        raise NotImplementedError

    def judge_indicator(self, entry: Entry, indicator: Indicator, holder_key: tuple) -> str:
        """Set the row's values on the indicator and check it. Returns the verdict, "" after a fault.

        `holder_key` + code is the key of its parent.
        """
        before = {name: getattr(indicator, name) for name in INDICATOR_FIELDS} if indicator.pk else {}
        for code, name in PLAIN.items():
            if entry.says(code) or indicator.pk is None:
                value = entry[code]
                setattr(indicator, name, WHEN_EMPTY.get(name, "") if value is None else value)
        if not (self.set_parent(entry, indicator, holder_key) and self.set_steward(entry, indicator)):
            return ""
        if not (self.set_more(entry, indicator) and self.has_its_share(entry, indicator)):
            return ""
        self.indicators[(*holder_key, indicator.code)] = indicator
        changed = {name for name in before if before[name] != getattr(indicator, name)}
        return NEW if indicator.pk is None else CHANGED if changed else SAME

    def set_more(self, entry: Entry, indicator: Indicator) -> bool:
        """Set what only this kind of indicator has. Returns False after naming a fault."""
        return True

    def set_parent(self, entry: Entry, indicator: Indicator, holder_key: tuple) -> bool:
        """Set the parent by its code. Returns False after naming a fault."""
        if not entry.says("parent"):
            return True
        if entry["parent"] is None:
            indicator.parent = None
            return True
        key = (*holder_key, entry["parent"])
        parent = self.indicators.get(key)
        if parent is None or parent is indicator:
            if parent is None and key in self.named:  # the parent's own row has a fault, which is reported there
                entry.wrong = True
            else:
                self.fault(entry, "parent", Cause.UNKNOWN, _("No indicator here has this code, so it has no measures."))
            return False
        if parent.parent is not None or indicator.pk in self.parents:
            sentence = _("A measure cannot have measures: its parent must be an independent indicator.")
            self.fault(entry, "parent", Cause.RULE, sentence)
            return False
        indicator.parent = parent
        return True

    def set_steward(self, entry: Entry, indicator: Indicator) -> bool:
        """Set the partner body that scores. Returns False after naming a fault."""
        if entry.says("steward"):
            name = entry["steward"]
            indicator.steward = self.bodies.get(match_key(name)) if name else None
            if name and indicator.steward is None:
                self.fault(entry, "steward", Cause.UNKNOWN, _("No partner body has this name or code."))
                return False
        if indicator.scorer == Scorer.STEWARD and indicator.steward is None:
            code = "steward" if entry.has("steward") else "scorer"
            self.fault(entry, code, Cause.MISSING, _("An indicator scored by a steward needs its steward."))
            return False
        return True

    def has_its_share(self, entry: Entry, indicator: Indicator) -> bool:
        """Whether a measure has its weight, and another indicator its points or weight by the dimension's basis."""
        if indicator.parent is not None or indicator.dimension.basis == Basis.WEIGHTS:
            if indicator.weight is None:
                self.missing(entry, "weight", _("The weight must be filled here."))
        elif indicator.points is None:
            self.missing(entry, "points", _("The maximum points must be filled here."))
        return not entry.wrong

    def missing(self, entry: Entry, code: str, sentence: str) -> None:
        """Name the fault of an empty cell, at the code where the column is absent."""
        self.fault(entry, code if entry.has(code) else "code", Cause.MISSING, sentence)

    def remember(self, entry: Entry, indicator: Indicator, verdict: str, before: dict | None) -> str:
        """Note the row for writing; `before`: the indicator's columns before it. Returns the verdict."""
        if verdict in (NEW, CHANGED):
            self.record_change("indicator", indicator, entry, before)
        if verdict == NEW:
            self.new.append(indicator)
        elif verdict == CHANGED:
            self.changed.append(indicator)
        return verdict

    def values_after(self, entry: Entry, before: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.standing(entry) or super().values_after(entry, before)

    def writable(self, indicator: Indicator) -> dict[str, Any]:
        """The current writable values, for downloads and their stamps."""
        values = {code: getattr(indicator, name) for code, name in PLAIN.items()}
        values["parent"] = indicator.parent.code if indicator.parent else ""
        values["steward"] = indicator.steward.name if indicator.steward else ""
        return values

    def offers_choices(self, code: str) -> Sequence[str]:
        own = Indicator.objects.visible_to(self.by).filter(cycle=self.cycle)
        if code == "unit":
            return list(own.exclude(unit="").order_by("unit").values_list("unit", flat=True).distinct())
        if code == "steward":
            bodies = PartnerBody.objects.of_province(self.province)
            return list(bodies.values_list("name", flat=True))
        return ()

    def of_cycle(self) -> Any:
        return Indicator.objects.filter(cycle=self.cycle).select_related("parent", "axis", "dimension", "steward")
