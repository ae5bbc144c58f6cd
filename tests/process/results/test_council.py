"""The council gets the frozen list by letter, meets, and approves; or returns with remarks that are each answered."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from evaluation.enums import Stage
from evaluation.models import CommitteeMember, CommitteeSession, CouncilRemark, Letter, Mark, Notice, TransitionLog
from evaluation.process.assessing import assessment
from evaluation.process.door import Forbidden, Refusal
from evaluation.process.results import council, remark, result, snapshot
from evaluation.process.results.letter import receive
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def computed(cast):
    return cast.until(Stage.RANKING).once(compute)


def compute(cast):
    cast.compute()


def again(row):
    return type(row).objects.get(pk=row.pk)


# -- the letter and the session -------------------------------------------------------------------


def test_the_council_approves_only_what_was_sent_to_it(computed):
    with pytest.raises(Refusal, match="These results were not sent to the council yet"):
        council.hold_council(computed.results, by=computed.secretary, **computed.council_session())
    computed.dispatch()
    letter = Letter.objects.get()
    assert (letter.kind, letter.number, letter.file.read()) == ("council", "1/ش", b"the frozen list")
    assert Notice.objects.get(event=f"council:{letter.pk}").user == computed.secretary
    computed.hold_council()
    letter.refresh_from_db()
    assert (letter.received_by, computed.results.state) == (computed.secretary, "approved")


def test_figures_computed_anew_are_sent_anew(computed):
    computed.dispatch()
    computed.results = result.compute(computed.results, by=computed.expert)
    with pytest.raises(Refusal, match="These results were not sent to the council yet"):
        council.hold_council(computed.results, by=computed.secretary, **computed.council_session())


def test_the_receipt_is_recorded_once_by_the_council(computed):
    computed.dispatch()
    letter = Letter.objects.get()
    with pytest.raises(Forbidden):
        receive(letter, by=computed.lead)
    with pytest.raises(Refusal, match="Another body is responsible"):
        receive(letter, by=computed.expert)
    assert receive(letter, by=computed.secretary).received_at is not None
    with pytest.raises(Refusal, match="The receipt of this letter is recorded already"):
        receive(letter, by=computed.secretary)


def test_a_letter_of_tomorrow_was_not_sent(computed):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    with pytest.raises(Refusal, match="A letter that was sent is not dated in the future"):
        council.dispatch(computed.results, by=computed.expert, number="1", date=tomorrow, file=("a", b"a"))
    assert Letter.objects.count() == 0


def test_the_agenda_is_the_frozen_list(computed):
    computed.ask_council()
    session = CommitteeSession.objects.get()
    code = snapshot.figures(computed.results).sha256
    first, *rows = session.agenda.splitlines()
    assert code in first
    assert rows == ["1. اداره الف: 1,400.00", "2. اداره ب: 1,400.00"]
    assert session.decision == "approved"


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"minutes": None}, "The session has no minutes"),
        ({"guests": ""}, "The session names nobody present"),
    ],
)
def test_a_session_needs_minutes_and_persons(computed, missing, sentence):
    computed.dispatch()
    with pytest.raises(Refusal, match=sentence):
        council.hold_council(computed.results, by=computed.secretary, **computed.council_session() | missing)
    assert again(computed.results).state == "computed"


def test_members_present_are_kept_with_the_session(computed):
    computed.dispatch()
    session = computed.council_session()
    member = CommitteeMember.objects.create(committee=session["committee"], name="رئیس", office="استانداری")
    given = session | {"guests": "", "present": [member]}
    approved = council.hold_council(computed.results, by=computed.secretary, **given)
    assert list(approved.council_session.present.all()) == [member]
    assert snapshot.council(approved)["present"] == ["رئیس · استانداری"]


def test_a_session_of_another_committee_approves_nothing(computed):
    computed.dispatch()
    other = make.CommitteeFactory(province=computed.province, kind="working_group", title="کارگروه")
    with pytest.raises(Refusal, match="The session is not one of the council"):
        council.hold_council(
            computed.results, by=computed.secretary, **computed.council_session() | {"committee": other}
        )


# -- the return -----------------------------------------------------------------------------------


@pytest.fixture
def returned(computed):
    """The results returned for a line of agency A, and for agency B as a whole."""
    computed.dispatch()
    line = computed.lines(computed.assessment(computed.agency_a), indicator__code="G-1")[0]
    computed.old = give_back(
        computed, [(computed.participation_a, line, "امتیاز آموزش"), (computed.participation_b, None, "مستندات")]
    )
    computed.cycle = again(computed.cycle)
    return computed


def give_back(cast, remarks):
    session = council.new_session(cast.results, by=cast.secretary, **cast.council_session())
    return council.return_(cast.results, by=cast.secretary, reason="بررسی دوباره", session=session, remarks=remarks)


def test_a_return_names_what_it_objects_to(computed):
    computed.dispatch()
    with pytest.raises(Refusal, match="Name the agencies, and the lines where there are some"):
        give_back(computed, [])
    assert again(computed.results).state == "computed"


def test_a_return_voids_the_set_and_opens_the_named_files(returned):
    assert (returned.old.state, returned.cycle.stage) == ("void", "confirmation")
    assert returned.old.council_session.decision == "returned"
    states = {(row.agency.code, row.dimension.code): row.state for row in returned.rows_in()}
    assert states == {
        ("A", "general"): "disclosed",
        ("A", "specific"): "confirmed",
        ("B", "general"): "disclosed",
        ("B", "specific"): "disclosed",
    }
    told = Notice.objects.filter(event=f"return:{returned.old.pk}")
    assert {each.user for each in told} == {returned.manager, returned.expert}


def answers(cast):
    return list(CouncilRemark.objects.order_by("pk"))


def test_the_next_results_wait_for_every_answer(returned):
    changed, upheld = answers(returned)
    with pytest.raises(Refusal, match="These remarks of the council have no answer yet: G-1"):
        assessment.confirm(returned.assessment(returned.agency_a), by=returned.manager)
    following = result.prepare(returned.cycle, by=returned.expert)
    with pytest.raises(Refusal) as refusal:
        result.compute(following, by=returned.expert)
    assert str(refusal.value).startswith("These remarks of the council have no answer yet: ")
    remark.change(changed, by=returned.expert, score=Decimal(240), reason="گواهی تازه")
    remark.uphold(upheld, by=returned.expert, reason="مستندات کافی است")
    returned.confirm_all()
    computed = result.compute(following, by=returned.expert)
    totals = computed.agency_results.filter(dimension=None).order_by("agency_name")
    assert [row.total for row in totals] == [Decimal(1430), Decimal(1400)]


def test_a_changed_score_is_a_mark_with_its_reason(returned):
    changed = answers(returned)[0]
    remark.change(changed, by=returned.expert, score=Decimal(240), reason="گواهی تازه")
    mark = Mark.objects.get(source="council")
    assert (mark.level, mark.score, mark.note, mark.by) == ("revised", Decimal(240), "گواهی تازه", returned.expert)
    changed.refresh_from_db()
    assert (changed.answer, changed.reason, changed.answered_by) == ("changed", "گواهی تازه", returned.expert)
    assert TransitionLog.objects.get(name="answer").note == "گواهی تازه"


def refused(cast, verb, remark_, sentence, **given):
    before = CouncilRemark.objects.values().get(pk=remark_.pk)
    with pytest.raises(Refusal, match=sentence):
        verb(remark_, by=cast.expert, **given)
    assert CouncilRemark.objects.values().get(pk=remark_.pk) == before


def test_answers_that_do_not_fit_change_nothing(returned):
    line, agency = answers(returned)
    refused(returned, remark.uphold, line, "Give a reason", reason=" ")
    refused(returned, remark.change, line, "The line has this score already", score=Decimal(210), reason="x")
    refused(returned, remark.change, line, "the score must be between 0 and", score=Decimal(301), reason="x")
    refused(returned, remark.change, agency, "The remark names no line", score=Decimal(1), reason="x")
    with pytest.raises(Forbidden):
        remark.uphold(line, by=returned.secretary, reason="x")
    remark.uphold(line, by=returned.manager, reason="x")
    refused(returned, remark.uphold, line, "This remark is answered already", reason="y")
