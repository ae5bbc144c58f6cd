"""The council: results are sent to it by letter, it meets, and it approves them or returns them with remarks."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation import persian, scoring
from evaluation.enums import CommitteeKind, CouncilDecision, LetterKind, NoticeKind, Role, Stage
from evaluation.models import (
    Assessment,
    Committee,
    CommitteeMember,
    CommitteeSession,
    CouncilRemark,
    Letter,
    Line,
    OnBehalf,
    Participation,
    Province,
    ResultSet,
)
from evaluation.rules import end

from .. import audit, kept
from ..door import Refusal, check_person, perform, transition_of
from ..files.accept import check_rows
from ..messages import notice
from ..year import cycle as year
from . import letter, reopening, result, snapshot

type Remark = tuple[Participation, Line | None, str]  # what is objected to, in the end


def council_of(province: Province) -> Committee:
    """The province's council; made when nobody has registered it yet."""
    council = Committee.objects.filter(province=province, kind=CommitteeKind.COUNCIL).order_by("pk").first()
    if council:
        return council
    with translation.override(settings.LANGUAGE_CODE):
        title = str(CommitteeKind.COUNCIL.label)
    return Committee.objects.create(province=province, kind=CommitteeKind.COUNCIL, title=title)


# -- the letter -----------------------------------------------------------------------------------


@transaction.atomic
def dispatch(
    result_set: ResultSet, *, by: User, number: str, date: date, file: tuple[str, bytes], note: str = ""
) -> Letter:
    """Send the frozen results to the council: a letter with its number and date; `file` is (name, bytes) of the list.

    Raises Refusal for a letter dated in the future and where earlier gates are open. Returns the Letter.
    """
    if date > timezone.localdate():
        raise Refusal(_("A letter that was sent is not dated in the future."))
    result_set = perform(result_set, "dispatch", by=by, note=note or number)
    name, content = file
    sent = Letter.objects.create(
        cycle=result_set.cycle,
        result_set=result_set,
        kind=LetterKind.COUNCIL,
        number=number,
        date=date,
        recipient=str(council_of(result_set.cycle.province)),
        file=ContentFile(content, name=name),
        made_by=by,
        sent_by=by,
        sent_at=timezone.now(),
    )
    notice.tell(
        notice.people(Role.COUNCIL, province=result_set.cycle.province_id),
        event=f"council:{sent.pk}",
        kind=NoticeKind.RESULTS,
        cycle=result_set.cycle,
        text=lambda: (
            _("The results of “%(cycle)s” were sent to the council; record the receipt of the letter.")
            % {"cycle": result_set.cycle}
        ),
    )
    return sent


def receive_waiting(result_set: ResultSet, *, by: User, on_behalf: OnBehalf | None = None) -> None:
    """A council that decides has received its letter."""
    for sent in end.council_letters(result_set).filter(received_at=None):
        letter.receive(sent, by=by, on_behalf=on_behalf)


# -- the session ----------------------------------------------------------------------------------


@transaction.atomic
def hold_council(
    result_set: ResultSet, *, by: User, on_behalf: OnBehalf | None = None, **particulars: Any
) -> ResultSet:
    """Record the council's session and its approval of the results in one step; `particulars` as in `new_session`."""
    check_step(result_set, "approve", by, on_behalf)
    session = new_session(result_set, by=by, **particulars)
    return approve(result_set, by=by, session=session, on_behalf=on_behalf, note=session.resolution)


def check_step(result_set: ResultSet, name: str, by: User, on_behalf: OnBehalf | None) -> None:
    """Raise for a person without right before a session is written; the state is asked by the step itself."""
    step = transition_of(result_set, name)
    if step is not None:
        check_person(step.permission, result_set, by, on_behalf)


def new_session(
    result_set: ResultSet,
    *,
    by: User,
    committee: Committee,
    number: str,
    held_on: date,
    resolution: str,
    minutes: File | None = None,
    present: Iterable[CommitteeMember] = (),
    guests: str = "",
) -> CommitteeSession:
    """A session with the frozen list as its agenda; one of this committee and number is taken as it stands.

    `present` are CommitteeMembers, `guests` further names. Raises Refusal for what `check_held` misses.
    """
    facts: dict[str, Any] = {"cycle": result_set.cycle, "held_on": held_on, "resolution": resolution, "recorded_by": by}
    facts |= {"minutes": minutes or "", "guests": guests, "agenda": agenda(result_set)}
    check_rows(CommitteeSession(committee=committee, number=number, **facts), by=by)
    session, created = CommitteeSession.objects.get_or_create(committee=committee, number=number, defaults=facts)
    if created:
        session.present.set(present)
    return session


def agenda(result_set: ResultSet) -> str:
    """The agenda as the frozen list gives it: the results with their integrity code, agency by agency."""
    figures = snapshot.figures(result_set)
    if figures is None:
        return ""
    content = kept.read(figures)
    names = {agency["row"]: agency["name"] for agency in content["agencies"]}
    totals = {row["participation"]: row for row in content["results"] if row["dimension"] is None}
    with translation.override(settings.LANGUAGE_CODE):
        first = _("Results of “%(cycle)s” by name of the agency, integrity code %(code)s:") % {
            "cycle": content["cycle"]["title"],
            "code": figures.sha256,
        }
        rows = sorted(names, key=lambda key: persian.sort_key(names[key]))
        lines = [f"{place}. {names[key]}: {total_of(totals[key])}" for place, key in enumerate(rows, start=1)]
        return "\n".join([first, *(persian.localise_digits(line) for line in lines)])


