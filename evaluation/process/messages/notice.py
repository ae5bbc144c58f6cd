"""Notices for people, one for each event."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from evaluation.enums import MailMode, NoticeKind, Role
from evaluation.models import Cycle, Membership, Notice, NoticePreference

from ..audit import SCHEDULER
from ..door import Refusal

ROWS_PER_STATEMENT = 500

type Sentence = str | Callable[[], str]  # a callable gives it in the language that is active when it is called


def tell(
    users: Iterable[User],
    *,
    event: str,
    text: Sentence,
    kind: NoticeKind = NoticeKind.OTHER,
    cycle: Cycle | None = None,
    url: str = "",
) -> list[Notice]:
    """Leave a notice for each user; the same event for the same person is told once. Returns the notices made.

    `text` may be a callable that gives the sentence: notices are kept in the product's language, not the sender's.
    Kinds that a person silenced are kept as read and not mailed. The e-mail is sent by `process.mail`, later.
    """
    with translation.override(settings.LANGUAGE_CODE):
        sentence = str(text() if callable(text) else text)
    users, made = list(users), []
    preferences = {preference.user_id: preference for preference in NoticePreference.objects.filter(user__in=users)}
    for user in users:
        silent = is_silenced(preferences.get(user.pk), kind)
        notice, created = Notice.objects.get_or_create(
            user=user,
            event=event,
            defaults={
                "text": sentence,
                "kind": kind,
                "cycle": cycle,
                "url": url,
                "read_at": timezone.now() if silent else None,
                "mail_due": bool(user.email) and not silent,
            },
        )
        if created:
            made.append(notice)
    return made


@dataclass(frozen=True)
class Tiding:
    """What some people are told of one event; as in `tell`."""

    users: Sequence[User]
    event: str
    text: Sentence
    kind: NoticeKind = NoticeKind.OTHER
    cycle: Cycle | None = None


def tell_many(tidings: Iterable[Tiding]) -> None:
    """`tell` for many events at once: the same notices, in as many queries as for one."""
    wanted = {(user.pk, tiding.event): (user, tiding) for tiding in tidings for user in tiding.users}
    if not wanted:
        return
    users = {user.pk for user, _tiding in wanted.values()}
    standing = Notice.objects.filter(user__in=users, event__in={event for _user, event in wanted})
    for known in standing.values_list("user_id", "event"):
        wanted.pop(known, None)
    preferences = {preference.user_id: preference for preference in NoticePreference.objects.filter(user__in=users)}
    now, made = timezone.now(), []
    with translation.override(settings.LANGUAGE_CODE):
        for user, tiding in wanted.values():
            silent = is_silenced(preferences.get(user.pk), tiding.kind)
            made.append(
                Notice(
                    user=user,
                    event=tiding.event,
                    text=str(tiding.text() if callable(tiding.text) else tiding.text),
                    kind=tiding.kind,
                    cycle=tiding.cycle,
                    read_at=now if silent else None,
                    mail_due=bool(user.email) and not silent,
                )
            )
    Notice.objects.bulk_create(made, batch_size=ROWS_PER_STATEMENT, ignore_conflicts=True)  # others may tell it too


def is_silenced(preference: NoticePreference | None, kind: NoticeKind) -> bool:
    """Whether the person's preference silences this kind of notice."""
    return preference is not None and kind in preference.muted and kind not in NoticeKind.always_told()


@transaction.atomic
def prefer(user: User, *, muted: Collection[NoticeKind], mail: MailMode) -> NoticePreference:
    """A person's preference about their own notices. Raises Refusal for a kind that nobody may silence."""
    if kept := [str(NoticeKind(kind).label) for kind in muted if kind in NoticeKind.always_told()]:
        raise Refusal(_("These notices cannot be silenced: %(kinds)s.") % {"kinds": "، ".join(kept)})
    preference, _made = NoticePreference.objects.update_or_create(
        user=user, defaults={"muted": [str(kind) for kind in muted], "mail": mail}
    )
    return preference


def people(role: Role, **place: Any) -> list[User]:
    """The users with an active membership of this role at this place."""
    members = Membership.objects.active().filter(role=role, user__is_active=True, **place).select_related("user")
    return list({membership.user_id: membership.user for membership in members}.values())


def of_agencies(agencies: Any) -> list[User]:
    """The people of these agencies (objects, keys or a query of them), and of their headquarters."""
    return [
        *people(Role.AGENCY, agency__in=agencies),
        *people(Role.HEADQUARTERS, headquarters__agencies__in=agencies),
    ]


def people_of(role: Role, place: str, keys: Iterable[int | None]) -> dict[int, list[User]]:
    """{key of a place: `people` of this role there}; `place` is the field of the membership that names it."""
    members = Membership.objects.active().filter(role=role, user__is_active=True, **{f"{place}__in": set(keys)})
    places: dict[int, dict[int, User]] = {}
    for membership in members.select_related("user"):
        places.setdefault(getattr(membership, f"{place}_id"), {})[membership.user_id] = membership.user
    return {key: list(users.values()) for key, users in places.items()}


def managers(cycle: Cycle) -> list[User]:
    """The managers of the cycle's province, without the scheduler's account."""
    return [user for user in people(Role.MANAGER, province=cycle.province) if user.username != SCHEDULER]
