"""The pages of improvement plans: drafted from a card, written as a form, agreed to, reported on, and told at home."""

from decimal import Decimal

import pytest

from evaluation.enums import PlanState, Stage
from evaluation.models import ActionFile, ImprovementAction, ImprovementPlan
from evaluation.process.improvement import plan
from tests.admin.english import page, visit
from tests.admin.form_page import FormPage
from tests.factories import upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def announced(cast):
    return cast.until(Stage.FESTIVAL)


@pytest.fixture
def drafted(announced):
    return plan.draft(announced.participation_a, by=announced.expert)


def do(cast, who, row, name, **data):
    return visit(cast, who).post(page(f"{row._meta.model_name}_do", row.pk, name), data)


def written(form, number, **typed):
    row = {"action": "آموزش", "owner": "مدیر", "due": "1499/05/12", "measure": "گواهی"} | typed
    return {f"actions-{number}-{name}": value for name, value in row.items()} | {
        f"actions-{number}-{name}": form.fields[f"actions-{number}-{name}"] for name in ("id", "line", "plan")
    }


def complete(cast, who, drafted):
    form = FormPage(getattr(cast, who), page("improvementplan_change", drafted.pk))
    rows = [written(form, number) for number in range(drafted.actions.count())]
    return form.post(**{name: value for row in rows for name, value in row.items()})


def titles(cast, who):
    todo = visit(cast, who).get("/admin/").context["todo"]
    return [row["title"] for row in todo if "mprovement plan" in row["title"]]


def test_a_plan_goes_from_the_card_to_its_first_report(announced):
    participation = announced.participation_a
    card = visit(announced, "expert").get(page("participation_card", participation.pk), follow=True)
    assert "Draft the improvement plan" in [str(verb["label"]) for verb in card.context["card_verbs"]]
    response = do(announced, "expert", participation, "draft_plan")
    drafted = ImprovementPlan.objects.get()
    assert response.headers["Location"] == page("improvementplan_change", drafted.pk)
    assert titles(announced, "expert") == ["Improvement plans to complete and propose"]
    assert do(announced, "expert", drafted, "propose", note="").status_code == 302
    assert titles(announced, "reporter_a") == ["Improvement plans to complete and agree to"]

    assert complete(announced, "reporter_a", drafted).status_code == 302
    first = drafted.actions.first()
    assert (first.action, first.owner, first.measure) == ("آموزش", "مدیر", "گواهی")
    assert do(announced, "reporter_a", drafted, "agree", note="").status_code == 302
    assert titles(announced, "headquarters_a") == ["Improvement plans to approve"]
    assert do(announced, "headquarters_a", drafted, "approve", note="").status_code == 302
    assert ImprovementPlan.objects.get().state == PlanState.FOLLOW_UP

    given = {"progress": "۴۰", "note": "دو دوره برگزار شد.", "file": upload("w.pdf")}
    assert do(announced, "reporter_a", first, "report", **given).status_code == 302
    shown = visit(announced, "headquarters_a").get(page("improvementaction_change", first.pk)).content.decode()
    assert "دو دوره برگزار شد." in shown
    file = page("actionfile_file", ActionFile.objects.get().pk, "file")
    assert visit(announced, "headquarters_a").get(file).status_code == 200
    assert visit(announced, "reporter_b").get(file).status_code == 404


def test_more_than_was_lost_cannot_be_expected(announced, drafted):
    form = FormPage(announced.reporter_a, page("improvementplan_change", drafted.pk))
    row = drafted.actions.get(pk=form.fields["actions-0-id"])
    response = form.post(**written(form, 0, expected=str(row.lost + 1)))
    errors = response.context["inline_admin_formsets"][0].formset.errors[0]
    assert errors == {"expected": [f"This line lost {row.lost:.2f} points: no more can be won."]}
    before = row.expected
    assert form.post(**written(form, 0, expected=str(row.lost))).status_code == 302
    assert (before, ImprovementAction.objects.get(pk=row.pk).expected) == (row.lost / 2, row.lost)


def test_an_agreed_plan_is_read_only(announced, drafted):
    complete(announced, "expert", drafted)
    do(announced, "reporter_a", drafted, "agree", note="")
    form = FormPage(announced.reporter_a, page("improvementplan_change", drafted.pk))
    assert {name for name in form.fields if name.startswith("actions-0-")} == {"actions-0-id", "actions-0-plan"}
    assert form.post().status_code == 403


def test_a_dialog_says_what_is_missing(announced, drafted):
    response = visit(announced, "reporter_a").get(page("improvementplan_do", drafted.pk, "agree"))
    (reason,) = response.context["reasons"]
    assert reason.startswith("These actions need what is done, an owner, a due date and a measure: ")


def test_the_lists_show_the_sums_of_each_plan(announced, drafted):
    rows = visit(announced, "expert").get(page("improvementplan_changelist")).context["cl"].result_list
    assert [row.participation.agency.code for row in rows] == ["A"]
    expected = sum(row.expected for row in drafted.actions.all())
    html = visit(announced, "expert").get(page("improvementplan_changelist")).content.decode()
    assert f"{expected:,.2f}" in html
    assert Decimal(expected) > 0
    assert not visit(announced, "reporter_b").get(page("improvementplan_changelist")).context["cl"].result_list
    assert visit(announced, "reporter_b").get(page("improvementplan_change", drafted.pk)).status_code == 404
