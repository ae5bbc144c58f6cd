"""The libraries' texts that no Persian catalogue of theirs translates stand in `evaluation.third_party_texts`.

A new version of a library with a new text fails here and names it: add it to the module of that library (or take out
what is gone), then follow the docstring of `evaluation/third_party_texts/__init__.py`.
"""

import importlib.util
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture.extraction import ROOT, extracted, listed, needs_gettext, sources, translated

OURS = ROOT / "evaluation" / "third_party_texts"
PACKAGES = {
    "django": ["django"],
    "unfold": ["unfold"],
    "django_q": ["django_q"],
    "django_fsm": ["django_fsm", "fsm_admin"],
    "import_export": ["import_export"],
}
# Written to the log or a terminal only. The log stays in English, so that its lines can be searched for.
LOG_WRITERS = ["cluster", "monitor", "monitor_terminal", "pusher", "scheduler", "signals", "timeout", "worker"]
LOGS = [f"django_q/{name}.py" for name in LOG_WRITERS]

pytestmark = needs_gettext


def folder(package):
    return Path(importlib.import_module(package).__file__).parent


def installed():
    """Folder of each installed app that is not ours, by its name."""
    return {app.name: Path(app.path) for app in apps.get_app_configs() if Path(app.path) != ROOT / "evaluation"}


def switched_off():
    """Parts of Django and Unfold that are shipped with them but are not installed apps here."""
    contribs = [("django", folder("django") / "contrib"), ("unfold", folder("unfold") / "contrib")]
    parts = [(name, path.name) for name, contrib in contribs for path in contrib.iterdir() if path.is_dir()]
    return [f"/{name}/contrib/{part}/" for name, part in parts if f"{name}.contrib.{part}" not in installed()]


def shipped_catalogues(domain="django"):
    locale = Path("locale", "fa", "LC_MESSAGES", f"{domain}.po")
    return [path / locale for path in (folder("django") / "conf", *installed().values())]


def shown_by(package, scratch):
    roots = [folder(name) for name in PACKAGES[package] if importlib.util.find_spec(name)]
    files = sources(roots, {".py", ".html", ".txt"}, left_out=["/management/", "/migrations/", *LOGS, *switched_off()])
    return set(extracted(files, scratch))


def shown_in_scripts(scratch):
    files = sources(installed().values(), {".js"}, left_out=switched_off())
    return set(extracted(files, scratch, language="JavaScript"))


def kept(name, scratch, language="Python"):
    return set(extracted([OURS / name], scratch, language))


@pytest.mark.parametrize("package", PACKAGES)
def test_every_text_without_a_persian_catalogue_is_kept(package, tmp_path):
    gaps = shown_by(package, tmp_path / "shown") - translated(*shipped_catalogues())
    ours = kept(f"{package}.py", tmp_path / "kept")
    assert gaps - ours == set(), f"{package} shows these texts; add them to {OURS / package}.py:\n{listed(gaps - ours)}"
    assert ours - gaps == set(), f"no longer needed in {OURS / package}.py:\n{listed(ours - gaps)}"


def test_a_correction_replaces_a_translation_that_exists(tmp_path):
    shown = set().union(*(shown_by(package, tmp_path / package) for package in PACKAGES))
    replaceable = shown & translated(*shipped_catalogues())
    stale = kept("corrections.py", tmp_path / "kept") - replaceable
    assert stale == set(), f"nothing to correct any more:\n{listed(stale)}"


def test_every_text_of_a_script_is_kept(tmp_path):
    shown = shown_in_scripts(tmp_path / "shown")
    ours = kept("javascript.js", tmp_path / "kept", "JavaScript")
    missing = shown - translated(*shipped_catalogues("djangojs")) - ours
    assert missing == set(), f"add them to {OURS / 'javascript.js'}:\n{listed(missing)}"
    assert ours - shown == set(), f"no script shows these any more:\n{listed(ours - shown)}"
