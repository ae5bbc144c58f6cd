"""The menu of each role: its length, its counts, and that everything else is found by Ctrl+K."""

import itertools

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.http import QueryDict
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from evaluation.admin import search, synonyms
from evaluation.admin.menu.role_rows import Moments
from evaluation.admin.menu.sidebar import entries, entry_of, sidebar, waiting_counts, waiting_rows
from evaluation.enums import AssessmentState, Stage
from evaluation.models import Assessment
from tests.rules.test_own_files import PAIRS, member
from tests.rules.test_statements import asked

from .english import page, visit
from .rights_table import LETTERS, PLAIN, ROWS

PEOPLE = {  # the person of the cast who has the role, and the most entries that its menu may have
    "reporter_a": 12,
    "headquarters_a": 12,
    "evaluator": 12,
    "steward": 8,
    "national": 15,
    "secretary": 8,
    "observer": 6,
    "expert": 49,
    "manager": 50,
}
LETTER = {"reporter_a": "R", "headquarters_a": "H"}
SEARCHED_IN_VAIN_BEFORE = "اکسل|ایمیل|گزارش|فایل|ردیف|پیوست|ورود اطلاعات|سنجه|رابط|سرور|پیش‌نویس|خوداظهاری|کاربر".split(
    "|"
)


def letter_of(person):
    return LETTER.get(person) or LETTERS[person]


def request_of(cast, person):
    request = RequestFactory().get("/admin/")
    request.user = type(cast.manager).objects.get(username=getattr(cast, person).username)
    return request


def items(cast, person):
    return [item for group in sidebar(request_of(cast, person)) for item in group["items"]]


def links(cast, person, words):
    return [result.link for result in search.pages_like(request_of(cast, person), words)]


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.parametrize("person", PEOPLE)
def test_a_menu_is_as_long_as_its_work(cast, person):
    listed = items(cast, person)
    addresses = [item["link"] for item in listed]
    assert len(addresses) <= PEOPLE[person]
    assert len(addresses) == len(set(addresses))
    assert addresses[0] == reverse("admin:index")
    client = cast.client(person)
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.parametrize("person", PEOPLE)
def test_every_list_and_page_of_a_role_is_found_by_its_title(cast, person, monkeypatch):
    pages = search.pages(request_of(cast, person))
    monkeypatch.setattr(search, "pages", lambda request, keys: pages)
    letter, in_menu = letter_of(person), {item["link"].partition("?")[0] for item in items(cast, person)}
    lost = []
    for model in admin.site._registry:
        if letter not in ROWS[model._meta.model_name][0]:
            continue
        meta = model._meta
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        if registered_apart(model):
            continue
        if address not in in_menu and address not in links(cast, person, str(meta.verbose_name_plural)):
            lost.append(address)
    assert lost == []
    known = {result.link.partition("?")[0] for result in pages}
    for name in ("evaluation_importrun_workbooks", "evaluation_notice_preferences", "django_q_schedule_work"):
        assert (reverse(f"admin:{name}") in known) == (letter in PLAIN[name][0]), name


def registered_apart(model):
    """Lists that are opened from the page of another row (architecture/test_tables.py)."""
    return model._meta.model_name in ("actionfile", "circularfile", "circularreceipt", "objectionversion", "visitfile")


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.parametrize("person", PEOPLE)
def test_other_words_find_their_page(cast, person, monkeypatch):
    pages = search.pages(request_of(cast, person))
    monkeypatch.setattr(search, "pages", lambda request, keys: pages)
    monkeypatch.setattr(search, "MAX_PAGES", len(pages))
    known, lost = {result.link.partition("?")[0] for result in pages}, []
    for name, words in synonyms.WORDS.items():
        address = reverse(f"admin:{name}")
        if address not in known:
            continue
        for word in str(words).split("،"):
            if address not in {result.link.partition("?")[0] for result in search.pages_like(None, word)}:
                lost.append((name, word))
    assert lost == []


