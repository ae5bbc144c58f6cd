"""Published years stay what they were, on every page and in every file; the page verifies them."""

import hashlib

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from evaluation.models import AgencyResult, Line, PeerGroup, Publication, ResultSet
from evaluation.process.results import snapshot
from evaluation.reports import publication


@pytest.fixture
def published(stand):
    return stand.compute().pass_gates().announce().publish()


def rename(stand):
    """What staff may do after the year: another name, another group, another title of the group."""
    alpha = stand.participations["اداره آلفا"]
    alpha.agency.name = "سازمان نوین"
    alpha.agency.save()
    alpha.peer_group = stand.groups[1]
    alpha.ranked = False
    alpha.save()
    PeerGroup.objects.filter(pk=stand.groups[0].pk).update(title="گروه دیگر")


def pages(stand):
    return [
        (row["standing"].agency.name, row["standing"].group.title, row["standing"].rank, row["standing"].group_rank)
        for row in stand.page("manager", "ranking").context["rows"]
    ]


def listed(stand):
    response = stand.at("observer").get(reverse("admin:evaluation_agencyresult_changelist"), {"q": "آلفا"})
    return {str(row) for row in response.context["cl"].result_list}


def test_a_published_year_is_not_renamed_on_its_pages(published):
    before, names = pages(published), listed(published)
    rename(published)
    assert pages(published) == before
    assert before[0] == ("اداره آلفا", "زیربنایی", 1, 1)
    assert listed(published) == names == {"اداره آلفا"}


def test_the_files_come_out_byte_by_byte_when_they_are_made_again(published):
    rename(published)
    made = {str(kind): digest for kind, _name, _content, digest in publication.files(ResultSet.objects.get())}
    assert made == dict(Publication.objects.values_list("kind", "sha256"))
    for kept in Publication.objects.all():
        assert hashlib.sha256(kept.file.read()).hexdigest() == kept.sha256


def test_page_ranking_book_and_disc_show_one_code(published):
    code = snapshot.code(published.results)
    assert published.page("observer").content.decode().count(code) == 1
    assert published.page("observer", "ranking").content.decode().count(code) == 1
    files = {str(kind): content for kind, _name, content, _digest in publication.files(published.results)}
    assert code.encode() in disc_page(files["disc"])


def disc_page(content):
    from io import BytesIO  # noqa: PLC0415  of this test alone
    from zipfile import ZipFile  # noqa: PLC0415

    with ZipFile(BytesIO(content)) as archive:
        return archive.read("index.html")


def test_files_say_what_they_are_until_they_are_published(stand):
    draft = stand.compute().page("expert", "make", "book")
    assert 'filename="book-1405-draft.pdf"' in draft.headers["Content-Disposition"]
    old = stand.results
    stand.do("manager", "void", reason="خطا")
    response = stand.at("expert").get(reverse("admin:evaluation_resultset_make", args=[old.pk, "disc"]))
    assert 'filename="disc-1405-void.zip"' in response.headers["Content-Disposition"]
    assert "این نتایج باطل شده است" in disc_page(response.content).decode()


def test_the_page_verifies_and_tells_its_own_staff_what_differs(published):
    assert published.page("observer", "verify").context["verdict"].equal
    Line.objects.filter(assessment__participation=published.participations["اداره آلفا"]).update(final_score=1)
    told = published.page("expert", "verify")
    assert len(told.context["verdict"].differences) == 3
    assert "indicator G-1: 540 in the snapshot, 1 today" in told.content.decode()
    outside = published.page("observer", "verify").content.decode()
    assert "3 differences were found" in outside
    assert "in the snapshot" not in outside


@pytest.mark.parametrize(("who", "code"), [("reporter_al", 403), ("nobody", 404)])
def test_who_may_not_export_does_not_verify(published, who, code):
    assert published.page(who, "verify").status_code == code


def test_the_command_fails_when_a_year_differs(published, capsys):
    call_command("verify_results")
    out = capsys.readouterr().out
    assert out.split()[:2] == ["equal", snapshot.code(published.results)]
    AgencyResult.objects.filter(dimension=None).update(total=1)
    with pytest.raises(CommandError, match="1 of 1 result sets differ"):
        call_command("verify_results", verbosity=0)
    call_command("verify_results", year=1300, verbosity=0)
