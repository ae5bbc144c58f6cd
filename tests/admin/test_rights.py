"""Every page of the admin × every person × GET and POST, with an own row and with somebody else's.

What is expected stands in `rights_table`: a page or verb without a row there fails by its name. The year is walked
once; every request is undone. Who may do what is decided in Python: on a second database only the drawn pages are asked
for again, whose queries differ there, and `tests/rules/test_scopes.py`.
"""

import logging
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib import admin
from django.db import transaction
from django.template.response import SimpleTemplateResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.views import defaults as django_defaults

from evaluation import workbook
from evaluation.admin.filters import ScopedRelatedFilter
from evaluation.admin.lookups import OfferedChangeList
from evaluation.admin.related_links import opens
from evaluation.enums import Stage
from tests.strict import StrictClient, figures_shown_wrong

from . import list_files, rights_world
from .rights_pages import DONE, Visitor, key_of, may, model_of, named, pages_of_rows, pages_without_row, wrong
from .rights_table import LETTERS, PAGES, PLAIN, ROWS
from .rights_verbs import VERBS

pytestmark = [
    pytest.mark.django_db,  # also where one test is run alone: pytest-django makes the databases that tests ask for
    pytest.mark.xdist_group("rights"),  # the world is costly: one worker makes it
]

BY_ADDRESS = {"history", "change", "delete", "do", "file"}  # pages that every table has
NO_ROW = {"changelist", "add", "export"}
SENT_ELSEWHERE = {"changelist", "export"}  # by whoever sees the list: in the tests of batches and of the files of lists
LIVELY = {"change": ["cycle", "assessment", "specificlist", "objection"], "changelist": ["assessment", "importrun"]}
QUIET = {"change": ["indicator", "resultset", "transfer"], "changelist": ["line", "notice"]}  # drawn at the end only
WHOLE_ADMIN = ("manager", pytest.param("reporter", marks=pytest.mark.long))
LEADING_ELSEWHERE = {
    "صفحهٔ ردیف‌ها",
    "مشخصات و سوابق",
    "برگزیدگان",
    "کارنامهٔ میان‌دوره",
}  # columns of links, which a file has no use for
MODELS = {model._meta.model_name: model._meta.app_label for model in rights_world.OURS}
NO_TEMPLATES = SimpleNamespace(get_template=lambda name: SimpleNamespace(render=lambda *_given, **_named: ""))
SYSTEM = "user group success failure schedule ormq".split()  # Django's own pages: the superuser's alone


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """Both provinces, made once for this module inside one transaction that is undone at the end."""
    quick = override_settings(
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        MEDIA_ROOT=tmp_path_factory.mktemp("files"),
    )
    logging.getLogger("django.request").disabled = True  # thousands of refusals are what is asked for
    with quick, django_db_blocker.unblock(), transaction.atomic():
        yield rights_world.World()
        transaction.set_rollback(True)
    logging.getLogger("django.request").disabled = False


@pytest.fixture(autouse=True)
def media(request):
    """The files of the world stay where they are for the whole module."""
    return django_settings.MEDIA_ROOT


@pytest.fixture
def answers(monkeypatch):
    """Only the code of an answer counts: no page, frame, choice of a filter or workbook is made."""
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    monkeypatch.setattr(django_defaults, "loader", NO_TEMPLATES)  # of the pages that say 403 and 404
    monkeypatch.setattr(admin.site, "each_context", lambda request: {})
    monkeypatch.setattr(ScopedRelatedFilter, "field_choices", lambda *asked: [])
    empty = workbook.build([workbook.Sheet(title="x", columns=[workbook.Column(code="x", heading="x")], rows=[])])
    monkeypatch.setattr(workbook, "build", lambda sheets, **options: empty)


@pytest.fixture
def unread_lists(monkeypatch):
    """Lists read no rows: `test_the_file_of_a_list_holds_what_the_list_shows` reads those of each list and person."""
    monkeypatch.setattr(OfferedChangeList, "get_results", one_row_unread)


def one_row_unread(listed, request):
    """Stands for `ChangeList.get_results`."""
    listed.result_count, listed.result_list = 1, []
    listed.show_all = listed.can_show_all = listed.multi_page = False


