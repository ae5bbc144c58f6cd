"""The papers of a festival: whom they name, that they can be searched, and that equal awards give equal bytes."""

import hashlib
import io
import zipfile

import pytest
from django.utils import timezone

from evaluation.exchange import package
from evaluation.models import Award, Festival
from evaluation.reports import festival_papers
from tests import factories as make

from .pdf_text import chromium

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def held(cast):
    moment = {"announced_at": timezone.now(), "announced_by": cast.manager, "state": "announced"}
    held = make.festival(cast.cycle, held_on=make.DAY, place="سالن همایش", course="مراسم برگزار شد.", **moment)
    held.programme.create(title="تلاوت قرآن", speaker="قاری")
    for name, agency in (("گروه خلاقیت", cast.agency_a), ("گروه سلامت", cast.agency_b)):
        nominee = make.nominee(held, agency=agency, entered_by=cast.expert, name=name)
        session = held.committee.sessions.get()
        Award.objects.create(nominee=nominee, session=session, reason="اثر بیشتر", decided_by=cast.expert)
    return held


def test_the_report_names_the_winners_with_their_reasons(held):
    text = chromium(festival_papers.report(held))
    for word in ("گروه خلاقیت", "گروه سلامت", "اثر بیشتر", "مراسم برگزار شد", "سالن همایش"):
        assert word in text


def test_each_winner_has_a_certificate(held):
    with zipfile.ZipFile(io.BytesIO(festival_papers.certificates(held))) as archive:
        names = archive.namelist()
        first = chromium(archive.read("certificate-001.pdf"))
    assert names == ["certificate-001.pdf", "certificate-002.pdf", "certificates.xlsx"]
    assert "گروه خلاقیت" in first
    assert "گروه سلامت" not in first


def test_programme_and_list_for_the_stage(held):
    assert "تلاوت قرآن" in chromium(festival_papers.programme(held))
    assert "گروه سلامت" in chromium(festival_papers.stage_list(held))


def test_before_the_announcement_every_paper_says_that_it_is_not_to_be_known(held):
    Festival._base_manager.filter(pk=held.pk).update(state="chosen")
    held = Festival.objects.get(pk=held.pk)
    assert "پیش از اعلام برگزیدگان" in chromium(festival_papers.stage_list(held))


def test_the_package_is_verified_by_its_receiver_and_made_alike_again(held):
    content, sha256 = festival_papers.package(held)
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert set(package.verify(content, sha256)["files"]) == {"report.pdf", "winners.xlsx"}
    assert festival_papers.package(held) == (content, sha256)
