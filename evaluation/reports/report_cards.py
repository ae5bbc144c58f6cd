"""The report cards of all agencies of a cycle as one table: where points are lost, and who has read its card."""

from dataclasses import dataclass
from decimal import Decimal

from evaluation import persian
from evaluation.enums import ResultState
from evaluation.models import AgencyResult, CardReceipt, ResultSet

from .report_card import OverviewReader
from .report_card_rows import Card


@dataclass(frozen=True)
class CardRow:
    """One agency: its card, the row of its page, and whether it acknowledged the figures that stand."""

    card: Card
    result: int
    acknowledged: bool


@dataclass(frozen=True)
class AxisLoss:
    """One axis over the whole province: points lost of those possible, most first on the page."""

    title: str
    lost: Decimal
    maximum: Decimal

    @property
    def percent(self):
        return self.lost * 100 / self.maximum


@dataclass(frozen=True)
class Cards:
    """`rows` by the agencies' names; `losses` by axis over all agencies."""

    rows: list[CardRow]
    losses: list[AxisLoss]

    @property
    def acknowledged(self):
        return sum(row.acknowledged for row in self.rows)


def of_cycle(cycle, user):
    """The Cards of an annual cycle over the agencies that the person may read; None before anything was computed.

    So many queries for sixty agencies as for one.
    """
    results = ResultSet.objects.visible_to(user).filter(cycle=cycle).exclude(state=ResultState.VOID)
    results = results.exclude(state=ResultState.DRAFT).select_related("cycle__province").first()
    if results is None:
        return None
    reader = OverviewReader(results, user)
    receipts = CardReceipt.objects.filter(participation__cycle=cycle, sha256=reader.figures_code)
    read = set(receipts.values_list("participation", flat=True))
    rows = AgencyResult.objects.visible_to(user).filter(result_set=results, dimension=None)
    cards = [
        CardRow(reader.card(row.participation), row.pk, row.participation_id in read)
        for row in rows.select_related("participation__agency", "participation__cycle")
    ]
    cards.sort(key=lambda row: persian.sort_key(row.card.agency.name))
    return Cards(cards, losses(cards))


def losses(rows):
    """The AxisLoss of each axis, most lost points first."""
    sums = {}
    for row in rows:
        for axis in row.card.axes:
            if axis.lost is not None:
                title, lost, maximum = sums.get(axis.pk, (axis.title, Decimal(0), Decimal(0)))
                sums[axis.pk] = title, lost + axis.lost, maximum + axis.maximum
    axes = [AxisLoss(title, lost, maximum) for title, lost, maximum in sums.values() if maximum]
    return sorted(axes, key=lambda axis: -axis.lost)
