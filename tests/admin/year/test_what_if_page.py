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
    response = page(indicator=first.pk, points="100", **{f"dimension_{province.specific_1405.pk}": "۵۰۰"})
    assert whole_database() == before
    rows = {row[0]: row for row in response.context["report"].tables[0].rows}
    assert (rows["اداره آلفا"][1], rows["اداره آلفا"][2]) == (1, 1)
    assert rows["اداره آلفا"][7] == 90 + 360 + 450  # 540 of 600, 360, 900 of 1000
    assert "Other rules are tried here and nothing is saved" in response.content.decode()


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"points": "5"}, "Choose the indicator whose formula is tried."),
        ({"agency_1": "first"}, "Choose both the agency and its group."),
        ({"points": "abc", "indicator": "first"}, None),
    ],
)
def test_half_a_question_is_refused_with_a_sentence(page, province, asked, sentence):  # noqa: F811
    first = {"agency_1": province.participations["اداره آلفا"].pk, "indicator": province.leaves[0].pk}
    response = page(**{name: first[name] if value == "first" else value for name, value in asked.items()})
    assert response.context["report"] is None
    errors = [str(error) for errors in response.context["form"].errors.values() for error in errors]
    assert errors
    assert sentence is None or sentence in errors


def test_a_year_without_figures_says_so(cast):
    client = cast.client("manager")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    response = client.get(reverse("admin:evaluation_cycle_what_if", args=[cast.cycle.pk]))
    assert "There are no scores of this year to try rules on." in response.content.decode()
