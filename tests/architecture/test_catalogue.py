"""The Persian catalogues are complete, well formed and compiled; `evaluation.third_party_texts` says how."""

import csv
import gettext
import io
import re
from collections import Counter

import polib
import pytest

from tests.architecture.extraction import (
    CATALOGUES,
    DOMAINS,
    OUR_SOURCES,
    ROOT,
    extracted,
    key,
    listed,
    needs_gettext,
    sources,
)

PLACEHOLDER = re.compile(r"%\(\w+\)[sdrf]|%[sdrf]|\{\w*\}")
TAG = re.compile(r"</?[a-z][^<>]*>")
PERSIAN_FILES = [
    "README.fa.md",
    "fixtures/commitments_fa.txt",
    "fixtures/notice_templates.csv",
    "fixtures/letter_templates.csv",
]
# Words that the libraries, or other places of ours, use in another sense: a bare one would take that translation.
TAKEN = {"Announce", "Apply", "Approve", "Close", "Confirm", "Delete", "Go", "Open", "Publish", "Receive", "Refuse"}
TAKEN |= {"None", "Return", "Run", "Save", "Send", "Submit", "System"}
LETTER = r"[\u0600-\u06ff]"
FAULTS = {
    "Arabic letter or digit": re.compile(r"[يكىة٠-٩]"),
    "straight or English quotes": re.compile(r"[“”\"]"),
    "Latin comma, semicolon or question mark": re.compile(rf"(?:{LETTER}|\u200c)\s*[,;?]"),
    "space after می": re.compile(rf"(?<!{LETTER})ن?می (?={LETTER})"),
    "space before an ending": re.compile(rf"{LETTER} (?:ها|های|هایی|ای|اند)(?!{LETTER}|\u200c)"),
    "space before a mark": re.compile(r" [،؛؟!]"),
    "half-space beside a space": re.compile(r"\u200c[\s.،]|\s\u200c"),
    "ستاد without saying which": re.compile(rf"(?<!{LETTER})ستاد(?! دستگاه| جشنواره|{LETTER})"),
    "two spaces": re.compile(r"\S  +\S"),
    "three dots": re.compile(r"\.\.\."),
    "Latin digits": re.compile(rf"(?<![\w=,.'\u200e-])[0-9]+(?= {LETTER})"),
    "guillemets not in pairs": re.compile(r"^[^«»]*»|«[^»]*(?:«|$)|»[^«»]*»"),
    "a file ending that reads from the right": re.compile(r"(?<![\w\u200e])\.(?:xlsx?|xlsb|ods|csv)\b"),
    "می‌باشد": re.compile(rf"(?<!{LETTER})می\u200c(?:باش|گرد)"),
    "a preposition apart": re.compile(r"(?<!\S)به (?:صورت|جای|عنوان|زودی|تازگی|سبب)(?= (?!که|خود))"),
    "ezafe left out after ه": re.compile(
        rf"(?<!{LETTER})(?:همه (?=\S+ها(?!{LETTER}))"
        r"|(?:بازه|برگه|پرونده|جلسه|خانه|دفاعیه|دوره|شماره|صفحه|گذرواژه|مرحله|نسخه|نقطه|نمونه) "
        rf"(?:آن|خود|شما|کنونی|اصلی|سالانه|دفاعیه|بازدید|نامه|قوت|ضعف|خام)(?!{LETTER}))"
    ),
    "a word of another glossary": re.compile(rf"(?<!{LETTER})(?:چرخه|شیت)(?!{LETTER})"),
}


@pytest.fixture(params=DOMAINS, scope="module")
def catalogue(request):
    return polib.pofile(str(CATALOGUES / f"{request.param}.po"))


def texts(entry):
    """Each Persian form of an entry."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_entry_is_translated(catalogue):
    unfinished = [entry for entry in catalogue if entry.obsolete or not entry.translated()]
    assert unfinished == [], "empty, fuzzy or obsolete:\n" + listed(key(entry) for entry in unfinished)


@pytest.mark.parametrize("pattern", [PLACEHOLDER, TAG], ids=["placeholders", "tags"])
def test_both_sides_hold_the_same(catalogue, pattern):
    def held(text):
        return Counter(pattern.findall(text))

    different = [
        key(entry)
        for entry in catalogue
        for text in texts(entry)
        if held(text) not in [held(entry.msgid), held(entry.msgid_plural or entry.msgid)]
    ]
    assert different == [], listed(different)


@pytest.mark.parametrize("fault", FAULTS)
def test_persian_is_written_as_persian(catalogue, fault):
    wrong = [text for entry in catalogue for text in texts(entry) if FAULTS[fault].search(TAG.sub("", text))]
    assert wrong == [], f"{fault}:\n" + "\n".join(wrong)


def written(name):
    """The texts of a Persian file: the cells of a table, or the lines of prose without its blocks of code."""
    text = (ROOT / name).read_text(encoding="utf-8")
    if name.endswith(".csv"):
        return [line for row in csv.reader(io.StringIO(text)) for cell in row for line in cell.splitlines()]
    return re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", "…", TAG.sub("", text), flags=re.DOTALL).splitlines()


@pytest.mark.parametrize("name", PERSIAN_FILES)
def test_persian_files_are_written_as_persian(name):
    wrong = [(fault, line) for line in written(name) for fault in FAULTS if FAULTS[fault].search(line)]
    assert wrong == [], listed(wrong)


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_compiled_catalogue_is_in_step(domain):
    expected = {}
    for entry in polib.pofile(str(CATALOGUES / f"{domain}.po")):
        name = f"{entry.msgctxt}\x04{entry.msgid}" if entry.msgctxt else entry.msgid
        if entry.msgid_plural:
            expected |= {(name, number): text for number, text in entry.msgstr_plural.items()}
        else:
            expected[name] = entry.msgstr
    with (CATALOGUES / f"{domain}.mo").open("rb") as file:
        compiled = {name: text for name, text in gettext.GNUTranslations(file)._catalog.items() if name != ""}
    assert compiled == expected, "run compilemessages"


@needs_gettext
@pytest.mark.parametrize("domain", DOMAINS)
def test_every_text_of_ours_is_in_the_catalogue(domain, tmp_path):
    suffixes, language = DOMAINS[domain]
    written = set(extracted(sources(OUR_SOURCES, suffixes), tmp_path, language))
    held = {key(entry) for entry in polib.pofile(str(CATALOGUES / f"{domain}.po"))}
    assert written - held == set(), f"not in {domain}.po (make messages):\n{listed(written - held)}"
    assert held - written == set(), f"no source says this any more:\n{listed(held - written)}"


@needs_gettext
def test_words_with_two_senses_carry_a_context(tmp_path):
    files = sources([ROOT / "evaluation"], {".py"}, left_out=["/third_party_texts/"])
    bare = [msgid for context, msgid, _plural in extracted(files, tmp_path) if msgid in TAKEN and not context]
    assert bare == [], f"use pgettext_lazy('verb', …), or whatever the sense is: {bare}"
