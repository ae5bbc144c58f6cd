"""The festival of a cycle, from its preparation to the announcement of the winners (Ilam step 12, Tehran 20 to 22)."""

from collections.abc import Iterable
from decimal import Decimal
from functools import partial

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.enums import CycleKind, FestivalState, Measure, NomineeOrigin, NoticeKind, ResultState, Role
from evaluation.models import AgencyResult, AwardKind, Cycle, EarlierTotal, Festival, Nominee
from evaluation.persian import format_jalali, shown_end
from evaluation.rules import festival_conditions as must
from evaluation.rules.permissions import holds

from .. import kept
from ..door import Forbidden, Refusal, counted, lock, log, perform
from ..messages import notice
from ..results import history
from . import candidates


@transaction.atomic
def take_kinds(festival: Festival, *, by: User, kinds: Iterable[AwardKind]) -> Festival:
    """Add kinds of award to those of the festival. Raises Refusal once candidates rest on them, and Forbidden."""
    festival = lock(Festival, festival.pk)
    if not holds(by, "change_festival", festival):
        raise Forbidden("change_festival")
    if festival.state in FestivalState.settled():
        raise Refusal(_("The kinds of award are fixed once the committee has the candidates."))
    added = list(kinds)
    festival.kinds.add(*added)
    log(festival, "take_kinds", by=by, note="، ".join(str(kind) for kind in added))
    return festival


@transaction.atomic
def open_nominations(festival: Festival, *, by: User, note: str = "") -> Festival:
    """Agencies may nominate from the first day on; they and their headquarters are told of the last one."""
    festival = perform(festival, "open_nominations", by=by, note=note)
    tell_of_window(festival)
    return festival


@transaction.atomic
def reopen_nominations(festival: Festival, *, by: User, reason: str) -> Festival:
    """Back to the nominations, with the reason."""
    festival = perform(festival, "reopen_nominations", by=by, note=reason)
    tell_of_window(festival)
    return festival


def tell_of_window(festival: Festival) -> None:
    """Tell the agencies of the cycle until when they may nominate; once for each last day."""
    last = festival.nominations_until
    day = format_jalali(shown_end(last))
    notice.tell(
        of_the_cycle(festival.cycle),
        event=f"festival:{festival.pk}:{last:%Y%m%d}",
        kind=NoticeKind.FESTIVAL,
        cycle=festival.cycle,
        text=lambda: (
            _("“%(festival)s”: nominate the best teams, managers and experts of your agency by %(day)s.")
            % {"festival": festival, "day": day}
        ),
    )


def of_the_cycle(cycle: Cycle) -> list[User]:
    """The people of the agencies that take part, and of their headquarters."""
    agencies = [participation.agency_id for participation in cycle.participations.all()]
    return notice.of_agencies(agencies)


def begin_choice(festival: Festival, *, by: User, note: str = "") -> Festival:
    """The committee has the candidates; those by figures are proposed anew."""
    with transaction.atomic():
        festival = perform(festival, "begin_choice", by=by, note=note)
        if festival.kinds.exclude(measure="").exists():
            propose(festival, by=by)
        return festival


def finish_choice(festival: Festival, *, by: User, note: str = "") -> Festival:
    """The choice of the committee is done."""
    return perform(festival, "finish_choice", by=by, note=note)


def reopen_choice(festival: Festival, *, by: User, reason: str) -> Festival:
    """Back to the committee, with the reason."""
    return perform(festival, "reopen_choice", by=by, note=reason)


# -- candidates from the figures ------------------------------------------------------------------


@transaction.atomic
def propose(festival: Festival, *, by: User) -> list[Nominee]:
    """Write the candidates that the frozen figures give; those that they no longer give are taken out.

    Marks of the committee stay with a candidate that stands. Raises Refusal before figures stand, for a topic that the
    results do not know, and where a winner would go; and Forbidden.
    """
    festival = lock(Festival, festival.pk)
    if not holds(by, "propose_festival", festival):
        raise Forbidden("propose_festival")
    if festival.state not in (FestivalState.PREPARING, FestivalState.NOMINATING, FestivalState.CHOOSING):
        raise Refusal(_("The choice is finished: open it again to propose other candidates."))
    snapshot = must.standing_figures(festival.cycle)
    if snapshot is None:
        raise Refusal(_("The results of this cycle are not computed yet; candidates are proposed from them."))
    content = kept.read(snapshot)
    kinds = list(festival.kinds.exclude(measure="").order_by("order", "code"))
    check_topics(kinds, content)
    earlier = two_years_ago(festival.cycle) if needs_earlier(kinds) else {}
    proposed = [(kind, candidate) for kind in kinds for candidate in candidates.candidates(kind, content, earlier)]
    written = [write(festival, kind, candidate, by) for kind, candidate in proposed]
    remove_others(festival, written)
    festival.figures = snapshot
    festival.save(update_fields=["figures"])
    log(festival, "propose_candidates", by=by, note=counted(len(written)))
    return written


