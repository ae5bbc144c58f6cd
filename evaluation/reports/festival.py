"""Who is honoured at a festival, kind by kind: for its page, its papers and its report."""

from dataclasses import dataclass, field
from decimal import Decimal

from evaluation.models import Award, AwardKind


@dataclass(frozen=True)
class Winner:
    """One award as people read it; `figure` is that of the frozen results, None for who was nominated."""

    name: str
    agency: str
    part: str
    members: tuple[str, ...]
    reason: str
    figure: Decimal | None
    measure: str
    award: int


@dataclass(frozen=True)
class KindOfWinners:
    kind: AwardKind
    winners: list[Winner] = field(default_factory=list)

    @property
    def with_shares(self):
        """[(winner, percent of the highest figure)]; None for whom no frozen figure won."""
        figures = [winner.figure for winner in self.winners if winner.figure and winner.measure]
        highest = max(figures, default=0)
        return [
            (winner, round(100 * winner.figure / highest) if highest > 0 and winner.figure and winner.measure else None)
            for winner in self.winners
        ]


def winners(festival, user=None):
    """[KindOfWinners] in the order of the festival's kinds; `user` limits the awards to those it may see (None: all).

    Kinds without a winner stand in the list, with none. Two queries.
    """
    awards = Award.objects.visible_to(user) if user is not None else Award.objects.all()
    awards = awards.filter(nominee__festival=festival).select_related("nominee__kind", "nominee__agency")
    kinds = {kind.pk: KindOfWinners(kind) for kind in festival.kinds.order_by("order", "code")}
    for award in awards.order_by("nominee__part", "nominee__rank", "nominee__name"):
        kind = award.nominee.kind
        kinds.setdefault(kind.pk, KindOfWinners(kind)).winners.append(winner_of(award))
    return list(kinds.values())


def winner_of(award):
    """The Winner of an award; reads its nominee with kind and agency."""
    nominee = award.nominee
    return Winner(
        name=nominee.name,
        agency=str(nominee.agency or ""),
        part=nominee.part,
        members=tuple(nominee.members.splitlines()),
        reason=award.reason,
        figure=nominee.figure,
        measure=nominee.get_measure_display() if nominee.measure else "",
        award=award.pk,
    )
