"""What the pages of a cycle let be saved while figures stand, and after it is archived."""

import pytest
from django.contrib import admin
from django.urls import reverse

from evaluation.models import Cycle, PeerGroup
from evaluation.rules.paths import CYCLE
from tests.admin.form_page import FormPage


@pytest.fixture
def computed(stand):
    return stand.compute()


def save(stand, row, **typed):
    """Post the form of a row's page as the manager sees it, with other values. Returns the response."""
    url = reverse(f"admin:evaluation_{row._meta.model_name}_change", args=[row.pk])
    return FormPage(stand.manager, url).post(**typed)


def test_the_settings_of_the_end_are_locked_while_figures_stand(computed):
    before = Cycle.objects.values().get(pk=computed.year.pk)
    typed = {"end_order": "aro_first", "exemption_rule": "grant", "level_source": "none", "title": "نام دیگر"}
    response = save(computed, computed.year, **typed, report_required="")
    assert response.status_code == 302
    assert Cycle.objects.values().get(pk=computed.year.pk) == before
    computed.do("manager", "void", reason="قاعده")
    assert save(computed, computed.year, exemption_rule="grant").status_code == 302
    assert Cycle.objects.get(pk=computed.year.pk).exemption_rule == "grant"


def test_peer_groups_are_locked_with_them(computed):
    assert save(computed, computed.groups[0], title="گروه دیگر").status_code == 403
    assert PeerGroup.objects.get(pk=computed.groups[0].pk).title == "زیربنایی"
    assert save(computed, computed.participations["اداره آلفا"], ranked_among="nobody").status_code == 403


@pytest.mark.parametrize("who", ["manager", "expert"])
def test_an_archived_cycle_is_read_only(computed, who):
    computed.pass_gates().announce().publish()
    Cycle.objects.filter(pk=computed.year.pk).update(stage="closed")
    before = Cycle.objects.values().get(pk=computed.year.pk)
    url = reverse("admin:evaluation_cycle_change", args=[computed.year.pk])
    client = computed.at(who)
    page = client.get(url)
    assert not page.context["has_change_permission"]
    assert client.post(url, {"title": "نام دیگر"}).status_code == 403
    assert Cycle.objects.values().get(pk=computed.year.pk) == before
    added = client.post(
        reverse("admin:evaluation_peergroup_add"), {"cycle": computed.year.pk, "title": "نو", "order": 9}
    )
    assert "The cycle is archived and cannot be changed." in str(added.context["errors"])
    assert not PeerGroup.objects.filter(title="نو").exists()


def test_a_closed_cycle_is_not_reopened(computed):
    computed.pass_gates().announce().publish()
    Cycle.objects.filter(pk=computed.year.pk).update(stage="closed")
    url = reverse("admin:evaluation_cycle_do", args=[computed.year.pk, "reopen"])
    response = computed.at("manager").post(url, {"stage": "confirmation", "reason": "خطا"})
    assert response.status_code == 200
    assert Cycle.objects.get(pk=computed.year.pk).stage == "closed"


def test_taking_the_cycle_back_says_that_results_become_void(computed):
    computed.pass_gates().announce()
    url = reverse("admin:evaluation_cycle_do", args=[computed.year.pk, "reopen"])
    results = computed.results
    page = computed.at("manager").get(url)
    assert "computed and announced results are voided" in page.content.decode()
    assert computed.at("manager").post(url, {"stage": "confirmation", "reason": "خطا"}).status_code == 302
    results.refresh_from_db()
    assert (results.state, Cycle.objects.get(pk=computed.year.pk).stage) == ("void", "confirmation")


def test_every_row_of_an_archived_cycle_is_read_only(computed):
    """Whatever table a row stands in: its page offers nothing to save, and a form sent all the same is refused."""
    computed.pass_gates().announce().publish()
    Cycle.objects.filter(pk=computed.year.pk).update(stage="closed")
    client, seen, writable = computed.at("manager"), set(), []
    for model in admin.site._registry:
        name = model._meta.model_name
        row = model.objects.filter(**{CYCLE[name]: computed.year.pk}).first() if name in CYCLE else None
        if row is None:
            continue
        url = reverse(f"admin:evaluation_{name}_change", args=[row.pk])
        page, sent = client.get(url), client.post(url, {"title": "نام دیگر"})
        if page.status_code != 200:
            continue
        seen.add(name)
        if page.context["has_change_permission"] or sent.status_code != 403:
            writable.append(name)
    assert writable == []
    assert {"cycle", "dimension", "axis", "indicator", "participation", "assessment", "line", "resultset"} <= seen


def test_levels_keep_the_names_under_which_they_were_announced(computed):
    computed.pass_gates().announce()
    level = computed.levels[0]
    before = level.title
    type(level).objects.filter(pk=level.pk).update(title="نام بعدی")
    row = computed.totals().first()
    assert (row.level_title, row.shown_level) == (before, before)
    page = computed.at("manager").get(reverse("admin:evaluation_agencyresult_changelist")).content.decode()
    assert before in page.split('id="result_list"')[-1]