@pytest.fixture(scope="module")
def at_stage(world, request):
    """The world at one of the stages, which stays there when the test is undone."""
    world.here.until(Stage(request.param))
    return world


@pytest.fixture(scope="module")
def festival(world):
    if world.here.cycle.stage != Stage.FESTIVAL:
        world.here.until(Stage.FESTIVAL)
    if world.here.results.state != "published":
        world.here.publish()
        world.known.clear()  # the stage stays, but rows have come
    return world


# -- the tests --------------------------------------------------------------------------------------


def test_every_page_and_every_verb_has_a_row_in_the_table():
    tables, verbs, pages, plain = set(), set(), set(), {name for name, _url in pages_without_row()}
    for model, model_admin in admin.site._registry.items():
        tables.add(model._meta.model_name)
        verbs |= {(model._meta.model_name, verb.name) for verb in getattr(model_admin, "verbs", ())}
    for name, arguments in named():
        model, page = model_of(name)
        if model is not None and key_of(arguments) and page not in BY_ADDRESS:
            pages.add(f"{model._meta.model_name} {page}")
    plain -= {name for name in plain if name.rpartition("_")[2] in NO_ROW and model_of(name)[0]}

    assert tables == set(ROWS)
    assert verbs == {(table, verb) for table, steps in VERBS.items() for verb in steps}
    with_choice = (" make ", " compare ", " compare_workbook ")
    assert pages == {name.rpartition(" ")[0] if any(part in name for part in with_choice) else name for name in PAGES}
    assert plain == set(PLAIN)


@pytest.mark.parametrize("at_stage", ["draft", "self_assessment", "evaluation", "objection", "festival"], indirect=True)
def test_no_page_fails_at_any_stage(at_stage):
    """Some pages are drawn for each person, in Persian without an English sentence; a row may be under the embargo.

    All pages are drawn, of the last stage, by the test of figures, codes and moments.
    """
    at_the_end = at_stage.here.cycle.stage == Stage.FESTIVAL
    for person in LETTERS:
        if at_the_end and person == "manager":
            continue  # all of theirs are drawn by the next test
        visitor = Visitor(at_stage.users[person], StrictClient)
        for name, url in drawn(at_stage, person, at_the_end=at_the_end):
            status = visitor.ask("get", url)[0]
            assert status in ((200, 404) if name.endswith(" change") else (200,)), (name, person, status)


def drawn(world, person, *, at_the_end):
    """(name, address) of the first page, of lists and of rows that this person may open."""
    yield "index", reverse("admin:index")
    yield "search", f"{reverse('admin:search')}?s=A"
    for model in admin.site._registry:
        table, row = model._meta.model_name, world.own(model, world.users[person])
        address = f"admin:{model._meta.app_label}_{table}"
        if LETTERS[person] not in ROWS[table][0]:
            continue
        if table in LIVELY["changelist"] or (at_the_end and table in QUIET["changelist"]):
            yield f"{table} list", reverse(f"{address}_changelist")
        if row and (table in LIVELY["change"] or (at_the_end and table in QUIET["change"])):
            yield f"{table} change", reverse(f"{address}_change", args=[row.pk])
        if row and table == "assessment":
            yield "assessment change", reverse(f"{address}_lines", args=[row.pk])


TYPED = ("۱۴:۳۰", "http://localhost:8000/admin/")  # an example in a box of a form, and the address of the site


@pytest.mark.parametrize("person", WHOLE_ADMIN)
def test_pages_show_figures_codes_and_moments_as_decided(festival, person):
    """Every page that the person may open, and dialogs of the reporter: no raw value, Latin digit or bare moment."""
    visitor, letter, faults = Visitor(festival.users[person], StrictClient), LETTERS[person], {}
    pages = [
        (f"{table} {page}", url)
        for table, page, url in pages_of_rows(festival, person, own=True)
        if may(letter, table, page, "get") and not page.startswith("file" if person == "reporter" else ("file", "do "))
    ]
    for name, url in pages + list(pages_without_row()):
        with rights_world.rolled_back():
            response = visitor.client.get(url)
            visitor.client.cookies = visitor.cookies.copy()
        if response.status_code == 200 and response.get("Content-Type", "").startswith("text/html"):
            for fault in figures_shown_wrong(response.content.decode(), known=TYPED):
                faults.setdefault(fault, name)
    assert "\n".join(f"{name}: {fault}" for fault, name in faults.items()) == ""


