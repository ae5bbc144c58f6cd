"""More time: asked for by the agency, granted or refused by the province, told to both, and counted by agency."""

import datetime

import pytest
from django.utils import timezone

from evaluation.enums import Stage
from evaluation.models import Extension, ExtensionRequest, Notice, SpecificList, StageWindow, TransitionLog
from evaluation.persian import format_jalali, last_day_of
from evaluation.process.door import Forbidden, Refusal
from evaluation.process.year import extension, windows
from evaluation.rules import conditions

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
WAITS = "Your earlier request is waiting for its answer; you can ask again afterwards."
TOO_LATE = (
    "An extension can be requested while the window is open and up to seven days after its end. After "
    "that, write to the provincial organization."
)


@pytest.fixture
def entry(cast):
    return cast.until(Stage.SELF_ASSESSMENT)


def window(cast):
    return cast.cycle.windows.get(stage=Stage.SELF_ASSESSMENT)


def ended(cast, ago):
    now = timezone.now()
    StageWindow.objects.filter(pk=window(cast).pk).update(opens_at=now - DAY * 30, closes_at=now - ago)


def ask(cast, days=10, **more):
    given = {"wanted_until": window(cast).closes_at + DAY * days, "reason": "سیل", "by": cast.reporter_a} | more
    return extension.ask(cast.assessment(cast.agency_a), **given)


def refusal(call, *args, **kwargs):
    with pytest.raises(Refusal) as refused:
        call(*args, **kwargs)
    return refused.value.sentences


def told(event):
    rows = Notice.objects.filter(event__startswith=event).order_by("user__username")
    return list(rows.values_list("user__username", "kind"))


def test_a_request_goes_to_the_staff_of_the_province(entry):
    request = ask(entry)
    assert (request.stage, request.part, request.agency, request.asked_by) == (
        Stage.SELF_ASSESSMENT,
        "",
        entry.agency_a,
        entry.reporter_a,
    )
    assert told(f"extension-asked:{request.pk}") == [("expert", "extension"), ("manager", "extension")]
    assert TransitionLog.objects.get(name="ask").note == "سیل"
    assert Extension.objects.count() == 0


def test_one_request_at_a_time(entry):
    ask(entry)
    assert refusal(ask, entry) == [WAITS]


@pytest.mark.parametrize(("ago", "allowed"), [(DAY * 6.99, True), (DAY * 7.01, False)])
def test_up_to_seven_days_after_the_end(entry, ago, allowed):
    ended(entry, ago)
    if allowed:
        assert ask(entry).decision == ""
    else:
        assert refusal(ask, entry) == [TOO_LATE]


def test_before_the_window_nothing_is_asked(entry):
    StageWindow.objects.filter(pk=window(entry).pk).update(opens_at=timezone.now() + DAY)
    assert refusal(ask, entry) == [TOO_LATE]


def test_a_request_has_a_reason_and_wants_more_than_there_is(entry):
    assert refusal(ask, entry, reason=" ") == ["Give a reason for the request."]
    last = format_jalali(last_day_of(window(entry).closes_at))
    assert refusal(ask, entry, days=0) == [
        f"The requested time must be in the future and after the end of “{window(entry)}” ({last})."
    ]


def test_only_the_agency_itself_asks(entry):
    for name in ("reporter_b", "headquarters_a", "manager", "evaluator"):
        with pytest.raises(Forbidden):
            ask(entry, by=getattr(entry, name))
    assert ExtensionRequest.objects.count() == 0


def test_granting_opens_the_window_for_the_agency_alone_until_its_own_end(entry):
    request, at = ask(entry), timezone.now() + DAY * 3
    ended(entry, DAY)
    granted = extension.grant(request, ends_at=at, by=entry.expert)
    assert (granted.decision, granted.decided_by, granted.extension.ends_at) == ("granted", entry.expert, at)
    is_open = StageWindow.objects.is_open
    assert is_open(entry.cycle, Stage.SELF_ASSESSMENT, agency=entry.agency_a, at=at - DAY)
    assert not is_open(entry.cycle, Stage.SELF_ASSESSMENT, agency=entry.agency_a, at=at)
    assert not is_open(entry.cycle, Stage.SELF_ASSESSMENT, agency=entry.agency_b, at=at - DAY)
    assert told("extended:") == [("reporter_a", "extension")]


def test_what_was_wanted_is_granted_by_default(entry):
    request = ask(entry)
    assert extension.grant(request, by=entry.manager).extension.ends_at == request.wanted_until


def test_a_refusal_has_a_reason_that_the_agency_reads_and_it_may_ask_again(entry):
    request = ask(entry)
    assert refusal(extension.refuse, request, reason=" ", by=entry.expert) == ["A refusal needs a reason."]
    extension.refuse(request, reason="مهلت کافی است", by=entry.expert)
    notice = Notice.objects.get(event=f"extension-refused:{request.pk}")
    assert (notice.user, notice.text) == (
        entry.reporter_a,
        "More time for “Entering the self-assessment” is refused: مهلت کافی است",
    )
    assert refusal(extension.grant, request, by=entry.expert) == ["This request has been answered already: refused."]
    assert ask(entry).decision == ""


