"""List filters: only what the list itself shows, counted; periods of the Jalali calendar with half-open ranges."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_q.models import Schedule
from unfold.admin import ModelAdmin

from evaluation.admin import filters, list_summary
from evaluation.admin.filters import ScopedRelatedFilter
from evaluation.enums import Stage
from evaluation.models import Agency, Assessment, EarlierTotal, Headquarters, Line, Participation, Province
from tests import factories as make

from .english import page, visit

pytestmark = pytest.mark.django_db
TEHRAN = ZoneInfo("Asia/Tehran")
USERS = "admin:auth_user_changelist"


@pytest.fixture
def english(admin_client):
    admin_client.cookies["django_language"] = "en"
    return admin_client


@pytest.fixture
def seen():
    """Accounts around the edges of Mordad 1404, in Tehran's time."""
    moments = {
        "before": (2025, 7, 22, 23, 59, 59),
        "first": (2025, 7, 23, 0, 0, 0),
        "last": (2025, 8, 22, 23, 59, 59),
        "after": (2025, 8, 23, 0, 0, 0),
    }
    for name, moment in moments.items():
        User.objects.create_user(name, last_login=datetime(*moment, tzinfo=TEHRAN))


def names(response):
    return sorted(user.username for user in response.context["cl"].result_list)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"last_login__from": "۱۴۰۴/۰۵/۰۱", "last_login__to": "1404/05/31"}, ["first", "last"]),
        ({"last_login__from": "1404/06/01"}, ["after"]),
        ({"last_login__to": "1404/04/31"}, ["before"]),
        ({"last_login__year": "۱۴۰۴", "last_login__month": "5"}, ["first", "last"]),
        ({"last_login__year": "1404"}, ["after", "before", "first", "last"]),
        ({"last_login__year": "1403"}, []),
    ],
)
def test_a_period_has_its_last_second_and_not_the_next(english, seen, query, found):
    User.objects.filter(is_superuser=True).update(last_login=None)
    assert names(english.get(reverse(USERS), query)) == found


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"last_login__from": "x"}, "“x” is not a date. Write year, month and day, like 1404/05/12."),
        ({"last_login__to": "1402/12/30"}, "“1402/12/30” is a date that does not exist."),
        ({"last_login__year": "99999999999"}, "“99999999999” is not a year or month of the calendar."),
        ({"last_login__year": "1404", "last_login__month": "13"}, "“13” is not a year or month of the calendar."),
    ],
)
def test_an_unreadable_period_is_said_and_left_out(english, seen, query, sentence):
    response = english.get(reverse(USERS), query)
    assert [str(message) for message in get_messages(response.wsgi_request)] == [sentence]
    assert len(names(response)) == 5


def test_the_period_form_keeps_search_and_other_filters(english, seen):
    response = english.get(reverse(USERS), {"q": "first", "is_active__exact": "1", "last_login__year": "1404"})
    period = next(spec for spec in response.context["cl"].filter_specs if spec.field_path == "last_login")
    (choice,) = period.choices(response.context["cl"])
    assert sorted(choice["others"]) == [("is_active__exact", "1"), ("q", "first")]
    assert [link["display"] for link in choice["drill"]][:3] == ["All", "1404", "Farvardin"]


def test_choices_are_those_that_occur_with_their_counts(english):
    Schedule.objects.create(name="a", func="x.y", schedule_type=Schedule.DAILY)
    Schedule.objects.create(name="b", func="x.y", schedule_type=Schedule.DAILY)
    Schedule.objects.create(name="c", func="x.y", schedule_type=Schedule.MINUTES)
    response = english.get(reverse("admin:django_q_schedule_changelist"), {"schedule_type__exact": "D"})
    changelist = response.context["cl"]
    shown = [(str(c["display"]), c["count"], c["selected"]) for c in changelist.filter_specs[0].choices(changelist)]
    assert shown == [("All", 3, False), ("Minutes", 1, False), ("Daily", 2, True)]
    assert sorted(row.name for row in changelist.result_list) == ["a", "b"]


class AgencyList(ModelAdmin):
    """Sees the agencies of one province only."""

    list_filter = [("headquarters", ScopedRelatedFilter)]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(province__code="one")


def test_a_related_filter_names_nobody_outside_the_list(admin_user):
    for code in ("one", "two"):
        province = Province.objects.create(code=code, name=code)
        for part in ("a", "b"):
            head = Headquarters.objects.create(code=f"{code}-{part}", name=f"{code} {part}")
            Agency.objects.create(province=province, code=head.code, name=head.name, headquarters=head)
    Headquarters.objects.create(code="none", name="without agencies")
    request = RequestFactory().get("/")
    request.user = admin_user
    changelist = AgencyList(Agency, site).get_changelist_instance(request)
    assert [name for _pk, name in changelist.filter_specs[0].lookup_choices] == ["one a", "one b"]


