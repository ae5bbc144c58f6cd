"""What the comparisons read of a result set: its snapshot, and only where the reader may read every figure of it."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Count

from evaluation.enums import DimensionKind
from evaluation.models import AgencyResult
from evaluation.process.results.ground import LINE_COLUMNS
from evaluation.reports import figures
from evaluation.rules import scopes


def reads_all(result_set, user):
    """Whether the person may read the figures of every agency of the set: a mean of some would be no mean."""
    return result_set in read_wholly([result_set], user)


def read_wholly(result_sets, user):
    """Those of the result sets of which the person may read every figure; one query for all."""
    keys = Count("pk", distinct=True)
    readable = Count("pk", distinct=True, filter=scopes.visible(user, "agencyresult"))
    rows = AgencyResult.objects.filter(result_set__in=result_sets).order_by()
    rows = rows.values("result_set").annotate(every=keys, readable=readable)
    partly = {row["result_set"] for row in rows if row["readable"] < row["every"]}
    return [result_set for result_set in result_sets if result_set.pk not in partly]


@dataclass(frozen=True)
class Source:
    """A result set with its snapshot, for a person who reads all of it."""

    result_set: object
    user: object

    @cached_property
    def results(self):
        return figures.read(self.result_set, self.user)

    @property
    def content(self):
        return self.results.content

    @property
    def ranking(self):
        return self.results.ranking

    @property
    def taking_part(self):
        """The standings of the agencies that took part: ranked ones first."""
        return [*self.ranking.ranked, *self.ranking.unranked]

    @cached_property
    def general(self):
        """The keys of the general dimensions."""
        kinds = {entry["row"]: entry["kind"] for entry in self.content["dimensions"]}
        return {row for row, kind in kinds.items() if kind == DimensionKind.GENERAL}

    def shares_of_indicators(self):
        """{general indicator (entry of the snapshot) as a key: [percent of each agency's line]}, exempt lines and
        agencies that did not take part left out.
        """
        absent = {
            (agency["row"], file["dimension"])
            for agency in self.content["agencies"]
            for file in agency["files"]
            if file["absent"]
        }
        shares = {}
        for row in self.content["lines"]:
            line = dict(zip(LINE_COLUMNS, row, strict=True))
            place = line["participation"], line["dimension"]
            if line["dimension"] not in self.general or place in absent or line["exempt"] or line["score"] is None:
                continue
            maximum = Decimal(line["maximum"])
            if maximum:
                shares.setdefault(line["indicator"], []).append(Decimal(line["score"]) * 100 / maximum)
        return shares


def mean(values):
    """The mean of the values that are not None; None without one."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) / len(known) if known else None


def difference(after, before):
    """`after` − `before`; None where one is missing."""
    return None if after is None or before is None else after - before


def extremes(pairs):
    """{key: "highest" or "lowest"} of [(key, value or None)]; nothing is marked where all are equal."""
    known = [value for _key, value in pairs if value is not None]
    if len(set(known)) < 2:
        return {}
    marks = {max(known): "highest", min(known): "lowest"}
    return {key: marks[value] for key, value in pairs if value in marks}
