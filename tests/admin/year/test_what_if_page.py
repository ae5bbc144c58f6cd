"""The page that tries other rules: what it shows, what it refuses, and that it writes nothing."""

import pytest
from django.conf import settings
from django.urls import reverse

from evaluation.process.results import result
from tests.process.results.test_what_if import province, whole_database  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(province):  # noqa: F811
    result.compute(result.prepare(province.year, by=province.expert), by=province.expert)
    client = province.client("manager")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    url = reverse("admin:evaluation_cycle_what_if", args=[province.year.pk])
    return lambda **asked: client.get(url, {"try": "1", **asked} if asked else {})


def test_the_page_shows_who_moves_and_writes_nothing(page, province):  # noqa: F811
    assert page().context["report"] is None
    before = whole_database()
    first = province.leaves[0]
    response = page(indicator_1=first.pk, points_1="100", **{f"dimension_{province.specific_1405.pk}": "۵۰۰"})
    assert whole_database() == before
    rows = {row[0]: row for row in response.context["report"].tables[0].rows}
    assert (rows["اداره آلفا"][1], rows["اداره آلفا"][2]) == (1, 1)
    assert rows["اداره آلفا"][7] == 90 + 360 + 450  # 540 of 600, 360, 900 of 1000
    assert "Other rules are tried here and nothing is saved" in response.content.decode()


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"points_1": "5"}, "Choose the indicator whose formula is tried."),
        ({"agency_1": "first"}, "Choose both the agency and its group."),
        ({"points_1": "abc", "indicator_1": "first"}, None),
        ({"agency_4": "first", "agency_5": "first"}, "This agency is moved above already."),
        ({"indicator_1": "first", "indicator_2": "first"}, "The formula of this indicator is tried above already."),
        ({"ties": "none", "second_ties": "growth"}, "Choose the rule before this one first."),
        ({"ties": "growth", "second_ties": "growth"}, "This rule stands before already."),
        ({"dimension": "0"}, "A dimension needs more than zero points."),
    ],
)
def test_half_a_question_is_refused_with_a_sentence(page, province, asked, sentence):  # noqa: F811
    first = {"agency": province.participations["اداره آلفا"].pk, "indicator": province.leaves[0].pk}
    keys = {"dimension": f"dimension_{province.general_1405.pk}"}
    response = page(
        **{
            keys.get(name, name): first[name.partition("_")[0]] if value == "first" else value
            for name, value in asked.items()
        }
    )
    assert response.context["report"] is None
    errors = [str(error) for errors in response.context["form"].errors.values() for error in errors]
    assert errors
    assert sentence is None or sentence in errors


def test_several_formulas_moves_and_tie_breakers_are_tried_at_once(page, province):  # noqa: F811
    before = whole_database()
    first, second = province.leaves
    moved = {"اداره آلفا": 1, "اداره گاما": 1, "اداره بتا": 0, "اداره دلتا": 0}  # the two groups change places
    moves = {
        f"{name}_{number}": key
        for number, (agency, group) in enumerate(moved.items(), start=1)
        for name, key in (("agency", province.participations[agency].pk), ("group", province.groups[group].pk))
    }
    formulas = {"indicator_1": first.pk, "points_1": "100", "indicator_2": second.pk, "points_2": "300"}
    ties = {"ties": "specific", "second_ties": "general", "third_ties": "growth"}
    response = page(**moves, **formulas, **ties)
    assert whole_database() == before
    form = response.context["form"]
    assert form.errors == {}
    assert form.tie_breakers() == ("specific", "general", "growth")
    assert list(form.moves) == [1, 2, 3, 4, 5, 6, 7]  # three more are offered than are filled
    assert list(form.formulas) == [1, 2, 3]
    rows = {row[0]: row for row in response.context["report"].tables[0].rows}
    assert rows["اداره آلفا"][7] == 90 + 270 + 900  # 540 of 600 and 360 of 400, both with other points
    assert form.changes(province.year, province.year).groups == {
        province.participations[agency].pk: province.groups[group].pk for agency, group in moved.items()
    }


def test_a_year_without_figures_says_so(cast):
    client = cast.client("manager")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    response = client.get(reverse("admin:evaluation_cycle_what_if", args=[cast.cycle.pk]))
    assert "There are no scores of this year to try rules on." in response.content.decode()
