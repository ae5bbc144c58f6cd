"""The page of the glossary is what the table of terms gives."""

from django.core.management import call_command

from evaluation.management.commands import write_glossary
from evaluation.termbase import TERMS
from evaluation.termbase.glossary import as_markdown


def test_the_page_in_the_repository_is_up_to_date():
    page = write_glossary.PAGE.read_text(encoding="utf-8")
    assert page == as_markdown(), "run manage.py write_glossary"


def test_the_command_writes_every_term(tmp_path, monkeypatch, settings):
    settings.BASE_DIR = tmp_path
    monkeypatch.setattr(write_glossary, "PAGE", tmp_path / "glossary.md")
    call_command("write_glossary", verbosity=0)
    written = (tmp_path / "glossary.md").read_text(encoding="utf-8")
    assert [term.english for term in TERMS if f"| {term.english} | {term.persian} |" not in written] == []
