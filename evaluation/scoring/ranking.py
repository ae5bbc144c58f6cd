"""Ranks and levels, both by the total as people see it."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .figures import ZERO, to_two_decimals


@dataclass(frozen=True)
class Entry[Key: Hashable]:
    """One agency to be ranked; the higher total, then the higher tie-breaker, comes first. No total, no rank.

    `only_in_group`: it is compared with its peer group alone.
    """

    key: Key
    total: Decimal | None
    group: Hashable | None = None
    tie_breakers: tuple[Decimal | None, ...] = ()
    only_in_group: bool = False


@dataclass(frozen=True)
class Rank:
    """`overall` is None for an entry that is ranked in its group alone, `in_group` for one without a peer group."""

    overall: int | None
    in_group: int | None


def ranks[Key: Hashable](entries: Iterable[Entry[Key]]) -> dict[Key, Rank]:
    """Ranks by shown total; equals share a rank and the next one is skipped (1, 2, 2, 4).

    Tie-breakers are compared in their order, as shown too: nobody is ranked apart by a difference that cannot be seen.
    """
    counted = [entry for entry in entries if entry.total is not None]
    groups: dict[Hashable, list[Entry[Key]]] = {}
    for entry in counted:
        groups.setdefault(entry.group, []).append(entry)
    overall = _places([entry for entry in counted if not entry.only_in_group])
    inside = {
        key: place for group, members in groups.items() if group is not None for key, place in _places(members).items()
    }
    return {entry.key: Rank(overall.get(entry.key), inside.get(entry.key)) for entry in counted}


def level_for[Key: Hashable](total: Decimal | None, thresholds: Sequence[tuple[Key, Decimal]]) -> Key | None:
    """The level with the highest threshold that the shown total reaches; None below all of them."""
    if total is None:
        return None
    reached = [(least, key) for key, least in thresholds if to_two_decimals(total) >= least]
    return max(reached, key=lambda pair: pair[0])[1] if reached else None


def _places[Key: Hashable](entries: Sequence[Entry[Key]]) -> dict[Key, int]:
    strengths = {entry.key: _strength(entry) for entry in entries}
    first: dict[tuple, int] = {}
    for place, strength in enumerate(sorted(strengths.values(), reverse=True), start=1):
        first.setdefault(strength, place)
    return {key: first[strength] for key, strength in strengths.items()}


def _strength[Key: Hashable](entry: Entry[Key]) -> tuple[Decimal, tuple[tuple[bool, Decimal], ...]]:
    breakers = tuple(
        (value is not None, ZERO if value is None else to_two_decimals(value)) for value in entry.tie_breakers
    )
    return to_two_decimals(entry.total or ZERO), breakers
