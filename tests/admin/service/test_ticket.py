"""Tickets on their pages: agencies file and follow theirs, staff answer, and names of staff stay inside."""

import pytest
from django.urls import reverse

from evaluation.enums import Stage
from evaluation.models import PartnerBody, ServiceDesk, Ticket, TicketRule
from evaluation.process.service import ticket

pytestmark = pytest.mark.django_db
ADD = "admin:evaluation_ticket_add"


def filed(cast, **words):
    usual = {"kind": "fault", "subject": "کندی", "text": "صفحه باز نمی‌شود."}
    return ticket.file_ticket(cast.province, by=cast.reporter_a, agency=cast.agency_a, **{**usual, **words})


def do(row, name):
    return reverse("admin:evaluation_ticket_do", args=[row.pk, name])


def page(row):
    return reverse("admin:evaluation_ticket_change", args=[row.pk])


def test_an_agency_files_a_ticket_for_itself(cast):
    client = cast.client("reporter_a")
    form = client.get(reverse(ADD)).context["adminform"].form
    assert form["agency"].value() == cast.agency_a.pk
    assert list(form.fields["agency"].queryset) == [cast.agency_a]
    words = {"kind": "complaint", "subject": "رفتار", "text": "متن", "agency": cast.agency_a.pk, "about_role": ""}
    refused = client.post(reverse(ADD), words)
    assert refused.context["adminform"].form.non_field_errors() == [
        "مشخص کنید شکایت دربارهٔ کیست تا رسیدگی به او سپرده نشود."
    ]
    assert client.post(reverse(ADD), {**words, "about_role": "evaluator"}).status_code == 302
    row = Ticket.objects.get()
    assert (row.author, row.agency, row.province, row.about_role) == (
        cast.reporter_a,
        cast.agency_a,
        cast.province,
        "evaluator",
    )


@pytest.mark.parametrize("name", ["lead", "evaluator", "secretary", "observer"])
def test_people_without_an_agency_file_and_follow_a_ticket_of_their_own(cast, name):
    other, client = filed(cast), cast.client(name)
    listed = reverse("admin:evaluation_ticket_changelist")
    assert f'href="{listed}"' in client.get(reverse("admin:index")).content.decode()
    assert "agency" not in client.get(reverse(ADD)).context["adminform"].form.fields
    words = {"kind": "fault", "subject": "فهرست باز نمی‌شود", "text": "متن", "about_role": "", "about_name": ""}
    assert client.post(reverse(ADD), words).status_code == 302
    row = Ticket.objects.get(subject=words["subject"])
    assert (row.author, row.agency, row.province) == (getattr(cast, name), None, cast.province)
    assert cast.client("expert").post(do(row, "answer"), {"text": "درست شد."}).status_code == 302
    assert "درست شد." in client.get(page(row)).content.decode()
    assert client.post(do(row, "rate"), {"satisfaction": "4", "note": ""}).status_code == 302
    assert [one.pk for one in client.get(listed).context["cl"].result_list] == [row.pk]
    assert client.get(page(other)).status_code == 404


def test_a_steward_of_a_body_of_all_provinces_names_the_cycle(cast):
    cast.until(Stage.INDICATORS)
    PartnerBody.objects.update(province=None)
    client = cast.client("steward")
    words = {"kind": "fault", "subject": "کندی", "text": "متن", "about_role": "", "about_name": ""}
    refused = client.post(reverse(ADD), words).context["adminform"].form.non_field_errors()
    assert refused == ["دوره را انتخاب کنید تا درخواست به سازمان استان آن ارسال شود."]
    assert client.post(reverse(ADD), {**words, "about_cycle": cast.cycle.pk}).status_code == 302
    assert Ticket.objects.get().province == cast.province


def test_the_asker_reads_the_answer_and_no_name_of_the_staff(cast):
    cast.expert.first_name, cast.expert.last_name = "نام", "کارشناس‌پنهان"
    cast.expert.save()
    row = filed(cast)
    assert cast.client("expert").post(do(row, "answer"), {"text": "درست شد."}).status_code == 302
    asker = cast.client("reporter_a")
    for address in (page(row), reverse("admin:evaluation_ticket_changelist")):
        html = asker.get(address).content.decode()
        assert "کارشناس‌پنهان" not in html
    assert "درست شد." in asker.get(page(row)).content.decode()
    assert "کارشناس‌پنهان" in cast.client("manager").get(page(row)).content.decode()
    assert asker.post(do(row, "rate"), {"satisfaction": "4", "note": ""}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.owner, row.satisfaction) == ("answered", cast.expert, 4)


def test_a_complaint_is_404_for_the_person_it_is_about_and_not_in_the_menu(cast):
    row = filed(cast, kind="complaint", about_role="expert")
    expert = cast.client("expert")
    assert expert.get(page(row)).status_code == 404
    assert expert.post(do(row, "answer"), {"text": "x"}).status_code == 404
    assert expert.get(reverse("admin:evaluation_ticket_changelist")).context["cl"].result_count == 0
    offered = cast.client("manager").get(do(row, "assign")).context["form"].fields["owner"].queryset
    assert list(offered) == [cast.manager]
    row.refresh_from_db()
    assert row.state == "open"


def test_the_fault_stands_above_the_pages_and_on_the_log_in_page(cast, client):
    row = filed(cast)
    words = {"text": "سامانه کند است.", "until_0": "", "until_1": "", "everybody": "on"}
    assert cast.client("manager").post(do(row, "raise_banner"), words).status_code == 302
    assert "سامانه کند است." in client.get(reverse("admin:login")).content.decode()
    assert "سامانه کند است." in cast.client("evaluator").get(reverse("admin:index")).content.decode()


def test_a_new_desk_gets_a_rule_for_each_kind(cast):
    words = {"province": cast.province.pk, "phone": "۰۲۸", "email": "", "address": "", "hours": "", "public": "on"}
    rows = {"rules-TOTAL_FORMS": "1", "rules-INITIAL_FORMS": "0", "rules-0-kind": "fault", "rules-0-days": "۱"}
    owner = {"rules-0-owner": cast.expert.pk}
    response = cast.client("manager").post(reverse("admin:evaluation_servicedesk_add"), {**words, **rows, **owner})
    assert response.status_code == 302
    assert dict(TicketRule.objects.filter(desk=ServiceDesk.objects.get()).values_list("kind", "days")) == {
        **ticket.USUAL_DAYS,
        "fault": 1,
    }
    assert filed(cast).owner == cast.expert
