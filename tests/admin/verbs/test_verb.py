"""Verbs on pages: who is offered what, forged POSTs, GET, dialogs, steps on behalf, batches."""

import re

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from evaluation.enums import ListState, Role, Stage
from evaluation.models import Cycle, Faq, Notice, OnBehalf, SpecificList, TransitionLog
from evaluation.process.catalogue import indicator
from evaluation.process.messages import notice
from tests import factories as make
from tests.admin.english import page, told, visit

LETTER = {"behalf_body": "وزارت الف", "behalf_letter_number": "۱۲/۳", "behalf_letter_date": "1404/03/11"}


def offered(response):
    return [str(verb["label"]) for verb in response.context["verbs"]]


def do(model, obj, name):
    return page(f"{model}_do", obj.pk, name)


@pytest.fixture
def proposed(cast):
    """Agency A's list, with its two indicators, waiting for the headquarters."""
    cast.until(Stage.INDICATORS)
    written = cast.cycle.specific_lists.get(agency=cast.agency_a)
    cast.propose(written)
    return written


def state_of(row):
    return SpecificList.objects.get(pk=row.pk).state


def test_only_the_next_stage_is_offered(cast):
    response = visit(cast, "manager").get(page("cycle_change", cast.cycle.pk))
    assert offered(response)[0] == "Start the cycle: circular"
    assert response.context["verbs"][0]["reasons"] == [
        "The circular of the national organization is not registered yet."
    ]
    assert "Open the self-assessment" not in offered(response)


def test_an_evaluator_is_offered_nothing_on_a_cycle(cast):
    assert offered(visit(cast, "evaluator").get(page("cycle_change", cast.cycle.pk))) == []


