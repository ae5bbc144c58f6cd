"""Who sees how many rows of which table, as literals, at the stages where the embargo (docs/rights.md#embargo) turns.

Two agencies take part. Each has five lines: G-1, G-2 (the steward's) of the first group, G-31, G-32, S-1 and S-2 of the
second; the lead sits in both groups, the evaluator in the first. Everything of B is foreign to the people of A.
"""

from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.utils import timezone

from evaluation.enums import AssessmentState, MarkLevel, Role, Stage
from evaluation.models import (
    AgencyResult,
    Assessment,
    Cycle,
    Evaluator,
    EvaluatorGroup,
    Line,
    Mark,
    Membership,
    Notice,
    Participation,
    Province,
)
from evaluation.process.assessing import assessment, line, objection, visit
from evaluation.process.messages import notice
from evaluation.rules import paths, scopes
from evaluation.rules.permissions import holds
from evaluation.rules.roles import memberships_of
from tests import factories as make

PEOPLE = (
    "manager expert lead evaluator steward secretary national observer "
    "headquarters_a reporter_a headquarters_b reporter_b nobody"
).split()


def model(name):
    return apps.get_model("evaluation", name)


def person(cast, name):
    """As the next request would find them: without rights read before."""
    return get_user_model().objects.get(pk=getattr(cast, name).pk)


def seen(cast, expected):
    """The tables of `expected` (a table as text), counted for each person in the order of PEOPLE."""
    people = [person(cast, name) for name in PEOPLE]
    names = [row.split()[0] for row in expected.strip().splitlines()]
    return [[name, *(str(model(name).objects.visible_to(each).count()) for each in people)] for name in names]


def table(text):
    return [row.split() for row in text.strip().splitlines()]


#                 man exp lea eva ste sec nat obs hqa rea hqb reb nob
DRAFTED = """
cycle               1   1   1   1   1   1   1   1   1   1   1   1   0
stagewindow         6   6   6   6   6   6   6   0   6   6   6   6   0
dimension           2   2   2   2   2   2   2   2   2   2   2   2   0
axis                2   2   2   2   2   2   2   2   2   2   2   2   0
peergroup           1   1   1   1   1   1   1   1   1   1   1   1   0
workshop            1   1   1   1   1   1   1   0   1   1   1   1   0
cyclestep           1   1   1   1   1   1   1   0   1   1   1   1   0
indicator           9   9   9   9   1   0   9   0   7   7   7   7   0
agency              2   2   2   2   2   2   2   2   1   1   1   1   0
participation       2   2   2   2   2   2   2   2   1   1   1   1   0
specificlist        2   2   2   0   0   0   2   0   1   1   1   1   0
circular            2   2   0   0   0   0   0   0   1   1   1   1   0
circularreceipt     2   2   0   0   0   0   0   0   1   1   1   1   0
assessment          4   4   0   0   0   0   0   0   2   2   2   2   0
line               12  12   0   0   0   0   0   0   6   6   6   6   0
mark                3   3   0   0   0   0   0   0   3   3   0   0   0
evaluatorgroup      2   2   2   2   0   0   0   0   0   0   0   0   0
evaluator           3   3   3   3   0   0   0   0   0   0   0   0   0
membership          9   9   0   0   0   0   0   0   0   0   0   0   0
province            1   1   1   1   1   1   1   1   1   1   1   1   0
"""
RECEIVED = """
assessment          4   4   4   2   2   0   4   0   2   2   2   2   0
line               12  12  12   4   2   0  12   0   6   6   6   6   0
mark               20  20  20   4   0   0  20   0  10  10  10  10   0
transfer            3   3   0   0   0   0   3   0   2   2   2   2   0
transferitem        8   8   0   0   0   0   8   0   4   4   4   4   0
resultset           0   0   0   0   0   0   0   0   0   0   0   0   0
"""
SCORED = """
assessment          4   4   4   2   2   0   4   0   2   2   2   2   0
line               12  12  12   4   2   0  12   0   6   6   6   6   0
mark               32  32  32   8   2   0  32   0  10  10  10  10   0
"""
DISCLOSED = """
line               12  12  12   4   2   0  12   0   6   6   6   6   0
mark               32  32  32   8   2   0  32   0  16  16  16  16   0
objection           2   2   2   2   1   0   2   0   2   2   0   0   0
objectionversion    2   2   2   2   0   0   2   0   2   2   0   0   0
"""
ANNOUNCED = """
mark               44  44  44  12   4   0  44   0  22  22  22  22   0
resultset           1   1   0   0   0   1   1   0   1   1   1   1   0
agencyresult        6   6   0   0   0   6   6   0   3   3   3   3   0
axisresult          4   4   0   0   0   4   4   0   2   2   2   2   0
committeesession    1   1   0   0   0   1   0   0   0   0   0   0   0
"""
PUBLISHED = """
resultset           1   1   1   1   0   1   1   1   1   1   1   1   0
agencyresult        6   6   6   6   0   6   6   6   6   6   6   6   0
axisresult          4   4   4   4   0   4   4   4   4   4   4   4   0
mark               44  44  44  12   4   0  44   0  22  22  22  22   0
line               12  12  12   4   2   0  12   0   6   6   6   6   0
"""
#                 man exp lea eva ste sec nat obs hqa rea hqb reb nob
VISITED = """
visit               2   2   2   2   0   0   0   0   0   0   0   0   0
visitfinding        2   2   2   2   0   0   0   0   0   0   0   0   0
visitfile           2   2   2   2   0   0   0   0   0   0   0   0   0
feedbacksheet       2   2   2   2   0   0   0   0   0   0   0   0   0
"""
FED_BACK = """
visit               2   2   2   2   0   0   0   0   1   1   0   0   0
visitfinding        2   2   2   2   0   0   0   0   1   1   0   0   0
visitfile           2   2   2   2   0   0   0   0   1   1   0   0   0
feedbacksheet       2   2   2   2   0   0   0   0   1   1   0   0   0
"""


