"""The page of a cycle's checklist, its buttons, and the template with its steps in one form."""

import datetime

import pytest
from django.utils import timezone, translation

from evaluation.enums import Stage
from evaluation.models import AgencyResult, CycleStep, Festival, ProcessTemplate, Transfer
from evaluation.persian import format_jalali
from evaluation.process.festival import festival
from evaluation.reports.shown_work import shown_work
from tests import factories as make
from tests.admin.english import page, visit


def step(cast, number=1, **given):
    return cast.cycle.steps.create(**{"number": number, "title": f"گام {number}", "stage": "draft"} | given)


def test_the_checklist_shows_planned_and_actual_days(cast):
    today = timezone.localdate()
    step(cast, days=3, mandatory=True)
    step(cast, 2, began_on=today - datetime.timedelta(days=4), days=2, channel="letter")
    shown = visit(cast, "manager").get(page("cycle_steps", cast.cycle.pk))
    (stage,) = shown.context["stages"]
    assert [(row.planned, row.actual, row.late) for row in stage.rows] == [(3, None, 0), (2, 5, 3)]
    text = shown.content.decode()
    assert text.count("1 mandatory step is open") == 1
    assert text.count("3 days over") == 1
    assert text.count("By letter") == 1
    assert text.count("/do/tick/") == 4  # href and hx-get of two steps


def test_an_agency_reads_the_checklist_without_buttons(cast):
    step(cast)
    shown = visit(cast, "reporter_a").get(page("cycle_steps", cast.cycle.pk))
    assert (shown.status_code, shown.content.decode().count("/do/")) == (200, 0)
    assert visit(cast, "observer").get(page("cycle_steps", cast.cycle.pk)).status_code == 403
    elsewhere = make.CycleFactory()
    assert visit(cast, "reporter_a").get(page("cycle_steps", elsewhere.pk)).status_code == 404


