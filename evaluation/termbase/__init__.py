"""The words of the product: one table, from which `docs/glossary.md` is written and by which texts are tested.

One thing has one word, in menu, button, column, message, workbook heading and handbook. Where two official documents
differ, the note of the row says which was chosen and why. A word that is right in another sense may stand where the
allow-list of `tests/architecture/test_words.py` names the place.
"""

from .files import FILES
from .people import PEOPLE
from .process import PROCESS
from .scoring import SCORING
from .term import SOURCES, Avoid, Term
from .writing import WRITING

GROUPS = {
    "Bodies and people": PEOPLE,
    "The cycle": PROCESS,
    "Indicators, scoring and results": SCORING,
    "Files, messages and the system": FILES,
    "Turns of writing": WRITING,
}
TERMS = tuple(term for terms in GROUPS.values() for term in terms)

__all__ = ["GROUPS", "SOURCES", "TERMS", "Avoid", "Term"]
