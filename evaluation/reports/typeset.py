"""PDF by typst from our template and plain data. Texts are data, never markup, so nothing in them is executed."""

import json
from datetime import UTC, datetime
from pathlib import Path

import typst

from evaluation import persian

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "typst"
FONTS = HERE.parent / "static" / "evaluation" / "fonts"


def typeset(template, data, *, at=None):
    """The bytes of a PDF: `template` (a file beside this one) over `data` (what JSON can hold).

    `at` is the moment written into the file; equal data and moment give equal bytes. Raises typst.TypstError.
    """
    return typst.compile(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, default=str)},
        timestamp=int((at or datetime.now(UTC)).timestamp()),
    )


def figure(value, places=2):
    """A figure as the page shows it; a dash where there is none."""
    return persian.format_decimal(value, places) if value is not None else "—"


def whole(value):
    """A whole number in the digits of the language; a dash for None."""
    return persian.localise_digits(value) if value is not None else "—"
