"""Transfers as sender and receiver take them, through the pages."""

import hashlib

import pytest
from django.urls import reverse

from evaluation.enums import Stage
from evaluation.exchange import package
from evaluation.models import Assessment, OnBehalf, Transfer, TransferItem, TransitionLog
from evaluation.process.assessing import assessment
from evaluation.process.assessing import transfer as transfer_verbs
from tests.factories import upload

ADD = reverse("admin:evaluation_transfer_add")


@pytest.fixture
def english(settings):
    """Sentences are asserted as they stand in the source."""

    def speak(client):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return speak


@pytest.fixture
def at(cast, english):
    """The client of a person, by the name that the cast gives them."""
    return lambda who: english(cast.client(who))


@pytest.fixture
def approved(cast):
    """The stage of transfers: agency A's two files are approved, those of agency B submitted."""
    cast.until(Stage.TRANSFER).once(approve)
    return cast.assessments(participation__agency=cast.agency_a)


def approve(cast):
    for each in cast.assessments(participation__agency=cast.agency_a):
        assessment.approve(each, by=cast.headquarters_a)


def do(client, transfer, name, **data):
    return client.post(reverse("admin:evaluation_transfer_do", args=[transfer.pk, name]), data)


def sentences(response):
    return [str(each) for each in response.context["reasons"]]


def address(cast, direction):
    return f"{ADD}?cycle={cast.cycle.pk}&direction={direction}"


def pks(rows):
    return [str(each.pk) for each in rows]


def states(cast, agency):
    return [each.state for each in cast.assessments(participation__agency=agency)]


def by_headquarters(cast, at, rows):
    response = at("headquarters_a").post(
        address(cast, "to_aro"), {"assessments": pks(rows), "letter_number": "۱۲", "letter_date": "۱۴۰۴/۰۳/۱۱"}
    )
    transfer = Transfer.objects.get()
    assert response.headers["Location"] == reverse("admin:evaluation_transfer_change", args=[transfer.pk])
    return transfer


def test_the_choice_counts_what_waits_for_this_person(cast, at, approved):
    offers = at("headquarters_a").get(ADD).context["offers"]
    assert [(each["cycle"], [(one["title"], one["count"]) for one in each["directions"]]) for each in offers] == [
        (cast.cycle, [("To the national organization", 2)])
    ]
    offers = at("headquarters_b").get(ADD).context["offers"]
    assert [one["count"] for one in offers[0]["directions"]] == [0]


def test_all_that_wait_are_chosen_beforehand(cast, at, approved):
    context = at("headquarters_a").get(address(cast, "to_aro")).context
    assert [each.pk for each in context["waiting"]] == [each.pk for each in approved]
    assert context["picked"] == set(pks(approved))


def test_prepare_send_and_receive_to_the_national_organization(cast, at, approved):
    transfer = by_headquarters(cast, at, approved)
    assert (transfer.state, transfer.prepared_by, str(transfer.letter_date)) == (
        "prepared",
        cast.headquarters_a,
        "2025-06-01",
    )
    assert sorted(transfer.items.values_list("assessment", flat=True)) == sorted(each.pk for each in approved)
    assert do(at("headquarters_a"), transfer, "send", note="").status_code == 302
    transfer = Transfer.objects.get()
    assert (transfer.state, transfer.sent_by) == ("sent", cast.headquarters_a)
    content = transfer.package.read()
    assert hashlib.sha256(content).hexdigest() == transfer.sha256
    assert package.verify(content, transfer.sha256)["counts"] == {"assessments": 2, "lines": 6, "evidence": 0}
    assert states(cast, cast.agency_a) == ["sent", "sent"]
    assert do(at("national"), transfer, "receive", note="رسید").status_code == 302
    assert Transfer.objects.get().answered_by == cast.national
    assert [
        row.name for row in TransitionLog.objects.filter(object_id=transfer.pk, content_type__model="transfer")
    ] == [
        "receive",
        "send",
        "prepare",
    ]


