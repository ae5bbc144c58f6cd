"""Workbooks of the tables that staff keep by forms: what their rows may say, who may write them, and undoing."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType

from evaluation.enums import Stage
from evaluation.models import (
    AgencyResult,
    DayOff,
    EarlierTotal,
    EvaluatorGroup,
    LegalReference,
    Membership,
    ResultSet,
)
from evaluation.process.door import Forbidden
from evaluation.process.results import result
from evaluation.resources import runs
from tests import factories as make
from tests.resources.sheets import counts, faults, imported, sheet, tried
from tests.resources.table_books import TABLES
from tests.resources.test_one_path import fingerprints

pytestmark = pytest.mark.django_db

WRITTEN = (
    "earliertotal membership evaluator evaluatorgroup evaluatorgroup_axes attendance committee committeemember "
    "legalreference faq dayoff"
).split()


def kept():
    """Of every table that these workbooks write: the number and the hash of its rows."""
    return {name: value for name, value in fingerprints().items() if name.removeprefix("evaluation_") in WRITTEN}


def refused(run):
    return [(cell, sentence) for cell, _heading, _value, sentence in faults(run)]


@pytest.mark.parametrize("name", TABLES)
def test_undoing_leaves_the_table_as_it_was(cast, name):
    by, data, _counts = TABLES[name](cast)
    before = kept()
    run = imported(name, data, by=by, cycle=cast.cycle)
    assert kept() != before
    assert run.changes.exists()
    runs.take_back(run, by=by)
    assert kept() == before


def test_rows_are_logged_as_forms_log_them(cast):
    by, data, _counts = TABLES["days_off"](cast)
    imported("days_off", data, by=by, cycle=None, province=cast.province)
    entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(DayOff)).order_by("pk")
    assert [(entry.user, entry.action_flag) for entry in entries] == [(by, ADDITION), (by, CHANGE)]
    assert entries[1].get_change_message() == "Changed exceptionally a working day."


def test_days_of_another_province_are_left_alone(cast):
    elsewhere = make.ProvinceFactory(code="elsewhere", name="جای دیگر")
    foreign = DayOff.objects.create(province=elsewhere, date=date(2026, 4, 4), title="سیل")
    run = imported("days_off", sheet(["date", "title"], ["1405/01/15", "برف"]), by=cast.expert, cycle=cast.cycle)
    assert counts(run)["new"] == 1
    foreign.refresh_from_db()
    assert foreign.title == "سیل"


# -- memberships ----------------------------------------------------------------------------------

PEOPLE = ["user", "first_name", "role", "place"]


def test_only_who_gives_roles_by_form_imports_them(cast):
    with pytest.raises(Forbidden):
        tried("memberships", sheet(PEOPLE, ["x", None, "expert", None]), by=cast.expert, cycle=cast.cycle)


def test_a_new_account_has_no_password_and_its_role(cast):
    data = sheet(PEOPLE, ["sara", "سارا", "agency", "اداره الف"], ["sara", None, "agency", "B"])
    run = tried("memberships", data, by=cast.manager, cycle=cast.cycle)
    assert run.report["remarks"] == ["1 account is new and is made with the import, without a password: sara."]
    runs.confirm(run, by=cast.manager)
    account = get_user_model().objects.get(username="sara")
    assert (account.first_name, account.is_staff, account.has_usable_password()) == ("سارا", True, False)
    assert {member.agency for member in account.memberships.all()} == {cast.agency_a, cast.agency_b}


def test_roles_and_places_beyond_the_persons_rights_are_named(cast):
    elsewhere = make.ProvinceFactory(code="elsewhere", name="جای دیگر")
    stranger = make.UserFactory(username="stranger")
    Membership.objects.create(user=stranger, role="expert", province=elsewhere)
    shared = make.PartnerBodyFactory(code="PB-9", name="بانک مرکزی", province=None)
    make.AgencyFactory(province=elsewhere, code="Z", name="اداره دور")
    rows = [
        ["stranger", None, "expert", None],
        ["one", None, "agency", "Z"],
        ["two", None, "headquarters", "HQ-A"],
        ["three", None, "steward", shared.name],
        ["bad name", None, "expert", None],
    ]
    run = tried("memberships", sheet(PEOPLE, *rows), by=cast.manager, cycle=cast.cycle)
    assert [cell for cell, _sentence in refused(run)] == ["A2", "D3", "C4", "D5", "A6"]
    assert refused(run)[0][1] == "This user name is already used; choose another one."
    assert refused(run)[2][1] == "Only the system administrator gives this role."
    assert not get_user_model().objects.filter(username__in=["one", "two", "three"]).exists()


def test_the_same_role_twice_in_a_file_is_named(cast):
    data = sheet(PEOPLE, ["sara", None, "agency", "A"], ["sara", None, "agency", "اداره الف"])
    run = tried("memberships", data, by=cast.manager, cycle=cast.cycle)
    assert run.wrong == 1


# -- evaluators, attendance, committees -------------------------------------------------------------


def test_seats_need_the_role_and_a_group_has_one_lead(cast):
    cast.until(Stage.PARTICIPANTS)
    rows = [
        ["گروه یک", "reporter_a", None, None],
        ["گروه یک", "evaluator", "بله", None],
        ["گروه نو", "evaluator", None, "محور نیست"],
        ["گروه یک", "lead", None, "محور دو"],
    ]
    run = tried("evaluators", sheet(["group", "user", "lead", "axes"], *rows), by=cast.expert, cycle=cast.cycle)
    assert sorted(refused(run)) == [
        ("B2", "“reporter_a” has no evaluator's role in this province."),
        ("C3", "The group has a lead already."),
        ("D4", "The cycle has no axis with this name: محور نیست."),
        ("D5", "The group differs here. What a group that stands scores is changed on its page."),
    ]
    assert EvaluatorGroup.objects.filter(cycle=cast.cycle).count() == 2


def test_attendance_is_of_workshops_that_were_held_for_whom_they_are(cast):
    cast.until(Stage.INDICATORS)
    planned = make.WorkshopFactory(cycle=cast.cycle, title="کارگاه آینده")
    rows = [
        [cast.workshop.title, "Z", None, "بله"],
        [cast.workshop.title, None, "evaluator", "بله"],
        [planned.title, "A", None, "بله"],
        ["کارگاه نیست", "A", None, "بله"],
    ]
    data = sheet(["workshop", "agency", "user", "attended"], *rows)
    run = tried("attendance", data, by=cast.expert, cycle=cast.cycle)
    unknown = "This workshop is not held for this agency or person, or the code is unknown."
    assert refused(run) == [
        ("B2", unknown),
        ("C3", unknown),
        ("D4", "Record first that the workshop was held."),
        ("A5", "The cycle has no workshop with this title."),
    ]


def test_a_new_committee_needs_its_kind_and_seats_run_forward(cast):
    rows = [["کمیتهٔ نو", None, "یک", None, None], ["شورا", "council", "دو", "1405/02/01", "1405/01/01"]]
    data = sheet(["committee", "kind", "name", "since", "until"], *rows)
    run = tried("committees", data, by=cast.manager, cycle=cast.cycle)
    assert refused(run) == [
        ("B2", "This committee is new: name its kind."),
        ("E3", "A seat must end after it begins."),
    ]


# -- shared rows ------------------------------------------------------------------------------------


def test_a_shared_reference_is_read_by_all_and_changed_by_the_nation(cast):
    shared = LegalReference.objects.create(title="قانون", number="۵")
    data = sheet(["number", "title"], ["5", "قانون دیگر"])
    run = tried("legal_references", data, by=cast.expert, cycle=cast.cycle)
    assert refused(run) == [("A2", "You have no right to change this row: it belongs to another body.")]
    data = sheet(["number", "title"], ["5", "قانون دیگر"], ["6", "نو"])
    imported("legal_references", data, by=cast.national, cycle=None)
    shared.refresh_from_db()
    assert shared.title == "قانون دیگر"
    assert LegalReference.objects.get(number="6").province is None


def test_laws_without_a_number_are_known_by_their_titles(cast):
    LegalReference.objects.create(title="قانون اساسی", province=cast.province)
    headings = ["number", "date", "title", "link", "valid_from", "valid_until"]
    rows = [
        [None, None, "قانون اساسی", "https://example.ir/1", None, None],
        [None, None, "سند چشم‌انداز", None, None, "1404/12/29"],
    ]
    imported("legal_references", sheet(headings, *rows), by=cast.expert, cycle=cast.cycle)
    assert list(LegalReference.objects.order_by("pk").values_list("title", "number", "link", "valid_until")) == [
        ("قانون اساسی", "", "https://example.ir/1", None),
        ("سند چشم‌انداز", "", "", date(2026, 3, 20)),
    ]
    rows = [[None, None, "سند چشم‌انداز", None, "1405/01/01", "1404/12/29"], rows[1]]
    run = tried("legal_references", sheet(headings, *rows), by=cast.expert, cycle=cast.cycle)
    (late, twice) = refused(run)
    assert late == ("F2", "A legal reference cannot lose its validity before it has it.")
    assert twice[0] == "B3"
    assert twice[1].startswith("The same row is in cell")


# -- earlier totals ----------------------------------------------------------------------------------


def test_what_an_earlier_total_may_say(cast):
    rows = [["Z", 1402, 5, 10], ["A", 1402, 11, 10], ["A", 999, 5, None], ["A", 1401, None, 10]]
    run = tried("history", sheet(["agency", "year", "total", "maximum"], *rows), by=cast.expert, cycle=cast.cycle)
    assert [cell for cell, _sentence in refused(run)] == ["A2", "C3", "B4", "C5"]


def test_growth_of_the_first_year_comes_from_the_recorded_total(cast):
    year = cast.cycle.performance_year
    headings = ["agency", "year", "dimension", "total", "maximum"]
    rows = [
        ["A", year - 2, None, 10, 2000],
        ["A", year - 1, None, 1000, 2000],
        ["B", year - 1, "عمومی", 300, 1000],
        ["B", year - 1, "اختصاصی", 200, 1000],
    ]
    imported("history", sheet(headings, *rows), by=cast.expert, cycle=cast.cycle)
    cast.until(Stage.RANKING)
    standing = ResultSet.objects.filter(cycle=cast.cycle).first() or result.prepare(cast.cycle, by=cast.manager)
    result.compute(standing, by=cast.manager)
    totals = AgencyResult.objects.filter(result_set=standing, dimension=None).select_related("participation__agency")
    growth = {row.participation.agency.code: (row.total, row.growth) for row in totals}
    for code, base in (("A", Decimal(1000)), ("B", Decimal(500))):
        total, percent = growth[code]
        assert percent == pytest.approx((total - base) / base * 100, abs=Decimal("0.000001"))


def test_a_year_whose_results_are_in_the_system_is_not_recorded_again(cast):
    cast.until(Stage.FESTIVAL)
    year = cast.cycle.performance_year
    run = tried("history", sheet(["agency", "year", "total"], ["A", year, 5]), by=cast.expert, cycle=cast.cycle)
    assert refused(run) == [
        ("B2", "The results of this year are in the system itself; totals are recorded for earlier years.")
    ]
    assert not EarlierTotal.objects.exists()


@pytest.mark.parametrize(
    ("name", "headings", "row", "cell"),
    [
        ("questions", ["question", "answer", "order"], ["کی؟", "فردا.", 93.4], "C2"),
        ("history", ["agency", "year", "total"], ["A", 1402.5, 1500], "B2"),
    ],
)
def test_a_whole_number_is_not_cut_off(cast, name, headings, row, cell):
    run = tried(name, sheet(headings, row), by=cast.expert, cycle=cast.cycle)
    assert refused(run) == [(cell, "Write a whole number, without decimals.")]
