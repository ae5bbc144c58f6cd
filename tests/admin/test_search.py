"""Ctrl+K: pages and rows, found however they are typed, by those alone whose they are."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import Value
from django.urls import reverse

from evaluation.admin import word_search
from evaluation.enums import Stage
from evaluation.models import Agency, Province
from evaluation.models.search_key import PERSON, SearchKey
from evaluation.persian import normalise, search_key
from evaluation.persian.text import ALPHABET, SEARCHED_AS
from evaluation.process import bulk
from tests.strict import StrictClient

from .english import page, visit

WORK = "/admin/django_q/schedule/work/"


def links(client, words):
    response = client.get("/admin/search/", {"s": words})
    return [each.link for each in response.context["results"]] if response.context else []


def test_pages_are_found_by_their_titles_however_they_are_typed(cast):
    manager = cast.client("manager")
    calendar = page("cycle_calendar", cast.cycle.pk)
    found = {words: links(manager, words) for words in ("تقویم دوره", "تقويم دوره", "دوره تقویم", "تقویم‌دوره")}
    assert found == {key: [calendar] for key in found}
    scheduled = {words: links(manager, words) for words in ("کارهای خودکار سامانه", "كارهاي خودكار", "خودکار سامانه")}
    assert scheduled == {key: [WORK] for key in scheduled}
    assert links(manager, "تنظيمات اعلان ها") == [page("notice_preferences")]
    assert links(manager, "نخست")[0] == "/admin/"


def test_pages_in_the_other_language_and_by_other_names(cast):
    manager = visit(cast, "manager")
    asked = ["calendar of", "checklist of the cycle", "UPLOAD", "background service", "digest", "change pass"]
    assert {words: links(manager, words) for words in asked} == {
        "calendar of": [page("cycle_calendar", cast.cycle.pk)],
        "checklist of the cycle": [page("cycle_steps", cast.cycle.pk)],
        "UPLOAD": [page("importrun_add"), page("importrun_changelist"), page("fileevent_changelist")],
        "background service": [WORK],
        "digest": [page("notice_preferences")],
        "change pass": [],  # an account of the cast has no password
    }
    assert links(manager, "  ") == links(manager, "!?") == []


def test_nobody_finds_a_page_that_is_not_theirs(cast):
    people = ["manager", "reporter_a", "evaluator", "observer", "nobody"]
    asked = {"scheduled work": WORK, "checklist of": page("cycle_steps", cast.cycle.pk)}
    asked |= {"calendar of": page("cycle_calendar", cast.cycle.pk), "first page": "/admin/"}
    asked |= {"mute": page("notice_preferences"), "upload a workbook": page("importrun_add")}
    finders = {
        words: [name for name in people if links(visit(cast, name), words) == [link]] for words, link in asked.items()
    }
    may_open = {
        words: [name for name in people if visit(cast, name).get(link).status_code == 200]
        for words, link in asked.items()
    }
    assert finders == may_open
    assert finders["scheduled work"] == ["manager"]
    assert finders["first page"] == people


def test_the_ranking_is_a_page_from_its_computation_on(cast):
    cast.until(Stage.FESTIVAL)
    ranking = page("resultset_ranking", cast.results.pk)
    assert [name for name in ("manager", "secretary", "nobody") if ranking in links(visit(cast, name), "ranking")] == [
        "manager",
        "secretary",
    ]


@pytest.mark.parametrize("words", ["G-31", "G-۳۱", "g-٣١"])
def test_a_row_is_found_by_its_code_in_any_digits(cast, words):
    cast.until(Stage.INDICATORS)
    found = [link for link in links(cast.client("expert"), words) if "/indicator/" in link]
    leaf = cast.cycle.indicators.get(code="G-31")
    assert found == [page("indicator_change", leaf.pk)]


def test_a_name_is_found_with_or_without_its_half_space_by_those_who_know_the_agency(cast):
    cast.agency_a.name = "اداره آموزش‌وپرورش الف"
    cast.agency_a.save()
    own = page("agency_change", cast.agency_a.pk)
    for words in ("آموزش‌وپرورش", "آموزش وپرورش", "وپرورش آموزش", "اداره آموزش‌وپرورش الف"):
        assert own in links(cast.client("manager"), words), words
        assert own not in links(cast.client("reporter_b"), words), words


WAYS = {  # as people type it: what stands in the row
    "اموزشكده": "آموزشکدهٔ فنی",
    "آموزش وپرورش": "آموزش‌وپرورش",
    "آموزشوپرورش": "آموزش‌وپرورش",
    "كيفيت ۳۷": "کیفیت، ماده 37",
    "«مادهٔ ٣٧»": "کیفیت، ماده 37",
    "مسئولين": "مسئولین",
    "مسیولین": "مسئولین",
    "A–۱۲": "A-12",
}


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize(("words", "name"), WAYS.items())
def test_lists_find_a_name_however_it_is_typed(cast, words, name, many, monkeypatch):
    if many:  # then keys of other tables are not named one by one
        monkeypatch.setattr(word_search, "MAX_KEYS", 0)
    cast.until(Stage.SELF_ASSESSMENT)
    cast.agency_a.name = name
    cast.agency_a.save()
    manager = cast.client("manager")
    expected = {"agency": 1, "participation": 1, "assessment": 2, "line": 6, "membership": 1}
    assert {table: rows_found(manager, table, words) for table in expected} == expected
    assert rows_found(manager, "agency", f"{words} ناموجود") == 0


def rows_found(client, table, words):
    return client.get(page(f"{table}_changelist"), {"q": words}).context["cl"].result_count


def test_lists_find_a_code_in_any_digits(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    expert = cast.client("expert")
    assert [rows_found(expert, "line", words) for words in ("G-31", "g-۳۱", "G-٣١", "G-3۱ الف")] == [2, 2, 2, 1]


def test_people_are_found_with_the_letters_of_another_keyboard(cast):
    cast.reporter_a.last_name = "كريمي"
    cast.reporter_a.save()
    superuser = get_user_model().objects.create_superuser("root")
    client = StrictClient()
    client.force_login(superuser)
    found = {words: client.get(reverse("admin:auth_user_changelist"), {"q": words}).context["cl"].result_count
             for words in ("کریمی", "كريمي", "کریمي")}  # fmt: skip
    assert found == dict.fromkeys(found, 1)
    assert rows_found(client, "membership", "کریمی") == 1


def test_people_are_found_by_each_of_their_names_and_not_across_two(cast):
    person = cast.reporter_a
    person.username, person.first_name, person.last_name = "r-37", "زهرا", "کریمی"
    person.save()
    manager = cast.client("manager")
    ways = {"r-۳۷": 1, "زهرا": 1, "كريمي": 1, "کریمی زهرا": 1, "زهراکریمی": 0, "r-37زهرا": 0}
    assert {words: rows_found(manager, "membership", words) for words in ways} == ways


@pytest.mark.django_db
def test_postgresql_finds_people_by_an_index():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no such index")
    aliases, holds = word_search.condition(get_user_model(), PERSON, "کریمی", word_search.KnownWords())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    people = get_user_model().objects.alias(**aliases).filter(holds)
    assert "person_search" in people.explain()


@pytest.mark.django_db
def test_the_database_computes_the_same_key_as_python():
    every_sign = "".join(SEARCHED_AS) + "abcXYZ-./_@|%" + ALPHABET
    texts = [normalise(every_sign), *(normalise(f"آ{sign}ب") for sign in every_sign)]
    Province.objects.create(code="x", name="x")
    keys = Province.objects.annotate(**{f"key_{number}": SearchKey(Value(text)) for number, text in enumerate(texts)})
    row = keys.values().get()
    assert [row[f"key_{number}"] for number in range(len(texts))] == [search_key(text) for text in texts]


def test_the_key_of_a_row_follows_every_way_of_writing(cast):
    agency = cast.agency_a
    Agency.objects.filter(pk=agency.pk).update(name="آبِ ۱۲‌م")
    with transaction.atomic():
        bulk.update(Agency, [agency.pk], {"code": ["X–۹"]})
    assert Agency.objects.get(pk=agency.pk).search_key == "اب12م|x-9"
