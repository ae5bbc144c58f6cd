"""More time: an agency or its headquarters asks for it for their own step; the provincial organization grants or
refuses it; both sides are told. More time for anybody else's step is given by staff, who also move the windows.
"""

import datetime
from collections.abc import Iterable
from typing import Any, NamedTuple, TypedDict

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import AssessmentState, ExtensionDecision, ListState, NoticeKind, Part, Role, Sender, Stage
from evaluation.models import (
    Agency,
    Assessment,
    Dimension,
    Extension,
    ExtensionRequest,
    Notice,
    SpecificList,
    StageWindow,
)
from evaluation.persian import last_day_of
from evaluation.rules import conditions
from evaluation.rules.permissions import SENDER_ROLE, holds
from evaluation.rules.windows import last_day_as_text, own_ends

from ..door import Forbidden, Refusal, log
from ..messages import notice
from . import whose_turn, windows

AFTER_THE_END = datetime.timedelta(days=7)  # so long after the end of its time a party may still ask


type Asked = Assessment | SpecificList  # the file for whose step more time is asked


class Work(NamedTuple):
    """Whose step it is, and the window that it needs."""

    stage: Stage
    part: Part
    roles: tuple[Role, ...]


ENTRY = Work(Stage.SELF_ASSESSMENT, Part.WHOLE, (Role.AGENCY,))
WORK = {  # (model, state): the step that the file waits for
    **{("assessment", state): ENTRY for state in AssessmentState.open_to_agency()},
    ("assessment", AssessmentState.SUBMITTED): Work(Stage.TRANSFER, Part.HEADQUARTERS, (Role.HEADQUARTERS,)),
    ("assessment", AssessmentState.DISCLOSED): Work(Stage.OBJECTION, Part.OBJECT, (Role.AGENCY,)),
    ("specificlist", ListState.DRAFTING): Work(Stage.INDICATORS, Part.PROPOSE, (Role.AGENCY, Role.HEADQUARTERS)),
    ("specificlist", ListState.ENDORSED): Work(Stage.INDICATORS, Part.ARO, (Role.HEADQUARTERS,)),
}


def work_of(file: Asked) -> Work | None:
    """The Work for which more time could be asked in the file's present state, or None.

    `file`: an assessment or a specific list.
    """
    if file._meta.model_name == "assessment" and file.state == AssessmentState.APPROVED:
        sender = SENDER_ROLE[Sender(file.cycle.sender)]
        return Work(Stage.TRANSFER, Part.FORWARD, (sender,)) if sender else None
    return WORK.get((file._meta.model_name, file.state))


def may_ask(user: User, file: Asked | None) -> bool:
    """Whether the step that the file waits for is this person's; where it waits for none, whether one could be."""
    work = work_of(file) if file else None
    return holds(user, "ask_extensionrequest", file, among=work and work.roles)


def dimension_of(file: Asked) -> Dimension | None:
    """The dimension of an assessment, or the specific one for a specific list."""
    return file.dimension if file._meta.model_name == "assessment" else conditions.specific_dimension(file)


def window_to_ask_for(file: Asked, at: datetime.datetime | None = None) -> StageWindow | None:
    """The last window that governs this work and has opened, unless the party's time ended more than seven days ago."""
    at, work = at or timezone.now(), work_of(file)
    if work is None:
        return None
    windows = StageWindow.objects.of(file.cycle, work.stage, part=work.part, dimension=dimension_of(file))
    window = windows.filter(opens_at__lte=at).order_by("-closes_at").first()
    return window if window and end_of_time(file, window) > at - AFTER_THE_END else None


def end_of_time(file: Asked, window: StageWindow) -> datetime.datetime:
    """When the party's time for this window ends or ended: the window's end, a later extension's or return's."""
    work, ends = work_of(file), [window.closes_at, *own_ends(file)]
    if work is not None:
        extensions = file.cycle.extensions.of(
            file.cycle, work.stage, part=work.part, dimension=dimension_of(file), agency=file.agency
        )
        ends += extensions.values_list("ends_at", flat=True)
    return max(ends)


def why_not_ask(file: Asked) -> list[str]:
    """Sentences that say why no more time can be asked for now; empty when it can."""
    window = window_to_ask_for(file)
    if window is None:
        return [
            _(
                "An extension can be requested while the window is open and up to seven days after its end. After "
                "that, write to the provincial organization."
            )
        ]
    waiting = ExtensionRequest.objects.filter(cycle=file.cycle, agency=file.agency, decision="")
    return (
        [_("Your earlier request is waiting for its answer; you can ask again afterwards.")] if waiting.exists() else []
    )


@transaction.atomic
def ask(file: Asked, *, wanted_until: datetime.datetime, reason: str, by: User) -> ExtensionRequest:
    """Ask for more time for the step that this assessment or specific list waits for, by the party whose step it is.

    `wanted_until`: aware datetime, after the end of its time. Returns the request; staff of the province are told.
    Raises Forbidden, Refusal.
    """
    if not may_ask(by, file):
        raise Forbidden("ask_extensionrequest")
    window = window_to_ask_for(file)
    if (reasons := why_not_ask(file)) or window is None:
        raise Refusal(*reasons)
    end = end_of_time(file, window)
    if not reason.strip():
        raise Refusal(_("Give a reason for the request."))
    if wanted_until <= max(timezone.now(), end):
        raise Refusal(
            _("The requested time must be in the future and after the end of “%(window)s” (%(day)s).")
            % {"window": window, "day": last_day_as_text(end)}
        )
    made = ExtensionRequest.objects.create(
        cycle=file.cycle,
        agency=file.agency,
        stage=window.stage,
        part=window.part,
        dimension=window.dimension,
        reason=reason,
        wanted_until=wanted_until,
        asked_by=by,
    )
    log(made, "ask", by=by, note=reason)
    tell_staff(made)
    return made