def test_to_the_province_and_the_receipt(cast, at, approved):
    cast.carry("to_aro", approved, sender=cast.headquarters_a, receiver=cast.national)
    response = at("national").post(address(cast, "to_mpo"), {"assessments": pks(approved)})
    assert response.status_code == 302
    transfer = Transfer.objects.get(direction="to_mpo")
    do(at("national"), transfer, "send", note="")
    do(at("expert"), transfer, "receive", note="")
    assert Transfer.objects.get(direction="to_mpo").state == "received"
    assert states(cast, cast.agency_a) == ["received", "received"]
    assert Assessment.objects.filter(received_by=cast.expert).count() == 2


def test_the_final_report(cast, at):
    cast.until(Stage.RANKING)
    rows = cast.assessments()
    response = at("expert").post(address(cast, "report"), {"assessments": pks(rows)})
    assert response.status_code == 302
    report = Transfer.objects.get(direction="report")
    do(at("expert"), report, "send", note="")
    assert {each.state for each in cast.assessments()} == {"reported"}
    do(at("national"), report, "receive", note="")
    assert Transfer.objects.get(direction="report").state == "received"


def test_a_refused_report_can_be_sent_again(cast, at):
    cast.until(Stage.RANKING)
    rows = cast.assessments()
    at("expert").post(address(cast, "report"), {"assessments": pks(rows)})
    first = Transfer.objects.get(direction="report")
    do(at("expert"), first, "send", note="")
    do(at("national"), first, "refuse", reason="ناقص است")
    at("expert").post(address(cast, "report"), {"assessments": pks(rows)})
    second = Transfer.objects.filter(direction="report").exclude(pk=first.pk).get()
    do(at("expert"), second, "send", note="")
    assert sorted(Transfer.objects.filter(direction="report").values_list("pk", "state")) == [
        (first.pk, "refused"),
        (second.pk, "sent"),
    ]
    assert {each.state for each in cast.assessments()} == {"reported"}


def test_refusing_sends_the_files_back_with_the_reason_and_deadline(cast, at, approved):
    transfer = by_headquarters(cast, at, approved)
    do(at("headquarters_a"), transfer, "send", note="")
    response = do(at("national"), transfer, "refuse", reason="مستند ناقص است", deadline="۱۴۱۰/۰۱/۰۵ ۱۲:۰۰")
    assert response.status_code == 302
    transfer = Transfer.objects.get()
    assert (transfer.state, transfer.refusal_reason, transfer.answered_by) == (
        "refused",
        "مستند ناقص است",
        cast.national,
    )
    for each in cast.assessments(participation__agency=cast.agency_a):
        assert (each.state, each.return_reason, each.return_deadline.year) == ("returned", "مستند ناقص است", 2031)


def test_a_refusal_needs_a_reason(cast, at, approved):
    transfer = by_headquarters(cast, at, approved)
    do(at("headquarters_a"), transfer, "send", note="")
    response = do(at("national"), transfer, "refuse", reason="  ")
    assert response.context["form"].errors == {"reason": ["This field is required."]}
    assert Transfer.objects.get().state == "sent"


def test_superseding_keeps_the_row_and_frees_its_items(cast, at, approved):
    transfer = by_headquarters(cast, at, approved)
    assert list(transfer_verbs.waiting(cast.cycle, "to_aro", cast.headquarters_a)) == []
    assert do(at("headquarters_a"), transfer, "supersede", reason="اشتباه").status_code == 403
    assert do(at("manager"), transfer, "supersede", reason="اشتباه").status_code == 302
    assert Transfer.objects.get().state == "superseded"
    assert TransferItem.objects.count() == 2
    assert len(transfer_verbs.waiting(cast.cycle, "to_aro", cast.headquarters_a)) == 2


def test_a_package_that_was_changed_on_the_way_is_not_received(cast, at, approved):
    transfer = by_headquarters(cast, at, approved)
    do(at("headquarters_a"), transfer, "send", note="")
    path = Transfer.objects.get().package.path
    with open(path, "ab") as file:
        file.write(b"x")
    response = do(at("national"), transfer, "receive", note="")
    assert sentences(response) == [
        "The package does not match its integrity code. Receive it again; if the error returns, tell the sender."
    ]
    assert Transfer.objects.get().state == "sent"


