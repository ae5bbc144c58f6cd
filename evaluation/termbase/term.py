"""What a row of the termbase holds."""

import re
from dataclasses import dataclass

LETTER = r"[\u0600-\u06ff]"
SOURCES = {
    "flowcharts": "flowcharts of the general and of the specific indicators",
    "ilam": "process form of Ilam",
    "qazvin": "news of Qazvin on the two-phase evaluation",
    "qom": "service level agreement of Qom",
    "tehran": "service identity form of Tehran",
    "glossary": "public papers gathered in the glossary of the job",
    "choice": "no source names it: our choice",
}


@dataclass(frozen=True)
class Avoid:
    """A word that is not used for this sense, and why not. `searched`: texts are searched for it.

    A word whose other senses are common is not searched: only a reader can tell them apart.
    """

    word: str
    why: str
    searched: bool = True

    @property
    def pattern(self):
        """Finds the word by itself or with an ending of its own: ها، ی، ٔ."""
        return re.compile(rf"(?<!{LETTER})(?<!\u200c){re.escape(self.word)}(?:ی(?!{LETTER})|\u0654)?(?!{LETTER})")


@dataclass(frozen=True)
class Term:
    """One thing: its English and its Persian word, its name in the code, and the words that are not used for it.

    `source` is a key of SOURCES; `note` says how the sources differ and why this word was chosen.
    """

    english: str
    persian: str
    code: str = ""
    avoid: tuple[Avoid, ...] = ()
    source: str = "choice"
    note: str = ""