def locked(request: ExtensionRequest, by: User) -> ExtensionRequest:
    """The request as it is now, locked. Raises Forbidden, and Refusal when it has been answered."""
    request = ExtensionRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not holds(by, "decide_extensionrequest", request):
        raise Forbidden("decide_extensionrequest")
    if request.decision:
        raise Refusal(_("This request has been answered already: %(decision)s.") % {"decision": answer_of(request)})
    return request


def answer_of(request: ExtensionRequest) -> str:
    """The answer to a request, as people read it."""
    return request.get_decision_display()


@transaction.atomic
def grant(
    request: ExtensionRequest, *, ends_at: datetime.datetime | None = None, note: str = "", by: User
) -> ExtensionRequest:
    """Grant the request until `ends_at` (aware datetime; what was wanted by default) by an extension. Returns it.

    The people are told by `calendar.extend`. Raises Forbidden, Refusal.
    """
    request = locked(request, by)
    request.extension = windows.extend(
        request.cycle,
        request.agency,
        stage=request.stage,
        part=request.part,
        dimension=request.dimension,
        ends_at=ends_at or request.wanted_until,
        reason=request.reason,
        by=by,
    )
    return settle(request, ExtensionDecision.GRANTED, note=note, by=by)


@transaction.atomic
def refuse(request: ExtensionRequest, *, reason: str, by: User) -> ExtensionRequest:
    """Refuse the request with a reason, which those who asked read. Returns it."""
    request = locked(request, by)
    if not reason.strip():
        raise Refusal(_("A refusal needs a reason."))
    settle(request, ExtensionDecision.REFUSED, note=reason, by=by)
    tell_refusal(request)
    return request


def settle(request: ExtensionRequest, decision: ExtensionDecision, *, note: str, by: User) -> ExtensionRequest:
    """Write the decision with its person and moment, and log it. Returns the request."""
    request.decision, request.decision_note = decision, note
    request.decided_by, request.decided_at = by, timezone.now()
    request.save()
    log(request, "grant" if decision == ExtensionDecision.GRANTED else "refuse", by=by, note=note)
    return request


def tell_staff(request: ExtensionRequest) -> list[Notice]:
    """Tell the experts and managers of the province of a request. Returns the notices."""
    names = {"agency": request.agency, "work": request.get_stage_display()}
    names["day"] = last_day_as_text(request.wanted_until)
    text = _("%(agency)s asks for more time for “%(work)s” until the end of %(day)s.")
    people = notice.people(Role.EXPERT, province=request.cycle.province) + notice.managers(request.cycle)
    return notice.tell(
        people,
        event=f"extension-asked:{request.pk}",
        kind=NoticeKind.EXTENSION,
        cycle=request.cycle,
        text=lambda: text % names,
    )


def tell_refusal(request: ExtensionRequest) -> list[Notice]:
    """Tell the agency, and its headquarters where it has work here, of a refusal. Returns the notices."""
    names = {"work": request.get_stage_display(), "reason": request.decision_note}
    return notice.tell(
        whose_turn.people_given_time(request),
        event=f"extension-refused:{request.pk}",
        kind=NoticeKind.EXTENSION,
        cycle=request.cycle,
        text=lambda: _("More time for “%(work)s” is refused: %(reason)s") % names,
    )


# -- what was given -------------------------------------------------------------------------------


def days_of(extensions: Iterable[Extension]) -> dict[int, int]:
    """{key of the extension: calendar days beyond the end of its window}; without a window, from its granting."""
    extensions = list(extensions)
    windows = list(StageWindow.objects.filter(cycle__in={extension.cycle_id for extension in extensions}))
    return {extension.pk: days_beyond(extension, windows) for extension in extensions}


def days_beyond(extension: Extension, windows: Iterable[StageWindow]) -> int:
    """Calendar days of an extension beyond the end of its window; `windows` are those of its cycle."""
    ends = [window.closes_at for window in windows if governs(window, extension)]
    base = max(ends, default=extension.granted_at)
    return max((last_day_of(extension.ends_at) - last_day_of(base)).days, 0)


def governs(window: StageWindow, extension: Extension) -> bool:
    """Whether the window is one for the work of this extension."""
    return (
        window.cycle_id == extension.cycle_id
        and window.stage == extension.stage
        and (not extension.part or window.part in ("", extension.part))
        and (extension.dimension_id is None or window.dimension_id in (None, extension.dimension_id))
    )


class OfAgency(TypedDict):
    """What one agency was given: how many extensions, and calendar days in all."""

    agency: Agency
    number: int
    days: int


def per_agency(extensions: Iterable[Extension]) -> list[OfAgency]:
    """[{agency, number, days}], most days first; two extensions of one window count their days once, by the longer."""
    extensions = list(extensions)
    days = days_of(extensions)
    agencies: dict[Agency, list[Extension]] = {}
    longest: dict[tuple[Any, ...], int] = {}
    for extension in extensions:
        agencies.setdefault(extension.agency, []).append(extension)
        key = extension.agency, extension.cycle_id, extension.stage, extension.part, extension.dimension_id
        longest[key] = max(longest.get(key, 0), days[extension.pk])
    rows: list[OfAgency] = [
        {"agency": agency, "number": len(own), "days": sum(n for key, n in longest.items() if key[0] == agency)}
        for agency, own in agencies.items()
    ]
    return sorted(rows, key=lambda row: (-row["days"], -row["number"], row["agency"].name))