@pytest.mark.one_database
@pytest.mark.parametrize("person", LETTERS)
def test_own_rows(festival, answers, person):
    visitor, letter, faults = Visitor(festival.users[person]), LETTERS[person], []
    for table, page, url in pages_of_rows(festival, person, own=True):
        if page.startswith("do ") and letter not in ROWS[table][1] and page != f"do {next(iter(VERBS[table]))}":
            continue  # who does not see the row meets the same 404 at every verb
        for method in ("get", "post"):
            allowed = may(letter, table, page, method)
            if method == "post" and page in ("history", "file", "file none"):
                continue  # these only read, whatever the method
            if page == "file none" and person != "manager":
                continue  # there is no such file, for whomever
            status, writes, moved = visitor.ask(method, url)
            faults += wrong(f"{method} {table} {page}", allowed, status, writes, moved)
            if (
                status == 404
                and not allowed
                and letter in ROWS[table][1]
                and page.startswith(("change", "delete", "do"))
            ):
                faults.append(f"{method} {table} {page}: an own row is refused with 403, not 404")
    assert faults == []


@pytest.mark.one_database
@pytest.mark.parametrize("person", [name for name in LETTERS if name != "superuser"])
def test_rows_of_others_do_not_exist(festival, answers, person):
    visitor, letter, faults = Visitor(festival.users[person]), LETTERS[person], []
    for table, page, url in pages_of_rows(festival, person, own=False):
        if (
            table in rights_world.COUNTRY
            or table in SYSTEM
            or (person == "national" and table not in rights_world.PERSONAL)
        ):
            continue  # the national organization knows every province
        if letter not in ROWS[table][0] and page != "change":
            continue
        if page.startswith("do ") and page != f"do {next(iter(VERBS[table]))}":
            continue
        for method in ("get", "post"):
            status, writes, _moved = visitor.ask(method, url)
            if status not in ({404, 405} if method == "get" else {404}) or writes:
                faults.append(f"{method} {table} {page}: {status} {writes}")
    assert faults == []


@pytest.mark.one_database
@pytest.mark.parametrize("person", LETTERS)
def test_references_lead_where_the_person_may_go(festival, answers, person):
    """A read-only reference is a link where the page itself would open, for every reference of every own row."""
    visitor, targets, faults = Visitor(festival.users[person]), {}, []
    for table, page, _url in pages_of_rows(festival, person, own=True):
        if page == "change" and LETTERS[person] in ROWS[table][1]:
            row = festival.own(apps.get_model(MODELS[table], table), festival.users[person])
            named_rows = (getattr(row, each.name) for each in row._meta.fields if each.is_relation)
            targets |= {(type(each), each.pk): each for each in named_rows if each is not None}
    request = RequestFactory().get("/")
    request.user = type(festival.users[person]).objects.get(pk=festival.users[person].pk)
    for (model, _key), target in targets.items():
        if model in admin.site._registry:
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[target.pk])
            status, _writes, _moved = visitor.ask("get", url)
            faults += [f"{url}: {status}"] if opens(request, target) != (status in DONE) else []
    assert faults == []


@pytest.mark.one_database
@pytest.mark.parametrize("person", LETTERS)
def test_pages_without_a_row(festival, answers, unread_lists, person):
    visitor, letter, faults = Visitor(festival.users[person]), LETTERS[person], []
    for page, url in pages_without_row():
        model, kind = model_of(page)
        if model is not None and kind in NO_ROW:
            listed, _own, added, _change, _delete = ROWS[model._meta.model_name]
            get = post = added if kind == "add" else listed
        else:
            get, post = PLAIN[page]
        for method, letters in (("get", get), ("post", post)):
            if method == "post" and kind in SENT_ELSEWHERE and letter in letters:
                continue
            faults += wrong(f"{method} {page}", letter in letters, *visitor.ask(method, url))
    assert faults == []


