"""Letters to agencies and their headquarters: made from what they may read, sent with a notice, received.

The same letter is not made twice; one whose words or figures changed is a new edition, which supersedes the earlier.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation import persian
from evaluation.enums import LetterKind, NoticeKind, Role
from evaluation.models import Cycle, Letter, OnBehalf, Participation
from evaluation.rules import letter_times
from evaluation.rules.permissions import holds, may_receive_letter

from ..door import Forbidden, Refusal, check_person, lock, log
from ..messages import notice
from . import letter_text

type Paper = Callable[[Letter], tuple[str, bytes]]  # name and bytes of the file, from number, date and content

SIDES = (Role.AGENCY, Role.HEADQUARTERS)
FIGURES = ("values", "rows", "decisions", "code")  # what of the content is no wording
RUNNING = "#"  # stands in a typed number for the running one


# -- making ---------------------------------------------------------------------------------------


@transaction.atomic
def make(
    participation: Participation,
    *,
    by: User,
    kind: str,
    number: str,
    date: date,
    paper: Paper,
    first: int = 1,
    addressees: Iterable[str] = SIDES,
) -> list[Letter]:
    """Make the letters of one kind to an agency and its headquarters. Returns those made.

    `number` may hold `#` for a running number that begins with `first`. Raises Forbidden, or Refusal for what may not
    be told yet, a date in the future, a number that is taken, and where nothing has changed since they were made.
    """
    if not holds(by, "make_letter", participation):
        raise Forbidden("make_letter")
    if date > timezone.localdate():
        raise Refusal(_("A letter is not dated in the future."))
    if reasons := letter_times.not_yet(participation, kind):
        raise Refusal(*reasons)
    cycle = lock(Cycle, participation.cycle_id)  # numbers and editions are given one after the other
    sides = sides_of(participation, addressees)
    template = letter_text.template_of(cycle.province, kind)
    made = []
    for side in sides:
        content = letter_text.compose(participation, kind=kind, addressee=side, template=template)
        standing = Letter.objects.filter(
            participation=participation, kind=kind, addressee=side, superseded_at=None
        ).first()
        if standing is None or not is_same(standing, content, number=number, date=date):
            own_number = number_for(standing, cycle, number, first)
            fresh = Letter(cycle=cycle, participation=participation, kind=kind, addressee=side, content=content)
            fresh.number, fresh.date, fresh.made_by = own_number, date, by
            made.append(write(fresh, standing, paper=paper, by=by))
    if not made:
        raise Refusal(_("These letters are made already, and nothing in them has changed."))
    return made


def sides_of(participation: Participation, addressees: Iterable[str]) -> list[Role]:
    """The addressees of an agency's letters, in order; headquarters only where it has some."""
    wanted = set(addressees)
    has = {Role.AGENCY: True, Role.HEADQUARTERS: participation.agency.headquarters_id is not None}
    sides = [side for side in SIDES if side in wanted and has[side]]
    if not sides:
        raise Refusal(_("“%(agency)s” has no headquarters to write to.") % {"agency": participation})
    return sides


def is_same(standing: Letter, content: dict[str, Any], *, number: str, date: date) -> bool:
    """Whether the letter says this already; one that is not sent yet must have this number and date as well."""
    if standing.content != content:
        return False
    return standing.sent_at is not None or (fits(standing.number, number) and standing.date == date)


def fits(number: str, pattern: str) -> bool:
    """Whether a number is this one, or one of this series."""
    same = persian.to_latin_digits(number) == persian.to_latin_digits(pattern)
    return same or running_of(number, pattern) is not None


def running_of(number: str, pattern: str) -> int | None:
    """The running number in a number of a series; None for one that is not of it."""
    number, pattern = persian.to_latin_digits(number), persian.to_latin_digits(pattern)
    before, mark, after = pattern.partition(RUNNING)
    if not mark or not (number.startswith(before) and number.endswith(after)):
        return None
    running = number[len(before) : len(number) - len(after)]
    return int(running) if running.isdecimal() else None


def number_for(standing: Letter | None, cycle: Cycle, pattern: str, first: int) -> str:
    """The number of the next letter: an unsent one keeps its own, a series goes on. Raises Refusal for a taken one."""
    if standing and standing.sent_at is None and fits(standing.number, pattern):
        return standing.number
    taken = set(Letter.objects.filter(cycle=cycle).values_list("number", flat=True))
    if RUNNING in pattern:
        used = [running for number in taken if (running := running_of(number, pattern)) is not None]
        return pattern.replace(RUNNING, written_like(max([first - 1, *used]) + 1, pattern), 1)
    if any(fits(number, pattern) for number in taken):
        raise Refusal(
            _("A letter of this cycle has the number “%(number)s” already. For several letters write # in the number.")
            % {"number": persian.localise_digits(pattern)}
        )
    return pattern


