"""Pages of the repository name files, headings and tables that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "fixtures/README.md"])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
OURS = re.compile(r"`((?:evaluation|backoffice|tests|templates|fixtures|docs)/[\w./-]+)`")
IN_CODE = re.compile(r"docs/([\w/-]+\.md)(?:#([\w-]+))?")
WRITTEN_BY_THE_WORDS = {"docs/glossary.md"}


def name(path):
    return path.relative_to(ROOT).as_posix()


def anchors(path):
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def is_there(path, anchor=""):
    if not path.exists():
        return name(path) in WRITTEN_BY_THE_WORDS if path.is_relative_to(ROOT) else False
    return not anchor or anchor in anchors(path)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_each_link_of_a_page_leads_somewhere(page):
    inner = [link for link in LINK.findall(page.read_text()) if not re.match(r"[a-z]+:", link)]
    dead = []
    for link in inner:
        file, _, anchor = link.partition("#")
        if not is_there((page.parent / file).resolve() if file else page, anchor):
            dead.append(link)
    assert dead == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_each_file_that_a_page_names_exists(page):
    assert [path for path in OURS.findall(page.read_text()) if not (ROOT / path).exists()] == []


def test_what_the_code_says_of_a_page_stands_there():
    dead = []
    for folder in ("evaluation", "backoffice", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            for file, anchor in IN_CODE.findall(path.read_text()):
                if path != Path(__file__) and not is_there(ROOT / "docs" / file, anchor):
                    dead.append(f"{name(path)}: docs/{file}#{anchor}")
    assert dead == []
