"""The register of letters as a workbook, and the buttons around circulars and workshops."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from evaluation.enums import Stage
from evaluation.models import Attendance
from evaluation.process import circular

from .english import page, told, visit

pytestmark = pytest.mark.django_db


def register(cast, user):
    response = visit(cast, user).get(page("circular_register"))
    book = load_workbook(BytesIO(response.content))
    return [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets[:2]]


def test_the_register_lists_letters_and_recipients(cast):
    cast.until(Stage.PARTICIPANTS)
    letter = cast.cycle.circulars.exclude(sent_at=None).first()
    circular.read(letter, cast.agency_a, by=cast.reporter_a)
    letters, receipts = register(cast, "expert")
    assert len(letters) == 1 + cast.cycle.circulars.count()
    sent = next(row for row in letters if row[0] == letter.number)
    assert sent[-2:] == [2, 1]
    assert [row[1] for row in receipts[1:] if row[0] == letter.number] == ["A", "B"]
    assert [bool(row[3]) for row in receipts[1:] if row[0] == letter.number] == [True, False]


def test_an_agency_finds_its_own_letters_alone_and_others_none(cast):
    cast.until(Stage.PARTICIPANTS)
    letters, _receipts = register(cast, "reporter_a")
    assert len(letters) == 2
    assert visit(cast, "observer").get(page("circular_register")).status_code == 403


def test_invite_hold_and_note_who_came_on_the_page(cast):
    cast.until(Stage.BRIEFING)
    add = {"cycle": cast.cycle.pk, "kind": "evaluators", "title": "آموزش", "place": "", "starts_at": "1404/05/12 08:00"}
    response = visit(cast, "expert").post(page("workshop_add"), add)
    assert response.status_code == 302, response.context["errors"]
    workshop = cast.cycle.workshops.get(title="آموزش")
    assert told(visit(cast, "expert").post(page("workshop_do", workshop.pk, "invite"))) == ["Done: Invite."]
    lead = Attendance.objects.get(workshop=workshop, user=cast.lead)
    held = visit(cast, "expert").post(
        page("workshop_do", workshop.pk, "hold"), {"came": [lead.pk], "at": "", "note": ""}
    )
    assert told(held) == ["Done: Record as held."]
    assert dict(workshop.attendances.values_list("user__username", "attended")) == {"lead": True, "evaluator": False}
