import hashlib
import re
import shutil
import subprocess
from io import BytesIO
from zipfile import ZipFile

import pytest

from evaluation.models import Evidence
from evaluation.process.assessing import evidence
from evaluation.process.results import result
from evaluation.reports import book, disc, publication, report_pdf
from tests.factories import upload
from tests.reports.province import SCORES


def text_of(pdf, tmp_path):
    if not shutil.which("pdftotext"):
        pytest.skip("needs pdftotext (poppler-utils)")
    path = tmp_path / "printed.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    return plain(done.stdout)


SPACES = re.compile(r"[\s\u200c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
LETTERS = str.maketrans("يك۰۱۲۳۴۵۶۷۸۹", "یک0123456789")


def plain(text):
    """Letters and Latin digits alone: the joining of a printed line is the printer's own."""
    return SPACES.sub("", text.translate(LETTERS))


def words_of(text):
    return [plain(word) for word in text.split()]


def test_the_book_names_every_agency_with_its_figures(computed, tmp_path):
    text = text_of(book.pdf(computed), tmp_path)
    for name in SCORES:
        assert all(word in text for word in words_of(name)), name
    assert "1٬800٫00" in text
    assert "دولت" in text


def test_the_book_is_the_same_for_the_same_rows(computed):
    computed.published_at = computed.computed_at
    assert book.pdf(computed) == book.pdf(computed)


def test_texts_are_never_markup(province, tmp_path):
    agency = province.agency("اداره آلفا")
    agency.name = "#panic() $x$ ["
    agency.save()
    results = result.compute(result.prepare(province.year, by=province.expert), by=province.expert)
    assert "panic" in text_of(book.pdf(results), tmp_path)


def test_the_disc_opens_without_a_server(computed):
    with ZipFile(BytesIO(disc.archive(computed))) as files:
        assert files.namelist() == ["book.pdf", "index.html", "ranking.xlsx"]
        page = files.read("index.html").decode()
        assert files.read("book.pdf").startswith(b"%PDF")
        assert files.read("ranking.xlsx").startswith(b"PK")
    assert set(re.findall(r'(?:href|src)="([^"]*)"', page)) == {"book.pdf", "ranking.xlsx"}
    assert re.findall(r"https?://|@import|//[a-z]+\.", page) == []
    assert {address.partition(",")[0] for address in re.findall(r'url\("([^"]*)"\)', page)} == {
        "data:font/woff2;base64"
    }
    assert all(name in page for name in SCORES)


def test_the_files_of_a_publication_carry_their_hash(computed, province):
    made = publication.files(computed)
    assert [(str(kind), name) for kind, name, _content, _hash in made] == [
        ("workbook", "ranking-1405-draft.xlsx"),
        ("book", "book-1405-draft.pdf"),
        ("disc", "disc-1405-draft.zip"),
    ]
    assert all(hashlib.sha256(content).hexdigest() == digest for _kind, _name, content, digest in made)


@pytest.fixture
def submitted(cast):
    cast.until("self_assessment")
    assessment = cast.assessment(cast.agency_a)
    cast.fill(assessment)
    return cast.assessment(cast.agency_a)


def test_the_self_assessment_report_lists_lines_and_hashes(cast, submitted, tmp_path):
    line = cast.lines(submitted)[0]
    kept = evidence.attach(line, upload("proof.pdf", b"proof"), by=cast.reporter_a, title="گواهی")
    text = text_of(report_pdf.self_assessment(submitted), tmp_path)
    assert kept.sha256 in text
    assert "proof" in text
    assert [line.indicator.code in text for line in cast.lines(submitted)] == [True] * 4
    assert Evidence.objects.get().sha256 == kept.sha256


def test_a_removed_file_is_not_in_the_report(cast, submitted, tmp_path):
    kept = evidence.attach(cast.lines(submitted)[0], upload("proof.pdf", b"proof"), by=cast.reporter_a)
    evidence.remove(kept, by=cast.reporter_a)
    assert kept.sha256 not in text_of(report_pdf.self_assessment(submitted), tmp_path)


def test_hidden_ranks_are_not_printed(province):
    province.year.end_order = "council_before_ranking"
    province.year.save()
    results = result.compute(result.prepare(province.year, by=province.expert), by=province.expert)
    content = book.content(results)
    assert {row[0] for row in content["ranking"]} == {"—"}
    assert {row[0] for group in content["groups"] for row in group["rows"]} == {"—"}
