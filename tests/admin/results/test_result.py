"""Results through the pages: computation, ranking, gates and levels in the three orders of the end."""

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.models import (
    AgencyResult,
    Committee,
    CommitteeSession,
    OnBehalf,
    ResultSet,
    Transfer,
)
from evaluation.process.assessing import transfer
from evaluation.process.results import reopening
from tests import factories as make
from tests.admin.results.result_stand import ADD, COUNCIL, GATES, ORDERS
from tests.cast import FINGERPRINT, PACKAGE
from tests.factories import upload


def test_preparing_twice_leads_to_the_same_result_set(stand):
    client = stand.at("expert")
    offers = client.get(ADD).context["offers"]
    assert [(each["cycle"], each["standing"], each["reasons"]) for each in offers] == [(stand.year, None, [])]
    first = client.post(ADD, {"cycle": stand.year.pk})
    second = client.post(ADD, {"cycle": stand.year.pk})
    assert first.headers["Location"] == second.headers["Location"]
    assert ResultSet.objects.count() == 1
    assert client.post(ADD, {"cycle": "999"}).status_code == 302
    assert ResultSet.objects.count() == 1


@pytest.mark.one_database  # counts of queries
def test_preparing_asks_as_much_for_three_cycles_as_for_one(stand):
    """What is missing is said of each: the new ones have no assessment."""
    client, asked = stand.at("expert"), []
    for more in (0, 2):
        for number in range(more):
            make.CycleFactory(province=stand.province, performance_year=1410 + number, stage="confirmation")
        client.get(ADD)
        with CaptureQueriesContext(connection) as queries:
            offers = client.get(ADD).context["offers"]
        asked.append(len(queries))
    assert asked[0] == asked[1]
    bare = ["The cycle has no assessment yet: freeze the catalogue first."]
    assert [each["reasons"] for each in offers] == [bare, bare, []]


@pytest.mark.parametrize("who", ["national", "secretary", "observer", "reporter_al", "evaluator", "nobody"])
def test_a_forged_preparation_is_forbidden(stand, who):
    assert stand.at(who).get(ADD).status_code == 403
    assert stand.at(who).post(ADD, {"cycle": stand.year.pk}).status_code == 403
    assert ResultSet.objects.count() == 0


def test_computing_waits_for_every_confirmation(stand):
    alpha = stand.confirmed()[0]
    reopening.reopen(alpha, by=stand.manager, reason="بازبینی")
    stand.at("expert").post(ADD, {"cycle": stand.year.pk})
    (sentence,) = stand.refusal("expert", "compute", note="")
    assert str(alpha) in sentence
    assert AgencyResult.objects.count() == 0


def test_the_ranking_page_shares_ranks_and_keeps_the_others_apart(stand):
    context = stand.compute().page("expert", "ranking").context
    assert [(each["standing"].agency.code, each["standing"].rank) for each in context["rows"]] == [
        ("AL", 1),
        ("BE", 2),
        ("GA", 2),
        ("DE", 4),
    ]
    assert [each["standing"].agency.code for each in context["unranked"]] == ["EP"]
    assert [each.agency.code for each in context["ranking"].passive] == ["ZE"]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"sort": "-total"}, ["AL", "GA", "BE", "DE"]),
        ({"sort": "total"}, ["DE", "BE", "GA", "AL"]),
        ({"sort": "name"}, ["AL", "BE", "DE", "GA"]),
        ({"sort": "nonsense"}, ["AL", "BE", "GA", "DE"]),
        ({"sort": "dimension999"}, ["AL", "BE", "GA", "DE"]),
        ({"group": "x", "sort": "-growth"}, ["AL", "BE", "GA", "DE"]),
    ],
)
def test_the_ranking_page_sorts(stand, query, codes):
    context = stand.compute().page("expert", "ranking", **query).context
    assert [each["standing"].agency.code for each in context["rows"]] == codes


def test_the_ranking_page_filters_by_group(stand):
    context = stand.compute().page("expert", "ranking", group=stand.groups[0].pk).context
    assert [(each["standing"].agency.code, each["standing"].group_rank) for each in context["rows"]] == [
        ("AL", 1),
        ("GA", 2),
    ]


def test_the_figures_of_the_ranking_are_summed_up(stand):
    context = stand.compute().page("expert", "ranking").context
    shown = {
        str(title): [round(figure, 2) for figure in (*dict(parts).values(), total)]
        for title, parts, total in context["summary"]
    }
    assert [figures[-1] for figures in shown.values()] == [1425, 1500, 1800, 900]  # of 1800, 1500, 1500 and 900
    assert all(len(figures) == 3 for figures in shown.values())  # two dimensions and the total


def test_few_figures_are_not_summed_up(stand):
    assert stand.compute().page("expert", "ranking", group=stand.groups[0].pk).context["summary"] == []


def test_the_axes_beside_the_ranking(stand):
    parts = stand.compute().page("expert", "ranking").context["axes"]
    assert [
        (each["figure"].axis.number, str(each["figure"].percent), each["figure"].highest, each["figure"].lowest)
        for each in parts[0]["axes"]
    ] == [(1, "75.666667", True, False), (2, "71.500000", False, True)]


def test_no_ranking_before_the_computation(stand):
    stand.at("expert").post(ADD, {"cycle": stand.year.pk})
    assert stand.page("expert", "ranking").status_code == 404
    assert stand.page("expert", "make", "workbook").status_code == 404