@pytest.mark.one_database
@pytest.mark.django_db
def test_words_of_the_office_find_a_page(cast):
    assert {word: bool(links(cast, "manager", word)) for word in SEARCHED_IN_VAIN_BEFORE} == dict.fromkeys(
        SEARCHED_IN_VAIN_BEFORE, True
    )
    assert page("importrun_workbooks") in links(cast, "reporter_a", "ورود اطلاعات")
    assert page("assessment_changelist") in links(cast, "reporter_a", "خوداظهاری")
    assert page("line_changelist") in links(cast, "evaluator", "ردیف")
    assert page("notice_preferences") in links(cast, "observer", "ايميل")  # with Arabic letters
    cast.manager.set_password("a long password of a test")
    cast.manager.save()
    assert reverse("admin:password_change") in links(cast, "manager", "رمز")


@pytest.mark.django_db
def test_the_menu_counts_where_the_first_page_has_a_task(cast):
    differing = {}
    for stage, person in itertools.product(list(Stage)[:-1], PEOPLE):
        cast.until(stage)
        request = request_of(cast, person)
        response = visit(cast, person).get("/admin/")
        counted = {link for link, count in waiting_counts(response.wsgi_request).items() if count}
        todo = response.context["todo"]
        asked = {entry_of(request, *split(task["url"])).link for task in todo if task["tone"] != "good" and task["url"]}
        if counted != asked:
            differing[stage, person] = (counted - asked, asked - counted)
    assert differing == {}


def as_django_asks(user):
    """(text, values) of the question that counts what waits in a person's menus, kept and as Django writes it."""
    request = RequestFactory().get("/admin/")
    request.user = user
    places = tuple(entry.stands_at for _part, rows in entries(request) for entry in rows if entry.job.waits)
    return asked(waiting_rows, user, places, *Moments.present())


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted({*PEOPLE, "superuser"} - {"observer"}))
def test_the_kept_text_of_the_counts_is_what_django_writes(cast, name):
    cast.until(Stage.EVALUATION)
    cast.superuser = get_user_model().objects.create_superuser("root")
    kept, written = as_django_asks(request_of(cast, name).user)
    assert kept == written
    assert kept[0].count("SELECT") > 1


@pytest.mark.django_db
@pytest.mark.parametrize(("party", "other"), PAIRS)
def test_the_kept_text_of_the_counts_is_what_django_writes_for_people_on_two_sides(cast, party, other):
    cast.until(Stage.EVALUATION)
    kept, written = as_django_asks(member(cast, "both", party, other))
    assert kept == written


def split(url):
    path, _mark, query = url.partition("?")
    return path, QueryDict(query)


@pytest.mark.django_db
@pytest.mark.one_database
def test_counts_are_kept_for_some_pages_and_made_anew_by_the_first_page_and_by_what_is_sent(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    client, listed = cast.client("reporter_a"), page("assessment_changelist")

    def counted(address=listed):
        return waiting_counts(client.get(address).wsgi_request)[listed]

    assert counted() == 2
    Assessment.objects.update(state=AssessmentState.ABSENT)
    assert counted() == 2
    client.post(reverse("set_language"), {"language": "fa"})
    assert counted() == 0
    Assessment.objects.update(state=AssessmentState.NOT_STARTED)
    assert (counted(), counted(reverse("admin:index")), counted()) == (0, 2, 2)


@pytest.mark.one_database
@pytest.mark.django_db
def test_the_count_is_told_in_words_and_digits_of_the_language(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    html = cast.client("reporter_a").get("/admin/").content.decode()
    menu = " ".join(html.partition('id="nav-sidebar-apps"')[2].partition("</nav>")[0].split())
    assert 'خودارزیابی</span> <span class="ev-waits"> ۲ <span class="ev-unseen">در انتظار اقدام</span>' in menu
    with translation.override("en"):
        assert [(str(item["title"]), item["waits"]) for item in items(cast, "reporter_a")[1:] if item["waits"]] == [
            ("Circulars received", 1),
            ("Self-assessment", 2),
        ]


@pytest.mark.django_db
def test_tasks_and_cards_stand_in_the_order_of_the_menu(cast):
    cast.until(Stage.INDICATORS)
    request = request_of(cast, "reporter_a")
    addresses = [item["link"] for item in items(cast, "reporter_a")]
    todo = visit(cast, "reporter_a").get("/admin/").context["todo"]
    places = [addresses.index(entry_of(request, *split(task["url"])).link) for task in todo]
    assert len(places) == 2
    assert places == sorted(places)
