"""The table of library traps in its order, each with the test that keeps us out of it.

Tested elsewhere: import speed (resources/workbooks/test_lines), days off (rules/test_windows), accessibility
(browser/), Unfold's texts (architecture/test_catalogue, test_third_party_texts), autosave
(admin/assessing/test_lines_view, browser/test_lines), calamine (resources/reading/test_reader, test_guard), worker
processes (tasks/test_serve), rounding (scoring/test_ranking, test_totals), typst (reports/test_printed), foreign rows
(admin/test_rights, test_base).
"""

import datetime
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib import admin
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from openpyxl import load_workbook

import backoffice.settings as product
from backoffice import web_server
from backoffice.buffering import BufferingWorker
from evaluation.enums import Stage
from evaluation.models import Agency, Circular, Indicator, Line, Notice, TransitionLog
from evaluation.process.service import health
from evaluation.resources.workbooks.registry import RESOURCES
from evaluation.schedules import RECURRING
from tests import factories as make
from tests.admin.imports.import_desk import HEADINGS, Desk
from tests.resources.sheets import sheet

from .english import page, visit

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
FOREIGN = "بیگانه"
LISTS = [f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist" for model in admin.site._registry]
FORMS = [name.replace("_changelist", "_add") for name in LISTS]
SHOWING_EVERYBODY = {"admin:evaluation_province_changelist"}  # provinces are known to everybody


def sources(pattern):
    """Where a pattern occurs in the code of the product."""
    files = [path for folder in ("backoffice", "evaluation") for path in (ROOT / folder).rglob("*.py")]
    return [str(path.relative_to(ROOT)) for path in files if re.search(pattern, path.read_text())]


@pytest.fixture
def elsewhere(cast):
    """Another province whose every name says that it is foreign."""
    province = make.ProvinceFactory(name=FOREIGN)
    cycle = make.CycleFactory(province=province, title=FOREIGN)
    agency = make.AgencyFactory(province=province, name=FOREIGN, group=FOREIGN, kind=FOREIGN)
    group = cycle.peer_groups.create(title=FOREIGN)
    cycle.participations.create(agency=agency, peer_group=group)
    dimension = make.DimensionFactory(cycle=cycle, title=FOREIGN)
    axis = make.AxisFactory(dimension=dimension, title=FOREIGN)
    make.IndicatorFactory(dimension=dimension, axis=axis, title=FOREIGN)
    make.CircularFactory(cycle=cycle, subject=FOREIGN)
    make.WorkshopFactory(cycle=cycle, title=FOREIGN)
    make.CommitteeFactory(province=province, title=FOREIGN)
    cycle.evaluator_groups.create(title=FOREIGN)
    return province


def changing(client, url):
    """What the form of a change page would post."""
    form = client.get(url).context["adminform"].form
    shown = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in shown.items() if value not in (None, False, [])}


# FSMAdminMixin ---------------------------------------------------------------------------------------


def test_no_admin_moves_states_by_the_librarys_mixin(cast):
    bases = {base.__name__ for model_admin in admin.site._registry.values() for base in type(model_admin).__mro__}
    assert "FSMAdminMixin" not in bases
    assert sources(r"fsm_admin|FSMAdmin") == []


@pytest.mark.parametrize("field", ["_fsm_transition_to", "_fsm_transition-stage-start_circular"])
def test_a_forged_transition_on_the_change_form_moves_nothing(cast, field):
    make.CircularFactory(cycle=cast.cycle, direction="incoming")
    client, url = visit(cast, "manager"), page("cycle_change", cast.cycle.pk)
    before = TransitionLog.objects.count()
    client.post(url, {**changing(client, url), "stage": "circular", field: "start_circular"})
    cast.cycle = type(cast.cycle).objects.get(pk=cast.cycle.pk)
    assert (cast.cycle.stage, TransitionLog.objects.count()) == ("draft", before)


# Unfold's @action ------------------------------------------------------------------------------------


def test_no_admin_has_unfolds_actions_that_run_on_get():
    names = ("actions_detail", "actions_row", "actions_list", "actions_submit_line")
    given = {
        f"{type(each).__name__}.{name}"
        for each in admin.site._registry.values()
        for name in names
        if getattr(each, name)
    }
    assert given == set()
    assert sources(r"unfold\.decorators import .*\baction\b") == []


