"""A person on two sides: on the files of the own agency they are the agency only, on all others what they else are."""

from decimal import Decimal

import pytest
from django.apps import apps

from evaluation.enums import AssessmentState, MarkLevel, Role, Stage
from evaluation.models import Evidence, Line, Membership, Objection
from evaluation.process.assessing import assessment as assessment_verbs
from evaluation.process.assessing import commitments, line
from evaluation.process.door import Forbidden
from evaluation.process.year import evaluator_group
from evaluation.rules import paths, roles, scopes
from evaluation.rules.open_fields import readable_levels, sees_evaluators, writable
from evaluation.rules.own_files import OF_A_FILE, OWN_ALONE, own_agencies
from evaluation.rules.permissions import holds
from tests.admin.assessing.lines_page import Page
from tests.cast import person

pytestmark = pytest.mark.django_db
CODENAMES = (
    "view_assessment", "view_line", "record_self", "record_hq", "record_initial", "act_on_behalf", "submit_assessment",
    "approve_assessment", "finish_scoring", "disclose_assessment", "confirm_assessment", "decide_exemption",
    "decide_objection", "view_evidence",
)  # fmt: skip
PARTIES = (Role.AGENCY, Role.HEADQUARTERS)
OTHERS = (Role.MANAGER, Role.EXPERT, Role.EVALUATOR, Role.STEWARD, Role.COUNCIL, Role.NATIONAL, Role.OBSERVER,
          Role.HEADQUARTERS)  # fmt: skip
PAIRS = [(party, other) for party in PARTIES for other in OTHERS if party != other]


def place(cast, role):
    """Where the cast's person of this role has it; the headquarters is A's own."""
    if role == Role.AGENCY:
        return {"agency": cast.agency_a}
    if role == Role.HEADQUARTERS:
        return {"headquarters": cast.headquarters_body}
    if role == Role.STEWARD:
        return {"partner": cast.partner}
    return {} if role == Role.NATIONAL else {"province": cast.province}


def member(cast, name, *own_roles):
    user = person(name)
    for role in own_roles:
        Membership.objects.create(user=user, role=role, **place(cast, role))
    if Role.EVALUATOR in own_roles:
        evaluator_group.seat(cast.group_1, user, by=cast.manager)
    return type(user).objects.get(pk=user.pk)


def of_agency(user, name, agency):
    """The keys of the user's rows of a model that belong to one agency's file."""
    model = apps.get_model("evaluation", name)
    rows = model._default_manager.filter(scopes.visible(user, name), **{OF_A_FILE[name]: agency})
    return set(rows.values_list("pk", flat=True))


@pytest.fixture
def scored(cast):
    return cast.until(Stage.EVALUATION).once(score)


def score(cast):
    for assessment in cast.assessments():
        cast.score(assessment)


@pytest.mark.parametrize(("party", "other"), PAIRS, ids=[f"{party}+{other}" for party, other in PAIRS])
def test_on_the_own_file_one_is_the_party_alone_and_elsewhere_the_rest(scored, party, other):
    both, own, rest = (member(scored, name, *chosen) for name, chosen in
                       (("both", (party, other)), ("own", (party,)), ("rest", (other,))))  # fmt: skip
    for name in OF_A_FILE:
        assert of_agency(both, name, scored.agency_a) == of_agency(own, name, scored.agency_a), name
        if not (party == Role.AGENCY and other == Role.HEADQUARTERS):
            there = of_agency(rest, name, scored.agency_b) | of_agency(own, name, scored.agency_b)
            assert of_agency(both, name, scored.agency_b) == there, name
    for assessment in scored.assessments():
        alone = own if assessment.agency == scored.agency_a else rest
        assert readable_levels(both, assessment) == readable_levels(alone, assessment)
        assert {code for code in CODENAMES if holds(both, code, assessment)} == {
            code for code in CODENAMES if holds(alone, code, assessment)
        }
    assert sees_evaluators(both, scored.agency_a.pk) == sees_evaluators(own, scored.agency_a.pk)
    assert sees_evaluators(both, scored.agency_b.pk) == sees_evaluators(rest, scored.agency_b.pk)


def test_the_ways_to_an_agency_are_those_of_the_scopes():
    assert {name: path for name, path in paths.AGENCY.items() if name in OF_A_FILE} == {
        name: path for name, path in OF_A_FILE.items() if name not in ("assignment", "transferitem")
    }


