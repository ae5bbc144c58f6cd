"""Results from the computation to the publication, through the pages, in the three orders of the end."""

import hashlib
import re
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from evaluation.enums import Role, Stage
from evaluation.models import (
    AgencyResult,
    Committee,
    CommitteeSession,
    Cycle,
    Level,
    LevelScheme,
    OnBehalf,
    Publication,
    ResultSet,
    Transfer,
)
from evaluation.process import assessment as assessments
from evaluation.process import cycle as cycles
from evaluation.process import transfer as transfers
from tests.cast import FINGERPRINT, PACKAGE, person
from tests.factories import upload
from tests.reports.province import Province

ADD = reverse("admin:evaluation_resultset_add")
ORDERS = {
    "council_first": ("approve", "record_report", "record_levels"),
    "aro_first": ("record_report", "record_levels", "approve"),
    "council_before_ranking": ("approve", "record_report", "record_levels"),
}
GATES = {
    "approve": "Council's approval",
    "record_report": "Report to the national organization",
    "record_levels": "Levels",
}


class Stand(Province):
    """The six agencies, with the people of agency Alpha and clients that speak English."""

    def __init__(self, settings, **options):
        self.settings = settings
        super().__init__(**options)
        scheme = LevelScheme.objects.create(code="t", title="سطوح")
        self.levels = [
            Level.objects.create(scheme=scheme, order=order, title=title)
            for order, title in enumerate(("عالی", "خوب"), start=1)
        ]
        self.year.level_scheme = scheme
        self.year.save()
        for name, code in (("reporter_al", "AL"), ("reporter_be", "BE")):
            agency = next(each.agency for each in self.participations.values() if each.agency.code == code)
            setattr(self, name, person(name, Role.AGENCY, agency=agency))
            assessments.commit(self.year, agency, by=getattr(self, name), text="تعهدات")

    def at(self, who):
        client = self.client(who)
        client.cookies[self.settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    @property
    def results(self):
        return ResultSet.objects.exclude(state="void").get(cycle=self.year)

    def do(self, who, name, **data):
        return self.at(who).post(reverse("admin:evaluation_resultset_do", args=[self.results.pk, name]), data)

    def page(self, who, name="change", *args, **query):
        url = reverse(f"admin:evaluation_resultset_{name}", args=[self.results.pk, *args])
        return self.at(who).get(url, query)

    def refusal(self, who, name, **data):
        """The sentences with which the step is refused; nothing may have changed."""
        before = ResultSet.objects.values().get(pk=self.results.pk)
        response = self.do(who, name, **data)
        assert response.status_code == 200
        assert ResultSet.objects.values().get(pk=self.results.pk) == before
        return [str(each) for each in response.context["reasons"]]

    def compute(self):
        self.at("expert").post(ADD, {"cycle": self.year.pk})
        assert self.do("expert", "compute", note="").status_code == 302
        return self

    # -- each gate, by the person whose step it is, with all that it asks for -----------------------

    def approve(self):
        return self.do("secretary", "approve", **COUNCIL, minutes=upload("minutes.pdf"))

    def record_report(self):
        if not Transfer.objects.filter(direction="report").exists():
            report = transfers.prepare(self.year, "report", self.confirmed(), by=self.expert)
            transfers.send(report, package=PACKAGE, sha256=FINGERPRINT, by=self.expert)
        return self.do("expert", "record_report", note="")

    def record_levels(self):
        chosen = {f"level_{pk}": self.levels[0].pk for pk in self.totals().values_list("pk", flat=True)}
        self.do("national", "set_levels", letter="۴۵/س", **chosen)
        return self.do("national", "record_levels", note="")

    def confirmed(self):
        return list(self.year.assessments().filter(state="confirmed"))

    def totals(self):
        return AgencyResult.objects.filter(result_set=self.results, dimension=None, passive=False)

    def pass_gates(self):
        for gate in ORDERS[self.year.end_order]:
            assert getattr(self, gate)().status_code == 302
        return self

    def announce(self):
        assert self.do("manager", "announce", note="").status_code == 302
        return self

    def publish(self):
        self.year = cycles.advance(Cycle.objects.get(pk=self.year.pk), by=self.manager)
        assert self.year.stage == Stage.FESTIVAL
        assert self.do("manager", "publish", note="").status_code == 302
        return self


COUNCIL = {"number": "۳", "held_on": "۱۴۰۵/۱۱/۰۲", "resolution": "نتایج تصویب شد."}


@pytest.fixture
def stand(db, settings):
    return Stand(settings)


@pytest.fixture(params=ORDERS)
def ordered(request, db, settings):
    return Stand(settings, end_order=request.param)


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


@pytest.mark.parametrize("who", ["national", "secretary", "observer", "reporter_al", "evaluator", "nobody"])
def test_a_forged_preparation_is_forbidden(stand, who):
    assert stand.at(who).get(ADD).status_code == 403
    assert stand.at(who).post(ADD, {"cycle": stand.year.pk}).status_code == 403
    assert ResultSet.objects.count() == 0


def test_computing_waits_for_every_confirmation(stand):
    alpha = stand.confirmed()[0]
    assessments.reopen(alpha, by=stand.manager, reason="بازبینی")
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
            missing = [f"This comes first: {GATES[each]}." for each in order[place : order.index(later)]]
            if later == "record_report":
                report_sent_or_not(ordered)
            assert ordered.refusal(WHO[later], later, **DATA.get(later, {})) == missing
        if ordered.results.state == "approved":
            waiting = [f"This comes first: {GATES[each]}." for each in order[place:]]
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
        report = transfers.prepare(stand.year, "report", stand.confirmed(), by=stand.expert)
        transfers.send(report, package=PACKAGE, sha256=FINGERPRINT, by=stand.expert)


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
    stand.compute()
    response = stand.do("secretary", "approve")
    assert response.context["form"].errors == {
        "number": ["A new session needs this."],
        "held_on": ["A new session needs this."],
        "resolution": ["A new session needs this."],
    }
    assert stand.approve().status_code == 302
    session = CommitteeSession.objects.get()
    assert (session.number, session.resolution, session.cycle, session.recorded_by) == (
        "۳",
        "نتایج تصویب شد.",
        stand.year,
        stand.secretary,
    )
    assert session.minutes.read() == b"letter"
    assert (stand.results.council_session, stand.results.state) == (session, "approved")


def test_a_recorded_session_can_be_chosen(stand):
    council = Committee.objects.create(province=stand.province, kind="council", title="شورا")
    session = CommitteeSession.objects.create(
        committee=council, cycle=stand.year, number="۹", held_on="2026-12-01", resolution="-", recorded_by=stand.expert
    )
    stand.compute()
    assert stand.do("secretary", "approve", session=session.pk).status_code == 302
    assert stand.results.council_session == session
    assert CommitteeSession.objects.count() == 1


def test_mpo_staff_approve_on_behalf_of_the_council(stand):
    stand.compute()
    response = stand.do("manager", "approve", **COUNCIL)
    assert "behalf_file" in response.context["form"].errors
    letter = {"behalf_body": "شورا", "behalf_letter_number": "۸", "behalf_letter_date": "۱۴۰۵/۱۱/۰۳"}
    assert stand.do("manager", "approve", **COUNCIL, **letter, behalf_file=upload()).status_code == 302
    assert (OnBehalf.objects.get().role, stand.results.state) == ("council", "approved")


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("expert", "void"),
        ("expert", "announce"),
        ("expert", "publish"),
        ("secretary", "compute"),
        ("secretary", "record_report"),
        ("secretary", "announce"),
        ("national", "approve"),
        ("national", "return_"),
    ],
)
def test_a_forged_step_is_forbidden(stand, who, name):
    stand.compute()
    before = ResultSet.objects.values().get()
    assert stand.page(who, "do", name).status_code == 403
    assert stand.do(who, name, reason="x").status_code == 403
    assert ResultSet.objects.values().get() == before