# import-export: rights, scope, escaping, pages -------------------------------------------------------


def test_importing_and_exporting_are_rights_of_their_own():
    assert django_settings.IMPORT_EXPORT_IMPORT_PERMISSION_CODE == "import"
    assert django_settings.IMPORT_EXPORT_EXPORT_PERMISSION_CODE == "export"
    for model in (Agency, Indicator, Line):
        name = model._meta.model_name
        assert {f"import_{name}", f"export_{name}"} <= {code for code, _name in model._meta.permissions}


def test_no_admin_opens_the_librarys_own_import_pages():
    bases = {base.__name__ for each in admin.site._registry.values() for base in type(each).__mro__}
    assert {"ImportMixin", "ExportActionMixin"} & bases == set()  # how lists are exported: test_list_exports


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(A1)"])
def test_a_text_that_looks_like_a_formula_goes_out_and_comes_in_as_text(cast, text, tmp_path):
    """ESCAPE_FORMULAE would strip the sign and turn numbers into text."""
    Agency.objects.filter(pk=cast.agency_a.pk).update(name=text)
    desk = Desk(cast, "expert")
    exported = desk.client.get(page("importrun_export", "agencies")).content
    (tmp_path / "a.xlsx").write_bytes(exported)
    cells = [cell for row in load_workbook(tmp_path / "a.xlsx").active for cell in row if cell.value == text]
    assert [cell.data_type for cell in cells] == ["s"]
    run = desk.upload("agencies", exported)
    assert (run.new, run.changed, run.same, run.wrong) == (0, 0, 2, 0)


def test_an_import_does_not_reach_rows_outside_the_scope(cast, elsewhere):
    foreign = Agency.objects.get(name=FOREIGN)
    desk = Desk(cast, "expert")
    desk.confirm(desk.upload("agencies", sheet(["کد دستگاه", "نام دستگاه"], [foreign.code, "نام نو"])))
    foreign.refresh_from_db()
    assert (foreign.name, Agency.objects.get(province=cast.province, code=foreign.code).name) == (FOREIGN, "نام نو")


def test_the_confirmation_carries_no_path(cast, media):
    cast.until(Stage.SELF_ASSESSMENT)
    desk = Desk(cast, "reporter_a")
    run = desk.upload("self", sheet(HEADINGS, ["A", "G-1", 80]))
    html = desk.report(run).content.decode()
    assert [path for path in (str(media), run.file.name, "/tmp/") if path in html] == []
    assert "import_file_name" not in html


# Foreign keys in forms and list filters --------------------------------------------------------------


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["manager", "reporter_a", "evaluator"])
def test_no_list_no_filter_and_no_form_names_a_foreign_row_or_drops_persian_digits(cast, elsewhere, who):
    """<input type=number> silently drops ۱۲٫۵."""
    client = cast.client(who)
    named, dropping, opened = [], [], 0
    for name in LISTS + FORMS:
        response = client.get(reverse(name))
        html = response.content.decode()
        dropping += [name] if re.search(r'type="?(number|date|datetime)\b', html) else []
        if response.status_code == 200 and name not in SHOWING_EVERYBODY:
            opened += 1
            named += [name] if FOREIGN in html else []
    assert (named, dropping) == ([], [])
    assert opened > 15


# django-fsm's protected=True: architecture/test_habits.py greps for updates of states round the verbs


# django-q2 -------------------------------------------------------------------------------------------


def test_a_task_is_given_up_before_it_is_started_again():
    queue = django_settings.Q_CLUSTER
    assert queue["retry"] >= 2 * queue["timeout"]
    assert queue["max_attempts"] == 3


def test_web_and_worker_share_their_cache():
    assert "locmem" not in product.CACHES["default"]["BACKEND"]


@pytest.mark.parametrize("recurring", RECURRING, ids=lambda recurring: recurring.name)
def test_a_recurring_task_that_is_delivered_twice_acts_once(cast, recurring, monkeypatch):
    monkeypatch.setattr(health, "CHECKS", {})  # no page is served here
    cast.until(Stage.SELF_ASSESSMENT)
    cast.cycle.windows.filter(stage=Stage.SELF_ASSESSMENT).update(closes_at=timezone.now())
    task = import_string(recurring.task)
    task()
    after = (TransitionLog.objects.count(), Notice.objects.count())
    assert task() == {"done": [], "failed": []}
    assert (TransitionLog.objects.count(), Notice.objects.count()) == after


