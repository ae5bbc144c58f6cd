"""Name the messages of ours that the Persian catalogue lacks: python -m tests.architecture.untranslated"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "evaluation" / "locale" / "fa" / "LC_MESSAGES" / "django.po"
SOURCES = ("backoffice", "evaluation", "templates")
NOT_SOURCE = shutil.ignore_patterns("LC_MESSAGES", "migrations", "static", "__pycache__")


def key(entry):
    return entry.msgctxt, entry.msgid


def extracted():
    """Every message in our sources, as makemessages finds them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for source in SOURCES:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, folder / source, ignore=NOT_SOURCE)
        (folder / "locale").mkdir()
        command = [sys.executable, "-m", "django", "makemessages", "--locale=fa", "--no-location"]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        return [entry for path in folder.rglob("*.po") for entry in polib.pofile(path)]


def translated(entry):
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return bool(texts) and all(texts) and not entry.fuzzy


def complaints():
    catalogue = (
        {key(entry): entry for entry in polib.pofile(CATALOGUE) if not entry.obsolete} if CATALOGUE.exists() else {}
    )
    found = []
    for entry in extracted():
        ours = catalogue.get(key(entry))
        if ours is None:
            found.append(f"not in the catalogue: {entry.msgid!r}")
        elif not translated(ours):
            found.append(f"{'fuzzy' if ours.fuzzy else 'empty'}: {entry.msgid!r}")
    return found + stale_machine_file(catalogue)


def stale_machine_file(catalogue):
    """The committed .mo must say what the .po says."""
    machine = CATALOGUE.with_suffix(".mo")
    if not machine.exists():
        return [f"{machine.name} is missing: run compilemessages"]
    compiled = {key(entry): (entry.msgstr, entry.msgstr_plural) for entry in polib.mofile(machine)}
    written = {key(entry): (entry.msgstr, entry.msgstr_plural) for entry in catalogue.values() if translated(entry)}
    return [] if compiled == written else [f"{machine.name} is older than {CATALOGUE.name}: run compilemessages"]


def main():
    if not shutil.which("xgettext"):
        sys.stdout.write("gettext is not installed: untranslated messages were not looked for.\n")
        return 0
    found = complaints()
    for complaint in found:
        sys.stdout.write(f"Untranslated: {complaint}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
