"""The one door: it refuses with sentences, asks right, letter and reason in this order, and logs what it did."""

import pytest
from django.contrib.auth import get_user_model

from evaluation.enums import Role, Stage
from evaluation.models import TransitionLog
from evaluation.process import audit, door
from evaluation.process.assessing import assessment as assessments
from tests import factories as make

pytestmark = pytest.mark.django_db
NEEDS_LETTER = (
    "Another body is responsible for this action. To act on its behalf, give its name, and the "
    "number, date and file of its letter."
)


@pytest.fixture
def file(cast):
    """Agency A's general assessment, submitted."""
    return cast.until(Stage.TRANSFER).assessment(cast.agency_a)


def letter(cast, role=Role.HEADQUARTERS):
    return audit.act_on_behalf(
        cast.cycle,
        role=role,
        body="وزارت الف",
        letter_number="۷",
        letter_date=make.DAY,
        file=make.upload(),
        by=cast.expert,
    )


def rows(obj, name):
    return TransitionLog.objects.filter(object_id=obj.pk, content_type__model=obj._meta.model_name, name=name)


def test_a_step_moves_the_row_and_writes_its_log(cast, file):
    moved = door.perform(file, "approve", by=cast.headquarters_a, note="درست است.")
    assert moved.state == type(file).objects.get(pk=file.pk).state == "approved"
    row = rows(file, "approve").get()
    assert (row.source, row.target, row.by, row.note) == ("submitted", "approved", cast.headquarters_a, "درست است.")
    assert (row.cycle, row.agency, row.on_behalf_of) == (cast.cycle, cast.agency_a, None)


def test_a_second_click_is_told_where_the_file_stands_now(cast, file):
    door.perform(file, "approve", by=cast.headquarters_a)
    with pytest.raises(door.Refusal) as refusal:
        door.perform(file, "approve", by=cast.headquarters_a)  # the page still shows it as submitted
    assert str(refusal.value) == (
        f"“{file}” is now in the state “Approved by the headquarters”, in which this action is not possible. "
        "Reload the page."
    )
    assert rows(file, "approve").count() == 1


@pytest.mark.parametrize("name", ["reporter_a", "headquarters_b", "national", "lead", "nobody"])
def test_a_person_without_the_right_changes_and_logs_nothing(cast, file, name):
    with pytest.raises(door.Forbidden, match="approve_assessment"):
        door.perform(file, "approve", by=getattr(cast, name))
    assert type(file).objects.get(pk=file.pk).state == "submitted"
    assert not rows(file, "approve").exists()


def test_staff_take_an_outside_step_with_its_letter_alone(cast, file):
    with pytest.raises(door.Refusal) as refusal:
        door.perform(file, "approve", by=cast.expert)
    assert refusal.value.sentences == [NEEDS_LETTER]
    given = letter(cast)
    door.perform(file, "approve", by=cast.expert, on_behalf=given)
    row = rows(file, "approve").get()
    assert (row.by, row.on_behalf_of) == (cast.expert, given)


@pytest.mark.parametrize("note", ["", "  \n"])
def test_a_step_back_needs_its_reason(cast, file, note):
    with pytest.raises(door.Refusal, match="Give a reason for this action"):
        door.perform(file, "return_", by=cast.headquarters_a, note=note, deadline=None)
    assert type(file).objects.get(pk=file.pk).state == "submitted"


def test_all_that_stands_in_the_way_is_said_at_once(cast):
    cast.cycle.steps.create(number=1, title="گام", stage=Stage.DRAFT, mandatory=True)
    step = cast.cycle.steps.get()
    with pytest.raises(door.Refusal) as refusal:
        door.perform(cast.cycle, "start_circular", by=cast.manager)
    assert refusal.value.sentences == [
        "The circular of the national organization is not registered yet.",
        f"These mandatory steps are still open: {step}.",
    ]
    assert door.why_not(cast.cycle, "start_circular") == refusal.value.sentences


def test_the_same_sentence_comes_as_a_text_for_pages_and_imports(cast, file):
    asked = {"note": "", "deadline": None}
    assert door.refusal_of(door.perform, file, "return_", by=cast.headquarters_a, **asked) == (
        "Give a reason for this action."
    )
    assert door.refusal_of(door.perform, file, "approve", by=cast.nobody) == "Your account has no right to this action."
    assert door.refusal_of(door.perform, file, "approve", by=cast.headquarters_a) == ""


def test_the_row_is_read_anew_under_the_lock(cast, file):
    stale = type(file).objects.get(pk=file.pk)
    door.perform(file, "approve", by=cast.headquarters_a)
    assert stale.state == "submitted"
    locked = door.lock(type(file), file.pk)
    assert locked.state == "approved"


def test_a_step_without_a_state_is_logged_with_its_place(cast, file):
    line = cast.lines(file)[0]
    row = door.log(line, "lift_exemption", by=cast.manager, note="دلیل")
    assert (row.subject, row.cycle, row.agency) == (line, cast.cycle, cast.agency_a)
    assert (row.source, row.target) == ("", "")
    assert door.context(cast.cycle) == (cast.cycle, None)


def test_one_refusal_of_a_batch_stops_no_other(cast):
    files = cast.until(Stage.TRANSFER).assessments()
    assessments.approve(files[0], by=cast.headquarters_a)
    batch = door.run_batch(files, assessments.approve, by=get_user_model().objects.get(pk=cast.headquarters_a.pk))
    assert [file.pk for file in batch.done] == [files[1].pk]
    assert [(file.pk, sentence) for file, sentence in batch.left_out] == [
        (files[0].pk, door.already_moved(type(files[0]).objects.get(pk=files[0].pk))),
        (files[2].pk, "Your account has no right to this action."),
        (files[3].pk, "Your account has no right to this action."),
    ]
    assert batch.changed is True
    assert door.run_batch([], assessments.approve, by=cast.expert).changed is False