def written_like(number: int, pattern: str) -> str:
    """A running number in the digits of the number around it: Latin ones where it has any, else Persian ones."""
    latin = any(sign in "0123456789" for sign in pattern)
    return str(number) if latin else persian.to_persian_digits(str(number))


def write(fresh: Letter, standing: Letter | None, *, paper: Paper, by: User) -> Letter:
    """Keep a letter with its file; the earlier edition loses its effect."""
    if standing:
        standing.superseded_at = timezone.now()
        standing.save(update_fields=["superseded_at"])
        fresh.edition = standing.edition + 1
    if fresh.kind in LetterKind.after_announcement():
        fresh.result_set = letter_times.announced_set(fresh.cycle)
    fresh.recipient = fresh.content["recipient"]
    name, content = paper(fresh)
    fresh.file = ContentFile(content, name=name)
    fresh.save()
    log(fresh, "make", by=by, note=fresh.number)
    return fresh


# -- sending and receiving ------------------------------------------------------------------------


def not_sendable(letter: Letter) -> list[str]:
    """Why a letter cannot be sent now, as sentences: it is sent, superseded, too early, or its figures changed."""
    if letter.sent_at is not None:
        return [_("This letter is sent already.")]
    if letter.superseded_at is not None:
        return [_("A later edition has taken the place of this letter.")]
    if reasons := letter_times.not_yet(letter.participation, letter.kind):
        return reasons
    present = letter_text.compose(
        letter.participation,
        kind=letter.kind,
        addressee=Role(letter.addressee),
        template=letter_text.template_of(letter.cycle.province, letter.kind),
    )
    if any(present[name] != letter.content[name] for name in FIGURES):
        return [_("The figures have changed since this letter was made: make it again.")]
    return []


@transaction.atomic
def send(letter: Letter, *, by: User) -> Letter:
    """Send a letter: its addressee reads it from now on and gets a notice with its figures."""
    letter = Letter.objects.select_for_update(of=("self",)).select_related("participation__agency").get(pk=letter.pk)
    if not holds(by, "send_letter", letter):
        raise Forbidden("send_letter")
    if reasons := not_sendable(letter):
        raise Refusal(*reasons)
    letter.sent_at, letter.sent_by = timezone.now(), by
    letter.save(update_fields=["sent_at", "sent_by"])
    log(letter, "send", by=by)
    notice.tell(
        people_of(letter),
        event=f"letter:{letter.pk}",
        kind=NoticeKind.RESULTS,
        cycle=letter.cycle,
        text=lambda: notice_text(letter),
        url=reverse("admin:evaluation_letter_change", args=[letter.pk]),
    )
    return letter


def notice_text(letter: Letter) -> str:
    """What the addressee is told: number, date, whose results, and the figures themselves."""
    words = {
        "kind": letter.get_kind_display(),
        "number": persian.localise_digits(letter.number),
        "date": persian.format_jalali(letter.date, "long"),
        "agency": letter.content["agency"],
        "summary": letter.content["summary"],
    }
    return _("Letter “%(kind)s” number %(number)s of %(date)s about “%(agency)s”: %(summary)s") % words


def people_of(letter: Letter) -> list[User]:
    """The people of the addressee."""
    agency = letter.participation.agency
    if letter.addressee == Role.HEADQUARTERS:
        return notice.people(Role.HEADQUARTERS, headquarters=agency.headquarters)
    return notice.people(Role.AGENCY, agency=agency)


@transaction.atomic
def receive(letter: Letter, *, by: User, on_behalf: OnBehalf | None = None) -> Letter:
    """Record that the addressee received the letter. A letter is received once, after it was sent."""
    letter = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    check_person(may_receive_letter, letter, by, on_behalf)
    if letter.sent_at is None:
        raise Refusal(_("This letter is not sent yet."))
    if letter.received_at is not None:
        raise Refusal(_("The receipt of this letter is recorded already."))
    letter.received_at, letter.received_by = timezone.now(), by
    letter.save(update_fields=["received_at", "received_by"])
    log(letter, "receive", by=by, on_behalf=on_behalf)
    return letter
