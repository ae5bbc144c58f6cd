"""The pages of results are drawn in Persian, without an English sentence, for those who open them."""

import pytest
from django.urls import reverse

from evaluation.models import CouncilRemark, Erratum, Letter


@pytest.fixture
def published(stand):
    stand.compute().pass_gates().announce().publish()
    row = {"agency_1": stand.participations["اداره آلفا"].pk, "code_1": "G-1", "score_1": "۱۴۰"}
    assert stand.do("manager", "correct", reason="خطا", **row).status_code == 302
    CouncilRemark.objects.create(
        result_set=stand.results,
        session=stand.results.council_session,
        participation=stand.participations["اداره بتا"],
        text="نیاز به بررسی دارد.",
    )
    return stand


@pytest.mark.parametrize("who", ["manager", "secretary"])
def test_every_page_is_drawn_in_persian(published, who):
    rows = [published.results, Letter.objects.get(), CouncilRemark.objects.get(), Erratum.objects.get()]
    client, faults = published.client(who), {}
    addresses = [reverse(f"admin:evaluation_resultset_{name}", args=[rows[0].pk]) for name in ("ranking", "verify")]
    for row in rows:
        name = f"admin:evaluation_{row._meta.model_name}"
        addresses += [reverse(f"{name}_changelist"), reverse(f"{name}_change", args=[row.pk])]
    for address in addresses:
        faults[address] = client.get(address).status_code
    assert set(faults.values()) == {200}, faults