def test_a_second_sending_is_refused_and_changes_nothing(cast, at, approved):
    transfer = by_headquarters(cast, at, approved)
    do(at("headquarters_a"), transfer, "send", note="")
    before = Transfer.objects.values().get()
    response = do(at("headquarters_a"), transfer, "send", note="")
    assert len(sentences(response)) == 1
    assert "“Sent”" in sentences(response)[0]
    assert Transfer.objects.values().get() == before


def test_mpo_staff_send_on_behalf_with_the_letter(cast, at, approved):
    client = at("expert")
    data = {"assessments": pks(approved)}
    response = client.post(address(cast, "to_aro"), data)
    assert set(response.context["form"].errors) == {
        "behalf_body",
        "behalf_letter_number",
        "behalf_letter_date",
        "behalf_file",
    }
    assert Transfer.objects.count() == 0
    letter = {
        "behalf_body": "وزارت الف",
        "behalf_letter_number": "۵۵",
        "behalf_letter_date": "۱۴۰۴/۰۳/۱۱",
    }
    client.post(address(cast, "to_aro"), data | letter | {"behalf_file": upload()})
    transfer = Transfer.objects.get()
    behalf = OnBehalf.objects.get()
    assert (behalf.role, behalf.body, behalf.letter_number, behalf.by) == (
        "headquarters",
        "وزارت الف",
        "۵۵",
        cast.expert,
    )
    log = TransitionLog.objects.get(name="prepare", content_type__model="transfer")
    assert (log.object_id, log.on_behalf_of) == (transfer.pk, behalf)
    do(client, transfer, "send", note="", **letter, behalf_file=upload())
    assert Transfer.objects.get().state == "sent"


@pytest.mark.parametrize("who", ["reporter_a", "evaluator", "steward", "observer", "secretary", "nobody"])
@pytest.mark.parametrize("direction", ["to_aro", "to_mpo", "report"])
def test_a_forged_preparation_writes_nothing(cast, at, approved, who, direction):
    response = at(who).post(address(cast, direction), {"assessments": pks(approved)})
    assert (response.status_code, Transfer.objects.count()) in ((403, 0), (200, 0), (302, 0))
    assert states(cast, cast.agency_a) == ["approved", "approved"]


def test_another_headquarters_cannot_take_foreign_files_along(cast, at, approved):
    response = at("headquarters_b").post(address(cast, "to_aro"), {"assessments": pks(approved)})
    assert "assessments" in response.context["form"].errors
    assert Transfer.objects.count() == 0


@pytest.mark.parametrize("name", ["send", "receive", "refuse", "supersede"])
@pytest.mark.parametrize(("who", "code"), [("headquarters_b", 404), ("reporter_b", 404), ("nobody", 404)])
def test_a_foreign_transfer_does_not_exist(cast, at, approved, name, who, code):
    transfer = by_headquarters(cast, at, approved)
    url = reverse("admin:evaluation_transfer_do", args=[transfer.pk, name])
    assert at(who).get(url).status_code == code
    assert do(at(who), transfer, name, reason="x").status_code == code
    assert Transfer.objects.get().state == "prepared"


@pytest.mark.parametrize("name", ["send", "receive", "refuse", "supersede"])
def test_the_reporter_reads_the_transfer_and_moves_nothing(cast, at, approved, name):
    transfer = by_headquarters(cast, at, approved)
    client = at("reporter_a")
    url = reverse("admin:evaluation_transfer_change", args=[transfer.pk])
    assert client.get(url).context["verbs"] == []
    assert do(client, transfer, name, reason="x").status_code == 403
    assert Transfer.objects.get().state == "prepared"


def test_the_receiver_is_offered_the_receipt_and_the_refusal(cast, at, approved):
    transfer = by_headquarters(cast, at, approved)
    do(at("headquarters_a"), transfer, "send", note="")
    url = reverse("admin:evaluation_transfer_change", args=[transfer.pk])
    assert [str(each["label"]) for each in at("national").get(url).context["verbs"]] == [
        "Record the receipt",
        "Refuse the package",
    ]
    assert at("headquarters_a").get(url).context["verbs"] == []


