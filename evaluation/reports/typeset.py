"""PDF by typst from our template and plain data. Texts are data, never markup, so nothing in them is executed."""

import json
import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import typst

from evaluation import persian

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "typst"
FONTS = HERE.parent / "static" / "evaluation" / "fonts"
STANDARDS = ["a-2a", "ua-1"]  # typst refuses what an archive or a screen reader could not use
# A glyph that stands for several characters, in the table by which readers of a PDF find its text.
SEVERAL = re.compile(rb"(<[0-9A-F]{4}> <)((?:[0-9A-F]{4}){2,})>")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufeff]")
PRINTED_HALF_SPACE, HALF_SPACE = b"<202F>", b"<200C>"  # the first by a font of its own: HalfSpace.ttf


def typeset(template, data, *, at=None):
    """The bytes of a PDF/A-2a and PDF/UA-1: `template` (a file beside this one) over `data` (what JSON can hold).

    `at` is the moment written into the file; equal data and moment give equal bytes. Raises typst.TypstError, also
    where the template breaks one of these standards.
    """
    pdf = typst.compile(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, default=str)},
        timestamp=int((at or datetime.now(UTC)).timestamp()),
        pdf_standards=STANDARDS,
    )
    return searchable(pdf)


def searchable(pdf):
    """The bytes of a PDF in which words with «لا» or a half-space are found and copied as they are written.

    Readers (Chromium's engine, poppler) turn a line that runs from right to left letter by letter, also the letters
    that one glyph stands for. Typst writes these in reading order, so they come out turned: «اسالمی». They are turned
    here beforehand, and the half-space gets its own name. docs/decisions/0011-searchable-pdf.md has the measurement.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        for part in document.objects:
            if isinstance(part, pikepdf.Dictionary) and "/ToUnicode" in part:
                names = SEVERAL.sub(turned, part.ToUnicode.read_bytes())
                part.ToUnicode.write(names.replace(PRINTED_HALF_SPACE, HALF_SPACE))
        mended = BytesIO()
        document.save(mended, deterministic_id=True)
    return mended.getvalue()


def turned(entry):
    """The replacement of a match of `SEVERAL`: letters that run from right to left in the opposite order."""
    letters = bytes.fromhex(entry[2].decode()).decode("utf-16-be")
    if RIGHT_TO_LEFT.search(letters):
        letters = letters[::-1]
    return entry[1] + letters.encode("utf-16-be").hex().upper().encode() + b">"


def figure(value, places=2):
    """A figure as the page shows it; a dash where there is none."""
    return persian.format_decimal(value, places) if value is not None else "—"


def whole(value):
    """A whole number in the digits of the language; a dash for None."""
    return persian.localise_digits(value) if value is not None else "—"
