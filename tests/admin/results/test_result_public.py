"""Results through the pages: forged steps, returns, announcement, publication and what people may know of them."""

import hashlib
import re
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from evaluation.models import (
    AgencyResult,
    Publication,
    ResultSet,
)
from tests.admin.results.result_stand import Stand
from tests.factories import upload


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


def figures_by(stand, column):
    """The agencies of the list of figures, when its column is asked to sort from the highest."""
    url = reverse("admin:evaluation_agencyresult_changelist")
    place = {"agency": "1", "points": "-3"}[column]
    page = stand.at("manager").get(url, {"dimension__isnull": "True", "o": place})
    return [row.agency_name for row in page.context["cl"].result_list]


def test_ranks_are_hidden_before_the_council_in_ilams_order(db):
    stand = Stand(end_order="council_before_ranking")
    context = stand.compute().page("manager", "ranking").context
    assert [(each["standing"].agency.code, each["standing"].rank) for each in context["rows"]] == [
        ("AL", None),
        ("BE", None),
        ("DE", None),
        ("GA", None),
    ]
    assert [column["title"] for column in context["columns"] if "Rank" in column["title"]] == []
    assert [column["title"] for column in context["columns"] if column["url"]] == ["Agency", "Peer group"]
    for sort in ("-total", "total", "-growth", "level", f"-dimension{stand.general_1405.pk}"):
        rows = stand.page("manager", "ranking", sort=sort).context["rows"]
        assert [each["standing"].agency.code for each in rows] == ["AL", "BE", "DE", "GA"], sort
    assert figures_by(stand, "points") == figures_by(stand, "agency")  # the list of figures tells no order either
    alpha = stand.totals().get(participation__agency__code="AL")
    page = stand.at("manager").get(reverse("admin:evaluation_agencyresult_change", args=[alpha.pk])).content.decode()
    assert page.count("hidden until the council&#x27;s approval") == 2
    stand.approve()
    assert [each["standing"].rank for each in stand.page("manager", "ranking").context["rows"]] == [1, 2, 2, 4]


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
    assert re.fullmatch(r'attachment; filename="[a-z]+-1405-draft\.[a-z]+"', response.headers["Content-Disposition"])
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


QUERIES = 12


@pytest.mark.parametrize("who", ["reporter_al", "headquarters_a", "observer", "secretary", "national"])
def test_every_link_of_a_published_set_opens(stand, who):
    """The session and the report are named to all; whoever may not open them gets no link."""
    stand.compute().pass_gates().announce().publish()
    result_set = ResultSet.objects.get()
    html = stand.page(who).content.decode()
    assert str(result_set.council_session) in html
    assert str(result_set.report) in html
    main = html[html.index('id="content"') :] if 'id="content"' in html else html
    links = sorted(set(re.findall(r'href="(/admin/evaluation/[^"?#]+)"', main)))
    answers = {link: stand.client(who).get(link).status_code for link in links}
    assert {link: code for link, code in answers.items() if code >= 400} == {}


def test_an_agency_reads_its_rank_of_how_many_and_its_own_axes(stand):
    stand.compute().pass_gates().announce()
    page = stand.page("reporter_al", "ranking").content.decode()
    assert '<td class="ev-place" data-label="Rank"> 1 of 4 </td>' in " ".join(page.split())
    assert "Axes of اداره آلفا" in page
    assert "Progress of the axes" not in page
    alpha = stand.totals().get(participation__agency__code="AL")
    own = stand.at("reporter_al").get(reverse("admin:evaluation_agencyresult_change", args=[alpha.pk])).content.decode()
    assert "1 of 4" in own
    assert "1 of 2" in own


def test_headquarters_of_several_agencies_are_told_whose_mean_the_axes_show(stand):
    stand.compute().pass_gates().announce()
    bank = stand.agency("بانک اپسیلون")
    bank.headquarters = None
    bank.save()
    page = stand.page("headquarters_a", "ranking").content.decode()
    assert "Axes of your agencies" in page
    assert "Progress of the axes" in stand.page("manager", "ranking").content.decode()
