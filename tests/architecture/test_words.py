"""The words of the termbase: kept by the catalogue, and the words it avoids found in no text that people read.

A word that is right where it stands, because it has another sense there, is on the list below by its place.
"""

import ast
import csv
import io
import re
from functools import cache

import polib
import pytest
from django.utils import translation

from evaluation import enums, models
from evaluation.admin import synonyms
from evaluation.termbase import SOURCES, TERMS
from tests.architecture.extraction import CATALOGUES, ROOT

PERSIAN = re.compile(r"[\u0600-\u06ff]")
MAY_BE_PERSIAN = re.compile(r"[\u0600-\u06ff]|\\u06|\\N\{")  # of code, whose literals may say it by number or by name
QUOTED = ("source", "status")  # columns of fixtures that quote documents
LEFT_OUT = ("/migrations/", "/persian/", "/termbase/", "/third_party_texts/")
OF_OLD = ("evaluation/resources/tables/earlier_headings.py", "evaluation/resources/tables/guesses.py")
ALLOWED = {  # word: {place: why it is right there}
    "پرونده": {
        "fixtures/specific_templates.csv S-GEN-01": "files of a court",
        "fixtures/specific_templates.csv S-GEN-03": "files of a court",
        "fixtures/specific_templates.csv S-GEN-04": "files of a court",
        "fixtures/specific_templates.csv S-ECO-05": "files of a tax office",
        "fixtures/specific_templates.csv S-ECO-06": "files of a tax office",
    },
    "واگذاری": {
        "fixtures/general_indicators.csv G-103": "services handed over to the private sector",
        "fixtures/general_indicators.csv G-103-1": "services handed over to the private sector",
    },
    "چک‌لیست": {"fixtures/general_indicators.csv G-602": "the accessibility check list of the Welfare Organization"},
    "مدارک": {
        "fixtures/general_indicators.csv G-404": "title deeds",
    },
    "سامانهٔ بیرونی": {
        "evaluation/resources/workbooks/catalogue.py": "the label in files handed out earlier",
    },
    "درون‌ریزی": {
        "evaluation/resources/tables/our_sheets.py": "the title of sheets in copies handed out earlier",
    },
}
with translation.override("en"):
    SEARCH_WORDS = {str(words) for words in synonyms.WORDS.values()}  # what people type, whichever word it is
OTHER_SENSES = {  # labels that are spelled as a term and mean something else
    "Levels": "the step of the approval: سطح‌بندی",
    "System": "the theme that follows the computer",
}
SEARCHED = [avoid for term in TERMS for avoid in term.avoid if avoid.searched]


def catalogue_texts():
    for domain in ("django", "djangojs"):
        for entry in polib.pofile(str(CATALOGUES / f"{domain}.po")):
            if entry.msgid in SEARCH_WORDS:
                continue
            for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
                yield f"catalogue {entry.msgid}", text


def fixture_texts():
    for path in sorted((ROOT / "fixtures").iterdir()):
        name = f"fixtures/{path.name}"
        if path.suffix == ".csv":
            for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))):
                code = row.get("code") or next(iter(row.values()))
                shown = [value for column, value in row.items() if column not in QUOTED]
                yield f"{name} {code}", "\n".join(shown)
        elif path.suffix == ".txt":
            yield name, path.read_text(encoding="utf-8")