def test_only_staff_of_the_province_answer(entry):
    request = ask(entry)
    for name in ("reporter_a", "headquarters_a", "national"):
        with pytest.raises(Forbidden):
            extension.grant(request, by=getattr(entry, name))
        with pytest.raises(Forbidden):
            extension.refuse(request, reason="نه", by=getattr(entry, name))


def test_days_are_counted_beyond_the_window_and_once_for_each(entry):
    end = window(entry).closes_at
    for days, agency in ((3, entry.agency_a), (5, entry.agency_a), (2, entry.agency_b)):
        windows.extend(
            entry.cycle,
            agency,
            stage=Stage.SELF_ASSESSMENT,
            ends_at=end + DAY * days,
            reason="سیل",
            by=entry.manager,
        )
    assert extension.per_agency(Extension.objects.all()) == [
        {"agency": entry.agency_a, "number": 2, "days": 5},
        {"agency": entry.agency_b, "number": 1, "days": 2},
    ]


# -- headquarters, and other files than the self-assessment -------------------------------------------


@pytest.fixture
def approval(cast):
    return cast.until(Stage.TRANSFER)


def hq_asks(cast, agency="agency_a", days=10, **more):
    file = cast.assessment(getattr(cast, agency))
    end = cast.cycle.windows.get(stage=Stage.TRANSFER).closes_at
    given = {"wanted_until": end + DAY * days, "reason": "سیل", "by": cast.headquarters_a} | more
    return extension.ask(file, **given)


def test_headquarters_ask_for_their_own_step_and_both_sides_hear_of_it(approval):
    assert approval.assessment(approval.agency_a).state == "submitted"
    with pytest.raises(Forbidden):
        hq_asks(approval, by=approval.reporter_a)  # the agency's step is over
    request = hq_asks(approval)
    assert (request.stage, request.part, request.agency) == (Stage.TRANSFER, "", approval.agency_a)
    granted = extension.grant(request, by=approval.expert).extension
    assert told(f"extended:{granted.pk}:") == [("headquarters_a", "extension"), ("reporter_a", "extension")]
    at = granted.ends_at - DAY
    is_open = StageWindow.objects.is_open
    for agency, expected in ((approval.agency_a, True), (approval.agency_b, False)):
        assert is_open(approval.cycle, Stage.TRANSFER, part="headquarters", agency=agency, at=at) is expected


def test_after_an_extension_that_ended_late_more_may_be_asked_for(entry):
    ended(entry, DAY * 9)
    assert refusal(ask, entry) == [TOO_LATE]
    now, agency = timezone.now(), entry.agency_a
    lapsed = Extension.objects.create(
        cycle=entry.cycle, agency=agency, stage=Stage.SELF_ASSESSMENT, reason="سیل", granted_at=now - DAY * 8,
        ends_at=now - DAY,
    )  # fmt: skip
    last = format_jalali(last_day_of(lapsed.ends_at))
    assert conditions.entry_open.reasons(entry.assessment(agency)) == [
        f"Your own time for the stage “Entering the self-assessment” ended with {last}: ask for an extension."
    ]
    assert ask(entry, days=14).wanted_until > now


def test_an_end_is_corrected_with_a_log_row_and_told_again_only_when_it_moved(entry):
    end = window(entry).closes_at
    given = windows.extend(
        entry.cycle, entry.agency_a, stage=Stage.SELF_ASSESSMENT, ends_at=end + DAY, reason="سیل", by=entry.manager
    )
    windows.correct(given, ends_at=end + DAY, reason="سیل و زلزله", by=entry.manager)
    assert told(f"extended:{given.pk}:") == [("reporter_a", "extension")]
    windows.correct(given, ends_at=end + DAY * 2, reason="سیل", by=entry.manager)
    assert told(f"extended:{given.pk}:") == [("reporter_a", "extension")] * 2
    assert TransitionLog.objects.filter(name="edit", object_id=given.pk).count() == 2
    wrong = {"ends_at": given.granted_at, "reason": "x", "by": entry.manager}
    assert refusal(windows.correct, given, **wrong) == ["An extension must end after it is granted."]
    with pytest.raises(Forbidden):
        windows.correct(given, ends_at=end + DAY, reason="x", by=entry.expert)


def test_for_the_specific_list_both_ask_until_it_is_sent(cast):
    cast.until(Stage.INDICATORS)
    written = cast.cycle.specific_lists.get(agency=cast.agency_a)
    wish = {"wanted_until": cast.cycle.windows.get(stage=Stage.INDICATORS).closes_at + DAY, "reason": "سیل"}
    for by in (cast.reporter_a, cast.headquarters_a):
        request = extension.ask(written, by=by, **wish)
        assert (request.stage, request.dimension) == (Stage.INDICATORS, None)
        extension.refuse(request, reason="نه", by=cast.expert)
    assert set(told("extension-refused:")) == {("headquarters_a", "extension"), ("reporter_a", "extension")}
    SpecificList.objects.filter(pk=written.pk).update(state="endorsed")
    written.refresh_from_db()
    with pytest.raises(Forbidden):
        extension.ask(written, by=cast.reporter_a, **wish)
    SpecificList.objects.filter(pk=written.pk).update(state="sent")
    written.refresh_from_db()
    assert refusal(extension.ask, written, by=cast.headquarters_a, **wish) == [TOO_LATE]
