"""Starting a year by the form, its page, and the verbs of its settings."""

from evaluation.enums import Stage
from evaluation.models import Cycle, ProcessTemplate, TransitionLog
from tests import factories as make
from tests.admin.english import page, visit

YEAR = {
    "performance_year": "۱۴۰۵",
    "kind": "annual",
    "title": "ارزیابی ۱۴۰۵",
    "main_cycle": "",
    "period_start": "1405/01/01",
    "period_end": "1405/12/29",
    "template": "",
    "sender": "headquarters",
    "end_order": "council_first",
    "report_required": "on",
    "level_source": "received",
    "level_scheme": "",
    "exemption_rule": "scale",
    "over_maximum": "refuse",
    "silent_agency": "wait",
    "silent_headquarters": "wait",
    "silent_national": "wait",
    "commitment_text": "",
    "strength_from": "۸۵",
    "weakness_below": "60",
    "gains_named": "5",
    "median_from": "5",
    "expected_share": "50",
    "warn_days": "30",
    "behind_allowed": "25",
}


def test_a_new_year_starts_with_checklist_and_dimensions(cast):
    template = ProcessTemplate.objects.create(code="t", title="الگو", skipped=["briefing"])
    template.steps.create(number=1, title="گام", stage="circular")
    given = YEAR | {"province": cast.province.pk, "template": template.pk}
    response = visit(cast, "manager").post(page("cycle_add"), given)
    assert response.status_code == 302, response.context["adminform"].form.errors
    cycle = Cycle.objects.get(performance_year=1405)
    assert (cycle.stage, cycle.skipped, cycle.steps.count()) == (Stage.DRAFT, ["briefing"], 1)
    assert list(cycle.dimensions.values_list("code", "maximum")) == [("general", 1000), ("specific", 1000)]
    assert TransitionLog.objects.get(name="start", object_id=cycle.pk).by == cast.manager


def test_no_year_is_started_in_another_province(cast):
    elsewhere = make.ProvinceFactory()
    response = visit(cast, "manager").post(page("cycle_add"), YEAR | {"province": elsewhere.pk})
    assert list(response.context["adminform"].form.errors) == ["province"]
    assert Cycle.objects.count() == 1


def test_the_page_shows_stages_and_what_stands_in_the_way(cast):
    cast.until(Stage.BRIEFING)
    shown = visit(cast, "manager").get(page("cycle_change", cast.cycle.pk)).context
    states = [stage["state"] for stage in shown["cycle_strip"]["stages"]]
    assert states == ["done"] * 3 + ["current"] + ["next"] * 8
    assert [item["text"] for item in shown["blockers"]["items"]] == [
        "No briefing workshop for the agencies is recorded as held."
    ]


def test_windows_are_planned_from_a_day(cast):
    client, address = visit(cast, "manager"), page("cycle_do", cast.cycle.pk, "plan")
    seen = client.post(address, {"start": "۱۴۰۴/۰۳/۱۱"}).context["form"]["preview"].value()["seen"]
    assert cast.cycle.windows.count() == 0
    client.post(address, {"start": "۱۴۰۴/۰۳/۱۱", "preview": seen})
    assert str(cast.cycle.windows.get(stage="circular").opens_at) == "2025-05-31 20:30:00+00:00"
    assert cast.cycle.windows.count() == 12


def test_a_step_is_marked_as_done_once(cast):
    step = cast.cycle.steps.create(number=1, title="گام", stage="draft", mandatory=True)
    client, address = visit(cast, "expert"), page("cyclestep_do", step.pk, "tick")
    client.post(address, {"note": "انجام شد"})
    step.refresh_from_db()
    assert (step.done_by, step.note) == (cast.expert, "انجام شد")
    assert client.get(address).context["reasons"] == [
        "This action is not possible in the present state. Reload the page."
    ]
    assert visit(cast, "reporter_a").post(address).status_code == 403
