import gc
import itertools
import os
import shutil

import pytest
from django.test import client as test_client
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from tests import postgres, snapshots
from tests.cast import cast  # noqa: F401  the fixture
from tests.migrated import copy_instead_of_migrating
from tests.statements import LEFT_OUT, LEFT_TO_POSTGRESQL, is_alone
from tests.strict import StrictClient

PARTS = (
    "django/forms/",
    "unfold/",
    "evaluation/widgets/",
)  # of a page: a hundred of them, whose contexts nobody asks for
store_contexts = test_client.store_rendered_templates


def store_contexts_of_pages(store, signal, sender, template, context, **kwargs):
    """What the test client keeps for `response.context`, without the fields and buttons inside a page."""
    if "context" not in store or not (template.name or "").startswith(PARTS):
        store_contexts(store, signal, sender, template, context, **kwargs)


test_client.store_rendered_templates = store_contexts_of_pages
gc.set_threshold(100_000)  # a fifth of the time went into looking for garbage among the modules


def pytest_collection_finish():
    """What was imported stays: the search for garbage passes over it."""
    gc.freeze()


os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread

hypothesis_settings.register_profile("long", max_examples=1_000, deadline=None)
hypothesis_settings.register_profile("mutants", max_examples=25, deadline=None, derandomize=True)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
)  # the first draws the same pages for less
numbers = itertools.count()
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def pytest_addoption(parser):
    parser.addoption("--repeat-all", action="store_true", help="also what the lists of `make one-database` name")
    parser.addoption(
        "--beside-postgresql", action="store_true", help="on SQLite: without what is left to PostgreSQL, if it is there"
    )


@pytest.fixture
def client():
    return StrictClient()


@pytest.fixture
def admin_client(admin_user):
    client = StrictClient()
    client.force_login(admin_user)
    return client


@pytest.fixture(autouse=True)
def media(settings):
    """The files of this test, in a folder that the first of them makes. `tmp_path` makes one for each test, and reads
    the names of all others before it.
    """
    settings.MEDIA_ROOT = settings.DATA_DIR / "files" / str(next(numbers))
    yield settings.MEDIA_ROOT
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture(autouse=True)
def empty_cache():
    from django.core.cache import cache  # noqa: PLC0415  needs settings, which pytest-django loads after this file

    yield
    cache.clear()


@pytest.fixture(autouse=True)
def language():
    """A page leaves its language active in the thread; the next test begins in the product's own."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, pytestconfig):
    """pytest-django asks for it before it creates the database of this process."""
    copy_instead_of_migrating(pytestconfig.cache.mkdir("migrated"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        snapshots.read_content_types()


@pytest.fixture(scope="session", autouse=True)
def lasting_content_types():
    """After a test whose rows were committed the tables are emptied, not flushed."""
    from django.test import TransactionTestCase  # noqa: PLC0415  as above

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: snapshots.empty())
        yield


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only the browser tests pay for it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, live_server):
    """A page on the live server. The test fails on an error in the console and on a request to any other server.

    Requests are listened to, not routed: a routed context has no cache, and every page loads its thirty files anew.
    The browser itself finds no other server: see CHROMIUM_OPTIONS.
    """
    complaints = []
    context = browser.new_context(
        base_url=live_server.url,
        locale="fa-IR",
        timezone_id="Asia/Tehran",
        viewport={"width": 1440, "height": 900},
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    ours = (live_server.url, "data:", "blob:")

    def note_foreign(request):
        if not request.url.startswith(ours):
            complaints.append(f"asked another server: {request.url}")

    context.on("request", note_foreign)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(config, items):
    """One worker starts LibreOffice for all; on a second database only what touches one is tried again.

    Beside such a run, the first is spared what the second tries anyway.
    """
    for item in items:
        if "office" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group("office"))
    repeat_all = config.getoption("repeat_all")
    left_out = set() if repeat_all else set(LEFT_OUT.read_text().split("\n"))
    if os.environ.get("DATABASE_URL"):
        kept = [item for item in items if is_repeated(item, left_out)]
    elif config.getoption("beside_postgresql") and postgres.programs():
        spared = set() if repeat_all else set(LEFT_TO_POSTGRESQL.read_text().split("\n"))
        kept = [item for item in items if not (is_spared(item, spared) and is_repeated(item, left_out))]
    else:
        return
    config.hook.pytest_deselected(items=list(set(items) - set(kept)))
    items[:] = kept


def is_repeated(item, left_out):
    """Whether PostgreSQL tries this test; `left_out` are the names in tests/one_database.txt."""
    if item.get_closest_marker("left_to_postgresql"):
        return True
    return touches_database(item) and (is_alone(item) or left_out.isdisjoint(names_of(item)))


def is_spared(item, spared):
    """Whether SQLite need not try what PostgreSQL tries; `spared` are the names in tests/left_to_postgresql.txt."""
    if item.get_closest_marker("left_to_postgresql"):
        return True
    return not is_alone(item) and not spared.isdisjoint(names_of(item))


def names_of(item):
    """Of this case of a test, and of the test with all its cases."""
    return {item.nodeid, item.nodeid.partition("[")[0]}


def touches_database(item):
    """Through a fixture or a mark of pytest-django, or in processes of its own, as those of `tests/tasks`.

    A browser proves what scripts and styles do; what they send, the tests of pages and of clusters send as well.
    """
    if item.get_closest_marker("one_database") or item.get_closest_marker("browser"):
        return False
    fixtures = {"db", "transactional_db", "live_server"}
    asked = fixtures & set(item.fixturenames) or item.get_closest_marker("django_db")
    return bool(asked) or "tasks" in item.path.parts
