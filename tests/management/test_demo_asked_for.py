"""Demo data come into a database only when they are asked for, and never beside real work."""

import os
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from evaluation.management.commands.serve import Command
from evaluation.models import Agency, Cycle
from evaluation.rules.demo_data import is_loopback

ROOT = Path(__file__).resolve().parents[2]
HTTPS = "SITE_URL is an https address, so people work here."
REACHED = "Other machines reach 10.0.0.5. Set DEMO=1 if this is only for trying out."
ACCOUNT = "The account “sara” exists, so people work here."


@pytest.fixture
def place(settings, monkeypatch):
    """Sets DEMO and SITE_URL."""

    def at(url="http://localhost:8000", *, demo=""):
        settings.SITE_URL, settings.SITE = url, urlsplit(url)
        monkeypatch.setenv("DEMO", demo)

    return at


def prepare(host="127.0.0.1"):
    """What `serve --prepare` does for an empty database; what it said."""
    command, said = Command(), []
    command.tell = said.append
    command.fill(host)
    return said


@pytest.mark.django_db
def test_a_start_in_production_makes_none(place):
    place("https://e.ir")
    assert prepare() == ["The database is empty. Make the first account with: python manage.py createsuperuser"]
    get_user_model().objects.create_superuser("sara")
    assert prepare() == []
    assert (Cycle.objects.count(), Agency.objects.count(), get_user_model().objects.count()) == (0, 0, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "accounts", "reasons"),
    [
        ("https://e.ir", (), HTTPS),
        ("http://localhost:8000", ("sara",), ACCOUNT),
        ("https://e.ir", ("sara", "scheduler", "demo-x"), f"{HTTPS} {ACCOUNT}"),
    ],
)
def test_asked_for_it_still_refuses_an_https_address_and_a_real_account(place, url, accounts, reasons):
    place(url, demo="1")
    for name in accounts:
        get_user_model().objects.create_user(name)
    assert prepare() == [f"No demo data are made. {reasons}"]
    with pytest.raises(CommandError) as refusal:
        call_command("seed_demo", until="draft", agencies=2, verbosity=0)
    assert str(refusal.value) == f"No demo data are made. {reasons}"
    assert (Cycle.objects.count(), Agency.objects.count()) == (0, 0)
    assert get_user_model().objects.count() == len(accounts)


@pytest.mark.django_db
def test_a_host_that_others_reach_needs_the_word(place):
    place("http://10.0.0.5")
    with pytest.raises(CommandError) as refusal:
        call_command("seed_demo", until="draft", agencies=2, verbosity=0)
    assert str(refusal.value) == f"No demo data are made. {REACHED}"
    place("http://10.0.0.5", demo="1")
    call_command("seed_demo", until="draft", agencies=2, verbosity=0)
    assert Cycle.objects.count() == 2


def test_what_is_loopback():
    assert [name for name in ("localhost", "127.0.0.1", "127.1.2.3", "::1") if not is_loopback(name)] == []
    assert [name for name in ("0.0.0.0", "::", "10.0.0.5", "e.ir", "localhost.e.ir") if is_loopback(name)] == []


@pytest.mark.parametrize(
    ("given", "demo"),
    [
        ({}, "1"),
        ({"HOST": "localhost"}, "1"),
        ({"HOST": "0.0.0.0"}, ""),
        ({"HOST": "0.0.0.0", "DEMO": "1"}, "1"),
        ({"DEMO": "0"}, "0"),
        ({"SITE_URL": "https://e.ir"}, ""),
        ({"ALLOWED_HOSTS": "e.ir"}, ""),
    ],
)
def test_make_run_asks_on_this_machine_alone(given, demo):
    environment = {name: text for name, text in os.environ.items() if name not in ("SITE_URL", "ALLOWED_HOSTS", "DEMO")}
    command = ["make", "--dry-run", "--old-file", ".venv/.installed", "run"]
    said = subprocess.run(command, cwd=ROOT, env=environment | given, capture_output=True, text=True, check=True)
    [line] = [line for line in said.stdout.splitlines() if "serve --prepare" in line]
    assert line.split(" ")[0] == f"DEMO={demo}"
