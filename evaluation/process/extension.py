"""More time: an agency asks for it, the provincial organization grants or refuses it; both sides are told."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import AssessmentState, ExtensionDecision, NoticeKind, Part, Role, Stage
from evaluation.models import ExtensionRequest, StageWindow
from evaluation.rules.permissions import holds

from . import calendar, deadlines, notice, planning
from .door import Forbidden, Refusal, log

AFTER_THE_END = datetime.timedelta(days=7)  # so long after a window's end an agency may still ask


def work_of(assessment):
    """(stage, part) that the agency would need more time for in the assessment's present state, or None."""
    if assessment.state in AssessmentState.open_to_agency():
        return Stage.SELF_ASSESSMENT, Part.WHOLE
    if assessment.state == AssessmentState.DISCLOSED:
        return Stage.OBJECTION, Part.OBJECT
    return None


def window_to_ask_for(assessment, at=None):
    """The window that governs this work and is open, or has ended not longer than seven days ago; else None."""
    at, work = at or timezone.now(), work_of(assessment)
    if work is None:
        return None
    stage, part = work
    found = StageWindow.objects.of(assessment.cycle, stage, part=part, dimension=assessment.dimension_id)
    return found.filter(opens_at__lte=at, closes_at__gt=at - AFTER_THE_END).order_by("-closes_at").first()


def why_not_ask(assessment):
    """Sentences that say why no more time can be asked for now; empty when it can."""
    participation, window = assessment.participation, window_to_ask_for(assessment)
    if window is None:
        return [
            _(
                "More time can be asked for while the window is open and up to seven days after its end. Write to the "
                "provincial organization."
            )
        ]
    waiting = ExtensionRequest.objects.filter(cycle=participation.cycle, agency=participation.agency, decision="")
    return [_("Your request for more time waits for its answer; ask again after that.")] if waiting.exists() else []


@transaction.atomic
def ask(assessment, *, wanted_until, reason, by):
    """Ask for more time for the agency of this assessment. `wanted_until`: aware datetime, after the window's end.

    Returns the request; staff of the province are told. Raises Forbidden, Refusal.
    """
    if not holds(by, "ask_extensionrequest", assessment):
        raise Forbidden("ask_extensionrequest")
    if reasons := why_not_ask(assessment):
        raise Refusal(*reasons)
    window = window_to_ask_for(assessment)
    if not reason.strip():
        raise Refusal(_("A request for more time needs a reason."))
    if wanted_until <= max(timezone.now(), window.closes_at):
        raise Refusal(
            _("Ask for a moment after the end of “%(window)s”, which is %(day)s, and after now.")
            % {"window": window, "day": deadlines.last_day(window.closes_at)}
        )
    participation = assessment.participation
    made = ExtensionRequest.objects.create(
        cycle=participation.cycle,
        agency=participation.agency,
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


def locked(request, by):
    request = ExtensionRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not holds(by, "decide_extensionrequest", request):
        raise Forbidden("decide_extensionrequest")
    if request.decision:
        raise Refusal(_("This request has been answered already: %(decision)s.") % {"decision": answer_of(request)})
    return request


def answer_of(request):
    return request.get_decision_display()


@transaction.atomic
def grant(request, *, ends_at=None, note="", by):
    """Grant the request until `ends_at` (aware datetime; what was wanted by default) by an extension. Returns it.

    The agency is told by `calendar.extend`. Raises Forbidden, Refusal.
    """
    request = locked(request, by)
    request.extension = calendar.extend(
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
def refuse(request, *, reason, by):
    """Refuse the request with a reason, which the agency reads. Returns it."""
    request = locked(request, by)
    if not reason.strip():
        raise Refusal(_("A refusal needs a reason."))
    settle(request, ExtensionDecision.REFUSED, note=reason, by=by)
    tell_refusal(request)
    return request


def settle(request, decision, *, note, by):
    request.decision, request.decision_note = decision, note
    request.decided_by, request.decided_at = by, timezone.now()
    request.save()
    log(request, "grant" if decision == ExtensionDecision.GRANTED else "refuse", by=by, note=note)
    return request


def tell_staff(request):
    names = {"agency": request.agency, "work": request.get_stage_display()}
    names["day"] = deadlines.last_day(request.wanted_until)
    text = _("%(agency)s asks for more time for “%(work)s” until the end of %(day)s.")
    people = notice.people(Role.EXPERT, province=request.cycle.province) + notice.managers(request.cycle)
    return notice.tell(
        people,
        event=f"extension-asked:{request.pk}",
        kind=NoticeKind.EXTENSION,
        cycle=request.cycle,
        text=lambda: text % names,
    )


def tell_refusal(request):
    names = {"work": request.get_stage_display(), "reason": request.decision_note}
    return notice.tell(
        notice.people(Role.AGENCY, agency=request.agency),
        event=f"extension-refused:{request.pk}",
        kind=NoticeKind.EXTENSION,
        cycle=request.cycle,
        text=lambda: _("More time for “%(work)s” is refused: %(reason)s") % names,
    )


# -- what was given -------------------------------------------------------------------------------


def days_of(extensions):
    """{key of the extension: calendar days beyond the end of its window}; without a window, from its granting."""
    extensions = list(extensions)
    windows = list(StageWindow.objects.filter(cycle__in={each.cycle_id for each in extensions}))
    return {each.pk: days_beyond(each, windows) for each in extensions}


def days_beyond(extension, windows):
    ends = [each.closes_at for each in windows if governs(each, extension)]
    base = max(ends, default=extension.granted_at)
    return max((planning.last_day_of(extension.ends_at) - planning.last_day_of(base)).days, 0)


def governs(window, extension):
    return (
        window.cycle_id == extension.cycle_id
        and window.stage == extension.stage
        and (not extension.part or window.part in ("", extension.part))
        and (extension.dimension_id is None or window.dimension_id in (None, extension.dimension_id))
    )


def per_agency(extensions):
    """[{agency, number, days}], most days first; two extensions of one window count their days once, by the longer."""
    extensions = list(extensions)
    days, agencies, longest = days_of(extensions), {}, {}
    for each in extensions:
        agencies.setdefault(each.agency, []).append(each)
        key = each.agency, each.cycle_id, each.stage, each.part, each.dimension_id
        longest[key] = max(longest.get(key, 0), days[each.pk])
    rows = [
        {"agency": agency, "number": len(own), "days": sum(n for key, n in longest.items() if key[0] == agency)}
        for agency, own in agencies.items()
    ]
    return sorted(rows, key=lambda row: (-row["days"], -row["number"], row["agency"].name))
