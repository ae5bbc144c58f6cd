"""Numbers as people write and read them."""

import re
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from .text import is_persian, localise_digits, to_latin_digits

MAX_DIGITS = 24  # what the columns of figures hold: eighteen, and six decimals
# Of a figure, above or below zero: SQLite rounds to fifteen digits, and does not read back what becomes 10^18 by that.
LARGEST_FIGURE = Decimal(10) ** 18 - 501

_IGNORED = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u200c\ufeff\u202a\u202b\u202c\u2066\u2067\u2068\u2069"))
_SIGNS = str.maketrans({"−": "-", "﹣": "-", "－": "-", "٫": ".", "٪": "%"})
_PLAIN = re.compile(r"[0-9]*\.?[0-9]+|[0-9]+\.")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?P<mark>[,٬،])[0-9]{3})(?:(?P=mark)[0-9]{3})*(?:\.[0-9]*)?")
_ONE_GROUP = re.compile(r"[-+−]?[1-9][0-9]{0,2}[,،][0-9]{3}")
_MARKED = re.compile(r"[0-9][0-9.,٬،' ]*[0-9]|[0-9]+/[0-9]+")  # digits with marks between them


def parse_decimal(text):
    """The number that a person wrote, or None for an empty text.

    Persian, Arabic and Latin digits; `.` or `٫` before decimals; `,`, `٬` or `،` between groups of three, of which the
    first is no zero, so that `0,125` is not taken for 125; a percent sign is dropped, since percentages are kept as
    0…100. Numbers pass through. Raises ValueError with a sentence.
    """
    if text is None or (isinstance(text, Decimal) and text.is_finite()):
        return text
    if isinstance(text, int) and not isinstance(text, bool):
        return Decimal(text)
    if isinstance(text, float):
        text = format(text, ".15f").rstrip("0").rstrip(".") if abs(text) < 1e15 else repr(text)
    written = str(text).translate(_IGNORED).strip()
    if not written:
        return None
    plain = to_latin_digits(written).translate(_SIGNS)
    negative = plain.startswith("-")
    plain = plain.removeprefix("-" if negative else "+").strip()
    plain = plain.removesuffix("%").rstrip() if plain.endswith("%") else plain.removeprefix("%").lstrip()
    if isinstance(text, bool) or not (_PLAIN.fullmatch(plain) or _GROUPED.fullmatch(plain)):
        raise ValueError(_no_number(written, plain))
    plain = re.sub("[,٬،]", "", plain)
    if sum(sign.isdigit() for sign in plain) > MAX_DIGITS:
        raise ValueError(
            _("“%(text)s” is too long for a number: at most %(most)s digits are accepted.")
            % {"text": _cut(written), "most": localise_digits(MAX_DIGITS)}
        )
    return Decimal("-" + plain if negative else plain)


def _no_number(written, plain):
    """The sentence that refuses a text; digits with a comma or a slash between them get the two ways to write them."""
    if _MARKED.fullmatch(plain):
        sentence = _(
            "“%(text)s” is not a number that can be read in one way only. Write decimals as in ۱۲٫۵ or 12.5, and "
            "thousands as in ۱٬۲۵۰ or 1250."
        )
        return sentence % {"text": _cut(written)}
    return _("“%(text)s” is not a number. Write it in digits, like %(example)s.") % {
        "text": _cut(written),
        "example": localise_digits(1250),
    }


def may_be_decimal(text):
    """Whether a comma of this text may stand before decimals: one group of three, as in 20,000 for 20."""
    return bool(_ONE_GROUP.fullmatch(to_latin_digits(text).translate(_IGNORED).strip()))


def format_decimal(value, places=2, language=None, *, trim=False):
    """A number for people, rounded half up to `places` (None: as many as it has, without trailing zeros).

    Persian: ۱٬۲۵۰٫۵۰, English: 1,250.50. `trim` drops trailing zeros after rounding. None and "" give "".
    """
    if value is None or value == "":
        return ""
    value = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if not value.is_finite():
        return ""
    if places is not None:
        value = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    digits = f"{abs(value):,f}"
    if "." in digits and (trim or places is None):
        digits = digits.rstrip("0").rstrip(".")
    negative = value < 0
    if not is_persian(language):
        return f"-{digits}" if negative else digits
    digits = localise_digits(digits.replace(",", "٬").replace(".", "٫"), "fa")
    # The mark keeps the sign on the left of the digits in right-to-left text (as CLDR does for Persian).
    return f"\u200e−{digits}" if negative else digits


def _cut(text):
    return text if len(text) <= 40 else f"{text[:40]}…"