def test_years_are_filtered_in_the_digits_of_the_language(admin_client):
    """Only years of the list are offered, the latest first."""
    province = make.ProvinceFactory(code="qazvin")
    agency = make.AgencyFactory(province=province)
    for year in (1401, 1403):
        EarlierTotal.objects.create(agency=agency, year=year, total=900)
    response = admin_client.get(reverse("admin:evaluation_earliertotal_changelist"), {"year": "1403"})
    (years,) = [found for found in response.context["cl"].filter_specs if found.field_path == "year"]
    choices = [(each["display"], each["selected"]) for each in years.choices(response.context["cl"])]
    assert choices == [("همه", False), ("۱۴۰۳", True), ("۱۴۰۱", False)]
    assert [row.year for row in response.context["cl"].result_list] == [1403]


def offered(client, **asked):
    """{title of a filter: names of its choices} of the list of lines."""
    specs = client.get(page("line_changelist"), asked).context["cl"].filter_specs
    return {str(spec.title): [str(name) for _key, name in getattr(spec, "lookup_choices", ())] for spec in specs}


def test_too_many_choices_are_those_of_the_chosen_cycle(cast, monkeypatch):
    """`dimension` has two rows here, the only cycle one."""
    manager = visit(cast.until(Stage.SELF_ASSESSMENT), "manager")
    assert len(offered(manager)["dimension"]) == 2
    monkeypatch.setattr(filters, "MAX_CHOICES", 1)
    assert "dimension" not in offered(manager)
    chosen = {"assessment__participation__cycle__id__exact": cast.cycle.pk}
    assert len(offered(manager, **chosen)["dimension"]) == 2


def test_lines_begin_with_the_newest_files_and_go_by_names_in_one_cycle(cast):
    manager = visit(cast.until(Stage.SELF_ASSESSMENT), "manager")

    def listed(**asked):
        return list(manager.get(page("line_changelist"), asked).context["cl"].result_list)

    keys = [(-line.assessment_id, line.indicator_id) for line in listed()]
    assert keys == sorted(keys)
    one = listed(assessment__participation__cycle__id__exact=cast.cycle.pk)
    assert one == list(Line.objects.filter(assessment__participation__cycle=cast.cycle))
    assert {line.pk for line in one} == {line.pk for line in listed()}


@pytest.fixture
def two_provinces(cast):
    """The lines of the cast, and one of an agency in another province."""
    cast.until(Stage.SELF_ASSESSMENT)
    abroad = make.CycleFactory(province=make.ProvinceFactory(code="far", name="دور"), title="ارزیابی دور")
    agency = make.AgencyFactory(province=abroad.province, name="اداره دور")
    taking_part = Participation.objects.create(cycle=abroad, agency=agency)
    dimension = make.DimensionFactory(cycle=abroad, title="بعد دور")
    indicator = make.IndicatorFactory(cycle=abroad, dimension=dimension)
    file = Assessment.objects.create(participation=taking_part, dimension=dimension)
    Line.objects.create(assessment=file, indicator=indicator, maximum=10)
    return cast


def test_a_list_counts_and_offers_by_one_query(two_provinces):
    manager = visit(two_provinces, "manager")
    with CaptureQueriesContext(connection) as queries:
        listed = manager.get(page("line_changelist")).context["cl"]
    assert len([query for query in queries if 'FROM "evaluation_line"' in query["sql"]]) == 2  # the page, and this one
    assert listed.result_count == Line.objects.exclude(assessment__dimension__title="بعد دور").count()
    assert "بعد دور" not in offered(manager)["dimension"]


def test_a_list_of_several_provinces_is_counted_up_to_a_limit(two_provinces, admin_client, monkeypatch):
    """The administrator reads that there are more; the manager of one province reads how many."""
    admin_client.cookies["django_language"] = "en"
    every, own = Line.objects.count(), Line.objects.exclude(assessment__dimension__title="بعد دور").count()
    monkeypatch.setattr(list_summary, "MAX_COUNTED", 2)
    response = admin_client.get(page("line_changelist"))
    assert (response.context["cl"].result_count, response.context["cl"].is_long) == (2, True)
    assert "more than 2 lines" in " ".join(response.content.decode().split())
    assert {"بعد دور", str(two_provinces.general)} <= set(offered(admin_client)["dimension"])
    (scorers,) = [spec for spec in response.context["cl"].filter_specs if spec.field_path == "indicator__scorer"]
    assert {choice["count"] for choice in scorers.choices(response.context["cl"])} == {None}
    exported = admin_client.get(page("line_export"))
    assert dict(exported.context["facts"])["Rows"] == str(every)
    manager = visit(two_provinces, "manager").get(page("line_changelist")).context["cl"]
    assert (manager.result_count, manager.is_long) == (own, False)


def test_a_search_in_several_provinces_is_counted_up_to_a_limit(two_provinces, admin_client, monkeypatch):
    admin_client.cookies["django_language"] = "en"
    monkeypatch.setattr(list_summary, "MAX_COUNTED", 1)
    response = admin_client.get(page("agency_changelist"), {"q": "اداره"})
    assert response.context["cl"].is_long
    assert "more than 1 found" in " ".join(response.content.decode().split())


def test_where_only_one_province_works_the_administrator_counts_all(cast, admin_client, monkeypatch):
    cast.until(Stage.SELF_ASSESSMENT)
    monkeypatch.setattr(list_summary, "MAX_COUNTED", 2)
    listed = admin_client.get(page("line_changelist")).context["cl"]
    assert (listed.result_count, listed.is_long) == (Line.objects.count(), False)
