"""PDFs of ours are searched, copied, archived and read aloud: words stand in reading order in two engines."""

from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from evaluation.process.results import result
from evaluation.reports import book, report_pdf
from evaluation.reports.typeset import SEVERAL, turned

from .half_space_font import FILE, font
from .pdf_text import READERS, chromium, one_line, overlapping

NAMES = (
    "دانشگاه علوم پزشکی و خدمات بهداشتی درمانی ایلام",
    "سازمان تبلیغات اسلامی",
    "اداره کل راهداری و حمل‌ونقل جاده‌ای",
    "جمعیت هلال احمر و رئیس‌جمهور",
    "شرکت ملی پالایش و پخش فرآورده‌های نفتی",
)


@pytest.fixture
def named(province):
    """A computed year whose agencies have names with «لا», half-spaces and «ئ»."""
    for participation, name in zip(province.participations.values(), NAMES, strict=False):
        participation.agency.name = name
        participation.agency.save()
    return result.compute(result.prepare(province.year, by=province.expert), by=province.expert)


@pytest.mark.parametrize("read", READERS)
def test_names_are_found_in_the_book_as_they_are_written(named, read):
    text = read(book.pdf(named))
    written = [name for name in NAMES if named.cycle.participations.filter(agency__name=name).exists()]
    assert len(written) >= 3
    assert [name for name in written if name not in text] == []


@pytest.mark.parametrize("read", READERS)
def test_words_of_a_self_assessment_are_found(cast, read):
    cast.until("self_assessment")
    assessment = cast.assessment(cast.agency_a)
    cast.fill(assessment)
    text = read(report_pdf.self_assessment(cast.assessment(cast.agency_a)))
    titles = {line.indicator.title for line in cast.lines(assessment)}
    assert [word for title in titles for word in title.split() if word not in text] == []
    assert one_line(cast.agency_a.name) in text


def test_no_text_lies_on_another(named):
    assert overlapping(book.pdf(named)) == []


def test_pages_are_numbered_in_persian_and_say_whose_book_it_is(named):
    pdf = book.pdf(named)
    pages = len(pypdfium2.PdfDocument(pdf))
    assert pages >= 3
    assert str(named.cycle.performance_year).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) in chromium(pdf)


def test_the_file_says_that_it_may_be_archived_and_read_aloud(named):
    with pikepdf.open(BytesIO(book.pdf(named))) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert str(pdf.Root.Lang).startswith("fa")
        assert pdf.Root.MarkInfo.Marked


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("<0001> <06440627>", "<0001> <06270644>"),  # «لا»
        ("<0001> <0644064406470020>", "<0001> <0020064706440644>"),  # «لله »
        ("<0001> <00660069>", "<0001> <00660069>"),  # "fi"
        ("<0001> <0627>", "<0001> <0627>"),
    ],
)
def test_only_letters_from_right_to_left_are_turned(written, found):
    assert SEVERAL.sub(turned, written.encode()) == found.encode()


def test_the_font_of_the_half_space_is_what_its_script_makes():
    assert FILE.read_bytes() == font()
