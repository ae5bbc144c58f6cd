"""One scope for lists, forms, related fields, filters, autocomplete and files; rights by place; bad requests."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.enums import CycleKind, Role, Stage
from evaluation.models import Agency, Circular, Extension, Membership, TransitionLog, Workshop
from tests import factories as make

from .english import page, visit


@pytest.fixture
def elsewhere(cast):
    """Another province with its own agency and cycle."""
    province = make.ProvinceFactory(name="استان دیگر")
    agency = make.AgencyFactory(province=province, name="بیگانه", code="Z")
    cycle = make.CycleFactory(province=province, title="سال بیگانه")
    return {"province": province, "agency": agency, "cycle": cycle}


def names(response):
    return [str(row) for row in response.context["cl"].result_list]


def test_lists_hold_the_persons_rows_alone(cast, elsewhere):
    assert names(visit(cast, "manager").get(page("agency_changelist"))) == ["اداره الف", "اداره ب"]
    assert names(visit(cast, "reporter_a").get(page("agency_changelist"))) == ["اداره الف"]
    assert names(visit(cast, "reporter_b").get(page("agency_changelist"))) == ["اداره ب"]


@pytest.mark.parametrize("address", ["change", "history", "delete"])
def test_foreign_rows_do_not_exist(cast, elsewhere, address):
    assert visit(cast, "manager").get(page(f"agency_{address}", elsewhere["agency"].pk)).status_code == 404
    assert visit(cast, "manager").get(page(f"agency_{address}", 999_999)).status_code == 404


def test_a_foreign_row_is_not_changed_by_post(cast, elsewhere):
    agency = elsewhere["agency"]
    response = visit(cast, "manager").post(page("agency_change", agency.pk), {"name": "نام نو", "code": "Z"})
    assert response.status_code == 404
    assert Agency.objects.get(pk=agency.pk).name == "بیگانه"


def test_select_boxes_offer_the_persons_rows_alone(cast, elsewhere):
    form = visit(cast, "manager").get(page("circular_add")).context["adminform"].form
    assert [str(row) for row in form.fields["cycle"].queryset] == ["ارزیابی ۱۴۰۴"]
    form = visit(cast, "manager").get(page("agency_add")).context["adminform"].form
    assert [str(row) for row in form.fields["province"].queryset] == ["قزوین"]


def test_a_forged_choice_of_a_foreign_row_writes_nothing(cast, elsewhere):
    given = {"cycle": elsewhere["cycle"].pk, "kind": "agencies", "title": "کارگاه", "starts_at": "1404/06/01 10:00"}
    response = visit(cast, "manager").post(page("workshop_add"), given)
    assert list(response.context["adminform"].form.errors) == ["cycle"]
    assert Workshop.objects.count() == 0


def test_choices_belong_to_the_cycle_of_the_row(cast):
    cast.until(Stage.PARTICIPANTS)
    other = make.CycleFactory(province=cast.province, performance_year=1403)
    make.AxisFactory(dimension=make.DimensionFactory(cycle=other), title="محور پارسال")
    form = visit(cast, "manager").get(page("evaluatorgroup_change", cast.group_1.pk)).context["adminform"].form
    assert sorted(str(axis) for axis in form.fields["axes"].queryset) == ["محور دو", "محور یک"]


def test_filters_list_the_persons_rows_alone(cast, elsewhere):
    interim = {"kind": CycleKind.INTERIM, "main_cycle": cast.cycle, "title": "ارزیابی میان‌دوره"}
    for cycle in (cast.cycle, make.CycleFactory(province=cast.province, **interim), elsewhere["cycle"]):
        make.WorkshopFactory(cycle=cycle)
    response = visit(cast, "manager").get(page("workshop_changelist"))
    spec = response.context["cl"].filter_specs[0]
    shown = {choice["display"] for choice in spec.choices(response.context["cl"])}
    assert shown == {"All", "ارزیابی ۱۴۰۴", "ارزیابی میان‌دوره"}


def test_autocomplete_finds_the_persons_rows_alone(cast, elsewhere):
    address = "/admin/autocomplete/?app_label=evaluation&model_name=extension&field_name=agency&term="
    found = visit(cast, "manager").get(address).json()["results"]
    assert [row["text"] for row in found] == ["اداره الف", "اداره ب"]
    assert visit(cast, "observer").get(address.replace("agency&term", "reason&term")).status_code == 403


def test_a_right_holds_at_its_place_alone(cast, elsewhere):
    Membership.objects.create(user=cast.manager, role=Role.OBSERVER, province=elsewhere["province"])
    client = visit(cast, "manager")
    seen = client.get(page("agency_change", elsewhere["agency"].pk))
    assert (seen.status_code, seen.context["has_change_permission"]) == (200, False)
    assert client.post(page("agency_change", elsewhere["agency"].pk), {"name": "نو"}).status_code == 403


def test_states_and_who_did_what_cannot_be_typed(cast):
    circular = make.CircularFactory(cycle=cast.cycle)
    form = visit(cast, "manager").get(page("circular_change", circular.pk)).context["adminform"].form
    assert not {"sent_at", "sent_by"} & set(form.fields)
    form = visit(cast, "manager").get(page("cycle_change", cast.cycle.pk)).context["adminform"].form
    assert not {"stage", "participants_fixed_at", "participants_fixed_by", "province"} & set(form.fields)


def test_a_verb_that_refuses_shows_its_sentence_on_the_form(cast):
    given = {"cycle": cast.cycle.pk, "agency": cast.agency_a.pk, "stage": "transfer", "ends_at": "1390/01/01 10:00"}
    response = visit(cast, "manager").post(
        page("extension_add"), given | {"part": "", "dimension": "", "reason": "سیل"}
    )
    assert response.context["adminform"].form.non_field_errors() == ["An extension must end in the future."]
    assert Extension.objects.count() == 0


def test_files_go_to_those_who_may_see_the_row(cast, elsewhere):
    circular = make.CircularFactory(cycle=cast.cycle, file=make.upload("نامه.txt", b"text of the letter"))
    address = page("circular_file", circular.pk, "file")
    response = visit(cast, "expert").get(address)
    assert b"".join(response.streaming_content) == b"text of the letter"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert visit(cast, "reporter_a").get(address).status_code == 404
    assert visit(cast, "expert").get(page("circular_file", circular.pk, "number")).status_code == 404
    foreign = make.CircularFactory(cycle=elsewhere["cycle"], file=make.upload())
    assert visit(cast, "expert").get(page("circular_file", foreign.pk, "file")).status_code == 404


def test_a_read_only_file_links_to_the_page_that_asks_for_rights(cast):
    cast.work(Stage.CIRCULAR)
    Circular.objects.filter(pk=cast.circular.pk).update(file="circulars/letter.txt")
    html = visit(cast, "manager").get(page("circular_change", cast.circular.pk)).content.decode()
    assert page("circular_file", cast.circular.pk, "file") in html
    assert "media/circulars" not in html


@pytest.mark.parametrize("query", ["?state__exact=%00", "?q=%00"])
def test_a_character_that_cannot_be_read_gets_a_page(cast, query):
    assert visit(cast, "manager").get(page("specificlist_changelist") + query).status_code == 400


def test_the_search_ignores_a_page_that_is_no_number(cast):
    assert visit(cast, "manager").get("/admin/search/?s=الف&page=x").status_code == 200


def test_one_persons_request_leaves_nothing_for_the_next(cast, elsewhere):
    """Unfold keeps `self.request` on the admin."""
    visit(cast, "manager").get(page("agency_changelist"))
    form = visit(cast, "reporter_a").get(page("agency_changelist"))
    assert names(form) == ["اداره الف"]


def test_agencies_do_not_read_who_scored_them(cast):
    cast.until(Stage.OBJECTION)
    list_a = cast.cycle.specific_lists.get(agency=cast.agency_a)
    shown = visit(cast, "reporter_a").get(page("specificlist_change", list_a.pk)).context["timeline"]
    by = {str(row["label"]): str(row["by"]) for row in shown}
    assert by["Finish the review"] == "The provincial organization"
    assert by["Endorse the list"] == "headquarters_a"


def test_the_log_is_read_by_mpo_and_typed_by_nobody(cast):
    client = visit(cast, "manager")
    kind = ContentType.objects.get_for_model(cast.cycle)
    row = TransitionLog.objects.get(content_type=kind, object_id=cast.cycle.pk, name="start")
    assert client.get(page("transitionlog_changelist")).status_code == 200
    assert client.get(page("transitionlog_add")).status_code == 403
    assert client.post(page("transitionlog_change", row.pk), {"note": "x"}).status_code == 403
    assert visit(cast, "reporter_a").get(page("transitionlog_changelist")).status_code == 403


def queries(client, address):
    client.get(address)  # content types and the session are read once
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("who", ["manager", "reporter_a"])
@pytest.mark.parametrize("model", ["workshop", "stagewindow", "cyclestep", "indicator"])
def test_lists_ask_as_often_for_three_rows_as_for_one(cast, who, model):
    add = {
        "workshop": lambda: make.WorkshopFactory(cycle=cast.cycle),
        "stagewindow": lambda: cast.cycle.windows.create(
            stage=list(Stage)[cast.cycle.windows.count() + 1],
            opens_at="2025-01-01T00:00Z",
            closes_at="2025-02-01T00:00Z",
        ),
        "cyclestep": lambda: cast.cycle.steps.create(number=cast.cycle.steps.count() + 1, title="گام", stage="draft"),
        "indicator": lambda: make.IndicatorFactory(dimension=cast.general),
    }[model]
    client, counts = visit(cast, who), []
    for rows in (1, 2):
        for _ in range(rows):
            add()
        counts.append(queries(client, page(f"{model}_changelist")))
    assert counts[0] == counts[1]


def test_the_page_of_a_cycle_asks_as_often_for_three_windows_as_for_one(cast):
    client, counts = visit(cast, "manager"), []
    for stages in (["circular"], ["evaluators", "briefing"]):
        for stage in stages:
            cast.cycle.windows.create(stage=stage, opens_at="2025-01-01T00:00Z", closes_at="2025-02-01T00:00Z")
            cast.cycle.steps.create(number=cast.cycle.steps.count() + 1, title="گام", stage=stage)
        counts.append(queries(client, page("cycle_change", cast.cycle.pk)))
    assert counts[0] == counts[1]