def test_a_package_goes_only_to_who_may_see_all_its_items(cast, at, approved):
    for each in cast.assessments(participation__agency=cast.agency_b):
        assessment.approve(each, by=cast.headquarters_b)
    rows = [*approved, *cast.assessments(participation__agency=cast.agency_b)]
    cast.carry("to_aro", approved, sender=cast.headquarters_a, receiver=cast.national)
    own = Transfer.objects.get()
    cast.carry("to_aro", rows[2:], sender=cast.headquarters_b, receiver=cast.national)
    both = transfer_verbs.prepare(cast.cycle, "to_mpo", rows, by=cast.national)
    content, sha256 = package.build(both)
    transfer_verbs.send(both, by=cast.national, package=content, sha256=sha256)

    def code(who, transfer):
        return at(who).get(reverse("admin:evaluation_transfer_file", args=[transfer.pk, "package"])).status_code

    assert [code(who, own) for who in ("headquarters_a", "reporter_a", "headquarters_b", "national", "expert")] == [
        200,
        200,
        404,
        200,
        200,
    ]
    people = ("headquarters_a", "reporter_b", "national", "expert")
    assert [code(who, both) for who in people] == [404, 404, 200, 200]
    page = reverse("admin:evaluation_transfer_change", args=[both.pk])
    assert [sha256 in at(who).get(page).content.decode() for who in people] == [False, False, True, True]


def test_items_of_other_agencies_are_not_listed(cast, at, approved):
    for each in cast.assessments(participation__agency=cast.agency_b):
        assessment.approve(each, by=cast.headquarters_b)
    for agency, sender in ((cast.agency_a, cast.headquarters_a), (cast.agency_b, cast.headquarters_b)):
        cast.carry("to_aro", cast.assessments(participation__agency=agency), sender=sender, receiver=cast.national)
    both = transfer_verbs.prepare(cast.cycle, "to_mpo", cast.assessments(), by=cast.national)
    page = at("headquarters_a").get(reverse("admin:evaluation_transfer_change", args=[both.pk])).content.decode()
    assert "اداره الف" in page
    assert "اداره ب" not in page


ASSESSMENTS = reverse("admin:evaluation_assessment_changelist")


def test_chosen_assessments_go_to_the_page_that_prepares(cast, at, approved):
    client = at("headquarters_a")
    chosen = approved[:1]
    response = client.post(ASSESSMENTS, {"action": "transfer_to_aro", "_selected_action": pks(chosen)})
    assert response.headers["Location"] == f"{address(cast, 'to_aro')}&chosen={chosen[0].pk}"
    context = client.get(response.headers["Location"]).context
    assert (len(context["waiting"]), context["picked"]) == (2, set(pks(chosen)))


def test_chosen_assessments_that_cannot_travel_are_left_out_by_name(cast, at, approved):
    client = at("expert")
    other = cast.assessments(participation__agency=cast.agency_b)
    response = client.post(ASSESSMENTS, {"action": "transfer_to_aro", "_selected_action": pks([*approved, *other])})
    chosen = response.headers["Location"].partition("&chosen=")[2].split(",")
    assert sorted(chosen) == sorted(pks(approved))
    response = client.get(response.headers["Location"])
    assert [str(each) for each in response.context["messages"]] == [
        f"2 assessments are not included, because they cannot be transferred now: {other[0]}، {other[1]}."
    ]
    assert Transfer.objects.count() == 0


@pytest.mark.parametrize("who", ["evaluator", "observer", "nobody"])
def test_the_action_is_offered_to_those_who_send_alone(cast, at, approved, who):
    response = at(who).post(ASSESSMENTS, {"action": "transfer_to_aro", "_selected_action": pks(approved)})
    assert ADD not in response.headers.get("Location", "")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_queries(cast, at, approved, rows, django_assert_num_queries):
    for _number in range(rows):
        transfer = transfer_verbs.prepare(cast.cycle, "to_aro", approved, by=cast.headquarters_a)
        transfer_verbs.supersede(transfer, by=cast.manager, reason="x")
    client, url = at("manager"), reverse("admin:evaluation_transfer_changelist")
    client.get(url)
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        client.get(url)


QUERIES_OF_THE_LIST = 10
