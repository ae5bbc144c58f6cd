"""Files on their way: what can be put into a transfer, what moves with it, and what a refusal leaves behind."""

import hashlib

import pytest

from evaluation.enums import Stage, TransferDirection
from evaluation.models import Transfer
from evaluation.process.assessing import assessment as assessments
from evaluation.process.assessing import transfer
from evaluation.process.door import Forbidden, Refusal

pytestmark = pytest.mark.django_db
TO_ARO, TO_MPO, REPORT = TransferDirection.TO_ARO, TransferDirection.TO_MPO, TransferDirection.REPORT
PACKAGE = b"zip"
FINGERPRINT = hashlib.sha256(PACKAGE).hexdigest()


@pytest.fixture
def approved(cast):
    """All files approved by their headquarters."""
    return cast.until(Stage.TRANSFER).once(approve_all)


def approve_all(cast):
    for file in cast.assessments():
        assessments.approve(file, by=cast.headquarters_of(file.agency))


def own(cast, agency=None):
    return cast.assessments(participation__agency=agency or cast.agency_a)


def states(cast, agency=None):
    return [file.state for file in own(cast, agency)]


def on_its_way(cast):
    prepared = transfer.prepare(cast.cycle, TO_ARO, own(cast), by=cast.headquarters_a)
    return transfer.send(prepared, package=PACKAGE, sha256=FINGERPRINT, by=cast.headquarters_a)


# -- preparing ------------------------------------------------------------------------------------


def test_what_waits_is_what_the_person_may_send(approved):
    waiting = {
        name: sorted(transfer.waiting(approved.cycle, TO_ARO, getattr(approved, name)).values_list("pk", flat=True))
        for name in ("headquarters_a", "headquarters_b", "expert")
    }
    of_a, of_b = ([file.pk for file in own(approved, each)] for each in (approved.agency_a, approved.agency_b))
    assert waiting == {"headquarters_a": of_a, "headquarters_b": of_b, "expert": sorted(of_a + of_b)}
    assert not transfer.waiting(approved.cycle, TO_MPO, approved.national).exists()
    assert not transfer.waiting(approved.cycle, REPORT, approved.expert).exists()


def test_an_empty_transfer_is_refused(approved):
    with pytest.raises(Refusal, match="Nothing is ready for a transfer"):
        transfer.prepare(approved.cycle, TO_ARO, [], by=approved.headquarters_a)
    assert not Transfer.objects.exists()


def test_files_that_do_not_wait_are_named(approved):
    foreign = own(approved, approved.agency_b)
    with pytest.raises(Refusal) as refusal:
        transfer.prepare(approved.cycle, TO_ARO, [*own(approved), *foreign], by=approved.headquarters_a)
    names = "، ".join(str(file) for file in foreign)
    assert str(refusal.value) == f"These assessments cannot be put into this transfer now: {names}."
    assert not Transfer.objects.exists()


def test_a_file_is_in_one_transfer_at_a_time(approved):
    transfer.prepare(approved.cycle, TO_ARO, own(approved), by=approved.headquarters_a)
    with pytest.raises(Refusal, match="cannot be put into this transfer now"):
        transfer.prepare(approved.cycle, TO_ARO, own(approved), by=approved.headquarters_a)


@pytest.mark.parametrize("name", ["reporter_a", "lead", "observer", "nobody"])
def test_who_does_not_send_does_not_prepare(approved, name):
    with pytest.raises(Forbidden):
        transfer.prepare(approved.cycle, TO_ARO, own(approved), by=getattr(approved, name))


# -- on the way -----------------------------------------------------------------------------------


def test_a_package_is_kept_with_its_hash_and_takes_its_files_along(approved):
    sent = on_its_way(approved)
    assert (sent.state, sent.sha256, sent.sent_by) == ("sent", FINGERPRINT, approved.headquarters_a)
    assert Transfer.objects.get(pk=sent.pk).package.read() == PACKAGE
    assert states(approved) == ["sent", "sent"]
    assert states(approved, approved.agency_b) == ["approved", "approved"]


def test_a_package_that_differs_from_its_hash_is_not_sent(approved):
    prepared = transfer.prepare(approved.cycle, TO_ARO, own(approved), by=approved.headquarters_a)
    with pytest.raises(Refusal, match="The package does not match its integrity code"):
        transfer.send(prepared, package=b"other", sha256=FINGERPRINT, by=approved.headquarters_a)
    assert (Transfer.objects.get(pk=prepared.pk).state, states(approved)) == ("prepared", ["approved", "approved"])


def test_all_of_a_package_is_sent_or_nothing(approved):
    prepared = transfer.prepare(approved.cycle, TO_ARO, own(approved), by=approved.headquarters_a)
    assessments.withdraw(own(approved)[1], by=approved.manager, reason="ادغام")
    with pytest.raises(Refusal, match="is now in the state “Left the evaluation”"):
        transfer.send(prepared, package=PACKAGE, sha256=FINGERPRINT, by=approved.headquarters_a)
    assert (Transfer.objects.get(pk=prepared.pk).state, states(approved)) == ("prepared", ["approved", "withdrawn"])


def test_the_national_organization_forwards_what_it_has_received(approved):
    sent = on_its_way(approved)
    assert not transfer.waiting(approved.cycle, TO_MPO, approved.national).exists()
    transfer.receive(sent, by=approved.national)
    assert states(approved) == ["sent", "sent"]  # at the national organization now
    assert [file.pk for file in transfer.waiting(approved.cycle, TO_MPO, approved.national).order_by("pk")] == sorted(
        file.pk for file in own(approved)
    )
    approved.carry("to_mpo", own(approved), sender=approved.national, receiver=approved.expert)
    assert states(approved) == ["received", "received"]


# -- refused and superseded -----------------------------------------------------------------------


def test_a_refused_package_gives_its_files_back_with_the_reason(approved):
    refused = transfer.refuse(on_its_way(approved), by=approved.national, reason="امضا ندارد")
    assert refused.state == "refused"
    assert [(file.state, file.return_reason) for file in own(approved)] == [("returned", "امضا ندارد")] * 2
    with pytest.raises(Refusal, match="in which this action is not possible"):
        transfer.receive(refused, by=approved.national)


def test_what_a_superseded_transfer_had_taken_along_can_be_sent_again(approved):
    sent = on_its_way(approved)
    assert not transfer.waiting(approved.cycle, TO_ARO, approved.headquarters_a).exists()
    with pytest.raises(Refusal, match="Give a reason for this action"):
        transfer.supersede(sent, by=approved.manager, reason="")
    transfer.supersede(sent, by=approved.manager, reason="بستهٔ نادرست")
    assert states(approved) == ["sent", "sent"]
    again = on_its_way(approved)
    assert (again.state, Transfer.objects.get(pk=sent.pk).state) == ("sent", "superseded")
