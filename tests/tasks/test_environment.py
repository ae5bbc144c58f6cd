"""Settings come from the environment; the language from the person, never from the browser."""

import stat

import pytest

from backoffice.environment import flag, secret_key, words


def test_a_secret_key_is_made_once_and_kept_for_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    made = secret_key(tmp_path)
    assert len(made) >= 50
    assert secret_key(tmp_path) == made
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_given_secret_key_wins_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "given")
    assert secret_key(tmp_path) == "given"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("text", "expected"), [("1", True), ("Yes", True), ("0", False), ("off", False), ("", True)])
def test_a_flag_is_read_from_words_people_type(monkeypatch, text, expected):
    monkeypatch.setenv("SMTP_TLS", text)
    assert flag("SMTP_TLS", default=True) is expected


def test_hosts_are_separated_by_commas_or_spaces(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "a.ir, b.ir c.ir,")
    assert words("ALLOWED_HOSTS") == ["a.ir", "b.ir", "c.ir"]