@pytest.mark.parametrize("who", ["evaluator", "reporter_a", "observer"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_verb_without_the_right_is_forbidden(cast, who, method):
    cast.work(Stage.DRAFT)
    response = getattr(visit(cast, who), method)(do("cycle", cast.cycle, "start_circular"))
    assert response.status_code == 403
    assert Cycle.objects.get().stage == Stage.DRAFT
    assert TransitionLog.objects.filter(name="start_circular").count() == 0


@pytest.mark.parametrize("method", ["get", "post"])
def test_staff_without_a_role_see_no_row(cast, method):
    response = getattr(visit(cast, "nobody"), method)(do("cycle", cast.cycle, "start_circular"))
    assert response.status_code == 404


def test_a_verb_on_a_foreign_row_does_not_exist(cast):
    foreign = make.CycleFactory()
    assert visit(cast, "manager").post(do("cycle", foreign, "start_circular")).status_code == 404
    assert visit(cast, "manager").post(do("cycle", cast.cycle, "no_such_verb")).status_code == 404


def test_a_forged_post_of_a_later_stage_is_refused(cast):
    response = visit(cast, "manager").post(do("cycle", cast.cycle, "open_evaluation"))
    assert response.context["reasons"][0] == "The stage “Circular and general indicators” must be done first."
    assert Cycle.objects.get().stage == Stage.DRAFT


def test_get_shows_the_dialog_and_changes_nothing(cast):
    cast.work(Stage.DRAFT)
    response = visit(cast, "manager").get(do("cycle", cast.cycle, "start_circular"))
    assert (response.status_code, response.context["can_confirm"]) == (200, True)
    assert Cycle.objects.get().stage == Stage.DRAFT


def test_post_takes_the_step(cast):
    cast.work(Stage.DRAFT)
    response = visit(cast, "manager").post(do("cycle", cast.cycle, "start_circular"), {"note": "آغاز"})
    assert response.url == page("cycle_change", cast.cycle.pk)
    assert told(response) == ["Done: Start the cycle: circular."]
    assert Cycle.objects.get().stage == Stage.CIRCULAR
    row = TransitionLog.objects.get(name="start_circular")
    assert (row.source, row.target, row.by, row.note) == ("draft", "circular", cast.manager, "آغاز")


def test_a_second_click_is_told_that_it_is_done(cast):
    cast.work(Stage.DRAFT)
    client = visit(cast, "manager")
    client.post(do("cycle", cast.cycle, "start_circular"))
    again = client.post(do("cycle", cast.cycle, "start_circular"))
    assert again.context["reasons"] == [
        "“ارزیابی ۱۴۰۴” is now in the state “Circular and general indicators”, in which this action is "
        "not possible. Reload the page."
    ]
    assert TransitionLog.objects.filter(name="start_circular").count() == 1


def test_the_modal_gets_a_fragment_and_is_sent_on(cast):
    cast.work(Stage.DRAFT)
    client, address = visit(cast, "manager"), do("cycle", cast.cycle, "start_circular")
    shown = client.get(address, headers={"HX-Request": "true"})
    assert b"<html" not in shown.content
    done = client.post(address, headers={"HX-Request": "true"})
    assert (done.status_code, done["HX-Redirect"]) == (200, page("cycle_change", cast.cycle.pk))


def test_a_step_back_needs_a_reason(cast):
    cast.until(Stage.EVALUATORS)
    client, address = visit(cast, "manager"), do("cycle", cast.cycle, "reopen")
    refused = client.post(address, {"stage": "circular", "reason": " "})
    assert refused.context["form"].errors == {"reason": ["This field is required."]}
    forward = client.post(address, {"stage": "festival", "reason": "چرا"})
    assert list(forward.context["form"].errors) == ["stage"]
    assert Cycle.objects.get().stage == Stage.EVALUATORS
    client.post(address, {"stage": "circular", "reason": "بخشنامه عوض شد"})
    assert Cycle.objects.get().stage == Stage.CIRCULAR
    assert TransitionLog.objects.get(name="reopen").note == "بخشنامه عوض شد"


# -- on behalf --------------------------------------------------------------------------------------


def test_the_headquarters_takes_its_own_step_without_a_letter(cast, proposed):
    client = visit(cast, "headquarters_a")
    assert "behalf_body" not in client.get(do("specificlist", proposed, "endorse")).context["form"].fields
    client.post(do("specificlist", proposed, "endorse"))
    assert state_of(proposed) == ListState.ENDORSED


def test_mpo_staff_name_the_letter(cast, proposed):
    client, address = visit(cast, "expert"), do("specificlist", proposed, "endorse")
    form = client.get(address).context["form"]
    assert form["behalf_body"].value() == "وزارت الف"
    assert client.post(address, LETTER).context["form"].errors == {"behalf_file": ["This field is required."]}
    assert state_of(proposed) == ListState.DRAFTING
    client.post(address, LETTER | {"behalf_file": make.upload()})
    letter = OnBehalf.objects.get()
    assert (letter.role, letter.body, letter.letter_number, str(letter.letter_date), letter.by) == (
        Role.HEADQUARTERS,
        "وزارت الف",
        "۱۲/۳",
        "2025-06-01",
        cast.expert,
    )
    assert TransitionLog.objects.get(name="endorse").on_behalf_of == letter
    assert state_of(proposed) == ListState.ENDORSED


def test_a_refused_step_on_behalf_leaves_no_letter(cast, proposed):
    cast.cycle.indicators.filter(agency=cast.agency_a).delete()
    given = LETTER | {"behalf_file": make.upload()}
    response = visit(cast, "expert").post(do("specificlist", proposed, "endorse"), given)
    assert response.context["reasons"] == [
        "The list has no indicator yet: enter or import the agency's specific indicators first."
    ]
    assert OnBehalf.objects.count() == 0
    assert state_of(proposed) == ListState.DRAFTING


# -- batches ----------------------------------------------------------------------------------------


def batch(name, *rows, **given):
    return {"action": f"do_{name}", ACTION_CHECKBOX_NAME: [row.pk for row in rows], **given}


def test_a_batch_asks_first_and_then_reports_what_it_left_out(cast, proposed):
    other = cast.cycle.specific_lists.get(agency=cast.agency_b)
    address, client = page("specificlist_changelist"), visit(cast, "expert")
    asked = client.post(address, batch("endorse", proposed, other))
    assert [str(row) for row in asked.context["ready"]] == ["اداره الف"]
    assert [str(row) for row, _ in asked.context["left_out"]] == ["اداره ب"]
    assert state_of(proposed) == ListState.DRAFTING
    letter = LETTER | {"behalf_file": make.upload()}
    done = client.post(address, batch("endorse", proposed, other, confirm="1", **letter))
    assert told(done) == [
        "1 done, 1 not done, because: “اداره ب”: The list has no indicator yet: enter or import the "
        "agency's specific indicators first."
    ]
    assert (state_of(proposed), state_of(other)) == (ListState.ENDORSED, ListState.DRAFTING)


def test_one_letter_serves_a_whole_batch(cast, proposed):
    other = cast.cycle.specific_lists.get(agency=cast.agency_b)
    cast.propose(other)
    given = batch("endorse", proposed, other, confirm="1", **LETTER, behalf_file=make.upload())
    response = visit(cast, "expert").post(page("specificlist_changelist"), given)
    assert told(response) == ["2 done."]
    letter = OnBehalf.objects.get()
    assert {row.on_behalf_of for row in TransitionLog.objects.filter(name="endorse")} == {letter}


def test_a_batch_that_is_not_offered_cannot_be_forged(cast, proposed):
    visit(cast, "reporter_a").post(page("specificlist_changelist"), batch("endorse", proposed, confirm="1"))
    assert state_of(proposed) == ListState.DRAFTING


def test_a_batch_reaches_only_rows_in_sight(cast, proposed):
    other = cast.cycle.specific_lists.get(agency=cast.agency_b)
    cast.propose(other)
    visit(cast, "headquarters_a").post(page("specificlist_changelist"), batch("endorse", proposed, other, confirm="1"))
    assert (state_of(proposed), state_of(other)) == (ListState.ENDORSED, ListState.DRAFTING)


def test_a_forged_row_verb_outside_the_writing_is_forbidden(cast, proposed):
    indicator.endorse(proposed, by=cast.headquarters_a)
    row = cast.cycle.indicators.get(agency=cast.agency_a, code="S-1")
    response = visit(cast, "reporter_a").post(do("indicator", row, "drop"))
    assert response.context["reasons"] == [
        "The specific list of “اداره الف” is in the state “With your headquarters: to be sent to the national "
        "organization” and is not open for writing."
    ]
    assert cast.cycle.indicators.filter(pk=row.pk).exists()


def test_a_notice_is_read_by_its_own_person_alone(cast):
    (told_once,) = notice.tell([cast.expert], event="x", text="پیام")
    assert visit(cast, "manager").post(do("notice", told_once, "mark_read")).status_code == 404
    visit(cast, "expert").get(do("notice", told_once, "mark_read"))
    assert Notice.objects.get().read_at is None
    visit(cast, "expert").post(do("notice", told_once, "mark_read"))
    assert Notice.objects.get().read_at is not None


def test_chosen_rows_are_deleted_as_they_were_shown(cast):
    """Who deletes a row that somebody else has changed since the question was asked is told, and it stays."""
    kept, gone = (Faq.objects.create(question=name, answer="پاسخ", province=cast.province) for name in ("الف", "ب"))
    client, listed = visit(cast, "manager"), page("faq_changelist")
    chosen = {"action": "delete_selected", ACTION_CHECKBOX_NAME: [kept.pk, gone.pk]}
    question = client.get(listed) and client.post(listed, chosen)
    Faq.objects.filter(pk=kept.pk).update(answer="پاسخ تازه")
    marks = dict(re.findall(r'name="(_seen-\d+)" value="(\w+)"', question.content.decode()))
    assert set(marks) == {f"_seen-{kept.pk}", f"_seen-{gone.pk}"}
    answer = client.post(listed, chosen | marks | {"post": "yes"}, follow=True)
    assert list(Faq.objects.values_list("pk", flat=True)) == [kept.pk]
    assert told(answer) == [
        "1 done, 1 not done, because: “الف”: It was changed by somebody else after you chose it. "
        "Look at it, and choose it again.",
        "Successfully deleted 1 question and answer.",
    ]