@pytest.fixture
def ict(cast):
    """The steward's only person also reports for agency A."""
    cast.until(Stage.EVALUATION)
    Membership.objects.create(user=cast.steward, role=Role.AGENCY, agency=cast.agency_a)
    roles.forget(cast.steward)
    text = commitments.text_of(cast.cycle)
    commitments.accept_commitments(cast.cycle, cast.agency_a, by=cast.steward, text=text)
    return cast


def test_the_stewards_line_of_the_own_file_is_marked_by_staff_and_scoring_can_be_finished(ict):
    assessment = ict.assessment(ict.agency_a)
    own = assessment.lines.get(indicator__code="G-2")
    with pytest.raises(Forbidden):
        line.record(own, MarkLevel.INITIAL, line.Figures(actual=Decimal(70)), by=ict.steward)
    assert list(assessment.lines.filter(writable(ict.steward, assessment, MarkLevel.INITIAL), exempt=False)) == []

    titles = [task["title"] for task in ict.client("expert").get("/admin/").context["todo"]]
    wanted = f"راهبر همین دستگاه است: امتیاز شاخص آن را در «{assessment}» ثبت کنید"
    assert [title for title in titles if "راهبر" in title] == [wanted]

    for each in ict.lines(assessment):
        by = ict.expert if each == own else ict.lead
        line.record(each, MarkLevel.INITIAL, line.Figures(actual=Decimal(70)), by=by)
    assert assessment_verbs.finish_scoring(assessment, by=ict.lead).state == AssessmentState.SCORED


def test_elsewhere_the_steward_marks_its_line(ict):
    other = ict.assessment(ict.agency_b).lines.get(indicator__code="G-2")
    line.record(other, MarkLevel.INITIAL, line.Figures(actual=Decimal(70)), by=ict.steward)
    assert Line.objects.get(pk=other.pk).initial_score == Decimal(140)


def test_pages_and_lists_hold_nothing_of_the_own_file_that_the_agency_may_not_read(ict):
    ict.lead.first_name, ict.lead.last_name = "سهراب", "ارزیاب"
    ict.lead.save()
    assessment = ict.assessment(ict.agency_a)
    for each in ict.lines(assessment):
        if each.indicator.code != "G-2":
            line.record(each, MarkLevel.INITIAL, line.Figures(actual=Decimal(70), note="ایراد دارد"), by=ict.lead)
    page = Page(ict, "steward", assessment)
    row = page.line("G-1")
    for path in (f"assessment/{assessment.pk}/lines/", f"line/{row.pk}/history/", "line/", "assessment/"):
        html = page.client.get(f"/admin/evaluation/{path}").content.decode()
        for hidden in ("210.00", "ایراد دارد", "سهراب"):
            assert hidden not in html, (path, hidden)


@pytest.mark.parametrize("own_roles", [[Role.AGENCY], [Role.HEADQUARTERS], [Role.AGENCY, Role.HEADQUARTERS]])
def test_agencies_and_headquarters_see_lines_and_what_hangs_on_them_of_their_own_alone(cast, own_roles):
    """A search looks for words in the files of these agencies and no others."""
    cast.until(Stage.OBJECTION)
    for number, scored in enumerate(Line.objects.all()):
        proof = {"title": "سند", "file": f"evidence/{number}.pdf", "size": 1, "uploaded_by": cast.manager}
        Evidence.objects.create(line=scored, **proof)
        claim = {"kind": "score", "text": "متن", "claimed_score": 1, "filed_by": cast.manager}
        Objection.objects.create(line=scored, **claim)
    user = member(cast, "outsider", *own_roles)
    for name in OWN_ALONE:
        model = apps.get_model("evaluation", name)
        shown, own = model.objects.visible_to(user), own_agencies(user, paths.AGENCY[name])
        assert not shown.exclude(own).exists()
        if name not in ("exemption", "objectionversion"):
            assert shown.exists()
            assert model.objects.exclude(own).exists()


@pytest.mark.parametrize("other", [Role.MANAGER, Role.EVALUATOR, Role.NATIONAL])
def test_whoever_has_another_role_sees_more_than_own_files(cast, other):
    cast.until(Stage.SELF_ASSESSMENT)
    assert own_agencies(member(cast, "both", Role.AGENCY, other), "pk") is None
    assert own_agencies(cast.manager, "pk") is None
