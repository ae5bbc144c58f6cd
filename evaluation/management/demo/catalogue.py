"""The demo's catalogue: the eight axes of 1398 with assumed points, and 9–12 specific indicators for each agency."""

from decimal import Decimal

from evaluation.enums import Slice
from evaluation.management.fixtures import rows
from evaluation.models import Axis, Indicator, PartnerBody
from evaluation.process.imports import catalogue_import

SCHEME = "eight axes (16th national festival)"
ASSUMED = "سقف امتیاز محورها فرضی است"  # said once, in the announcement of the demo province


def write_general(cycle, *, by, origins=None):
    """The general axes and indicators; `origins` is {code: last year's indicator}."""
    dimension = cycle.dimensions.get(code="general")
    axes = {
        row["title"]: Axis(dimension=dimension, number=row["number"], title=row["title"], maximum=row["points"])
        for row in rows("axes")
        if row["scheme"] == SCHEME
    }
    stewards = {body.code: body for body in PartnerBody.objects.all()}
    new = {}
    for row in rows("general_indicators"):
        new[row["code"]] = Indicator(
            cycle=cycle,
            dimension=dimension,
            axis=axes[row["axis"]],
            parent=new.get(row["parent"]),
            weight=figure(row["weight"]),
            points=figure(row["points"]),
            scorer=row["scorer"] or "evaluator",
            steward=stewards[row["steward"]] if row["scorer"] == "steward" else None,
            evidence_rule=row["evidence"] or "optional",
            guide=row["guide"],
            origin=(origins or {}).get(row["code"]),
            **shared(row),
        )
    catalogue_import.write_catalogue(
        cycle, axes=list(axes.values()), changed_axes=[], new=list(new.values()), changed=[], by=by
    )


def shared(row):
    """What general and specific rows have in common."""
    return {
        "code": row["code"],
        "title": row["title"],
        "unit": row["unit"],
        "nature": row["nature"] or "single",
        "direction": row["direction"] or "ascending",
        "target": figure(row["target"]),
        "scale": scale(row.get("scale", "")),
        "legal_basis": row["legal_basis"],
        "source": row["source"],
    }


def figure(text):
    return Decimal(text) if text else None


def scale(text):
    """«عالی:1|خوب:0.75» as the steps of a qualitative indicator."""
    pairs = (step.rsplit(":", 1) for step in text.split("|") if step)
    return [{"title": title, "fraction": fraction} for title, fraction in pairs]


class SpecificRows:
    """The rows of fixtures that fit an agency: those named for its kind, filled up from its sector's templates."""

    def __init__(self):
        self.agencies = {row["code"]: row for row in rows("agencies_qazvin")}
        self.named, self.templates = {}, {}
        for row in rows("specific_indicators"):
            self.named.setdefault(row["agency_kind"], []).append(row)
        for row in rows("specific_templates"):
            self.templates.setdefault(row["sector"], []).append(row)

    def of(self, agency, count, part):
        """`count` rows in all, three of the province's slice among them; those of slice `part`."""
        here = self.agencies[agency.code]
        named = [row for row in self.named.get(here["key"], []) if row["slice"] == part]
        generic = [row for row in self.templates[here["sector"]] if row["slice"] == part]
        wanted = 3 if part == Slice.PROVINCIAL else count - 3
        return (named + generic)[:wanted]


def specific(cycle, agency, row):
    """One specific indicator; a title without target or weight gets a round assumption."""
    assumed = {} if row["target"] or row["nature"] == "qualitative" else {"target": Decimal(100)}
    return Indicator(
        cycle=cycle,
        dimension=cycle.dimensions.get(code="specific"),
        agency=agency,
        slice=row["slice"],
        weight=figure(row["weight"]) or Decimal(1),
        **shared(row) | assumed,
    )
