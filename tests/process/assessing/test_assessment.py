"""The verbs of an assessment: what each writes beside the state, whom it tells, and what it refuses."""

import datetime
import hashlib

import pytest
from django.utils import timezone

from evaluation.enums import MarkLevel, MarkSource, Stage
from evaluation.models import Commitment, Exemption, Line, Notice, TransitionLog
from evaluation.persian import midnight_after
from evaluation.process.assessing import assessment as assessments
from evaluation.process.assessing import many_files, moves
from evaluation.process.door import Forbidden, Refusal
from evaluation.process.results import reopening

pytestmark = pytest.mark.django_db
WEEK = datetime.timedelta(days=7)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def entry(cast):
    return cast.until(Stage.SELF_ASSESSMENT)


def told(kind):
    return sorted(Notice.objects.filter(kind=kind).values_list("user__username", "text"))


def now(file):
    return type(file).objects.get(pk=file.pk)


# -- submitting -----------------------------------------------------------------------------------


def test_a_submitted_file_keeps_its_report_with_its_hash_and_tells_the_headquarters(entry):
    file = entry.assessment(entry.agency_a)
    entry.fill(file)
    sent = assessments.submit(file, by=entry.reporter_a, report=b"%PDF report")
    assert (sent.state, sent.submitted_by) == ("submitted", entry.reporter_a)
    assert sent.report_sha256 == hashlib.sha256(b"%PDF report").hexdigest()
    assert now(file).report_file.read() == b"%PDF report"
    assert told("submitted") == [("headquarters_a", f"“{file}” was submitted and is waiting for your approval.")]


def test_submitted_again_without_a_report_the_old_one_is_gone(cast):
    file = cast.until(Stage.TRANSFER).assessment(cast.agency_a)
    assessments.freeze_report(file, b"%PDF first")
    file = assessments.return_(file, by=cast.headquarters_a, reason="ناقص")
    assert file.report_sha256 == hashlib.sha256(b"%PDF first").hexdigest()
    file = assessments.submit(file, by=cast.reporter_a)
    assert (file.state, file.report_sha256, bool(file.report_file)) == ("submitted", "", False)


def test_an_empty_file_is_not_submitted(entry):
    file = moves.start(entry.assessment(entry.agency_a), by=entry.reporter_a)
    with pytest.raises(Refusal, match="3 lines are still empty"):
        assessments.submit(file, by=entry.reporter_a)
    assert now(file).state == "drafting"


def test_without_headquarters_it_is_approved_at_once_and_the_log_says_by_what_rule(entry):
    type(entry.agency_a).objects.filter(pk=entry.agency_a.pk).update(headquarters=None)
    file = entry.assessment(entry.agency_a)
    entry.fill(file)
    assert assessments.submit(file, by=entry.reporter_a).state == "approved"
    row = TransitionLog.objects.get(object_id=file.pk, name="approve", content_type__model="assessment")
    assert (row.by.username, row.note) == ("scheduler", "The agency has no headquarters.")
    assert (row.on_behalf_of.basis, row.on_behalf_of.role) == ("rule", "headquarters")
    assert told("submitted") == []


# -- the headquarters -----------------------------------------------------------------------------


def test_a_return_names_line_by_line_what_is_wrong_and_gives_a_deadline(cast):
    file = cast.until(Stage.TRANSFER).assessment(cast.agency_a)
    line = cast.lines(file)[0]
    end = timezone.now() + 9 * HOUR
    back = assessments.return_(
        file, by=cast.headquarters_a, reason="ناقص", deadline=end, line_reasons={line.pk: "مدرک ندارد"}
    )
    assert (back.state, back.return_deadline) == ("returned", end)
    after = Line.objects.get(pk=line.pk)
    assert (after.hq_note, after.version) == ("مدرک ندارد", line.version + 1)
    assert told("returned") == [("reporter_a", f"“{file}” was returned: please correct and submit it again.")]