def test_while_a_draft_is_written(cast):
    cast.until(Stage.SELF_ASSESSMENT).fill(cast.assessment(cast.agency_a))
    cast.cycle.steps.create(number=1, title="گام نخست", stage=Stage.SELF_ASSESSMENT)
    assert seen(cast, DRAFTED) == table(DRAFTED)


def test_findings_are_the_agencys_to_read_once_its_feedback_sheet_is_issued(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    for participation in (cast.participation_a, cast.participation_b):
        made = model("visit").objects.create(participation=participation, date=make.DAY)
        made.findings.create(line=cast.lines(cast.assessment(participation.agency))[0], kind="strength", text="خوب")
        made.files.create(file=make.upload(), sha256="0" * 64, uploaded_by=cast.lead)
        visit.prepare_feedback_sheet(made, by=cast.expert)
    assert seen(cast, VISITED) == table(VISITED)
    visit.issue_feedback_sheet(cast.participation_a.feedback_sheet, by=cast.expert)
    assert seen(cast, FED_BACK) == table(FED_BACK)


def test_after_receipt_evaluators_see_their_share_and_the_national_organization_what_was_sent(cast):
    cast.until(Stage.EVALUATION)
    assert seen(cast, RECEIVED) == table(RECEIVED)


def test_scores_are_disclosed_to_the_agency_and_not_before(cast):
    cast.until(Stage.OBJECTION)
    assert seen(cast, SCORED) == table(SCORED)
    for each in cast.assessments(state="scored"):
        assessment.disclose(each, by=cast.expert)
    for each in cast.lines(cast.assessment(cast.agency_a), indicator__code__in=["G-1", "G-2"]):
        objection.file(each, by=cast.reporter_a, kind="other", text="اعتراض")
    assert seen(cast, DISCLOSED) == table(DISCLOSED)


def test_results_are_announced_to_their_owners_and_published_to_all(cast):
    cast.until(Stage.FESTIVAL)
    assert seen(cast, ANNOUNCED) == table(ANNOUNCED)
    own = AgencyResult.objects.visible_to(person(cast, "reporter_a"))
    assert set(own.values_list("participation__agency__code", flat=True)) == {"A"}
    cast.work(Stage.FESTIVAL)
    assert seen(cast, PUBLISHED) == table(PUBLISHED)


#                 man exp lea eva ste sec nat obs hqa rea hqb reb nob
CALENDAR = """
dayoff              1   1   0   0   0   0   0   0   0   0   0   0   0
extensionrequest    2   2   0   0   0   0   0   0   1   1   1   1   0
"""


def test_days_off_are_the_provinces_and_requests_for_more_time_their_agencys(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    model("dayoff").objects.create(province=cast.province, date=make.DAY, title="آلودگی هوا")
    for agency in (cast.agency_a, cast.agency_b):
        wanted = {"stage": Stage.SELF_ASSESSMENT, "reason": "سیل", "wanted_until": timezone.now()}
        model("extensionrequest").objects.create(cycle=cast.cycle, agency=agency, **wanted)
    assert seen(cast, CALENDAR) == table(CALENDAR)


def levels(cast, name):
    """The levels of the marks on A's first general line that the person may know."""
    first = cast.lines(cast.assessment(cast.agency_a), indicator__code="G-1")[0]
    marks = Mark.objects.visible_to(person(cast, name)).filter(line=first)
    return [level for level in MarkLevel.values if marks.filter(level=level).exists()]


def test_an_agency_reads_marks_level_by_level(cast):
    cast.until(Stage.TRANSFER)
    assert levels(cast, "reporter_a") == ["self"]
    own = cast.assessment(cast.agency_a)
    assessment.approve(own, by=cast.headquarters_a)
    assert levels(cast, "reporter_a") == ["self", "hq"]
    cast.until(Stage.OBJECTION)
    assert levels(cast, "reporter_a") == ["self", "hq"]
    assert levels(cast, "evaluator") == ["self", "hq", "initial"]
    assessment.disclose(own, by=cast.expert)
    assert levels(cast, "reporter_a") == levels(cast, "headquarters_a") == ["self", "hq", "initial"]
    assert levels(cast, "reporter_b") == levels(cast, "headquarters_b") == levels(cast, "observer") == []


@pytest.mark.parametrize("name", ["reporter_a", "headquarters_a"])
def test_whatever_belongs_to_another_agency_is_foreign_until_published(cast, name):
    cast.until(Stage.FESTIVAL)
    foreign = {path for path in paths.AGENCY if agencies(cast, name, path) - {"A"}}
    assert foreign == set()
    cast.work(Stage.FESTIVAL)
    foreign = {path for path in paths.AGENCY if agencies(cast, name, path) - {"A"}}
    assert foreign == {"agencyresult", "axisresult"}


def agencies(cast, name, table_name):
    path = paths.AGENCY[table_name]
    path = "code" if path == "pk" else f"{path}__code"
    return set(model(table_name).objects.visible_to(person(cast, name)).values_list(path, flat=True))


def test_another_province_is_foreign_to_all_but_the_national_organization(cast):
    there = make.ProvinceFactory(name="ایلام")
    make.CycleFactory(province=there, title="ارزیابی ایلام")
    make.AgencyFactory(province=there, code="A", name="اداره الف ایلام")
    assert {name: Cycle.objects.visible_to(person(cast, name)).count() for name in PEOPLE if name != "nobody"} == {
        "manager": 1,
        "expert": 1,
        "lead": 1,
        "evaluator": 1,
        "steward": 0,
        "secretary": 1,
        "national": 2,
        "observer": 1,
        "headquarters_a": 1,
        "reporter_a": 1,
        "headquarters_b": 1,
        "reporter_b": 1,
    }
    assert not holds(person(cast, "manager"), "view_cycle", Cycle.objects.get(province=there))
    assert holds(person(cast, "national"), "view_cycle", Cycle.objects.get(province=there))


def test_a_headquarters_follows_its_agencies_into_their_provinces(cast):
    there = make.ProvinceFactory(name="ایلام")
    other = make.CycleFactory(province=there)
    assert list(Cycle.objects.visible_to(person(cast, "headquarters_a"))) == [cast.cycle]
    make.AgencyFactory(province=there, headquarters=cast.headquarters_body)
    assert set(Cycle.objects.visible_to(person(cast, "headquarters_a"))) == {cast.cycle, other}


def test_a_role_that_has_ended_shows_nothing(cast):
    Membership.objects.filter(user=cast.expert).update(active=False)
    assert Cycle.objects.visible_to(person(cast, "expert")).count() == 0
    Membership.objects.filter(user=cast.expert).update(active=True, until="2000-01-01")
    assert Province.objects.visible_to(person(cast, "expert")).count() == 0


def test_two_roles_add_up(cast):
    Membership.objects.create(user=cast.reporter_b, role=Role.AGENCY, agency=cast.agency_a)
    both = model("agency").objects.visible_to(person(cast, "reporter_b"))
    assert set(both.values_list("code", flat=True)) == {"A", "B"}


@pytest.mark.parametrize("name", ["evaluator", "lead", "manager", "reporter_a"])
def test_seats_of_other_cycles_are_left_out_where_the_rows_are_narrowed(cast, name):
    cast.until(Stage.EVALUATION)
    earlier = make.CycleFactory(province=cast.province, performance_year=1403)
    axis = make.AxisFactory(dimension=make.DimensionFactory(cycle=earlier))
    moments = dict.fromkeys(("submitted_at", "approved_at", "received_at"), timezone.now())
    people = dict.fromkeys(("submitted_by", "approved_by", "received_by"), cast.manager)
    file = Assessment.objects.create(
        participation=Participation.objects.create(cycle=earlier, agency=cast.agency_a),
        dimension=axis.dimension,
        state=AssessmentState.RECEIVED,
        **moments,
        **people,
    )
    scored = make.IndicatorFactory(cycle=earlier, dimension=axis.dimension, axis=axis)
    Line.objects.create(assessment=file, indicator=scored, maximum=10)
    group = EvaluatorGroup.objects.create(cycle=earlier, title="گروه پارسال")
    group.axes.add(axis)
    for each in (cast.evaluator, cast.lead):
        Evaluator.objects.create(group=group, user=each)
    user = person(cast, name)
    for cycle in (earlier, cast.cycle):
        for table_name in ("line", "assessment", "specificlist", "visit", "evaluator"):
            rows, path = model(table_name).objects, {paths.CYCLE[table_name]: cycle}
            narrowed = rows.visible_to(user, cycles=[cycle.pk]).filter(**path)
            assert set(narrowed) == set(rows.visible_to(user).filter(**path)), (cycle, table_name)
            assert narrowed or table_name not in ("line", "assessment")
    if name in ("evaluator", "lead"):
        assert not Line.objects.visible_to(user, cycles=[earlier.pk]).filter(indicator__cycle=cast.cycle)


def test_a_seat_counts_in_the_province_of_the_membership_alone(cast):
    cast.until(Stage.EVALUATION)
    before = {name: model(name).objects.visible_to(person(cast, "evaluator")).count() for name in ("line", "visit")}
    assert before["line"]
    elsewhere = make.ProvinceFactory(code="elsewhere")
    Cycle.objects.filter(pk=cast.cycle.pk).update(province=elsewhere)
    assert not Line.objects.visible_to(person(cast, "evaluator"))
    Membership.objects.create(user=cast.evaluator, role=Role.EVALUATOR, province=elsewhere)
    after = {name: model(name).objects.visible_to(person(cast, "evaluator")).count() for name in before}
    assert after == before


def test_a_notice_is_its_own_persons_matter(cast):
    notice.tell([cast.manager, cast.reporter_a], event="x", text="پیام")
    assert {
        name: [each.user.username for each in Notice.objects.visible_to(person(cast, name))] for name in PEOPLE
    } == {name: [name] if name in ("manager", "reporter_a") else [] for name in PEOPLE}
    row = Notice.objects.get(user=cast.reporter_a)
    assert holds(person(cast, "reporter_a"), "view_notice", row)
    assert not holds(person(cast, "manager"), "view_notice", row)


@pytest.mark.parametrize("name", ["reporter_a", "reporter_b", "headquarters_a", "evaluator", "steward", "expert"])
@pytest.mark.parametrize("stage", [Stage.SELF_ASSESSMENT, Stage.EVALUATION])
def test_what_is_read_with_a_row_is_what_covers_answers(cast, name, stage):
    cast.until(stage)
    user, file = getattr(cast, name), cast.assessment(cast.agency_a)
    memberships = list(user.memberships.active())
    asked = [scopes.covers(membership, file) for membership in memberships]
    beside = Cycle.objects.annotate(**scopes.cover_columns_beside(user, file)).get(pk=cast.cycle.pk)
    for row in (type(file).objects.annotate(**scopes.cover_columns(user, "assessment")).get(pk=file.pk), beside):
        scopes.remember_cover(user, file, scopes.covered_by(user, row))
        kept = [membership.answers.covered["assessment", file.pk] for membership in memberships_of(user)]
        assert kept == asked
    scopes.forget_answers(user)


def test_a_row_that_a_superuser_read_is_not_covered_by_the_membership(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    user, own, foreign = cast.reporter_a, cast.assessment(cast.agency_a), cast.assessment(cast.agency_b)
    scopes.keep_answers(user)
    (membership,) = memberships_of(user)
    scopes.seen(user, own)
    assert membership.answers.covered == {("assessment", own.pk): True}
    user.is_superuser = True
    scopes.seen(user, foreign)
    assert not scopes.covers(membership, foreign)
    scopes.forget_answers(user)


def test_what_is_remembered_of_rights_is_forgotten_before_a_line_is_written(cast, monkeypatch):
    cast.until(Stage.SELF_ASSESSMENT)
    user, row = cast.reporter_a, Line.objects.get(indicator__code="G-1", assessment=cast.assessment(cast.agency_a))
    row.assessment = cast.assessment(cast.agency_a)
    scopes.remember(user)
    asked, written = [], line.write_unchecked

    def write(*args, **kwargs):
        asked.extend(membership.answers for membership in memberships_of(user))
        return written(*args, **kwargs)

    monkeypatch.setattr(line, "write_unchecked", write)
    line.record_locked(row, MarkLevel.SELF, line.Figures(actual=Decimal(12)), by=user, mine=True)
    assert asked == [None]
    assert [membership.answers for membership in memberships_of(user)] == [None]
