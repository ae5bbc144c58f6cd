"""The pages of the festival: an agency nominates on them, and nobody outside reads a winner there too early."""

import datetime

import pytest
from django.utils import timezone

from evaluation.enums import FestivalState, Stage
from evaluation.models import Award, Festival, Nominee
from evaluation.process.festival import festival
from tests import factories as make
from tests.reports.pdf_text import chromium

from ..english import page, visit

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def held(cast):
    cast.until(Stage.RANKING)
    kinds = [make.AwardKindFactory(title="تیم برتر", team_size=4)]
    window = {"nominations_from": timezone.now() - DAY, "nominations_until": timezone.now() + DAY}
    return festival.open_nominations(make.festival(cast.cycle, kinds=kinds, **window), by=cast.expert)


def won(cast, held):
    """A nominee of agency A with the award."""
    nominee = make.nominee(held, agency=cast.agency_a, entered_by=cast.expert)
    session = held.committee.sessions.get()
    return Award.objects.create(nominee=nominee, session=session, reason="بیشترین اثر", decided_by=cast.expert)


def test_an_agency_nominates_on_the_page_of_the_festival(cast, held):
    client = visit(cast, "reporter_a")
    kind = held.kinds.get()
    fields = {"agency": cast.agency_a.pk, "kind": kind.pk, "name": "تیم پاسخ", "reason": "کاهش زمان"}
    address = page("festival_do", held.pk, "nominate")
    client.post(address, fields | {"members": " زهرا \n\nعلی\n"})
    nominee = Nominee.objects.get()
    assert (nominee.name, nominee.members, nominee.agency, nominee.origin) == (
        "تیم پاسخ",
        "زهرا\nعلی",
        cast.agency_a,
        "agency",
    )
    client.post(address, fields | {"agency": cast.agency_b.pk, "name": "تیم دیگر", "members": "زهرا"})
    assert Nominee.objects.count() == 1  # the other agency is no choice of the form
    assert client.get(page("nominee_change", nominee.pk)).status_code == 200
    assert visit(cast, "reporter_b").get(page("nominee_change", nominee.pk)).status_code == 404


def test_an_agency_reads_nothing_of_the_choice_before_the_announcement(cast, held):
    award = won(cast, held)
    Festival._base_manager.filter(pk=held.pk).update(state=FestivalState.CHOSEN)
    client = visit(cast, "reporter_a")
    assert client.get(page("award_change", award.pk)).status_code == 404
    winners = client.get(page("festival_winners", held.pk)).content.decode()
    nominee = client.get(page("nominee_change", award.nominee_id)).content.decode()
    listed = client.get(page("nominee_changelist")).content.decode()
    for html in (winners, nominee, listed):
        assert "بیشترین اثر" not in html
    assert award.nominee.name not in winners
    assert "winner" not in nominee
    assert client.get(page("festival_make", held.pk, "report")).status_code == 403
    staff = visit(cast, "expert").get(page("festival_winners", held.pk)).content.decode()
    assert "بیشترین اثر" in staff


def test_everybody_reads_the_winners_after_the_announcement(cast, held):
    award = won(cast, held)
    moment = {"announced_at": timezone.now(), "announced_by": cast.manager}
    Festival._base_manager.filter(pk=held.pk).update(state=FestivalState.ANNOUNCED, **moment)
    for person in ("reporter_b", "observer", "lead", "national"):
        client = visit(cast, person)
        html = client.get(page("festival_winners", held.pk)).content.decode()
        assert award.nominee.name in html
        assert "بیشترین اثر" in html
        assert client.get(page("award_change", award.pk)).status_code == 200


def test_an_agency_takes_its_own_certificate_after_the_announcement_only(cast, held):
    award = won(cast, held)
    certificate, winners = page("award_certificate", award.pk), page("festival_winners", held.pk)
    Festival._base_manager.filter(pk=held.pk).update(state=FestivalState.CHOSEN)
    people = ("reporter_a", "headquarters_a", "reporter_b", "observer", "expert")

    def statuses():
        return [visit(cast, person).get(certificate).status_code for person in people]

    assert statuses() == [404, 404, 404, 404, 200]
    moment = {"announced_at": timezone.now(), "announced_by": cast.manager}
    Festival._base_manager.filter(pk=held.pk).update(state=FestivalState.ANNOUNCED, **moment)
    assert statuses() == [200, 200, 403, 403, 200]
    own = visit(cast, "reporter_a")
    assert award.nominee.name in chromium(own.get(certificate).getvalue())
    for address in (winners, page("award_change", award.pk)):
        assert certificate in own.get(address).content.decode()
        assert certificate not in visit(cast, "reporter_b").get(address).content.decode()


def test_the_figures_of_a_kind_stand_beside_each_other_as_bars(cast, held):
    figures = {
        "origin": "figures",
        "measure": "total",
        "rank": 1,
        "entered_by": cast.expert,
        "reason": "",
        "members": "",
    }
    for name, figure in (("یک", 1600), ("دو", 800)):
        nominee = make.nominee(held, agency=cast.agency_a, name=name, figure=figure, **figures)
        session = held.committee.sessions.get()
        Award.objects.create(nominee=nominee, session=session, reason="برتر", decided_by=cast.expert)
    won(cast, held)
    answer = visit(cast, "expert").get(page("festival_winners", held.pk))
    (kind,) = answer.context["kinds"]
    assert {winner.name: share for winner, share in kind.with_shares} == {"یک": 100, "دو": 50, "گروه الف": None}
    html = answer.content.decode()
    assert [html.count(f"inline-size: {share}%") for share in (100, 50)] == [1, 1]
    nominees = visit(cast, "expert").get(page("nominee_changelist")).content.decode()
    assert '<span class="ev-number">1,600.00</span> · ' in nominees
