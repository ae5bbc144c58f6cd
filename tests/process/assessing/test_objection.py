"""Objections: every version is kept, a decision has its score before and after, and each refusal says why."""

from decimal import Decimal

import pytest
from django.utils import timezone

from evaluation.enums import MarkLevel, MarkSource, ObjectionState, Stage
from evaluation.models import Cycle, Line, Notice, TransitionLog
from evaluation.process.assessing import assessment as assessments
from evaluation.process.assessing import objection
from evaluation.process.assessing.line import Figures
from evaluation.process.door import Forbidden, Refusal
from tests import factories as make

pytestmark = pytest.mark.django_db
ACCEPTED, PARTLY, REJECTED = ObjectionState.ACCEPTED, ObjectionState.PARTLY, ObjectionState.REJECTED
CLAIM = {"kind": "actual", "text": "عملکرد ۹۰ است.", "claimed_actual": Decimal(90)}


@pytest.fixture
def disclosed(cast):
    return cast.until(Stage.OBJECTION).once(disclose)


def disclose(cast):
    for file in cast.assessments(state="scored"):
        assessments.disclose(file, by=cast.expert)


def line_of(cast, code="G-1", agency=None):
    return cast.lines(cast.assessment(agency or cast.agency_a), indicator__code=code)[0]


def filed(cast, code="G-1", **claim):
    return objection.file(line_of(cast, code), by=cast.reporter_a, **CLAIM | claim)


# -- filing ---------------------------------------------------------------------------------------


def test_edited_before_the_end_every_version_stays(disclosed):
    first = filed(disclosed, file=make.upload("first.pdf"))
    second = filed(disclosed, text="عملکرد ۹۵ است.", claimed_actual=Decimal(95))
    assert (second.pk, second.version, second.round, second.state) == (first.pk, 2, 1, "filed")
    versions = list(second.versions.order_by("number").values_list("number", "text", "claimed_actual"))
    assert versions == [(1, "عملکرد ۹۰ است.", 90), (2, "عملکرد ۹۵ است.", 95)]
    assert second.file.name == first.file.name  # no new file was given: the old one stands
    assert TransitionLog.objects.filter(name="file", object_id=first.pk).count() == 2


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ({"text": "  "}, "An objection needs a text."),
        ({"claimed_score": Decimal("300.01")}, "The claimed score must be between 0 and the maximum of the line."),
        ({"claimed_score": Decimal("-0.01")}, "The claimed score must be between 0 and the maximum of the line."),
    ],
)
def test_what_cannot_be_claimed(disclosed, claim, sentence):
    with pytest.raises(Refusal) as refusal:
        filed(disclosed, **claim)
    assert str(refusal.value) == sentence
    assert not line_of(disclosed).objections.exists()


@pytest.mark.parametrize("score", [0, 300])
def test_the_bounds_of_a_line_can_be_claimed(disclosed, score):
    assert filed(disclosed, claimed_score=Decimal(score)).claimed_score == score


def test_before_the_disclosure_and_after_the_end_nothing_is_filed(cast):
    cast.until(Stage.OBJECTION)
    with pytest.raises(Refusal, match="is filed while initial results are disclosed"):
        filed(cast)
    for file in cast.assessments(state="scored"):
        assessments.disclose(file, by=cast.expert)
    cast.cycle.windows.filter(stage=Stage.OBJECTION).update(closes_at=timezone.now())
    with pytest.raises(Refusal, match="The window “Viewing and objecting” of the stage"):
        filed(cast)


@pytest.mark.parametrize("name", ["reporter_b", "headquarters_a", "lead", "national", "nobody"])
def test_only_the_agency_objects_to_its_line(disclosed, name):
    with pytest.raises(Forbidden, match="file_objection"):
        objection.file(line_of(disclosed), by=getattr(disclosed, name), **CLAIM)


def test_taken_back_a_new_round_begins(disclosed):
    first = objection.withdraw(filed(disclosed), by=disclosed.reporter_a)
    assert first.state == "withdrawn"
    second = filed(disclosed)
    assert (second.round, second.version, second.pk != first.pk) == (2, 1, True)


