"""The festival from its preparation to the announcement: windows, nominations, the committee's choice, the embargo."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from evaluation.enums import FestivalState, Stage
from evaluation.models import Award, Festival, Nominee, Notice, TransitionLog
from evaluation.process.door import Forbidden, Refusal
from evaluation.process.festival import choice, festival, nomination
from evaluation.process.files.letters import act_on_behalf
from evaluation.process.results import result
from evaluation.rules.festival_conditions import ceremony_held, figures_stand
from tests import factories as make

from . import award_province

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def held(cast):
    """A festival whose nominations are open, for teams of at most two and one manager."""
    cast.until(Stage.RANKING)
    teams = make.AwardKindFactory(title="تیم برتر", team_size=2, order=1)
    managers = make.AwardKindFactory(title="مدیر برتر", recipient="manager", in_each=1, order=2)
    held = make.festival(
        cast.cycle,
        kinds=[teams, managers],
        nominations_from=timezone.now() - DAY,
        nominations_until=timezone.now() + DAY,
    )
    return festival.open_nominations(held, by=cast.expert)


def team(cast, held, **fields):
    values = {"name": "تیم میز خدمت", "members": "زهرا\nعلی", "reason": "کاهش زمان پاسخ"} | fields
    kind = held.kinds.get(title="تیم برتر")
    return nomination.nominate(held, by=cast.reporter_a, agency=cast.agency_a, kind=kind, **values)


def chosen_by_committee(cast, held):
    """The window over, one team with the award."""
    nominee = team(cast, held)
    Festival.objects.filter(pk=held.pk).update(nominations_until=timezone.now())
    held = festival.begin_choice(held, by=cast.expert)
    choice.choose(nominee, by=cast.expert, session=held.committee.sessions.get(), reason="بیشترین اثر")
    return festival.finish_choice(held, by=cast.expert), nominee


def log_of(subject):
    rows = TransitionLog.objects.filter(object_id=subject.pk, content_type__model=subject._meta.model_name)
    return list(rows.order_by("pk").values_list("name", "by__username"))


# -- nominations ----------------------------------------------------------------------------------


def test_agencies_are_told_until_when_they_nominate(cast, held):
    told = Notice.objects.filter(kind="festival").values_list("user__username", flat=True)
    assert sorted(told) == ["headquarters_a", "headquarters_b", "reporter_a", "reporter_b"]


def test_an_agency_nominates_changes_and_takes_back(cast, held):
    nominee = team(cast, held)
    nomination.revise(nominee, by=cast.reporter_a, name="تیم پاسخ", members="زهرا", reason="دلیل دیگر")
    nominee.refresh_from_db()
    assert (nominee.name, nominee.members, nominee.agency) == ("تیم پاسخ", "زهرا", cast.agency_a)
    assert log_of(nominee) == [("nominate", "reporter_a"), ("revise_nominee", "reporter_a")]
    nomination.take_back(nominee, by=cast.reporter_a)
    assert not Nominee.objects.exists()
    assert log_of(held)[-1] == ("take_back", "reporter_a")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"members": ""}, "Name the members of the team, one on each line."),
        ({"members": "الف\nب\nپ"}, "A team of this award has at most 2 members; 3 are named."),
        ({"reason": " "}, "A nomination needs its reason."),
    ],
)
def test_what_a_nomination_lacks_is_said(cast, held, fields, sentence):
    with pytest.raises(Refusal) as refusal:
        team(cast, held, **fields)
    assert refusal.value.sentences == [sentence]
    assert not Nominee.objects.exists()


def test_nobody_nominates_twice_or_for_an_award_of_others(cast, held):
    team(cast, held)
    with pytest.raises(Refusal, match=r"This candidate is nominated for this award already."):
        team(cast, held)
    foreign = make.AwardKindFactory()
    with pytest.raises(Refusal, match=r"The festival does not give this award"):
        nomination.nominate(
            held, by=cast.reporter_a, agency=cast.agency_a, kind=foreign, name="الف", members="ب", reason="پ"
        )


def test_nobody_nominates_for_another_agency(cast, held):
    kind = held.kinds.get(title="مدیر برتر")
    for person in (cast.reporter_b, cast.headquarters_a, cast.lead, cast.observer):
        with pytest.raises(Forbidden):
            nomination.nominate(held, by=person, agency=cast.agency_a, kind=kind, name="الف", reason="ب")
    with pytest.raises(Refusal, match=r"Another body is responsible for this action."):
        nomination.nominate(held, by=cast.expert, agency=cast.agency_a, kind=kind, name="الف", reason="ب")


def test_staff_nominate_on_behalf_with_the_letter(cast, held):
    letter = {"body": "اداره الف", "letter_number": "۷", "letter_date": make.DAY, "file": make.upload()}
    written = act_on_behalf(cast.cycle, role="agency", by=cast.expert, **letter)
    kind = held.kinds.get(title="مدیر برتر")
    nominee = nomination.nominate(
        held, by=cast.expert, agency=cast.agency_a, kind=kind, name="آقای الف", reason="ب", on_behalf=written
    )
    assert nominee.agency == cast.agency_a
    assert TransitionLog.objects.get(name="nominate").on_behalf_of == written


def test_the_window_is_a_second_before_at_and_after(cast, held, monkeypatch):
    until, since = held.nominations_until, held.nominations_from
    second = datetime.timedelta(seconds=1)
    closed = {
        since - second: "The nominations have not begun yet.",
        since: "",
        until - second: "",
        until: "The nominations are over; ask the provincial organization if you need more time.",
    }
    for moment, sentence in closed.items():
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        try:
            nomination.check_open(held)
            said = ""
        except Refusal as refusal:
            said = str(refusal)
        assert said == sentence


def test_the_governor_proposes_with_a_letter(cast, held):
    managers = make.AwardKindFactory(recipient="governor", from_agencies=False, from_governor=True)
    held.kinds.add(managers)
    letter = {"letter_number": "۹/الف", "letter_date": make.DAY}
    nominee = nomination.enter_proposal(
        held, by=cast.expert, kind=managers, name="فرماندار البرز", reason="پیگیری", **letter
    )
    assert (nominee.agency, nominee.letter_number, nominee.origin) == (None, "۹/الف", "governor")
    with pytest.raises(Refusal, match=r"The governor proposes nobody for this award"):
        nomination.enter_proposal(
            held, by=cast.expert, kind=held.kinds.get(title="تیم برتر"), name="الف", reason="ب", **letter
        )
    with pytest.raises(Forbidden):
        nomination.enter_proposal(held, by=cast.reporter_a, kind=managers, name="الف", reason="ب", **letter)


# -- the committee --------------------------------------------------------------------------------


def test_the_choice_waits_for_the_end_of_the_nominations(cast, held):
    with pytest.raises(Refusal, match=r"The nominations are not over yet; to end them sooner, set an earlier"):
        festival.begin_choice(held, by=cast.expert)
    Festival.objects.filter(pk=held.pk).update(nominations_until=timezone.now())
    assert festival.begin_choice(held, by=cast.expert).state == FestivalState.CHOOSING


def test_a_member_with_a_conflict_gives_no_mark_and_is_named(cast, held):
    nominee = team(cast, held)
    second = held.committee.members.create(name="آقای کریمی", user=cast.expert)
    first = held.committee.members.exclude(pk=second.pk).get()
    held.conflicts.create(member=first, agency=cast.agency_a, reason="کارمند پیشین")
    Festival.objects.filter(pk=held.pk).update(nominations_until=timezone.now())
    held = festival.begin_choice(held, by=cast.manager)

    with pytest.raises(Refusal, match=r"“خانم رضایی” steps out for “اداره الف” and gives no mark."):
        choice.score(nominee, by=cast.manager, marks={first: (Decimal(90), "خوب")})
    choice.score(nominee, by=cast.manager, marks={second: (Decimal(80), "خوب")})
    award = choice.choose(nominee, by=cast.manager, session=held.committee.sessions.get(), reason="برتر")
    assert (award.score, list(award.stepped_out.all())) == (80, [first])

    choice.revoke(nominee, by=cast.manager, reason="بررسی دوباره")
    held.conflicts.create(member=second, agency=cast.agency_a, reason="همسر")
    with pytest.raises(Refusal, match=r"Every member of the committee steps out for this agency"):
        choice.choose(nominee, by=cast.manager, session=held.committee.sessions.get(), reason="برتر")
    with pytest.raises(Refusal, match=r"You declared a conflict of interest with “اداره الف”"):
        choice.score(nominee, by=cast.expert, marks={})


def test_marks_have_bounds_and_reasons(cast, held):
    nominee = team(cast, held)
    member = held.committee.members.get()
    Festival.objects.filter(pk=held.pk).update(nominations_until=timezone.now())
    festival.begin_choice(held, by=cast.expert)
    for mark, reason, sentence in (
        (Decimal(101), "خوب", "A mark is between 0 and 100."),
        (Decimal(90), "", "The mark of “خانم رضایی” needs its reason."),
    ):
        with pytest.raises(Refusal, match=sentence):
            choice.score(nominee, by=cast.expert, marks={member: (mark, reason)})
    choice.score(nominee, by=cast.expert, marks={member: (Decimal(90), "خوب")})
    choice.score(nominee, by=cast.expert, marks={member: (None, "")})
    assert not nominee.marks.exists()


def test_one_award_for_an_agency_where_the_festival_says_so(cast):
    agencies = award_province.frozen(cast)
    first = make.AwardKindFactory(measure="total", recipient="agency", from_agencies=False, in_each=1, reserve=0)
    other = make.AwardKindFactory(measure="total", recipient="agency", from_agencies=False, in_each=1, reserve=1)
    held = make.festival(cast.cycle, kinds=[first, other], one_award=True)
    held = festival.begin_choice(held, by=cast.expert)
    session = held.committee.sessions.get()
    winner = held.nominees.get(kind=first)
    assert winner.agency == agencies[17]
    choice.choose(winner, by=cast.expert, session=session, reason="برتر")
    again, following = held.nominees.filter(kind=other).order_by("rank")
    with pytest.raises(Refusal, match=r"“دستگاه 17” has another award of this festival."):
        choice.choose(again, by=cast.expert, session=session, reason="برتر")
    choice.choose(following, by=cast.expert, session=session, reason="رتبهٔ دوم")
    assert Award.objects.count() == 2


def test_a_winner_whose_figure_was_typed_rests_on_no_results(cast, held):
    chosen, nominee = chosen_by_committee(cast, held)
    Nominee.objects.filter(pk=nominee.pk).update(figure=Decimal(90))
    assert figures_stand(chosen) is True


def test_candidates_by_other_figures_must_be_proposed_again(cast):
    agencies = award_province.frozen(cast)
    kind = make.AwardKindFactory(measure="total", recipient="agency", from_agencies=False, in_each=1)
    held = festival.begin_choice(make.festival(cast.cycle, kinds=[kind]), by=cast.expert)
    standing = cast.cycle.result_sets.get()
    type(standing)._base_manager.filter(pk=standing.pk).update(state="void")
    award_province.keep(cast, {number: agencies[number].participations.get() for number in agencies})
    assert figures_stand(held) is True  # nobody has an award by them
    choice.choose(held.nominees.get(rank=1), by=cast.expert, session=held.committee.sessions.get(), reason="برتر")
    with pytest.raises(Refusal, match=r"The figures of the cycle changed after the candidates were proposed"):
        festival.finish_choice(held, by=cast.expert)
    festival.propose(held, by=cast.expert)
    assert festival.finish_choice(held, by=cast.expert).state == FestivalState.CHOSEN


def test_a_festival_is_reported_after_its_ceremony(held):
    held.course = " "
    written = ["Write down the course of the ceremony: the report tells it."]
    assert ceremony_held.reasons(held) == ["Set the date of the ceremony.", *written]
    held.held_on = timezone.localdate() + DAY
    assert ceremony_held.reasons(held) == ["The ceremony is not held yet: it is reported afterwards.", *written]
    held.held_on, held.course = timezone.localdate(), "با حضور استاندار"
    assert ceremony_held.reasons(held) == []


# -- the embargo and its end ----------------------------------------------------------------------


def test_nobody_outside_knows_a_winner_before_the_announcement(cast, held):
    held, nominee = chosen_by_committee(cast, held)
    outside = (cast.reporter_a, cast.reporter_b, cast.headquarters_a, cast.lead, cast.observer, cast.secretary)
    outside += (cast.national, cast.steward)
    assert [list(Award.objects.visible_to(person)) for person in outside] == [[]] * len(outside)
    assert [person.username for person in outside if person.notices.filter(event__startswith="award").exists()] == []
    assert list(Nominee.objects.visible_to(cast.reporter_a)) == [nominee]
    assert list(Nominee.objects.visible_to(cast.reporter_b)) == []
    assert list(Nominee.objects.visible_to(cast.headquarters_a)) == [nominee]
    assert list(Nominee.objects.visible_to(cast.headquarters_b)) == []

    with pytest.raises(Refusal, match=r"The results of the cycle are not announced yet: winners are named after that."):
        festival.announce(held, by=cast.manager)
    cast.compute()
    cast.pass_gates()
    result.announce(cast.results, by=cast.manager)
    with pytest.raises(Forbidden):
        festival.announce(held, by=cast.expert)
    held = festival.announce(held, by=cast.manager)

    assert [Award.objects.visible_to(person).count() for person in outside] == [1] * len(outside)
    told = Notice.objects.filter(event=f"award:{nominee.pk}").values_list("user__username", "text")
    assert list(told) == [("reporter_a", "“تیم میز خدمت” is honoured at “جشنواره شهید رجایی”: تیم برتر.")]


def test_the_log_of_a_choice_is_the_festivals_and_not_the_agencys(cast, held):
    held, nominee = chosen_by_committee(cast, held)
    assert log_of(nominee) == [("nominate", "reporter_a")]
    assert [name for name, _by in log_of(held)] == ["open_nominations", "begin_choice", "choose", "finish_choice"]
