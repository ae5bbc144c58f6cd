"""Levels: as the national organization gives them by letter, or by the scheme's thresholds (docs/process.md#end)."""

from collections.abc import Mapping, Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import scoring
from evaluation.enums import ChangeOutcome, LevelSource
from evaluation.models import AgencyResult, ImportChange, ImportRun, Level, OnBehalf, ResultSet
from evaluation.rules import gates

from ..door import Refusal, already_moved, check_person, lock, log, perform, refusal_of, transition_of
from ..reversing import reverse_rows
from .result import check_order

LEVEL_FIELDS = ("level", "level_letter")
NOT_ENTERED = {
    LevelSource.THRESHOLDS: gettext_lazy(
        "The levels of this cycle are calculated by thresholds and cannot be entered."
    ),
    LevelSource.NONE: gettext_lazy(
        "This cycle requires no levels. If it should, choose the source of levels on the page of the cycle."
    ),
}


def check_levels(result_set: ResultSet, *, by: User, on_behalf: OnBehalf | None = None) -> None:
    """Raise unless `by` may enter levels now: the step is there, it is the person's, and levels come by letter."""
    step = transition_of(result_set, "record_levels")
    if step is None:
        raise Refusal(already_moved(result_set))
    check_person(step.permission, result_set, by, on_behalf)
    if refusal := NOT_ENTERED.get(result_set.cycle.level_source):
        raise Refusal(refusal)


@transaction.atomic
def set_levels(
    result_set: ResultSet,
    levels: Mapping[int, Level | None],
    *,
    by: User,
    letter: str = "",
    letters: Mapping[int, str] | None = None,
    on_behalf: OnBehalf | None = None,
) -> list[AgencyResult]:
    """Write levels as received: `levels` is {AgencyResult pk: Level, or None to take it away}.

    `letter` is the number of the letter that gives them all; `letters`, {AgencyResult pk: number}, has one for each.
    Raises Forbidden, or Refusal for a level without its letter and where levels are not entered now.
    """
    result_set = lock(ResultSet, result_set.pk)
    check_levels(result_set, by=by, on_behalf=on_behalf)
    letters = dict.fromkeys(levels, letter) if letters is None else letters
    if not all(number.strip() for number in (letters.values() if levels else [letter])):
        raise Refusal(_("Levels as received need the number of their letter."))
    rows = list(result_set.agency_results.filter(pk__in=levels))
    for row in rows:
        row.level, row.level_letter = levels[row.pk], letters[row.pk]
    AgencyResult.objects.bulk_update(rows, LEVEL_FIELDS, batch_size=200)
    log(result_set, "set_levels", by=by, on_behalf=on_behalf, note="، ".join(sorted(set(letters.values()))))
    return rows


def reverse(changes: Sequence[ImportChange], run: ImportRun) -> dict[int, tuple[ChangeOutcome, str]]:
    """Undo the levels that an import wrote, while levels may still be entered: {change pk: (outcome, reason)}."""
    keys = [change.object_id for change in changes]
    rows = AgencyResult.objects.select_for_update(of=("self",)).in_bulk(keys)
    sets = ResultSet.objects.in_bulk({row.result_set_id for row in rows.values()})
    gates = {
        key: refusal_of(check_levels, result_set, by=run.asked_by, on_behalf=run.on_behalf_of)
        for key, result_set in sets.items()
    }
    return reverse_rows(rows, changes, refuse=lambda row: gates[row.result_set_id])


@transaction.atomic
def record_levels(result_set: ResultSet, *, by: User, on_behalf: OnBehalf | None = None, note: str = "") -> ResultSet:
    """Pass the gate of levels: every ranked agency's total has one; by thresholds they are set here."""
    check_order(result_set, "record_levels")
    if result_set.cycle.level_source == LevelSource.THRESHOLDS:
        set_by_thresholds(result_set)
    if missing := gates.without_level(result_set):
        raise Refusal(missing)
    return perform(result_set, "record_levels", by=by, on_behalf=on_behalf, note=note)


def set_by_thresholds(result_set: ResultSet) -> None:
    """Levels from the scheme's thresholds, in percent of the maximum."""
    scheme = result_set.cycle.level_scheme
    levels = list(Level.objects.filter(scheme=scheme).exclude(threshold=None)) if scheme else []
    if not levels:
        raise Refusal(_("The cycle's level scheme has no thresholds: enter them on the page of the scheme."))
    rows = list(result_set.agency_results.exclude(total=None))
    for row in rows:
        percent = row.total * 100 / row.maximum if row.maximum else None
        key = scoring.level_for(percent, [(level.pk, level.threshold) for level in levels])
        row.level_id = key
    AgencyResult.objects.bulk_update(rows, ["level"], batch_size=200)
