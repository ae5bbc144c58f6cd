"""Workshops: who is invited, who came, and the training without which nobody is given agencies to score."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import NoticeKind, Role, WorkshopKind
from evaluation.models import Attendance, Cycle, Evaluator, Workshop
from evaluation.persian import format_jalali_datetime
from evaluation.rules.permissions import holds

from ..door import Forbidden, Refusal, counted, log
from ..messages import notice


def lock(workshop: Workshop, by: User) -> Workshop:
    """The workshop as it is now, locked. Raises Forbidden."""
    workshop = Workshop.objects.select_for_update(of=("self",)).get(pk=workshop.pk)
    if not holds(by, "hold_workshop", workshop):
        raise Forbidden("hold_workshop")
    return workshop


@transaction.atomic
def invite(workshop: Workshop, *, by: User) -> list[Attendance]:
    """Invite everybody for whom the workshop is: the cycle's evaluators, or its agencies. Returns the new rows.

    A second call invites those who have joined since. Each is told once. Raises Refusal for a workshop that is over
    and where there is nobody to invite.
    """
    workshop = lock(workshop, by)
    if workshop.held_at:
        raise Refusal(_("This workshop is recorded as held already."))
    rows = left_to_invite(workshop)
    if not rows:
        raise Refusal(_("Everyone for whom this workshop is held has been invited, or there is nobody yet."))
    Attendance.objects.bulk_create(rows)
    agencies = [row.agency for row in rows if row.agency_id]
    people = [row.user for row in rows if row.user_id] + notice.people(Role.AGENCY, agency__in=agencies)
    notice.tell(
        people,
        event=f"workshop:{workshop.pk}",
        kind=NoticeKind.WORKSHOP,
        cycle=workshop.cycle,
        text=lambda: invitation(workshop),
    )
    log(workshop, "invite", by=by, note=counted(len(rows)))
    return rows


@transaction.atomic
def enlist(workshop: Workshop, *, by: User) -> list[Attendance]:
    """Put everybody for whom a workshop that was held is on its attendance list, without an invitation.

    For people who joined later or came uninvited. Returns the new rows. Raises Refusal where nobody is left.
    """
    workshop = lock(workshop, by)
    if not workshop.held_at:
        raise Refusal(_("Record first that the workshop was held."))
    rows = left_to_invite(workshop)
    if not rows:
        raise Refusal(_("Everyone for whom this workshop is held is on the attendance list."))
    Attendance.objects.bulk_create(rows)
    log(workshop, "enlist", by=by, note=counted(len(rows)))
    return rows


def left_to_invite(workshop: Workshop) -> list[Attendance]:
    """Attendances, not saved yet, of those for whom the workshop is and who are not on its list."""
    if workshop.kind == WorkshopKind.EVALUATORS:
        return evaluators_to_invite(workshop)
    return agencies_to_invite(workshop)


def invitation(workshop: Workshop) -> str:
    """The sentence of the invitation."""
    return _("You are invited to the workshop “%(title)s”: %(time)s, %(place)s.") % {
        "title": workshop.title,
        "time": format_jalali_datetime(workshop.starts_at),
        "place": workshop.place or "—",
    }


def evaluators_to_invite(workshop: Workshop) -> list[Attendance]:
    """Unsaved attendances of the cycle's evaluators who are not on the list."""
    known = set(workshop.attendances.values_list("user_id", flat=True))
    seats = Evaluator.objects.filter(group__cycle=workshop.cycle_id).select_related("user")
    people = {seat.user_id: seat.user for seat in seats if seat.user_id not in known}
    return [Attendance(workshop=workshop, user=user) for user in people.values()]


def agencies_to_invite(workshop: Workshop) -> list[Attendance]:
    """Unsaved attendances of the agencies that are not on the list: the cycle's, or at first all active ones."""
    cycle = workshop.cycle
    agencies = cycle.province.agencies.filter(active=True)
    if cycle.participants_fixed_at:
        agencies = agencies.filter(participations__cycle=cycle)
    known = workshop.attendances.exclude(agency=None).values("agency")
    return [Attendance(workshop=workshop, agency=agency) for agency in agencies.exclude(pk__in=known)]


