"""The lists of targets, of outside figures and of levels: who sees what, what is typed by hand, which buttons stand."""

import datetime

import pytest

from evaluation.enums import Stage
from evaluation.models import FeedValue, Indicator, Target, TransitionLog
from evaluation.process.catalogue import indicator
from evaluation.process.catalogue.target import set_target
from tests import factories as make
from tests.admin.english import page, told, visit

LIST = "target_changelist"


@pytest.fixture
def open_year(cast):
    return cast.until(Stage.INDICATORS)


def given(cast, code="G-1", agency="a", **figures):
    agency = cast.agency_a if agency == "a" else cast.agency_b
    indicator = Indicator.objects.get(code=code, cycle=cast.cycle)
    return {"agency": agency.pk, "indicator": indicator.pk, "target": "", "baseline": ""} | figures


def errors(response):
    return {name: list(found) for name, found in response.context["adminform"].form.errors.items()}


def rows():
    return list(Target.objects.values_list("agency__code", "indicator__code", "target", "baseline"))


# -- targets --------------------------------------------------------------------------------------


def test_a_target_is_typed_changed_and_logged(open_year):
    client = visit(open_year, "expert")
    client.post(page("target_add"), given(open_year, target="۹۰٫۵", baseline="-۲"))
    target = Target.objects.get()
    client.post(page("target_change", target.pk), {"target": "", "baseline": "-2"})
    assert rows() == [("A", "G-1", None, -2)]
    log = TransitionLog.objects.filter(name="set_target")
    assert set(log.values_list("by__username", "agency__code", "cycle")) == {("expert", "A", open_year.cycle.pk)}
    timeline = client.get(page("target_change", target.pk)).context["timeline"]
    assert [str(each["label"]) for each in timeline] == ["Target set", "Target set"]


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"target": "-1"}, {"target": ["A target cannot be negative: choose the nature “reduction” instead."]}),
        ({"target": "x"}, {"target": ["“x” is not a number. Write it in digits, like 1250."]}),
        ({"target": ""}, {}),
    ],
)
def test_wrong_figures_are_named(open_year, more, found):
    response = visit(open_year, "expert").post(page("target_add"), given(open_year, **more))
    assert (errors(response) if response.status_code == 200 else {}) == found
    assert len(rows()) == (not found)


def test_only_what_is_open_is_offered(open_year):
    open_year.propose(open_year.cycle.specific_lists.get(agency=open_year.agency_a))
    indicator.freeze(open_year.general, by=open_year.manager)
    form = visit(open_year, "expert").get(page("target_add")).context["adminform"].form
    labels = [label for value, label in form.fields["indicator"].choices if value]
    assert labels == [
        "S-1 · شاخص اختصاصی S-1 · اداره الف · ارزیابی ۱۴۰۴",
        "S-2 · شاخص اختصاصی S-2 · اداره الف · ارزیابی ۱۴۰۴",
    ]
    refused = visit(open_year, "expert").post(page("target_add"), given(open_year, "S-1", agency="b", target="5"))
    assert errors(refused) == {"__all__": ["This is a specific indicator of “اداره الف”."]}
    assert rows() == []


def test_a_fixed_target_is_read_only(open_year):
    target = set_target(Target(agency=open_year.agency_a, indicator=open_year.g1, target=90), by=open_year.expert)
    indicator.freeze(open_year.general, by=open_year.manager)
    client = visit(open_year, "expert")
    response = client.get(page("target_change", target.pk))
    text = response.content.decode()
    assert list(response.context["adminform"].form.fields) == []
    assert ("fixed on the line" in text, "90.000000" in text) == (True, False)
    assert client.post(page("target_change", target.pk), {"target": "5"}).status_code == 403
    assert rows() == [("A", "G-1", 90, None)]


def test_an_agency_reads_its_own_and_writes_nothing(open_year):
    for agency in (open_year.agency_a, open_year.agency_b):
        set_target(Target(agency=agency, indicator=open_year.g1, target=90), by=open_year.expert)
    for user in ("reporter_a", "headquarters_a"):
        client = visit(open_year, user)
        shown = client.get(page(LIST)).context["cl"].result_list
        assert [each.agency.code for each in shown] == ["A"]
        assert client.get(page("target_add")).status_code == 403
        assert client.post(page("target_change", shown[0].pk), {"target": "1"}).status_code == 403
    assert {row[2] for row in rows()} == {90}


@pytest.mark.parametrize("more", [0, 4])
def test_the_list_asks_the_same_queries_for_every_row(open_year, django_assert_num_queries, more):
    for number in range(1 + more):
        agency = make.AgencyFactory(province=open_year.province, code=f"Z-{number}")
        Target.objects.create(agency=agency, indicator=open_year.g1, target=number)
    client = visit(open_year, "expert")
    client.get(page(LIST))
    with django_assert_num_queries(11):
        response = client.get(page(LIST))
    assert len(response.context["cl"].result_list) == 1 + more


# -- outside figures ------------------------------------------------------------------------------


def test_outside_figures_are_the_staffs_and_nobody_types_them(open_year):
    day = datetime.date(2025, 8, 22)
    row = FeedValue.objects.create(agency=open_year.agency_a, indicator=open_year.g1, value=80, observed_at=day)
    client = visit(open_year, "expert")
    shown = client.get(page("feedvalue_changelist"), {"observed_at__year": "1404"})
    assert [each.value for each in shown.context["cl"].result_list] == [80]
    assert "1404/05/31" in shown.content.decode()
    assert client.get(page("feedvalue_change", row.pk)).status_code == 200
    assert client.get(page("feedvalue_add")).status_code == 403
    assert client.post(page("feedvalue_change", row.pk)).status_code == 403
    for user in ("reporter_a", "headquarters_a", "evaluator", "national"):
        assert visit(open_year, user).get(page("feedvalue_changelist")).status_code == 403


# -- buttons --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "model", "codes"),
    [
        ("expert", "target", ["targets"]),
        ("reporter_a", "target", []),
        ("expert", "feedvalue", ["feed"]),
        ("expert", "resultset", ["levels"]),
        ("national", "resultset", ["levels"]),
        ("observer", "resultset", []),
    ],
)
def test_lists_have_the_buttons_of_their_workbooks(open_year, user, model, codes):
    response = visit(open_year, user).get(page(f"{model}_changelist"))
    assert [row["code"] for row in response.context["workbook_buttons"]] == codes


def test_the_page_of_levels_offers_its_workbook(stand):
    stand.compute()
    response = stand.page("national", "do", "set_levels")
    assert [row["code"] for row in response.context["workbook_buttons"]] == ["levels"]
    assert told(response) == []