# -- deciding -------------------------------------------------------------------------------------


def decide(cast, obj, verdict, by=None, **more):
    return objection.decide(obj, verdict=verdict, reason="دلیل", by=by or cast.manager, **more)


def test_an_accepted_objection_raises_the_line_and_keeps_both_scores(disclosed):
    decided = decide(disclosed, filed(disclosed), ACCEPTED, figures=Figures(actual=Decimal(90)))
    assert (decided.state, decided.score_before, decided.score_after) == ("accepted", 210, 270)
    line = Line.objects.get(pk=decided.line_id)
    assert (line.initial_score, line.revised_actual, line.revised_score) == (210, 90, 270)
    mark = line.marks.get(level=MarkLevel.REVISED)
    assert (mark.source, mark.by, mark.note) == (MarkSource.OBJECTION, disclosed.manager, "دلیل")
    told = Notice.objects.get(kind="decided")
    assert (told.user, told.text) == (disclosed.reporter_a, f"Your objection to “{line}” was decided.")


def test_a_rejected_objection_writes_no_figure(disclosed):
    decided = decide(disclosed, filed(disclosed), REJECTED, figures=Figures(actual=Decimal(100)))
    assert (decided.score_before, decided.score_after) == (210, 210)
    assert Line.objects.get(pk=decided.line_id).revised_score is None


def test_a_lower_score_is_refused_where_an_objection_can_only_raise(disclosed):
    obj, lower = filed(disclosed), Figures(actual=Decimal(60))
    with pytest.raises(Refusal, match="In this cycle an objection can only raise a score"):
        decide(disclosed, obj, PARTLY, figures=lower)
    same = Figures(actual=Decimal(70))
    Cycle.objects.update(objection_only_up=False)
    assert decide(disclosed, obj, PARTLY, figures=lower).score_after == 180
    Cycle.objects.update(objection_only_up=True)
    other = filed(disclosed, "G-32")
    decided = decide(disclosed, other, PARTLY, figures=same)
    assert decided.score_after == decided.score_before  # equal is not lower


def test_an_acceptance_needs_corrected_figures(disclosed):
    with pytest.raises(Refusal, match="needs the corrected actual, target or score"):
        decide(disclosed, filed(disclosed), ACCEPTED)


def test_the_first_scorer_decides_only_where_the_cycle_allows_it(disclosed):
    obj = filed(disclosed)
    with pytest.raises(Refusal, match="The first scorer of a line does not decide"):
        decide(disclosed, obj, REJECTED, by=disclosed.lead)
    Cycle.objects.update(different_decider=False)
    assert decide(disclosed, obj, REJECTED, by=disclosed.lead).decided_by == disclosed.lead


def test_a_target_alone_is_corrected_with_the_initial_actual(disclosed):
    decided = decide(disclosed, filed(disclosed), ACCEPTED, figures=Figures(target=Decimal(70)))
    line = Line.objects.get(pk=decided.line_id)
    assert (line.revised_actual, line.revised_target, line.revised_score) == (70, 70, 300)


def test_a_decision_is_final(disclosed):
    obj = decide(disclosed, filed(disclosed), REJECTED)
    with pytest.raises(Refusal, match="The objection to this line has been decided"):
        filed(disclosed)
    with pytest.raises(Refusal, match="in which this action is not possible"):
        decide(disclosed, obj, REJECTED)


# -- the steward ----------------------------------------------------------------------------------


def test_a_stewards_opinion_stands_beside_the_decision_of_the_office(disclosed):
    obj = filed(disclosed, "G-2")
    with pytest.raises(Forbidden):
        objection.give_opinion(obj, text="نظر", by=disclosed.lead)
    given = objection.give_opinion(obj, text="درست است.", by=disclosed.steward)
    assert given.steward_opinion == "درست است."
    with pytest.raises(Forbidden):
        decide(disclosed, obj, REJECTED, by=disclosed.evaluator)
    decide(disclosed, obj, REJECTED)
    with pytest.raises(Refusal, match="has been decided"):
        objection.give_opinion(obj, text="دیر", by=disclosed.steward)
