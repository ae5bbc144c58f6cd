"""What holds of every plan and every move, whatever the days off."""

import datetime
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from evaluation.enums import STAGE_PARTS, Part, Stage
from evaluation.models import DayOff
from evaluation.persian import format_jalali, parse_jalali
from evaluation.process.door import Refusal
from evaluation.process.year import clashes, planning
from tests.properties import examples

DAY = datetime.timedelta(days=1)
BEGIN = parse_jalali("1404/12/15")  # Nowruz, and in some years the feast of the end of fasting, are near
few = examples(25, suppress_health_check=[HealthCheck.function_scoped_fixture])
days_off = st.dictionaries(st.integers(0, 400).map(lambda number: BEGIN + DAY * number), st.booleans(), max_size=40)
lengths = st.dictionaries(st.sampled_from(list(planning.ILAM_DAYS)), st.integers(1, 400), max_size=12)
starts = st.integers(0, 366 * 4).map(lambda number: BEGIN + DAY * number)


def calendar_of(own, monkeypatch):
    """Days that staff added, or struck (True: worked through)."""
    made = planning.Calendar()
    made.own = {day: DayOff(date=day, title="تعطیل", working=working) for day, working in own.items()}
    monkeypatch.setattr(planning, "Calendar", lambda province=None: made)
    return made


class NoSteps:
    def select_related(self, *_names):
        return []


def year(stage=Stage.DRAFT, skipped=()):
    return SimpleNamespace(stage=stage, skipped=skipped, template=None, province=None, steps=NoSteps())


@few
@given(start=starts, days=lengths, own=days_off, skipped=st.sets(st.sampled_from(list(planning.ILAM_DAYS)), max_size=5))
def test_a_plan_is_a_chain_that_never_ends_on_a_day_off(start, days, own, skipped):
    with pytest.MonkeyPatch.context() as patched:
        calendar = calendar_of(own, patched)
        made = planning.drafts(year(skipped=skipped), start=start, days=days)
    assert [each.stage for each in made] == [stage for stage in planning.ILAM_DAYS if stage not in skipped]
    assert [each.opens_at for each in made[1:]] == [each.closes_at for each in made[:-1]]
    assert timezone.localtime(made[0].opens_at).date() == start if made else True
    for each in made:
        asked = days.get(each.stage, planning.ILAM_DAYS[each.stage])
        assert calendar.off(each.last) == ""
        assert all(calendar.off(each.wanted + DAY * number) for number in range((each.last - each.wanted).days))
        assert each.days >= asked
        assert (each.because == "") == (each.days == asked)
        assert timezone.localtime(each.closes_at).time() == datetime.time.min
    assert clashes.clashes_of_windows(made) == []


@few
@given(start=starts, own=days_off, given_parts=st.lists(st.integers(1, 90), min_size=3, max_size=3))
def test_parts_follow_one_another_and_only_answers_outlast_their_stage(start, own, given_parts):
    parts = {Stage.OBJECTION: dict(zip(STAGE_PARTS[Stage.OBJECTION], given_parts, strict=True))}
    with pytest.MonkeyPatch.context() as patched:
        calendar_of(own, patched)
        made = planning.drafts(year(Stage.OBJECTION), start=start, parts=parts)
    rows = [each for each in made if each.stage == Stage.OBJECTION]
    after = next(each for each in made if each.stage == Stage.CONFIRMATION)
    assert all(one.closes_at == two.opens_at for one, two in pairwise(rows))
    assert all(each.closes_at <= after.opens_at for each in rows if each.part != Part.ANSWER)


# -- moving -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_whatever_is_moved_the_others_keep_their_order_and_end_on_working_days(cast):
    planning.plan(cast.cycle, start=BEGIN, by=cast.manager)
    windows = list(cast.cycle.windows.select_related("cycle__province").order_by("opens_at"))

    @few
    @given(number=st.integers(0, len(windows) - 1), shift=st.integers(-30, 420), own=days_off)
    def holds(number, shift, own):
        window = windows[number]
        closes_at = max(planning.days_later(window.closes_at, DAY * shift), window.opens_at + DAY)
        with pytest.MonkeyPatch.context() as patched:
            calendar = calendar_of(own, patched)
            first, *others = planning.moved(window, opens_at=window.opens_at, closes_at=closes_at, following=True)
        assert (first.opens_at, first.closes_at) == (window.opens_at, closes_at)
        moves = closes_at != window.closes_at
        assert [each.window for each in others] == (windows[number + 1 :] if moves else [])
        assert all(each.opens_at < each.closes_at for each in others)
        assert [calendar.off(each.last) for each in others] == [""] * len(others)
        assert all(one.closes_at == two.opens_at for one, two in pairwise([first, *others]))

    holds()


# -- odd plans ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_plan_across_nowruz_and_a_run_of_days_off_ends_after_them(cast):
    for number in range(1, 9):  # staff add a week to the feast
        day = parse_jalali("1405/01/04") + DAY * number
        DayOff.objects.create(province=cast.province, date=day, title="سیل")
    DayOff.objects.create(province=cast.province, date=parse_jalali("1405/01/02"), title="کار", working=True)
    ends = {}
    for days in (4, 5, 6, 7):  # from 28 Esfand: the last days by count are 1, 2, 3 and 4 Farvardin
        first = planning.drafts(cast.cycle, start=parse_jalali("1404/12/27"), days={Stage.CIRCULAR: days})[0]
        ends[format_jalali(first.wanted)] = format_jalali(first.last)
    assert ends == {  # the 13th is official, the 14th a Friday
        "1405/01/01": "1405/01/02",
        "1405/01/02": "1405/01/02",
        "1405/01/03": "1405/01/15",
        "1405/01/04": "1405/01/15",
    }


@pytest.mark.django_db
def test_a_year_typed_wrong_closes_nothing(cast):
    with pytest.raises(Refusal) as refused:
        planning.plan(cast.cycle, start=parse_jalali("1304/07/05"), by=cast.manager)
    assert refused.value.sentences == [
        "The first day (1304/07/05) is before the performance year begins (1404/01/01): check the year."
    ]
    assert cast.cycle.windows.count() == 0
    cast.until(Stage.SELF_ASSESSMENT)
    before = list(cast.cycle.windows.order_by("pk").values_list("closes_at", "closed_at"))
    with pytest.raises(Refusal) as refused:
        planning.plan(cast.cycle, start=parse_jalali("1404/07/05"), by=cast.manager)
    assert refused.value.sentences == [
        "With this plan “Entering the self-assessment” would have ended on 1404/08/04, and the "
        "missed-deadline rule would be applied at once. Give it more days or begin later."
    ]
    assert list(cast.cycle.windows.order_by("pk").values_list("closes_at", "closed_at")) == before