def test_a_deadline_that_nobody_gives_is_the_windows_end_or_a_week(cast):
    file = cast.until(Stage.TRANSFER).assessment(cast.agency_a)
    window = cast.cycle.windows.get(stage=Stage.TRANSFER)
    assert moves.own_deadline(file) == window.closes_at  # of thirty days
    soon = timezone.now() + HOUR
    cast.cycle.windows.filter(stage=Stage.TRANSFER).update(closes_at=soon)
    end = midnight_after(timezone.localdate() + WEEK)
    assert moves.own_deadline(file) == end
    cast.cycle.windows.all().delete()
    assert moves.own_deadline(file) == end


def test_a_refused_return_leaves_no_note_on_the_lines(cast):
    file = cast.until(Stage.TRANSFER).assessment(cast.agency_a)
    line = cast.lines(file)[0]
    with pytest.raises(Refusal, match="Give a reason for this action"):
        assessments.return_(file, by=cast.headquarters_a, reason=" ", line_reasons={line.pk: "مدرک ندارد"})
    assert Line.objects.get(pk=line.pk).hq_note == ""


def test_approving_copies_what_the_headquarters_left_untouched(cast):
    file = cast.until(Stage.TRANSFER).assessment(cast.agency_a)
    assessments.approve(file, by=cast.headquarters_a)
    own = {line.indicator.code: line for line in cast.lines(file)}
    assert own["G-1"].hq_actual == own["G-1"].self_actual == 80
    assert own["G-1"].hq_score == own["G-1"].self_score
    assert own["G-2"].hq_actual is None  # the steward's
    marks = own["G-1"].marks.filter(level=MarkLevel.HQ)
    assert [mark.source for mark in marks] == [MarkSource.COPY]
    assert told("approved") == [("reporter_a", f"“{file}” was approved by your headquarters.")]


# -- silence --------------------------------------------------------------------------------------


def test_a_silent_agencys_draft_is_submitted_as_it_stands(entry):
    file = entry.assessment(entry.agency_a)
    entry.fill(file)
    file.lines.filter(indicator__code="G-31").update(self_actual=None, self_score=None)
    (settled,) = many_files.settle_silent([now(file)], by=entry.manager, at=timezone.now()).done
    assert settled.state == "submitted"
    row = TransitionLog.objects.get(object_id=file.pk, name="submit")
    assert (row.on_behalf_of.basis, row.on_behalf_of.body) == ("rule", "اداره الف")


def test_a_silent_agency_without_a_figure_is_absent(entry):
    file = entry.assessment(entry.agency_a)
    (settled,) = many_files.settle_silent([file], by=entry.manager, at=timezone.now()).done
    assert settled.state == "absent"
    assert TransitionLog.objects.get(object_id=file.pk, name="mark_absent").note == (
        "No line was filled before the window closed."
    )


# -- the province ---------------------------------------------------------------------------------


def test_a_file_sent_back_has_a_deadline_of_its_own(cast):
    file = cast.until(Stage.EVALUATION).assessment(cast.agency_a)
    back = assessments.send_back(file, by=cast.expert, reason="مدرک ناخوانا", deadline=timezone.now() + HOUR)
    assert back.state == "returned"
    assert told("returned") == [("reporter_a", f"“{file}” was sent back: please correct and submit it again.")]
    with pytest.raises(Forbidden):
        assessments.send_back(cast.assessment(cast.agency_b), by=cast.lead, reason="x")


def test_scoring_is_not_finished_while_a_line_has_no_score(cast):
    file = cast.until(Stage.EVALUATION).assessment(cast.agency_a)
    with pytest.raises(Refusal, match="4 lines have no initial score yet"):
        assessments.finish_scoring(file, by=cast.lead)
    cast.score(file)
    assert assessments.finish_scoring(file, by=cast.lead).state == "scored"


def test_disclosing_tells_the_agency_and_confirming_writes_the_final_figures(cast):
    cast.until(Stage.OBJECTION)
    file = assessments.disclose(cast.assessment(cast.agency_a), by=cast.expert)
    assert told("disclosed") == [("reporter_a", f"The initial results of “{file}” are disclosed and can be viewed.")]
    file = assessments.confirm(file, by=cast.manager)
    assert (file.state, file.confirmed_by) == ("confirmed", cast.manager)
    for line in cast.lines(file):
        assert (line.final_actual, line.final_score) == (line.initial_actual, line.initial_score)
        assert line.marks.get(level=MarkLevel.FINAL).source == MarkSource.CONFIRMATION