@pytest.mark.parametrize("who", ["reporter_al", "headquarters_a", "observer", "nobody"])
@pytest.mark.parametrize("name", ["compute", "approve", "announce", "publish", "void", "set_levels"])
def test_outsiders_do_not_know_of_unannounced_results(stand, who, name):
    stand.compute()
    assert stand.page(who, "do", name).status_code == 404
    assert stand.do(who, name, reason="x").status_code == 404
    assert stand.page(who, "ranking").status_code == 404


def test_ranks_are_hidden_before_the_council_in_ilams_order(db, settings):
    stand = Stand(settings, end_order="council_before_ranking")
    context = stand.compute().page("manager", "ranking").context
    assert [(each["standing"].agency.code, each["standing"].rank) for each in context["rows"]] == [
        ("AL", None),
        ("BE", None),
        ("DE", None),
        ("GA", None),
    ]
    assert [column["title"] for column in context["columns"] if "Rank" in column["title"]] == []
    alpha = stand.totals().get(participation__agency__code="AL")
    page = stand.at("manager").get(reverse("admin:evaluation_agencyresult_change", args=[alpha.pk])).content.decode()
    assert page.count("hidden until the council&#x27;s approval") == 2
    stand.approve()
    assert [each["standing"].rank for each in stand.page("manager", "ranking").context["rows"]] == [1, 2, 2, 4]


def test_the_council_returns_the_results(stand):
    stand.compute().approve()
    stand.record_report()
    old = stand.results
    assert stand.do("secretary", "return_", reason="بازنگری لازم است").status_code == 302
    old.refresh_from_db()
    assert old.state == "void"
    assert Transfer.objects.get(direction="report").state == "superseded"
    assert Cycle.objects.get(pk=stand.year.pk).stage == "confirmation"


def test_computing_again_after_a_gate_is_refused(stand):
    stand.compute().approve()
    stand.record_report()
    response = stand.do("manager", "compute", note="")
    assert len(response.context["reasons"]) == 1
    assert stand.results.state == "approved"


