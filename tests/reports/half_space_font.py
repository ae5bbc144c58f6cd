"""`python -m tests.reports.half_space_font` makes the font of one character in which our PDFs print a half-space.

Shaping drops the half-space (U+200C) and gives its place to the letter after it; no reader of PDFs finds such a word.
The templates print U+202F instead, which joins no letters and ends no line, by a dot of a hundredth of the letters'
height: a glyph without an outline, or a smaller one, is left out by Chromium's engine. `reports/typeset.py` names it
U+200C again.
"""

import sys
from io import BytesIO
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

CHARACTER = 0x202F
DOT = 10  # thousandths of an em
FILE = Path(__file__).resolve().parents[2] / "evaluation/static/evaluation/fonts/HalfSpace.ttf"


def font():
    """The bytes of the font, always the same."""
    dot = TTGlyphPen(None)
    dot.moveTo((0, 0))
    for corner in ((0, DOT), (DOT, DOT), (DOT, 0)):
        dot.lineTo(corner)
    dot.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.updateHead(created=0, modified=0)
    builder.font.recalcTimestamp = False
    builder.setupGlyphOrder([".notdef", "halfspace"])
    builder.setupCharacterMap({CHARACTER: "halfspace"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "halfspace": dot.glyph()})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "halfspace": (DOT, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable(
        {
            "familyName": "Half Space",
            "styleName": "Regular",
            "uniqueFontIdentifier": "HalfSpace-1",
            "fullName": "Half Space Regular",
            "psName": "HalfSpace-Regular",
            "version": "Version 1.0",
        }
    )
    builder.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    made = BytesIO()
    builder.save(made)
    return made.getvalue()


if __name__ == "__main__":
    FILE.write_bytes(font())
    sys.stdout.write(f"{FILE.name}: {FILE.stat().st_size} bytes\n")
