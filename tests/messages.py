"""`make messages`: the catalogues follow the sources. `python -m tests.messages`.

Entries keep their order and their Persian. Only the lines that say where a text stands change, new texts are added
without a translation behind the last one of the same file, and texts that no source says any more are taken out. The
same sources give the same bytes, whatever the version of gettext: its own order and wrapping are never written.
"""

import os
import sys
import tempfile
from pathlib import Path

import polib

from tests.architecture.extraction import CATALOGUES, DOMAINS, ROOT, key, located


def renewed(catalogue, found):
    """Bring `catalogue` (a polib file) in step with `found` ({key: POEntry with files}). Returns (added, removed)."""
    held = {key(entry): entry for entry in catalogue}
    removed = [entry for name, entry in held.items() if name not in found]
    for entry in removed:
        catalogue.remove(entry)
    for name in held.keys() & found.keys():
        held[name].occurrences = found[name].occurrences
    added = [entry for name, entry in found.items() if name not in held]
    for entry in added:
        catalogue.insert(place(catalogue, entry), entry)
    return added, removed


def place(catalogue, entry):
    """The index behind the last entry that stands first in the same file; else the end."""
    first = entry.occurrences[0]
    same = [number for number, other in enumerate(catalogue) if other.occurrences[:1] == [first]]
    return same[-1] + 1 if same else len(catalogue)


def main():
    for domain, (suffixes, language) in DOMAINS.items():
        path = CATALOGUES / f"{domain}.po"
        catalogue = polib.pofile(str(path), wrapwidth=0)
        with tempfile.TemporaryDirectory() as scratch:
            added, removed = renewed(catalogue, located(suffixes, Path(scratch), language))
        catalogue.save(str(path))
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))
        for sign, entries in (("+", added), ("-", removed)):
            for entry in entries:
                sys.stdout.write(f"{path.relative_to(ROOT)} {sign} {entry.msgid!r}\n")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    main()