def test_each_order_has_its_gates_and_refuses_the_wrong_one(ordered):
    ordered.compute()
    order = ORDERS[ordered.year.end_order]
    for place, gate in enumerate(order):
        for later in order[place + 1 :]:
            missing = [f"This must be done first: {GATES[each]}." for each in order[place : order.index(later)]]
            if later == "record_report":
                report_sent_or_not(ordered)
            given = {"minutes": upload("minutes.pdf")} if later == "approve" else {}
            assert ordered.refusal(WHO[later], later, **DATA.get(later, {}), **given) == missing
        waiting = [f"This must be done first: {GATES[each]}." for each in order[place:]]
        assert ordered.refusal("manager", "announce", note="") == waiting
        assert getattr(ordered, gate)().status_code == 302
    ordered.announce()
    assert ordered.refusal("manager", "publish", note="") == [
        "Results are published in the stage “Festival and publication”."
    ]
    ordered.publish()
    results = ordered.results
    assert results.state == "published"
    moments = {
        "approve": results.council_at,
        "record_report": results.reported_at,
        "record_levels": results.levelled_at,
    }
    assert [moments[gate] for gate in order] == sorted(moments.values())


WHO = {"approve": "secretary", "record_report": "expert", "record_levels": "national"}
DATA = {"approve": COUNCIL}


def report_sent_or_not(stand):
    """A sent report, so that nothing but the order stands in the way of its gate."""
    if not Transfer.objects.filter(direction="report").exists():
        report = transfer.prepare(stand.year, "report", stand.confirmed(), by=stand.expert)
        transfer.send(report, package=PACKAGE, sha256=FINGERPRINT, by=stand.expert)


def test_the_report_gate_needs_a_sent_report(stand):
    stand.compute().approve()
    assert stand.refusal("expert", "record_report", note="") == [
        "No final report to the national organization has been sent: prepare and send the transfer."
    ]


def test_the_levels_gate_names_who_has_none(stand):
    stand.compute().approve()
    stand.record_report()
    alpha = stand.totals().get(participation__agency__code="AL")
    stand.do("national", "set_levels", letter="۴۵", **{f"level_{alpha.pk}": stand.levels[0].pk})
    (sentence,) = stand.refusal("national", "record_levels", note="")
    assert sentence.startswith("These agencies have no level yet: ")
    assert [name in sentence for name in ("اداره آلفا", "اداره بتا", "اداره گاما", "بانک اپسیلون")] == [
        False,
        True,
        True,
        False,
    ]


def test_the_page_of_levels_writes_level_and_letter_and_takes_them_away(stand):
    stand.compute().approve()
    stand.record_report()
    rows = stand.page("national", "do", "set_levels").context["rows"]
    assert [row["agency"].code for row in rows] == ["AL", "BE", "DE", "GA", "EP"]
    alpha = stand.totals().get(participation__agency__code="AL")
    stand.do("national", "set_levels", letter="۴۵", **{f"level_{alpha.pk}": stand.levels[1].pk})
    alpha.refresh_from_db()
    assert (alpha.level, alpha.level_letter) == (stand.levels[1], "۴۵")
    stand.do("national", "set_levels", letter="۴۶", **{f"level_{alpha.pk}": ""})
    alpha.refresh_from_db()
    assert (alpha.level, alpha.level_letter) == (None, "۴۶")


def test_levels_need_their_letter_and_a_level_of_the_scheme(stand):
    stand.compute().approve()
    stand.record_report()
    alpha = stand.totals().get(participation__agency__code="AL")
    response = stand.do("national", "set_levels", letter="", **{f"level_{alpha.pk}": "777"})
    assert sorted(response.context["form"].errors) == ["letter", f"level_{alpha.pk}"]
    assert AgencyResult.objects.exclude(level=None).count() == 0


def test_the_council_needs_its_session_and_keeps_the_minutes(stand):
    stand.compute().dispatch()
    response = stand.do("secretary", "approve")
    assert response.context["form"].errors == {
        "number": ["A new session needs this."],
        "held_on": ["A new session needs this."],
        "resolution": ["A new session needs this."],
        "minutes": ["A new session needs this."],
        "guests": ["Name those present: choose the members, or write the names of others."],
    }
    assert stand.approve().status_code == 302
    session = CommitteeSession.objects.get()
    assert (session.number, session.resolution, session.cycle, session.recorded_by) == (
        "۳",
        "نتایج تصویب شد.",
        stand.year,
        stand.secretary,
    )
    assert session.minutes.read() == b"%PDF-1.7\nletter"
    assert (stand.results.council_session, stand.results.state) == (session, "approved")


def test_a_recorded_session_can_be_chosen(stand):
    council = Committee.objects.create(province=stand.province, kind="council", title="شورا")
    session = CommitteeSession.objects.create(
        committee=council,
        cycle=stand.year,
        number="۹",
        held_on="2024-11-01",
        resolution="-",
        guests="رئیس شورا",
        minutes=ContentFile(b"minutes", name="m.txt"),
        recorded_by=stand.expert,
    )
    stand.compute().dispatch()
    assert stand.do("secretary", "approve", session=session.pk).status_code == 302
    assert stand.results.council_session == session
    assert CommitteeSession.objects.count() == 1


def test_mpo_staff_approve_on_behalf_of_the_council(stand):
    stand.compute().dispatch()
    response = stand.do("manager", "approve", **COUNCIL, minutes=upload("minutes.pdf"))
    assert "behalf_file" in response.context["form"].errors
    letter = {"behalf_body": "شورا", "behalf_letter_number": "۸", "behalf_letter_date": "۱۴۰۵/۰۹/۰۳"}
    papers = {"minutes": upload("minutes.pdf"), "behalf_file": upload()}
    assert stand.do("manager", "approve", **COUNCIL, **letter, **papers).status_code == 302
    assert (OnBehalf.objects.get().role, stand.results.state) == ("council", "approved")