def source_texts():
    """Persian in our code: literals that are no docstring, templates, the typesetter's files and scripts."""
    for root in ("evaluation", "backoffice", "templates"):
        for path in sorted((ROOT / root).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if name in OF_OLD or any(part in f"/{name}" for part in LEFT_OUT) or ".min." in path.name:
                continue
            if path.suffix == ".py":
                for text in literals(path.read_text(encoding="utf-8")):
                    yield name, text
            elif path.suffix in {".html", ".txt", ".typ", ".js"}:
                yield name, path.read_text(encoding="utf-8")


def literals(code):
    if not MAY_BE_PERSIAN.search(code):
        return
    tree = ast.parse(code)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and PERSIAN.search(text) and text not in docstrings:
            yield text


def handbook_texts():
    yield "README.fa.md", (ROOT / "README.fa.md").read_text(encoding="utf-8")


@cache
def texts():
    found = [*catalogue_texts(), *fixture_texts(), *source_texts(), *handbook_texts()]
    return [(place, text) for place, text in found if PERSIAN.search(text)]


def places_of(avoid):
    return [place for place, text in texts() if avoid.pattern.search(text)]


def test_all_kinds_of_text_are_searched():
    places = {place.partition(" ")[0] for place, _text in texts()}
    assert {
        "catalogue",
        "README.fa.md",
        "fixtures/commitments_fa.txt",
        "fixtures/notice_templates.csv",
        "fixtures/letter_templates.csv",
        "evaluation/management/demo/around.py",
        "evaluation/resources/workbooks/lines.py",
    } <= places


@pytest.mark.parametrize("avoid", SEARCHED, ids=lambda avoid: avoid.word)
def test_a_word_that_is_avoided_is_found_nowhere(avoid):
    assert sorted(set(places_of(avoid)) - set(ALLOWED.get(avoid.word, ()))) == [], avoid.why


@pytest.mark.parametrize("word", ALLOWED)
def test_what_is_allowed_is_still_there(word):
    """A place without the word is taken off the list, so that the list stays short."""
    (avoid,) = [each for each in SEARCHED if each.word == word]
    assert sorted(set(ALLOWED[word]) - set(places_of(avoid))) == []


@pytest.mark.parametrize("form", ["کاربرگ", "کاربرگ‌ها", "کاربرگی", "«کاربرگ»", "دو کاربرگ."])
def test_the_forms_of_a_word_are_found(form):
    (avoid,) = [each for each in SEARCHED if each.word == "کاربرگ"]
    assert avoid.pattern.search(form)


@pytest.mark.parametrize("other", ["سطرنج", "ناسطر"])
def test_longer_words_are_not_taken_for_it(other):
    (avoid,) = [each for each in SEARCHED if each.word == "سطر"]
    assert not avoid.pattern.search(other)


def test_each_thing_stands_once_and_no_word_is_both_used_and_avoided():
    english = [term.english for term in TERMS]
    assert sorted({word for word in english if english.count(word) > 1}) == []
    avoided = [avoid.word for avoid in SEARCHED]
    assert sorted({word for word in avoided if avoided.count(word) > 1}) == []
    assert [
        (term.persian, avoid.word) for term in TERMS for avoid in SEARCHED if avoid.pattern.search(term.persian)
    ] == []
    assert {term.source for term in TERMS} <= set(SOURCES)


def test_the_catalogue_uses_the_term():
    """A label that is the English term, in capitals or not, has the term's Persian."""
    terms = {term.english: term.persian for term in TERMS}
    wrong = []
    for entry in polib.pofile(str(CATALOGUES / "django.po")):
        persian = terms.get(entry.msgid) or terms.get(entry.msgid[:1].lower() + entry.msgid[1:])
        if entry.msgid in OTHER_SENSES:
            continue
        if persian and not entry.msgctxt and not entry.msgid_plural and entry.msgstr != persian:
            wrong.append((entry.msgid, entry.msgstr, persian))
    assert wrong == []


def test_the_names_in_the_code_are_there():
    names = [name.partition(".")[0] for term in TERMS for name in term.code.split(", ") if name[:1].isupper()]
    known = {"FileField", "User", "Cell", "Row", "Kit", "Sheet"}
    assert sorted({name for name in names if not hasattr(models, name) and not hasattr(enums, name)} - known) == []


@pytest.mark.parametrize("name", sorted(name for name in enums.__all__ if hasattr(getattr(enums, name), "choices")))
def test_members_of_one_enumeration_have_words_of_their_own(name):
    with translation.override("fa"):
        labels = [str(label) for _value, label in getattr(enums, name).choices]
    assert sorted({label for label in labels if labels.count(label) > 1}) == []