def test_reopening_takes_the_final_figures_and_the_results_back(cast):
    cast.until(Stage.FESTIVAL)
    file = cast.assessment(cast.agency_a)
    file = reopening.reopen(file, by=cast.manager, reason="خطا")
    assert file.state == "disclosed"
    assert {(line.final_actual, line.final_score) for line in cast.lines(file)} == {(None, None)}
    assert cast.cycle.result_sets.get().state == "void"


@pytest.mark.parametrize("verb", ["mark_absent", "withdraw"])
def test_leaving_needs_a_reason_and_the_right(entry, verb):
    file = entry.assessment(entry.agency_a)
    leave = getattr(assessments, verb)
    with pytest.raises(Refusal, match="Give a reason for this action"):
        leave(file, by=entry.manager, reason="")
    with pytest.raises(Forbidden):
        leave(file, by=entry.reporter_a, reason="دلیل")
    assert leave(file, by=entry.manager, reason="دلیل").state in ("absent", "withdrawn")


@pytest.mark.parametrize("verb", ["mark_absent", "withdraw"])
def test_a_file_comes_back_in_the_state_that_it_had(entry, verb):
    file = entry.assessment(entry.agency_a)
    entry.fill(file)
    left = getattr(assessments, verb)(entry.assessment(entry.agency_a), by=entry.manager, reason="اشتباه")
    end = midnight_after(timezone.localdate() + datetime.timedelta(days=4))
    back = reopening.bring_back(left, by=entry.manager, reason="شرکت می‌کند", deadline=end)
    assert (back.state, back.return_deadline) == ("drafting", end)
    assert Notice.objects.filter(user=entry.reporter_a, event__startswith=f"bring_back:{file.pk}:").count() == 1
    with pytest.raises(Refusal):
        reopening.bring_back(back, by=entry.manager, reason="دوباره")


def test_bringing_back_needs_a_reason_and_voids_what_was_computed_without_the_file(cast):
    cast.until(Stage.EVALUATION)
    for file in cast.assessments(participation__agency=cast.agency_b):
        assessments.withdraw(file, by=cast.manager, reason="ادغام")
    cast.until(Stage.FESTIVAL)
    file = cast.assessment(cast.agency_b)
    with pytest.raises(Refusal, match="Give a reason"):
        reopening.bring_back(file, by=cast.manager, reason="")
    back = reopening.bring_back(file, by=cast.manager, reason="جدا شد")
    assert (back.state, back.return_deadline) == ("under_evaluation", None)
    assert cast.cycle.result_sets.get().state == "void"


# -- exemptions and commitments -------------------------------------------------------------------


def test_an_exemption_has_a_reason_and_is_lifted_with_one(entry):
    line = entry.lines(entry.assessment(entry.agency_a))[0]
    with pytest.raises(Refusal, match="An exemption needs a reason"):
        assessments.exempt(line, by=entry.manager, reason=" ")
    with pytest.raises(Forbidden):
        assessments.exempt(line, by=entry.reporter_a, reason="دلیل")
    made = assessments.exempt(line, by=entry.manager, reason="موضوع ندارد", document="نامه ۵")
    assert (made.reason, made.document, made.decided_by) == ("موضوع ندارد", "نامه ۵", entry.manager)
    after = Line.objects.get(pk=line.pk)
    assert (after.exempt, after.version) == (True, line.version + 1)
    with pytest.raises(Refusal, match="Give a reason for this action"):
        assessments.lift_exemption(after, by=entry.manager, reason="")
    assessments.lift_exemption(after, by=entry.manager, reason="دارد")
    assert (Line.objects.get(pk=line.pk).exempt, Exemption.objects.count()) == (False, 0)


def test_nothing_is_exempted_after_the_confirmation(cast):
    cast.until(Stage.RANKING)
    file = cast.assessment(cast.agency_a)
    with pytest.raises(Refusal) as refusal:
        assessments.exempt(cast.lines(file)[0], by=cast.manager, reason="دلیل")
    assert str(refusal.value) == f"“{file}” is confirmed; reopen it first."


def test_commitments_are_accepted_once(entry):
    before = Commitment.objects.get(user=entry.reporter_a)
    entry.commit()
    assert Commitment.objects.get(user=entry.reporter_a) == before