def total_of(row: dict[str, Any]) -> str:
    """A total as it is shown, or why there is none."""
    if row["passive"]:
        return _("Did not take part")
    return "—" if row["total"] is None else persian.format_decimal(scoring.to_two_decimals(Decimal(row["total"])))


def check_held(result_set: ResultSet, session: CommitteeSession | None) -> CommitteeSession:
    """The session. Raises Refusal unless it is the council's, of this cycle, and was held, with minutes and persons."""
    if session is None or session.cycle_id != result_set.cycle_id:
        raise Refusal(_("Name the council's session of this cycle."))
    missing = []
    if session.committee.kind != CommitteeKind.COUNCIL:
        missing.append(_("The session is not one of the council."))
    if session.held_on > timezone.localdate():
        missing.append(_("The session is dated in the future: record it after it was held."))
    if not session.minutes:
        missing.append(_("The session has no minutes: attach their file."))
    if not session.guests.strip() and not session.present.exists():
        missing.append(_("The session names nobody present: choose the members, or write the names of others."))
    if missing:
        raise Refusal(*missing)
    return session


def decided(session: CommitteeSession, decision: str) -> None:
    """Note in the session what it decided on the results."""
    session.decision = decision
    session.save(update_fields=["decision"])


@transaction.atomic
def approve(
    result_set: ResultSet,
    *,
    by: User,
    session: CommitteeSession | None,
    on_behalf: OnBehalf | None = None,
    note: str = "",
) -> ResultSet:
    """Record the council's approval, in a session of this cycle that was held. Raises Refusal, Forbidden."""
    check_step(result_set, "approve", by, on_behalf)
    held = check_held(result_set, session)
    result_set = perform(result_set, "approve", by=by, on_behalf=on_behalf, note=note, session=held)
    decided(held, CouncilDecision.APPROVED)
    receive_waiting(result_set, by=by, on_behalf=on_behalf)
    return result_set


# -- the return -----------------------------------------------------------------------------------


@transaction.atomic
def return_(
    result_set: ResultSet,
    *,
    by: User,
    reason: str,
    session: CommitteeSession,
    remarks: Sequence[Remark],
    on_behalf: OnBehalf | None = None,
) -> ResultSet:
    """The council returns the results with its remarks: (participation, line or None, what is objected to).

    The set is void, sent reports are superseded and the cycle goes back to the confirmation. The files that the remarks
    name are open for their answers; each remark is answered before the next results are computed.
    """
    check_step(result_set, "return_", by, on_behalf)
    check_held(result_set, session)
    if not remarks:
        raise Refusal(_("Name the agencies, and the lines where there are some, to which the council objects."))
    result_set = perform(result_set, "return_", by=by, on_behalf=on_behalf, note=reason, session=session)
    decided(session, CouncilDecision.RETURNED)
    receive_waiting(result_set, by=by, on_behalf=on_behalf)
    result.withdraw_reports(result_set, by=by, reason=reason)
    for participation, line, text in remarks:
        CouncilRemark.objects.create(
            result_set=result_set, session=session, participation=participation, line=line, text=text
        )
    scheduler = audit.scheduler(result_set.cycle.province)
    if result_set.cycle.stage in (Stage.RANKING, Stage.FESTIVAL):
        year.reopen(result_set.cycle, stage=Stage.CONFIRMATION, by=scheduler, reason=reason)
    for file in named_files(remarks):
        reopening.reopen(file, by=scheduler, reason=reason)
    tell_staff(result_set)
    return result_set


def named_files(remarks: Sequence[Remark]) -> list[Assessment]:
    """The confirmed or reported files that the remarks name: of a line its own, of an agency all."""
    lines = {line.assessment_id for _participation, line, _text in remarks if line is not None}
    agencies = {participation.pk for participation, line, _text in remarks if line is None}
    rows = Assessment.objects.filter(pk__in=lines) | Assessment.objects.filter(participation__in=agencies)
    return list(rows.filter(state__in=["confirmed", "reported"]).order_by("pk"))


def tell_staff(result_set: ResultSet) -> None:
    """Tell managers and experts of the province that remarks wait for their answers."""
    number, cycle = result_set.remarks.count(), result_set.cycle
    people = [*notice.managers(cycle), *notice.people(Role.EXPERT, province=cycle.province_id)]
    notice.tell(
        people,
        event=f"return:{result_set.pk}",
        kind=NoticeKind.RESULTS,
        cycle=cycle,
        text=lambda: (
            ngettext(
                "The council returned the results with %(number)s remark; answer it.",
                "The council returned the results with %(number)s remarks; answer them.",
                number,
            )
            % {"number": persian.localise_digits(number)}
        ),
    )


def line_named(participation: Participation, code: str) -> Line | None:
    """The line of an agency by the code of its indicator, or None."""
    lines = Line.objects.filter(assessment__participation=participation, indicator__code__iexact=code.strip())
    return lines.select_related("assessment").first()