def check_topics(kinds: Iterable[AwardKind], content: candidates.Content) -> None:
    """Raise Refusal for words of topics that the results do not know."""
    for kind in kinds:
        if unknown := candidates.unknown_words(kind, content):
            sentence = _("“%(kind)s”: neither an indicator nor an axis of the results is called %(words)s.")
            raise Refusal(sentence % {"kind": kind, "words": "، ".join(unknown)})


def needs_earlier(kinds: Iterable[AwardKind]) -> bool:
    return any(Measure.GROWTH_OF_TWO_YEARS in kind.measures for kind in kinds)


def two_years_ago(cycle: Cycle) -> dict[int, candidates.Base]:
    """{agency: (total, maximum)} of the performance year two years before: as announced, else as recorded."""
    year = cycle.performance_year - 2
    bases: dict[int, candidates.Base] = {}
    recorded: dict[int, dict[str, tuple[Decimal, Decimal | None]]] = {}
    for row in EarlierTotal.objects.filter(agency__participations__cycle=cycle, year=year):
        recorded.setdefault(row.agency_id, {})[row.dimension] = (row.total, row.maximum)
    for agency, figures in recorded.items():
        total, maximum = history.all_together(figures)
        if maximum is not None:
            bases[agency] = total, maximum
    announced = AgencyResult.objects.filter(
        participation__agency__participations__cycle=cycle,
        result_set__state__in=ResultState.seen_by_agency(),
        result_set__cycle__performance_year=year,
        result_set__cycle__kind=CycleKind.ANNUAL,
        dimension=None,
        passive=False,
    ).exclude(total=None)
    for agency, total, maximum in announced.values_list("participation__agency", "total", "maximum"):
        bases[agency] = total, maximum
    return bases


def write(festival: Festival, kind: AwardKind, candidate: candidates.Candidate, by: User) -> Nominee:
    """The nominee of a candidate, with the figure as it is now."""
    nominee, _made = Nominee.objects.update_or_create(
        festival=festival,
        kind=kind,
        part=candidate.part,
        agency_id=candidate.agency,
        origin=NomineeOrigin.FIGURES,
        defaults={
            "name": candidate.name,
            "measure": candidate.measure,
            "figure": candidate.figure,
            "rank": candidate.rank,
        },
        create_defaults={
            "name": candidate.name,
            "measure": candidate.measure,
            "figure": candidate.figure,
            "rank": candidate.rank,
            "entered_by": by,
        },
    )
    return nominee


def remove_others(festival: Festival, written: Iterable[Nominee]) -> None:
    """Take out the candidates that the figures no longer give. Raises Refusal where one of them is a winner."""
    gone = festival.nominees.filter(origin=NomineeOrigin.FIGURES).exclude(pk__in=[row.pk for row in written])
    if winners := list(gone.filter(award__isnull=False)):
        raise Refusal(
            _(
                "By the present figures these winners are no candidates any more; take their awards back first: "
                "%(names)s."
            )
            % {"names": "، ".join(str(winner) for winner in winners)}
        )
    gone.delete()


# -- the announcement -----------------------------------------------------------------------------


@transaction.atomic
def announce(festival: Festival, *, by: User, note: str = "") -> Festival:
    """The embargo ends: everybody may know the winners. Agencies are told, and winners of their own award."""
    festival = perform(festival, "announce", by=by, note=note)
    tell_winners(festival)
    notice.tell(
        of_the_cycle(festival.cycle),
        event=f"winners:{festival.pk}",
        kind=NoticeKind.FESTIVAL,
        cycle=festival.cycle,
        text=lambda: _("The winners of “%(festival)s” are announced.") % {"festival": festival},
    )
    return festival


def tell_winners(festival: Festival) -> None:
    """Tell the people of each agency whom of it the festival honours."""
    winners = festival.nominees.filter(award__isnull=False, agency__isnull=False)
    for winner in winners.select_related("kind", "agency"):
        notice.tell(
            notice.people(Role.AGENCY, agency=winner.agency),
            event=f"award:{winner.pk}",
            kind=NoticeKind.FESTIVAL,
            cycle=festival.cycle,
            text=partial(honour, festival, winner),
        )


def honour(festival: Festival, winner: Nominee) -> str:
    """The sentence for the agency of a winner."""
    names = {"name": winner.name, "kind": winner.kind.title, "festival": festival}
    return _("“%(name)s” is honoured at “%(festival)s”: %(kind)s.") % names
