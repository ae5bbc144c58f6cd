"""Versions of the service's identity and of the agreement: which one counts, and what stays as it was published."""

import datetime

import pytest
from django.utils import timezone

from evaluation.enums import Role
from evaluation.models import Agreement, LegalReference, Notice, Service
from evaluation.process.door import Forbidden, Refusal
from evaluation.process.in_force import in_force
from evaluation.process.service import editions
from tests import factories as make
from tests.cast import person

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def shared(db):
    row = Agreement.objects.create(title="بیانیه", text="متن", valid_from=make.DAY, published_at=timezone.now())
    row.clauses.create(side="office", text="پاسخ به اعتراض‌ها در مهلت", measure="objections", order=1)
    row.clauses.create(side="agency", text="ارائهٔ مستندات از طریق سامانه", measure="evidence", order=1)
    return row


def test_a_province_amends_the_shared_version_into_its_own(cast, shared):
    draft = editions.amend(shared, by=cast.expert)
    assert (draft.province, draft.version, draft.published_at, draft.text) == (cast.province, 1, None, "")
    assert list(draft.clauses.values_list("side", "text", "measure")) == list(
        shared.clauses.values_list("side", "text", "measure")
    )
    assert in_force(Agreement, cast.province) == shared
    with pytest.raises(Refusal, match="A draft of the next version is there already"):
        editions.amend(shared, by=cast.manager)
    published = editions.publish(draft, by=cast.manager)
    assert in_force(Agreement, cast.province) == published
    assert in_force(Agreement, make.ProvinceFactory()) == shared
    assert "ارائهٔ مستندات از طریق سامانه" in published.text
    assert published.text.index("Promises of the prov") < published.text.index("Duties of the agency")
    with pytest.raises(Refusal, match="published already"):
        editions.publish(published, by=cast.manager)


def test_the_next_version_begins_later_and_the_one_before_ends_the_day_before(cast, shared):
    today = timezone.localdate()
    first = editions.publish(editions.amend(shared, by=cast.manager), by=cast.manager)
    second = editions.amend(first, by=cast.manager)
    with pytest.raises(Refusal, match="from today or a later day on"):
        editions.publish(second, by=cast.manager, valid_from=today - DAY)
    second = editions.publish(second, by=cast.manager, valid_from=today + 5 * DAY)
    first.refresh_from_db()
    assert (second.version, first.valid_until) == (2, today + 4 * DAY)
    assert in_force(Agreement, cast.province) == first
    assert in_force(Agreement, cast.province, today + 5 * DAY) == second
    told = Notice.objects.filter(user=cast.reporter_a, event=f"agreement:{second.pk}:published")
    assert told.count() == 1


def test_an_agreement_is_terminated_with_a_reason_and_notice(cast, shared):
    own = editions.publish(editions.amend(shared, by=cast.manager), by=cast.manager)
    today = timezone.localdate()
    for words, sentence in (
        ({"reason": " ", "last_day": today}, "Give a reason"),
        ({"reason": "تغییر قانون", "last_day": today - DAY}, "choose today or a later day"),
    ):
        with pytest.raises(Refusal, match=sentence):
            editions.terminate(own, by=cast.manager, **words)
    ended = editions.terminate(own, by=cast.manager, reason="تغییر قانون", last_day=today)
    assert (ended.valid_until, ended.ended_reason) == (today, "تغییر قانون")
    assert in_force(Agreement, cast.province, today + DAY) == shared
    assert Notice.objects.filter(user=cast.reporter_b, event=f"agreement:{own.pk}:ended").exists()


def test_who_may_write_which_version(cast, shared):
    elsewhere = person("elsewhere", Role.MANAGER, province=make.ProvinceFactory())
    own = editions.amend(shared, by=cast.manager)
    for user in (elsewhere, cast.reporter_a, cast.national, cast.observer):
        with pytest.raises(Forbidden):
            editions.publish(own, by=user)
    with pytest.raises(Forbidden):
        editions.terminate(shared, by=cast.manager, reason="x", last_day=timezone.localdate())
    draft = editions.amend(shared, by=cast.national)
    assert (draft.province, draft.version) == (None, 2)


def test_the_next_identity_keeps_channels_and_laws(cast):
    law = LegalReference.objects.create(title="قانون")
    row = Service.objects.create(
        title="ارزیابی", identifier="10011776000", provider="سازمان", valid_from=make.DAY, published_at=timezone.now()
    )
    row.channels.create(phase="notice", medium="وبگاه")
    row.legal_references.add(law)
    draft = editions.amend(row, by=cast.expert)
    assert [(one.phase, one.medium) for one in draft.channels.all()] == [("notice", "وبگاه")]
    assert list(draft.legal_references.all()) == [law]
