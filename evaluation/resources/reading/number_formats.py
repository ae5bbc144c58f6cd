"""What a number's format makes of it: a code stored as 7 and shown as 007 has to be read as people see it."""

import re
from decimal import ROUND_HALF_UP, Decimal

PERCENT_IDS = {9, 10}  # Excel's built-in formats 0% and 0.00%
BUILT_IN = {2: "0.00", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 48: "##0.0E+0"}  # others show the digits themselves
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')  # what a number format shows as it stands
_CONDITION = re.compile(r"\[[^\]]*\]")  # colours, conditions and languages
_PLAIN = re.compile(r"(?:General|@|[#,]*0?|[#,]*0\.#+)")
_DAY_OR_TIME = re.compile(r"[ymdhs]", re.IGNORECASE)
_SECTION = re.compile(r'((?:"[^"]*"|\\.|[ ()/:-])*)(?:#*(0*)(?:\.(0+))?)?((?:"[^"]*"|\\.|[ ()/:-])*)')


def shows_percent(code):
    """Whether a number format multiplies by a hundred: it has a percent sign that is not in quotes."""
    return "%" in _LITERAL.sub("", code)


def shapes(code):
    """Whether a format shows a number otherwise than by its digits: with zeros in front or behind, with letters."""
    section = _first(code)
    bare = _LITERAL.sub("", section)
    if "%" in bare or _DAY_OR_TIME.search(bare.replace("General", "")):
        return False
    return not _PLAIN.fullmatch(section.strip())


def as_seen(code, number):
    """The text that a format shows of an int or Decimal, or None where only the program that made it can tell."""
    match = _SECTION.fullmatch(_first(code))
    if not match or number < 0:
        return None
    before, zeros, decimals, after = match.groups()
    digits = ""
    if zeros or decimals:
        rounded = Decimal(number).quantize(Decimal(1).scaleb(-len(decimals or "")), rounding=ROUND_HALF_UP)
        whole, point, rest = f"{rounded:f}".partition(".")
        digits = whole.rjust(len(zeros), "0") + point + rest
    return _words(before) + digits + _words(after)


def _first(code):
    """The section of a format that is for positive numbers."""
    return _CONDITION.sub("", _split(code))


def _split(code):
    kept = []
    for piece in re.finditer(r'"[^"]*"|\\.|.', code):
        if piece[0] == ";":
            break
        kept.append(piece[0])
    return "".join(kept)


def _words(literal):
    return re.sub(r'"([^"]*)"|\\(.)', lambda match: match[1] if match[1] is not None else match[2], literal)
