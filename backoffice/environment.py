"""Reading the environment for settings.py."""

import os
import secrets
from pathlib import Path


def flag(name, default=False):
    value = os.environ.get(name, "").strip().lower()
    return value in {"1", "true", "yes", "on"} if value else default


def number(name, default):
    return int(os.environ.get(name) or default)


def words(name):
    return [word for word in os.environ.get(name, "").replace(",", " ").split() if word]


def secret_key(folder: Path) -> str:
    """SECRET_KEY, or a key made once and kept in `folder`, so that sessions outlive a restart."""
    if from_environment := os.environ.get("SECRET_KEY"):
        return from_environment
    kept = folder / "secret_key"
    if not kept.exists():
        draft = folder / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            os.link(draft, kept)  # web and worker may start at once: the first link stays, and its file is complete
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return kept.read_text()
