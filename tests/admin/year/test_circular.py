"""The register of letters as a workbook, and the buttons around circulars and workshops."""

from io import BytesIO

import pytest
from django.utils import translation
from openpyxl import load_workbook

from evaluation.enums import Stage
from evaluation.models import Attendance, Notice
from evaluation.process.door import Refusal
from evaluation.process.year import circular
from tests import factories as make
from tests.admin.english import page, told, visit

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
    letters, receipts = register(cast, "reporter_a")
    assert [row[-2:] for row in letters[1:]] == [[1, 0]]
    assert [row[1] for row in receipts[1:]] == ["A"]  # not who else has received or read it
    assert visit(cast, "observer").get(page("circular_register")).status_code == 403


def test_an_agency_sees_its_own_reading_on_the_list_and_the_office_everybodys(cast):
    cast.until(Stage.PARTICIPANTS)
    letter = cast.cycle.circulars.exclude(sent_at=None).first()
    circular.read(letter, cast.agency_b, by=cast.reporter_b)

    def shown(person):
        rows = visit(cast, person).get(page("circular_changelist")).context["cl"].result_list
        return next((row.readers, row.recipients) for row in rows if row.pk == letter.pk)

    assert [shown(person) for person in ("expert", "reporter_a", "reporter_b")] == [(1, 2), (0, 1), (1, 1)]


def test_attachments_are_opened_by_those_whom_the_circular_has_reached(cast):
    cast.until(Stage.PARTICIPANTS)
    letter = make.CircularFactory(cycle=cast.cycle, number="۹")
    attached = letter.files.create(title="شیوه‌نامه", file=make.upload("guide.pdf", b"guide"))
    address = page("circularfile_file", attached.pk, "file")
    circular.send(letter, by=cast.expert, agencies=[cast.agency_a])

    def opened(person):
        return cast.client(person).get(address).status_code

    people = ["manager", "expert", "reporter_a", "reporter_b", "evaluator", "steward", "observer", "nobody"]
    assert [person for person in people if opened(person) == 200] == ["manager", "expert", "reporter_a"]
    assert b"".join(cast.client("reporter_a").get(address).streaming_content) == make.PDF + b"guide"
    shown = cast.client("reporter_a").get(page("circular_change", letter.pk)).content.decode()
    assert f'href="{address}"' in shown


def test_an_attachment_of_a_circular_not_sent_yet_is_the_offices_alone(cast):
    letter = make.CircularFactory(cycle=cast.cycle, number="۹")
    attached = letter.files.create(title="شیوه‌نامه", file=make.upload("guide.pdf", b"guide"))
    address = page("circularfile_file", attached.pk, "file")
    assert [cast.client(person).get(address).status_code for person in ("expert", "reporter_a")] == [200, 404]


def test_a_name_is_a_link_only_for_people_who_may_open_its_page(cast):
    cast.until(Stage.PARTICIPANTS)
    address = page("circular_change", cast.circular.pk)

    def links(person):
        text = visit(cast, person).get(address).content.decode()
        return [text.count(part) for part in ("/admin/auth/user/", f'"{page("cycle_change", cast.cycle.pk)}"')]

    assert [links(person) for person in ("reporter_a", "manager")] == [[0, 1], [0, 1]]


def test_a_circular_goes_to_chosen_agencies_and_later_to_further_ones(cast):
    letter = make.CircularFactory(cycle=cast.cycle, number="۹")
    client = visit(cast, "expert")
    choices = client.get(page("circular_do", letter.pk, "send")).context["form"].fields["agencies"].queryset
    assert set(choices) == {cast.agency_a, cast.agency_b}
    client.post(page("circular_do", letter.pk, "send"), {"agencies": [cast.agency_a.pk]})
    assert [row.agency for row in letter.receipts.all()] == [cast.agency_a]
    further = page("circular_do", letter.pk, "send_also")
    assert list(client.get(further).context["form"].fields["agencies"].queryset) == [cast.agency_b]
    answer = client.post(further, {"agencies": [cast.agency_b.pk]})
    assert told(answer) == ["Done: Send to further agencies."]
    assert Notice.objects.filter(event=f"circular:{letter.pk}", user=cast.reporter_b).count() == 1
    again = client.post(further, {"agencies": [cast.agency_b.pk]})
    sentence = f"Select a valid choice. {cast.agency_b.pk} is not one of the available choices."
    assert again.context["form"].errors["agencies"] == [sentence]
    assert letter.receipts.count() == 2