def test_voiding_needs_a_reason_and_keeps_the_figures(stand):
    stand.compute()
    results = stand.results
    assert stand.do("manager", "void", reason="").context["form"].errors == {"reason": ["This field is required."]}
    assert stand.do("manager", "void", reason="خطا").status_code == 302
    results.refresh_from_db()
    assert (results.state, results.agency_results.count()) == ("void", 18)


# -- the embargo ----------------------------------------------------------------------------------


def seen(stand, who):
    response = stand.at(who).get(reverse("admin:evaluation_agencyresult_changelist"), {"dimension__isnull": "True"})
    if response.status_code != 200:
        return response.status_code
    return sorted({row.participation.agency.code for row in response.context["cl"].result_list})


def test_an_agency_sees_nothing_then_its_own_then_all(stand):
    stand.compute().pass_gates()
    assert (seen(stand, "reporter_al"), seen(stand, "observer")) == ([], [])
    stand.announce()
    assert (seen(stand, "reporter_al"), seen(stand, "reporter_be"), seen(stand, "observer")) == (["AL"], ["BE"], [])
    rows = stand.page("reporter_al", "ranking").context["rows"]
    assert [(each["standing"].agency.code, each["standing"].rank) for each in rows] == [("AL", 1)]
    assert stand.page("reporter_al", "make", "workbook").status_code == 403
    stand.publish()
    everybody = ["AL", "BE", "DE", "EP", "GA", "ZE"]
    assert (seen(stand, "reporter_al"), seen(stand, "observer")) == (everybody, everybody)
    assert len(stand.page("reporter_al", "ranking").context["rows"]) == 4


def test_the_publication_is_kept_with_its_hash_and_downloaded_by_those_who_may(stand):
    stand.compute().pass_gates().announce().publish()
    kept = Publication.objects.order_by("kind")
    assert [(each.kind, each.made_by) for each in kept] == [
        ("book", stand.manager),
        ("disc", stand.manager),
        ("workbook", stand.manager),
    ]
    for each in kept:
        assert hashlib.sha256(each.file.read()).hexdigest() == each.sha256
        url = reverse("admin:evaluation_publication_file", args=[each.pk, "file"])
        codes = [stand.at(who).get(url).status_code for who in ("observer", "reporter_al", "manager", "nobody")]
        assert codes == [200, 200, 200, 404]


def test_no_publication_is_known_before(stand):
    stand.compute().pass_gates().announce()
    publication = Publication.objects.create(
        result_set=stand.results, kind="book", file=upload("book.pdf"), sha256="0" * 64, made_by=stand.manager
    )
    url = reverse("admin:evaluation_publication_file", args=[publication.pk, "file"])
    assert [stand.at(who).get(url).status_code for who in ("observer", "reporter_al")] == [404, 404]


@pytest.mark.parametrize(("kind", "start"), [("workbook", b"PK"), ("book", b"%PDF"), ("disc", b"PK")])
def test_files_can_be_made_from_the_standing_figures(stand, kind, start):
    response = stand.compute().page("expert", "make", kind)
    assert response.content.startswith(start)
    assert re.fullmatch(r'attachment; filename="[a-z]+-1405\.[a-z]+"', response.headers["Content-Disposition"])
    assert Publication.objects.count() == 0


def test_the_downloaded_workbook_holds_the_rows_of_the_page(stand):
    content = stand.compute().page("expert", "make", "workbook").content
    page = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    assert [(row[0], row[1]) for row in page.iter_rows(min_row=2, values_only=True)] == [
        (1, "AL"),
        (2, "BE"),
        (2, "GA"),
        (4, "DE"),
        (None, "EP"),
        (None, "ZE"),
    ]


def test_an_unknown_kind_of_file_does_not_exist(stand):
    assert stand.compute().page("expert", "make", "movie").status_code == 404


def test_the_explanation_of_a_total_shows_its_values(stand):
    alpha = stand.compute().totals().get(participation__agency__code="AL")
    page = stand.at("expert").get(reverse("admin:evaluation_agencyresult_change", args=[alpha.pk])).content.decode()
    assert "Total: 900 + 900 = 1,800.00." in page


@pytest.mark.parametrize("name", ["agencyresult", "axisresult", "publication"])
def test_figures_are_typed_by_nobody(stand, name):
    stand.compute()
    assert stand.at("manager").get(reverse(f"admin:evaluation_{name}_add")).status_code == 403
    for row in AgencyResult.objects.all()[:1] if name == "agencyresult" else []:
        url = reverse("admin:evaluation_agencyresult_change", args=[row.pk])
        assert stand.at("manager").post(url, {"total": "5"}).status_code == 403


def test_the_ranking_page_asks_a_fixed_number_of_queries(stand, django_assert_num_queries):
    stand.compute()
    client = stand.at("manager")
    url = reverse("admin:evaluation_resultset_ranking", args=[stand.results.pk])
    client.get(url)
    with django_assert_num_queries(QUERIES):
        client.get(url)
    AgencyResult.objects.exclude(participation__agency__code="AL").delete()
    with django_assert_num_queries(QUERIES):
        client.get(url)


QUERIES = 9
