"""The log of steps: read by the provincial organization, written by nobody's hand."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from evaluation import persian
from evaluation.admin import labels, list_summary
from evaluation.enums import Stage
from evaluation.models import Assessment, ImportRun, Line, TransitionLog
from evaluation.process import audit
from tests import factories as make
from tests.admin.english import page, visit

PRICE = 9  # queries of the list


def rows(response):
    return list(response.context["cl"].result_list)


def test_not_even_the_system_administrator_writes_the_log(cast):
    cast.root = get_user_model().objects.create_superuser("root")
    cast.until(Stage.CIRCULAR)
    row, before = TransitionLog.objects.first(), TransitionLog.objects.count()
    answers = {}
    for name in ("root", "manager"):
        inside = visit(cast, name)
        change, delete = page("transitionlog_change", row.pk), page("transitionlog_delete", row.pk)
        answers[name] = [
            inside.get(change).status_code,
            inside.post(change, {"note": "x"}).status_code,
            inside.post(delete, {"post": "yes"}).status_code,
            inside.post(page("transitionlog_add"), {"name": "x"}).status_code,
            inside.post(page("onbehalf_add"), {"body": "x"}).status_code,
        ]
    assert answers == {"root": [200, 403, 403, 403, 403], "manager": [200, 403, 403, 403, 403]}
    assert TransitionLog.objects.count() == before
    assert TransitionLog.objects.get(pk=row.pk).note == row.note


def test_who_reads_the_log(cast):
    names = "manager expert lead steward secretary national observer headquarters_a reporter_a nobody".split()
    codes = {name: visit(cast, name).get(page("transitionlog_changelist")).status_code for name in names}
    assert [name for name, code in codes.items() if code == 200] == ["manager", "expert"]


def test_the_log_is_narrowed_by_a_jalali_period(cast):
    cast.until(Stage.CIRCULAR)
    inside, url = visit(cast, "manager"), page("transitionlog_changelist")
    assert [row.name for row in rows(inside.get(url))] == ["start_circular", "start"]
    assert rows(inside.get(url, {"at__from": "1390/01/01", "at__to": "1390/12/29"})) == []
    assert len(rows(inside.get(url, {"at__from": "1390/01/01"}))) == 2


def test_letters_of_steps_on_behalf_are_kept_with_their_file(cast):
    letter = audit.act_on_behalf(
        cast.cycle, role="agency", body="اداره الف", letter_number="12", letter_date=make.DAY, file=make.upload(),
        by=cast.expert,
    )  # fmt: skip
    inside = visit(cast, "manager")
    assert rows(inside.get(page("onbehalf_changelist"))) == [letter]
    assert b"".join(inside.get(page("onbehalf_file", letter.pk, "file")).streaming_content) == b"letter"
    assert visit(cast, "reporter_a").get(page("onbehalf_file", letter.pk, "file")).status_code == 404


def test_the_log_costs_the_same_with_more_rows(cast, django_assert_num_queries):
    inside, url = visit(cast, "manager"), page("transitionlog_changelist")
    inside.get(url)
    with django_assert_num_queries(PRICE):
        inside.get(url)
    cast.until(Stage.BRIEFING)
    with django_assert_num_queries(PRICE):
        inside.get(url)


def test_a_log_too_long_to_look_through_offers_every_subject_that_takes_steps(cast, admin_client, monkeypatch):
    """The log itself is not asked: a kind without a row would be looked for in all of it."""
    cast.until(Stage.CIRCULAR)
    make.CycleFactory(province=make.ProvinceFactory(code="far"))
    monkeypatch.setattr(list_summary, "MAX_COUNTED", 1)
    with CaptureQueriesContext(connection) as queries:
        listed = admin_client.get(page("transitionlog_changelist")).context["cl"]
    (subjects,) = [spec for spec in listed.filter_specs if getattr(spec, "parameter_name", "") == "subject"]
    offered = {ContentType.objects.get_for_id(int(key)).model for key, _title in subjects.lookup_choices}
    assert {"cycle", "assessment", "circular"} <= offered
    assert not [query for query in queries if 'DISTINCT "evaluation_transitionlog"."content_type_id"' in query["sql"]]


def test_states_in_the_log_are_called_as_on_screen():
    found = [(Assessment, "scored"), (ImportRun, "written"), (ImportRun, ""), (Line, "x")]
    with translation.override("en"):
        assert [str(labels.state_label(*each)) for each in found] == ["Scored", "Written", "", "x"]


def test_a_row_is_named_by_its_subject_and_moment_not_by_codes(cast):
    cast.until(Stage.CIRCULAR)
    row = TransitionLog.objects.get(name="start")
    assert str(row) == f"دورهٔ ارزیابی · {persian.format_jalali_datetime(row.at)}"


def test_groups_are_listed_by_the_name_of_their_role(admin_client):
    Group.objects.get_or_create(name="council")
    html = admin_client.get(reverse("admin:auth_group_changelist")).content.decode()
    assert "دبیر شورای راهبری توسعه مدیریت استان" in html