def test_an_agency_of_another_province_is_no_recipient(cast):
    letter, stranger = make.CircularFactory(cycle=cast.cycle, number="۹"), make.AgencyFactory()
    with translation.override("en"), pytest.raises(Refusal, match="There is no recipient"):
        circular.send(letter, by=cast.expert, agencies=[stranger])
    circular.send(letter, by=cast.expert)
    with translation.override("en"), pytest.raises(Refusal, match="have received"):
        circular.send_also(letter, by=cast.expert, agencies=[stranger])


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
    doors = [
        visit(cast, who).get(page("workshop_change", workshop.pk)) for who in ("lead", "reporter_a", "headquarters_a")
    ]
    assert [answer.status_code for answer in doors] == [200, 404, 404]


def test_a_workshop_that_was_held_without_invitations_gets_its_list_afterwards(cast):
    cast.until(Stage.INDICATORS)
    client, address = visit(cast, "expert"), page("workshop_change", cast.workshop.pk)
    invited, _people = client.get(address).context["inline_admin_formsets"]
    assert [each.agency for each in invited.formset.queryset] == [cast.agency_a]
    assert told(client.post(page("workshop_do", cast.workshop.pk, "enlist"))) == ["Done: Complete the attendance list."]
    row = cast.workshop.attendances.get(agency=cast.agency_a)
    client.post(page("workshop_do", cast.workshop.pk, "note_attendance"), {"came": [row.pk]})
    shown = client.get(address).context["inline_admin_formsets"][0].formset
    given = {f"attendances-{name}": value for name, value in (("TOTAL_FORMS", 2), ("INITIAL_FORMS", 2))}
    for number, each in enumerate(shown.forms):
        given |= {f"attendances-{number}-id": each.instance.pk, f"attendances-{number}-name": ""}
        if each.instance == row:
            given[f"attendances-{number}-name"] = "خانم نمونه"
    kept = cast.workshop
    given |= {"participants-TOTAL_FORMS": 0, "participants-INITIAL_FORMS": 0}
    given |= {"cycle": cast.cycle.pk, "kind": kept.kind, "title": kept.title, "starts_at": "1404/05/12 08:00"}
    answer = client.post(address, given)
    assert answer.status_code == 302, answer.context["errors"]
    assert list(kept.attendances.order_by("agency").values_list("name", "attended")) == [
        ("خانم نمونه", True),
        ("", False),
    ]
    mine = visit(cast, "reporter_a").get(address)
    assert [each.instance for each in mine.context["inline_admin_formsets"][0].formset.forms] == [row]
    assert mine.content.decode().count('name="attendances-0-name"') == 0


def test_a_session_is_recorded_from_its_committee_with_its_members_present(cast):
    committee = make.CommitteeFactory(province=cast.province)
    member = committee.members.create(name="عضو نمونه")
    make.CommitteeFactory(province=cast.province, title="کمیته").members.create(name="عضو دیگر")
    client = visit(cast, "expert")
    address = client.get(page("committee_change", committee.pk)).context["session_url"]
    form = client.get(address).context["adminform"].form
    assert (form.initial["committee"], list(form.fields["present"].queryset)) == (str(committee.pk), [member])
    given = {"committee": committee.pk, "cycle": cast.cycle.pk, "number": "۳", "held_on": "1404/05/12"}
    given |= {"present": [member.pk], "resolution": "گروه‌ها تشکیل شد."}
    answer = client.post(address, given)
    assert answer.status_code == 302, answer.context["errors"]
    session = committee.sessions.get()
    assert (list(session.present.all()), session.recorded_by) == ([member], cast.expert)
    cast.cycle.evaluator_groups.create(title="گروه یک", formed_by=session)
    assert client.get(page("committeesession_change", session.pk)).content.decode().count("گروه یک") == 1
    assert visit(cast, "reporter_a").get(address).status_code == 403