def test_a_step_is_ticked_with_its_day_and_letter_and_reopened(cast):
    made = step(cast)
    client = visit(cast, "expert")
    given = {"on": "1404/05/12", "letter_number": "۷۷", "note": "انجام شد", "file": make.upload("m.pdf")}
    answer = client.post(page("cyclestep_do", made.pk, "tick"), given)
    assert answer.headers["Location"] == f"{page('cycle_steps', cast.cycle.pk)}#step-{made.pk}"
    made.refresh_from_db()
    assert (made.done_on, made.letter_number, made.note) == (datetime.date(2025, 8, 3), "۷۷", "انجام شد")
    text = client.get(page("cycle_steps", cast.cycle.pk)).content.decode()
    assert text.count(page("cyclestep_file", made.pk, "file")) == 1
    answer = client.post(page("cyclestep_do", made.pk, "untick"), {"reason": "اشتباه"}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"
    made.refresh_from_db()
    assert (made.done_at, made.done_on) == (None, None)


def test_a_beginning_to_come_is_refused_in_the_dialog(cast):
    made = step(cast)
    answer = visit(cast, "expert").post(page("cyclestep_do", made.pk, "begin"), {"on": "1499/01/01"})
    assert answer.context["reasons"] == ["A future day cannot be recorded: 1499/01/01."]
    made.refresh_from_db()
    assert made.began_on is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_checklist_takes_the_same_queries_for_one_step_and_three(cast, django_assert_num_queries, count):
    done = {"done_at": timezone.now(), "done_by": cast.expert, "done_on": timezone.localdate()}
    for number in range(count):
        step(cast, number, **done)
    client = visit(cast, "manager")
    with django_assert_num_queries(QUERIES):
        client.get(page("cycle_steps", cast.cycle.pk))


QUERIES = 20  # seven of them ask what shows the work of the stages


def test_an_empty_checklist_leads_to_the_templates_for_those_who_may_take_one(cast):
    for person, sentence, buttons in (
        ("manager", "The checklist is empty: choose a process template.", 2),  # href and hx-get
        ("expert", "The checklist is empty: choose a process template.", 2),
        ("reporter_a", "The checklist is empty: no process template has been chosen.", 0),
    ):
        text = visit(cast, person).get(page("cycle_steps", cast.cycle.pk)).content.decode()
        assert (text.count(sentence), text.count("/do/take_template/")) == (1, buttons)


def test_two_templates_are_mixed_by_the_dialog(cast):
    client, address = visit(cast, "manager"), page("cycle_do", cast.cycle.pk, "take_template")
    for code in ("a", "b"):
        made = ProcessTemplate.objects.create(code=code, title=code)
        made.steps.create(number=1, title=f"گام {code}", stage="circular")
        assert client.post(address, {"template": made.pk}).status_code == 302
    assert sorted(CycleStep.objects.values_list("title", flat=True)) == ["گام a", "گام b"]


def test_a_template_is_edited_with_its_steps_in_one_form(cast):
    made = ProcessTemplate.objects.create(code="t", title="الگو", province=cast.province)
    first = made.steps.create(number=1, title="گام", stage="circular")
    given = {"code": "t", "title": "الگوی تازه", "total_days": "", "source": "", "skipped": ["briefing"]}
    given |= {"steps-TOTAL_FORMS": 2, "steps-INITIAL_FORMS": 1, "steps-0-id": first.pk, "steps-0-template": made.pk}
    for row, (number, title) in enumerate(((1, "گام یک"), (2, "گام دو"))):
        given |= {f"steps-{row}-number": number, f"steps-{row}-title": title, f"steps-{row}-stage": "evaluators"}
        given |= {f"steps-{row}-days": "۵", f"steps-{row}-mandatory": "on", f"steps-{row}-template": made.pk}
    answer = visit(cast, "expert").post(page("processtemplate_change", made.pk), given)
    assert answer.status_code == 302, answer.context["errors"]
    made.refresh_from_db()
    assert (made.title, made.skipped) == ("الگوی تازه", ["briefing"])
    assert list(made.steps.values_list("number", "title", "stage", "days", "mandatory")) == [
        (1, "گام یک", "evaluators", 5, True),
        (2, "گام دو", "evaluators", 5, True),
    ]
    assert visit(cast, "reporter_a").post(page("processtemplate_change", made.pk), given).status_code == 403


WORK = {  # stage: the beginning of what shows its work at the end of a year
    "circular": "Letter ",
    "evaluators": "Evaluator groups formed: ",
    "participants": "List of participating agencies finalised on ",
    "briefing": "Workshop “",
    "indicators": "Specific lists frozen: 2, the last on ",
    "self_assessment": "Self-assessments submitted: 4, the last on ",
    "transfer": "Self-assessments received: 4, the last on ",
    "evaluation": "Assessments scored: 4, the last on ",
    "objection": "Initial results disclosed: 4, the last on ",
    "confirmation": "Assessments confirmed: 4, the last on ",
    "ranking": "Results announced to the agencies on ",
    "festival": "Winners of the festival announced on ",
}


@pytest.fixture
def ended(cast):
    """The end of a year whose checklist has a step in each stage, with the letter of the levels."""
    cast.until(Stage.FESTIVAL)
    held = make.festival(cast.cycle)
    Festival._base_manager.filter(pk=held.pk).update(state="chosen")
    festival.announce(held, by=cast.manager)
    AgencyResult.objects.filter(result_set=cast.results, dimension=None).update(level_letter="88/1")
    for number, stage in enumerate(WORK, start=1):
        step(cast, number, stage=stage)
    return cast


def test_each_stage_says_what_shows_its_work(ended):
    answer = visit(ended, "expert").get(page("cycle_steps", ended.cycle.pk))
    shown = {str(group.stage): group.shown_by for group in answer.context["stages"]}
    missing = [stage for stage, words in WORK.items() if not any(line.startswith(words) for line in shown[stage])]
    assert missing == [], shown
    assert "Levels by letter 88/1" in shown["ranking"]
    html = answer.content.decode()
    assert all(sentence in html for sentences in shown.values() for sentence in sentences)


def test_a_package_is_shown_with_its_letter_and_many_are_counted(ended):
    sent = {"sent_at": timezone.now(), "sent_by": ended.expert, "sha256": "0" * 64, "package": make.upload()}
    stood = ended.cycle.transfers.filter(direction="to_aro", state__in=["sent", "received"]).count()
    for direction, number in (("festival", "12"), ("to_aro", ""), ("to_aro", "")):
        letter = {"direction": direction, "letter_number": number, "prepared_by": ended.expert}
        Transfer.objects.create(cycle=ended.cycle, state="sent", **letter, **sent)
    with translation.override("en"):
        shown, day = shown_work(ended.cycle, whole=True), format_jalali(timezone.localdate())
    assert f"Report of the festival to the national organization: letter 12, sent on {day}" in shown["festival"]
    assert f"Final report to the national organization: sent on {day}" in shown["ranking"]
    assert f"To the national organization: {stood + 2} packages, the last on {day}" in shown["transfer"]


def test_an_agency_reads_no_count_over_all_agencies(ended):
    answer = visit(ended, "reporter_a").get(page("cycle_steps", ended.cycle.pk))
    shown = {str(group.stage) for group in answer.context["stages"] if group.shown_by}
    assert shown == {"circular", "briefing", "indicators", "ranking"}
    assert "Assessments scored" not in answer.content.decode()


def test_the_dialog_that_marks_a_step_as_done_says_what_shows_it(ended):
    confirmed = ended.cycle.steps.get(stage="confirmation")
    html = visit(ended, "expert").get(page("cyclestep_do", confirmed.pk, "tick")).content.decode()
    assert "Assessments confirmed: 4, the last on" in html