@transaction.atomic
def hold(
    workshop: Workshop,
    *,
    by: User,
    at: datetime | None = None,
    note: str = "",
    came: Collection[Attendance] | None = None,
) -> Workshop:
    """Record that a workshop was held, and of those invited who came (`came`: their attendances; None: not noted).

    Raises Refusal for a second time, and where nobody was invited or came: none is held empty.
    """
    workshop = lock(workshop, by)
    if workshop.held_at:
        raise Refusal(_("This workshop is recorded as held already."))
    if not workshop.attendances.exists() and not workshop.participants.exists():
        raise Refusal(_("Nobody is on the list of this workshop. Invite first, or enter the participants by name."))
    if came is not None and not came and not workshop.participants.filter(attended=True).exists():
        raise Refusal(_("A workshop to which nobody came was not held: choose who was present."))
    workshop.held_at, workshop.held_by, workshop.note = at or timezone.now(), by, note or workshop.note
    workshop.save(update_fields=["held_at", "held_by", "note"])
    if came is not None:
        write_attendance(workshop, came)
    log(workshop, "hold", by=by, note=note)
    return workshop


@transaction.atomic
def note_attendance(workshop: Workshop, *, by: User, came: Collection[Attendance] = ()) -> Workshop:
    """Note who of those invited came to a workshop that was held; the others stayed away."""
    workshop = lock(workshop, by)
    if not workshop.held_at:
        raise Refusal(_("Record first that the workshop was held."))
    write_attendance(workshop, came)
    log(workshop, "note_attendance", by=by, note=counted(len(came)))
    return workshop


def write_attendance(workshop: Workshop, came: Collection[Attendance]) -> None:
    """Note of each row of the list whether it came."""
    keys = [row.pk for row in came]
    workshop.attendances.filter(pk__in=keys).update(attended=True)
    workshop.attendances.exclude(pk__in=keys).update(attended=False)


@transaction.atomic
def note_participants(workshop: Workshop, *, by: User) -> None:
    """Let the agencies whose people are on the list by name be there as those people were. Raises Forbidden.

    An agency is present when one of its people was; before the workshop is held nothing is noted.
    """
    workshop = lock(workshop, by)
    present: dict[int, bool] = {}
    for agency, attended in workshop.participants.values_list("agency", "attended"):
        present[agency] = present.get(agency, False) or attended
    for agency, attended in present.items():
        row, _made = Attendance.objects.get_or_create(workshop=workshop, agency_id=agency)
        row.attended = attended if workshop.held_at else None
        row.save(update_fields=["attended"])
    log(workshop, "note_participants", by=by, note=counted(workshop.participants.count()))


def certified(workshop: Workshop, user: User) -> list[tuple[str, str]]:
    """[(name, body)] of those who came to a workshop that was held, as far as `user` sees them.

    People of agencies by name, and evaluators; an agency whose people were not noted by name has no certificate.
    """
    if not workshop.held_at:
        return []
    people = workshop.participants.visible_to(user).filter(attended=True).select_related("agency")
    rows = workshop.attendances.visible_to(user).filter(attended=True, user__isnull=False).select_related("user")
    named = [(row.name, str(row.agency)) for row in people]
    return named + [(row.user.get_full_name() or row.user.get_username(), "") for row in rows]


@transaction.atomic
def write_list(rows: Sequence[Attendance], *, by: User) -> None:
    """Save rows of attendance lists as they are given, whoever is new on them among them. Raises Forbidden, Refusal.

    For lists that come as a file; nobody is invited by it.
    """
    by_workshop: dict[int, list[Attendance]] = {}
    for row in rows:
        by_workshop.setdefault(row.workshop_id, []).append(row)
    for of_workshop in by_workshop.values():
        workshop = lock(of_workshop[0].workshop, by)
        if not workshop.held_at and any(row.attended is not None for row in of_workshop):
            raise Refusal(_("Record first that the workshop was held."))
        new = [row for row in of_workshop if row.pk is None]
        for row in of_workshop:
            row.save()
        if new:
            log(workshop, "enlist", by=by, note=counted(len(new)))
        log(workshop, "note_attendance", by=by, note=counted(sum(bool(row.attended) for row in of_workshop)))


def is_trained(user: User, cycle: Cycle) -> bool:
    """Whether the person came to a workshop for evaluators of this cycle."""
    return user.attendances.filter(
        attended=True, workshop__cycle=cycle, workshop__kind=WorkshopKind.EVALUATORS, workshop__held_at__isnull=False
    ).exists()


def check_training(evaluator: Evaluator, *, by: User, reason: str = "") -> None:
    """Raise Refusal for an evaluator without the training, unless the manager gives a reason."""
    cycle = evaluator.group.cycle
    if is_trained(evaluator.user, cycle):
        return
    if not reason.strip():
        raise Refusal(
            _(
                "“%(name)s” has not attended a workshop for evaluators of this cycle. Record the attendance, or let "
                "the manager assign with a reason."
            )
            % {"name": evaluator}
        )
    if not holds(by, "override_training", cycle):
        raise Refusal(_("Only the manager may assign an evaluator without the training."))