# Unfold's dates --------------------------------------------------------------------------------------


def test_no_list_has_the_gregorian_drill_down():
    assert [each for each in admin.site._registry.values() if each.date_hierarchy] == []


def test_pages_show_jalali_dates(cast):
    circular = make.CircularFactory(cycle=cast.cycle, date=datetime.date(2025, 6, 1))
    client = cast.client("manager")
    for url in (page("circular_changelist"), page("circular_change", circular.pk)):
        html = re.sub(r'datetime="[^"]*"', "", client.get(url).content.decode())  # that one is for machines
        assert "۱۴۰۴/۰۳/۱۱" in html
        assert [date for date in ("2025-06-01", "2025/06/01", "۲۰۲۵", "June") if date in html] == []


# Verbs by dialog -------------------------------------------------------------------------------------


def test_a_dialog_can_carry_files_and_login_leads_to_the_first_page(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    assessment = cast.assessment(cast.agency_a)
    html = visit(cast, "expert").get(page("assessment_do", assessment.pk, "submit")).content.decode()
    assert 'enctype="multipart/form-data"' in html
    cast.manager.set_password("a long secret")
    cast.manager.save()
    client = visit(cast, "nobody")
    client.logout()
    answer = client.post(reverse("admin:login"), {"username": "manager", "password": "a long secret"})
    assert (answer.status_code, answer.url) == (302, reverse("admin:index"))


# SQLite under load -----------------------------------------------------------------------------------


@pytest.mark.skipif(not product.ON_SQLITE, reason="the settings of SQLite")
def test_sqlite_takes_its_lock_at_once_and_waits():
    given = connection.settings_dict
    assert (given["OPTIONS"]["transaction_mode"], given["OPTIONS"]["timeout"]) == ("IMMEDIATE", 20)
    assert "journal_mode=WAL" in given["OPTIONS"]["init_command"]


def test_no_request_is_one_transaction():
    assert connection.settings_dict["ATOMIC_REQUESTS"] is False


# Unfold keeps self.request ---------------------------------------------------------------------------


def test_a_web_process_answers_one_request_at_a_time():
    """That it does is tried in tasks/test_web_server."""
    assert import_string(web_server.worker_class) is BufferingWorker
    assert not hasattr(web_server, "threads")


# Numbers and dates as people type them ---------------------------------------------------------------


def test_a_number_typed_in_persian_reaches_the_verb(cast):
    cast.until(Stage.INDICATORS)
    specific_list = cast.cycle.specific_lists.get(agency=cast.agency_a)
    typed = {
        "code": "S-9",
        "title": "شاخص",
        "slice": "national",
        "weight": "۱۲٫۵",
        "target": "١٬٢٠٠٫٢٥",
        "nature": "single",
        "direction": "ascending",
        "evidence_rule": "optional",
    }
    response = visit(cast, "reporter_a").post(page("specificlist_do", specific_list.pk, "propose"), typed)
    assert response.status_code == 302
    made = Indicator.objects.get(agency=cast.agency_a)
    assert (made.weight, made.target) == (Decimal("12.5"), Decimal("1200.25"))


@pytest.mark.parametrize(
    ("typed", "kept"), [("۱۴۰۳/۱۲/۳۰", datetime.date(2025, 3, 20)), ("1404/01/01", datetime.date(2025, 3, 21))]
)
def test_the_last_day_of_a_leap_year_is_a_date(cast, typed, kept):
    """jdatetime's j_days_in_month misses 30 Esfand."""
    given = {"cycle": cast.cycle.pk, "direction": "incoming", "kind": "circular", "number": "۱", "issuer": "سازمان"}
    files = {f"files-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    visit(cast, "expert").post(page("circular_add"), {**given, **files, "subject": "بخشنامه", "date": typed})
    assert [circular.date for circular in Circular.objects.all()] == [kept]


def test_a_day_that_does_not_exist_is_said(cast):
    given = {"cycle": cast.cycle.pk, "direction": "incoming", "kind": "circular", "number": "۱", "date": "1402/12/30"}
    response = visit(cast, "expert").post(page("circular_add"), given)
    assert response.context["adminform"].form.errors["date"] == ["“1402/12/30” is a date that does not exist."]
    assert Circular.objects.count() == 0


# Rounding in SQL -------------------------------------------------------------------------------------


def test_nothing_is_rounded_by_the_database():
    assert sources(r"\bRound\(|functions import .*\bRound\b|ROUND\(") == []


# Persian text in databases ---------------------------------------------------------------------------


def test_names_stand_in_the_order_of_the_persian_alphabet(cast):
    for name in ("گاز", "کار", "پست", "تعاون", "چاپ", "حج", "ژاله", "زمین", "يزد", "هلال"):
        make.AgencyFactory(province=cast.province, name=name)
    shown = [str(agency) for agency in visit(cast, "manager").get(page("agency_changelist")).context["cl"].result_list]
    assert shown == [
        "اداره الف", "اداره ب", "پست", "تعاون", "چاپ", "حج", "زمین", "ژاله", "کار", "گاز", "هلال", "یزد",
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["کشاورزی", "كشاورزي", "كشاورزی"])
@pytest.mark.parametrize("stored", ["جهاد کشاورزی", "جهاد كشاورزي"])
def test_either_keyboard_finds_the_name(cast, typed, stored):
    make.AgencyFactory(province=cast.province, name=stored)
    response = visit(cast, "manager").get(page("agency_changelist"), {"q": typed})
    assert [str(agency) for agency in response.context["cl"].result_list] == ["جهاد کشاورزی"]


# Requests that are 500 -------------------------------------------------------------------------------

ODD = ["?foo=1", "?p=x", "?p=999999", "?o=x.y", "?e=1", "?q=%25%00", "?state__exact=%00", "?pk__in=x", "?_to_field=x"]


@pytest.mark.parametrize("query", ODD)
def test_no_list_falls_over_an_odd_address(cast, query):
    client = cast.client("manager")
    answers = {name: client.get(f"{reverse(name)}{query}").status_code for name in LISTS}
    assert {name: code for name, code in answers.items() if code not in (200, 302, 400, 403)} == {}


@pytest.mark.parametrize("key", ["%00", "x", "0", "9" * 40, "1/2", "_", "۱"])
@pytest.mark.parametrize("address", ["change/", "history/", "delete/", "do/submit/", "file/report_file/", "lines/"])
def test_no_row_has_an_odd_key(cast, key, address):
    response = cast.client("manager").get(f"{page('assessment_changelist')}{key}/{address}")
    assert response.status_code in (400, 404)


@pytest.mark.parametrize("query", ["?s=A&page=x", "?s=A&page=0", "?s=%00", "?page=x", f"?s={'ا' * 5000}"])
def test_the_search_answers_odd_addresses(cast, query):
    assert cast.client("manager").get(f"{reverse('admin:search')}{query}").status_code in (200, 400)


FILLED = [
    ("committeesession", "committee"),
    ("transfer", "direction=to_aro&cycle"),
    ("extension", "agency"),
    ("indicator", "parent"),
    ("agency", "headquarters"),
    ("membership", "agency"),
    ("evaluatorgroup", "agencies"),
]


@pytest.mark.parametrize("key", ["x", "%00", "²", "9" * 30, "9" * 5000])
def test_pages_that_an_address_fills_answer_odd_keys(cast, key):
    client = cast.client("manager")
    for form, field in FILLED:
        assert client.get(f"{page(f'{form}_add')}?{field}={key}").status_code in (200, 400), (form, field)


@pytest.mark.parametrize("query", ["?foo=1", "?cycle=x", "?cycle=%00", "?cycle=" + "9" * 40])
def test_downloads_answer_odd_addresses(cast, query):
    client = cast.client("manager")
    for name in ("importrun_template", "importrun_export"):
        codes = {client.get(f"{page(name, workbook)}{query}").status_code for workbook in RESOURCES}
        assert codes <= {200, 400, 404}


# .python-version -------------------------------------------------------------------------------------


def test_the_python_version_has_no_patch_number():
    assert re.fullmatch(r"3\.\d+\n?", (ROOT / ".python-version").read_text())