@pytest.mark.one_database
@pytest.mark.parametrize("person", LETTERS)
def test_the_file_of_a_list_holds_what_the_list_shows(festival, answers, person):
    """Each list for each person: the same rows in the same order, the same columns, nothing beside them."""
    user, faults, client = festival.users[person], [], Client()
    client.force_login(user)
    for registered in admin.site._registry.values():
        name, url = registered.opts.model_name, list_files.address(registered, "export")
        if LETTERS[person] not in ROWS[name][0]:
            continue
        with rights_world.rolled_back():
            headings, rows = list_files.filed(client.post(url, list_files.chosen(client.get(url))))
        shown, lines, count = list_files.listed(registered, user)
        kept = [at for at, heading in enumerate(shown) if heading not in LEADING_ELSEWHERE]
        if [shown[at].casefold() for at in kept] != [heading.casefold() for heading in headings] or count != len(rows):
            faults.append((name, shown, headings, count, len(rows)))
        pairs = zip(rows, lines, strict=False)
        faults += [(name, row, line) for row, line in pairs if row != [line[at] for at in kept]]
    assert faults == []


@pytest.mark.one_database
@pytest.mark.parametrize("person", LETTERS)
def test_batches_leave_out_what_the_person_may_not_do(festival, answers, person):
    """A forged batch over an own and a foreign row writes nothing for a person without the verb."""
    visitor, letter, faults = Visitor(festival.users[person]), LETTERS[person], []
    for model, model_admin in admin.site._registry.items():
        table = model._meta.model_name
        url = reverse(f"admin:{model._meta.app_label}_{table}_changelist")
        rows = [festival.own(model, festival.users[person]), festival.others(model, person)]
        chosen = {"_selected_action": [row.pk for row in rows if row], "confirm": "1", "post": "yes"}
        names = {f"do_{verb.name}": VERBS[table][verb.name] for verb in getattr(model_admin, "verbs", ()) if verb.batch}
        for action, letters in {**names, "delete_selected": ROWS[table][4]}.items():
            if letter in letters or (letter not in ROWS[table][0] and action != "delete_selected"):
                continue
            status, writes, moved = visitor.ask("post", url, {"action": action, **chosen})
            if status not in (200, 302, 403) or writes or moved:
                faults.append(f"{table} {action}: {status} {writes}")
    assert faults == []


@pytest.mark.one_database
def test_nobody_gets_in_without_logging_in(festival, answers):
    visitor, open_to_all = Visitor(None), {"login", "logout", "jsi18n", "session"}
    pages = [(f"{table} {page}", url) for table, page, url in pages_of_rows(festival, "manager", own=True)]
    pages += [(name, url) for name, url in pages_without_row() if name not in open_to_all]
    faults = []
    for name, url in pages:
        for method in ("get", "post"):
            response = getattr(visitor.client, method)(url)
            if (response.status_code, response.url) != (302, f"{reverse('admin:login')}?next={url}"):
                faults.append(f"{method} {name}: {response.status_code}")
    assert faults == []


@pytest.mark.parametrize(
    ("person", "found"),
    [("manager", ["A", "B"]), ("reporter", ["A"]), ("headquarters", ["A"]), ("national", ["A", "A", "B", "B"])],
)
def test_search_and_autocomplete_know_the_persons_rows_alone(festival, person, found):
    client = Client()
    client.force_login(festival.users[person])
    results = client.get(reverse("admin:search"), {"s": "اداره"}).context["results"].object_list
    titles = sorted(str(each.title) for each in results if "/agency/" in each.link)
    assert titles == sorted({"A": "اداره الف", "B": "اداره ب"}[code] for code in found)

    fields = {"app_label": "evaluation", "model_name": "evaluatorgroup", "field_name": "agencies", "term": "اداره"}
    response = client.get(reverse("admin:autocomplete"), fields)
    offered = [each["text"].partition(" · ")[0] for each in response.json()["results"]]  # the name, its province
    assert sorted(offered) == titles
