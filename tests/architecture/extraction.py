"""The texts of a tree of sources, as `makemessages` would collect them, and what catalogues already translate."""

import shutil
import subprocess
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = ROOT / "evaluation" / "locale" / "fa" / "LC_MESSAGES"
OUR_SOURCES = [ROOT / "evaluation", ROOT / "backoffice", ROOT / "templates"]
DOMAINS = {"django": ({".py", ".html", ".txt"}, "Python"), "djangojs": ({".js"}, "JavaScript")}  # read, and as what
NOT_READ = {"tests", "vendor", "node_modules"}
KEYWORDS = (
    "gettext_noop",
    "gettext_lazy",
    "ngettext_lazy:1,2",
    "pgettext:1c,2",
    "npgettext:1c,2,3",
    "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3",
)

needs_gettext = pytest.mark.skipif(not shutil.which("xgettext"), reason="needs Debian's gettext")


def key(entry):
    """Context, message and plural: what tells one entry from another."""
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def sources(roots, suffixes, left_out=()):
    """Every file under `roots` whose texts are collected; `left_out` are paths, as they end."""
    for root in roots:
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            inside = path.relative_to(root).parts
            if path.suffix not in suffixes or ".min." in path.name or NOT_READ.intersection(inside):
                continue
            if not any(part in path.as_posix() for part in left_out):
                yield path


def extracted(files, scratch, language="Python"):
    """The entries of `files` by their key; templates are turned into something that xgettext reads, as Django does."""
    entries, _names = read_by_xgettext(list(files), scratch, language)
    return {key(entry): entry for entry in entries}


def located(suffixes, scratch, language):
    """The entries of our own sources by their key, each with the files in which it stands, without line numbers."""
    files = sorted(sources(OUR_SOURCES, suffixes))
    entries, names = read_by_xgettext(files, scratch, language)
    for entry in entries:
        places = {names[name].relative_to(ROOT).as_posix() for name, _line in entry.occurrences}
        entry.occurrences = [(place, "") for place in sorted(places)]
        entry.comment = entry.tcomment = ""
    return {key(entry): entry for entry in entries}


def read_by_xgettext(files, scratch, language):
    """(entries of polib, {name that xgettext saw: file})."""
    scratch.mkdir(parents=True, exist_ok=True)
    names = {}
    for number, path in enumerate(files):
        text = path.read_text()
        readable = scratch / f"{number}-{path.name}{'' if path.suffix in ('.py', '.js') else '.py'}"
        readable.write_text(text if path.suffix in (".py", ".js") else templatize(text))
        names[readable.name] = path
    (scratch / "files").write_text("\n".join(names))
    keywords = [f"--keyword={keyword}" for keyword in KEYWORDS]
    command = ["xgettext", f"--language={language}", *keywords, "--from-code=UTF-8", "--files-from=files"]
    subprocess.run([*command, "--output=out.pot", "--force-po"], cwd=scratch, check=True, capture_output=True)
    return list(polib.pofile(str(scratch / "out.pot"))), names


def translated(*catalogues):
    """Keys that the named .po files translate; a file that a package does not have counts as empty."""
    entries = (entry for path in catalogues if path.exists() for entry in polib.pofile(str(path)))
    return {key(entry) for entry in entries if entry.translated() and not entry.obsolete}


def listed(keys):
    """Keys as the lines of a failure message."""
    return "\n".join(f"  {' | '.join(repr(part) for part in texts if part)}" for texts in sorted(keys))
