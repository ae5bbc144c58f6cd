"""More time: asked for by the agency, granted or refused by the province, told to both, and counted by agency."""

import datetime

import pytest
from django.utils import timezone

from evaluation.enums import Stage
from evaluation.models import Extension, ExtensionRequest, Notice, StageWindow, TransitionLog
from evaluation.persian import format_jalali
from evaluation.process import calendar, extension, planning
from evaluation.process.door import Forbidden, Refusal

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
WAITS = "Your request for more time waits for its answer; ask again after that."
TOO_LATE = (
    "More time can be asked for while the window is open and up to seven days after its end. "
    "Write to the provincial organization."
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
    assert refusal(ask, entry, reason=" ") == ["A request for more time needs a reason."]
    last = format_jalali(planning.last_day_of(window(entry).closes_at))
    assert refusal(ask, entry, days=0) == [
        f"Ask for a moment after the end of “{window(entry)}”, which is {last}, and after now."
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
        calendar.extend(
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
