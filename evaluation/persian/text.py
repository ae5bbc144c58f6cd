"""Letters and digits: one spelling for what keyboards, Word and PDF files write in several ways."""

import re
import unicodedata

from django.utils.translation import get_language

LATIN = "0123456789"
PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
ARABIC = "٠١٢٣٤٥٦٧٨٩"

ZWNJ = "\u200c"

# Persian dictionaries put آ before ا; the letters with a hamza follow their carrier.
ALPHABET = "ءآابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"

_TO_PERSIAN = str.maketrans(LATIN, PERSIAN)
_TO_LATIN = str.maketrans(PERSIAN + ARABIC, LATIN * 2)
_LETTERS = {
    "ي": "ی",  # Arabic yeh
    "ى": "ی",  # alef maksura
    "ﻯ": "ی",
    "ك": "ک",  # Arabic kaf
    "ہ": "ه",
    "ە": "ه",
}
_DROPPED = (
    "\u0640"  # tatweel
    "\u00ad\u200b\u200d\u2060\ufeff"  # soft hyphen, zero-width space and joiners, byte order mark
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # direction marks
)
_HEH_SIGN = re.compile(r"(?<=ه)\u0640+(?!\w)")  # the sign «هـ» of numbers of the cabinet, and of lunar years
_KEPT = "\ue0ff"  # stands for the tatweel of that sign while the others are dropped
_NORMAL = str.maketrans(_LETTERS | dict.fromkeys(_DROPPED, ""))
_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SPACES = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_ZWNJ_RUN = re.compile(ZWNJ + "+")
_ZWNJ_LOOSE = re.compile(rf"{ZWNJ}(?=\s|$)|(?<=\s){ZWNJ}|^{ZWNJ}", re.MULTILINE)
_AROUND_LINE = re.compile(r" ?\n ?")

# Words of characters that nothing below changes or joins, with one space, half-space or line break between them.
_SETTLED_SIGNS = f"[!-~{ALPHABET}أؤئإ{PERSIAN}{ARABIC}«»،؛؟٪٫٬]+"
_SETTLED = re.compile(f"(?:{_SETTLED_SIGNS}(?:[ \n{ZWNJ}]{_SETTLED_SIGNS})*)?")

# Private-use characters stand for the letters, so that a plain comparison follows the Persian alphabet after
# digits and Latin letters.
_SORTED = str.maketrans({letter: chr(0xE000 + place) for place, letter in enumerate(ALPHABET)})
_CARRIERS = str.maketrans({"أ": "ا", "إ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ی", "ۀ": "ه", "ة": "ه"})


def is_persian(language=None):
    """Whether `language`, or else the active language, is Persian."""
    return (language or get_language() or "").split("-")[0] == "fa"


def to_persian_digits(text):
    """Latin and Arabic digits as Persian ones; everything else stays."""
    return to_latin_digits(text).translate(_TO_PERSIAN)


def to_latin_digits(text):
    """Persian and Arabic digits as Latin ones; everything else stays."""
    return str(text).translate(_TO_LATIN)


def localise_digits(value, language=None):
    """`value` as text, with Persian digits when the (active) language is Persian."""
    return to_persian_digits(value) if is_persian(language) else str(value)


def normalise(text):
    """One spelling for storing: Persian ی and ک, composed characters, single spaces and half-spaces.

    Tatweel, but for that of «هـ» at the end of a word, direction marks and control characters go; digits, diacritics,
    punctuation and line breaks stay.
    `None` becomes an empty string.
    """
    if type(text) is str and _SETTLED.fullmatch(text):
        return text
    text = "" if text is None else str(text)
    text = _PRESENTATION.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    text = _HEH_SIGN.sub(_KEPT, _CONTROL.sub("", text)).translate(_NORMAL).replace(_KEPT, "\u0640")
    text = _ZWNJ_LOOSE.sub("", _ZWNJ_RUN.sub(ZWNJ, text))
    text = _SPACES.sub(" ", text)
    return _AROUND_LINE.sub("\n", text).strip()


def is_settled(text):
    """Whether `normalise` would leave a text as it is, as far as one search can tell. Of texts joined by line breaks
    it says that each of them is.
    """
    return _SETTLED.fullmatch(text) is not None


def normalise_code(text):
    """A code of an agency or an indicator as it is kept: normalised, Latin digits, no spaces at the ends."""
    text = normalise(text)
    return text if text.isascii() else to_latin_digits(text)


def match_key(text):
    """What two headings or two searched words have in common: letters and digits only, without case.

    Not for codes: 1-2 and 12 have the same key.
    """
    text = unicodedata.normalize("NFKD", normalise(text)).translate(_NORMAL).translate(_CARRIERS)
    kept = "".join(sign for sign in text if unicodedata.category(sign)[0] in "LN")
    return to_latin_digits(kept).casefold()


_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
_VOWELS = "".join(map(chr, range(0x64B, 0x656))) + "\u0670"
# One sign for another, "" for none: letters that keyboards exchange, digits, dashes; spaces and signs that people leave
# out. Keys are stored: whoever changes it writes a migration that computes them anew.
SEARCHED_AS = {
    **_LETTERS,
    "آ": "ا",
    "أ": "ا",
    "إ": "ا",
    "ٱ": "ا",
    "ؤ": "و",
    "ئ": "ی",
    "ۀ": "ه",
    "ة": "ه",
    **dict(zip(PERSIAN + ARABIC, LATIN * 2, strict=True)),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys((" ", "\u00a0", ZWNJ, "\u0640", *_VOWELS, *"«»()،؛"), ""),
}
_SEARCHED = str.maketrans(SEARCHED_AS)


def search_key(text):
    """What a searched word and a stored text have in common: one spelling, Latin digits, no spaces or half-spaces.

    The database computes the same of stored, normalised text (`models.search_key`). Unlike `match_key` it keeps dashes,
    dots and the like: they part codes.
    """
    return normalise(text).lower().translate(_SEARCHED)


def sort_key(text):
    """A string that sorts as `text` should in the Persian alphabet (پ چ ژ گ in place, آ before ا)."""
    plain = to_latin_digits(normalise(text)).casefold()
    letters = plain.translate(_CARRIERS).replace(ZWNJ, "")
    letters = "".join(sign for sign in letters if unicodedata.category(sign) != "Mn")
    return f"{letters.translate(_SORTED)}\x00{plain}"
