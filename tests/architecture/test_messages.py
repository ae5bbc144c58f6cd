"""`make messages` changes where texts stand and adds new ones; order and Persian stay."""

import polib
import pytest

from tests.architecture.extraction import CATALOGUES, DOMAINS, key, located, needs_gettext
from tests.messages import renewed


def entry(msgid, *files, msgstr="", **more):
    return polib.POEntry(msgid=msgid, msgstr=msgstr, occurrences=[(name, "") for name in files], **more)


def catalogue(*entries):
    made = polib.POFile(wrapwidth=0)
    made.extend(entries)
    return made


def found(*entries):
    return {key(each): each for each in entries}


def shown(made):
    return [(each.msgid, each.msgstr, [name for name, _line in each.occurrences]) for each in made]


def test_a_moved_text_keeps_its_place_and_its_persian():
    held = catalogue(entry("b", "old.py", msgstr="ب"), entry("a", "old.py", msgstr="الف"))
    assert renewed(held, found(entry("a", "new/a.py"), entry("b", "new/b.py", "new/c.html"))) == ([], [])
    assert shown(held) == [("b", "ب", ["new/b.py", "new/c.html"]), ("a", "الف", ["new/a.py"])]


def test_a_new_text_comes_behind_the_last_of_its_file_else_at_the_end():
    held = catalogue(entry("one", "a.py", msgstr="یک"), entry("two", "b.py", msgstr="دو"))
    texts = [entry("one", "a.py"), entry("two", "b.py"), entry("three", "a.py", "b.py"), entry("four", "c.py")]
    added, removed = renewed(held, found(*texts))
    assert ([each.msgid for each in added], removed) == (["three", "four"], [])
    assert [each.msgid for each in held] == ["one", "three", "two", "four"]


def test_a_text_that_no_source_says_is_taken_out_and_told():
    held = catalogue(entry("one", "a.py", msgstr="یک"), entry("gone", "a.py", msgstr="رفته"))
    _added, removed = renewed(held, found(entry("one", "a.py")))
    assert [each.msgid for each in removed] == ["gone"]
    assert shown(held) == [("one", "یک", ["a.py"])]


def test_one_text_in_two_senses_is_two_entries():
    held = catalogue(entry("Close", "a.py", msgstr="بستن", msgctxt="verb"))
    renewed(held, found(entry("Close", "a.py", msgctxt="verb"), entry("Close", "b.py")))
    assert [(each.msgctxt, each.msgstr) for each in held] == [("verb", "بستن"), (None, "")]


@needs_gettext
@pytest.mark.parametrize("domain", DOMAINS)
def test_the_catalogue_loses_nothing_and_twice_is_as_once(domain, tmp_path):
    suffixes, language = DOMAINS[domain]
    held = polib.pofile(str(CATALOGUES / f"{domain}.po"), wrapwidth=0)
    before = [(key(each), each.msgstr, each.msgstr_plural) for each in held]
    assert renewed(held, located(suffixes, tmp_path / "once", language)) == ([], [])
    assert [(key(each), each.msgstr, each.msgstr_plural) for each in held] == before
    once = str(held)
    renewed(held, located(suffixes, tmp_path / "twice", language))
    assert str(held) == once
