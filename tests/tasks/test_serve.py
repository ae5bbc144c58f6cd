"""`manage.py serve`: web and worker start together, end together, and leave nobody behind."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.migrated import template_file

from .clusters import ROOT, free_port

WEB_WORKERS = 2

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds processes in Linux's /proc"),
    pytest.mark.one_database,  # the products that are started here keep their rows in SQLite
    pytest.mark.xdist_group("serve"),
]


def processes(folder):
    """Command lines by pid of the living processes that were started for this data folder."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if f"DATA_DIR={folder}\0".encode() in (place / "environ").read_bytes():
                found[int(place.name)] = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue  # ended while we looked
    return {pid: line for pid, line in found.items() if line}


def wait_for(condition, *, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
    return condition()


def environment_of(folder):
    environment = os.environ | {
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "backoffice.settings",
        "DEBUG": "1",  # without collected static files
        "WEB_WORKERS": str(WEB_WORKERS),
        "SPT_NOENV": "1",  # where setproctitle is installed gunicorn would write its title over the environment
    }
    environment.pop("DATABASE_URL", None)
    return environment


@pytest.fixture(scope="module")
def template(pytestconfig, django_db_modify_db_settings, django_db_blocker):
    """The migrated file from which the tests copy their databases."""
    with django_db_blocker.unblock():
        return template_file(pytestconfig.cache.mkdir("migrated"))


@pytest.fixture(scope="module")
def migrated(tmp_path_factory, template):
    """A data folder with the tables and no row; each test starts from a copy of it."""
    folder = tmp_path_factory.mktemp("migrated")
    shutil.copyfile(template, folder / "db.sqlite3")
    return folder


@pytest.mark.long
def test_the_product_migrates_an_empty_folder_to_the_tables_of_the_tests(tmp_path, template):
    command = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(command, cwd=ROOT, env=environment_of(tmp_path), check=True)
    assert schema(tmp_path / "db.sqlite3") == schema(template)


def schema(path):
    """The statements that made the tables and indexes of a database."""
    connection = sqlite3.connect(path)
    try:
        return sorted(connection.execute("SELECT name, sql FROM sqlite_master"), key=str)
    finally:
        connection.close()


@pytest.fixture
def serving(migrated, tmp_path):
    """A running product in a scratch folder, ready to answer: (process, port, folder, its output file)."""
    shutil.copytree(migrated, tmp_path, dirs_exist_ok=True)
    port, output, environment = free_port(), tmp_path / "output", environment_of(tmp_path)
    with output.open("w") as out:
        command = [sys.executable, "manage.py", "serve", "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    assert wait_for(lambda: "Ready" in output.read_text() or process.poll() is not None)
    assert wait_for(lambda: len(processes(tmp_path)) >= 4 + WEB_WORKERS)  # serve, web and its workers, cluster and its
    yield process, port, tmp_path, output
    process.kill()
    process.wait()
    for pid in processes(tmp_path):
        os.kill(pid, signal.SIGKILL)


def pid_of(folder, word, *, parent):
    return next(
        pid
        for pid, line in processes(folder).items()
        if word in line and int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1]) == parent
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_stops_with_everything_it_started(serving, number):
    process, port, folder, output = serving
    assert f"Ready: http://localhost:{port}\n" in output.read_text()
    process.send_signal(number)
    assert process.wait(timeout=30) == 0
    assert processes(folder) == {}
    assert output.read_text().endswith("Stopped.\n")


def test_killed_itself_it_leaves_nobody(serving):
    process, _, folder, _ = serving
    process.kill()
    process.wait()
    assert wait_for(lambda: processes(folder) == {})


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("gunicorn", "The web server has ended with code -9; its messages stand above."),
        ("qcluster", "The background worker has ended with code -9; its messages stand above."),
    ],
)
def test_when_one_dies_the_other_is_stopped(serving, word, sentence):
    process, _, folder, output = serving
    os.kill(pid_of(folder, word, parent=process.pid), signal.SIGKILL)
    assert process.wait(timeout=30) == 1
    assert processes(folder) == {}
    assert sentence in output.read_text()


SLOW = [  # what a browser's spare connection, a bad line and somebody who means harm leave unfinished
    b"",
    b"GET /admin/login/ HTTP/1.1\r\nHost: loc",
    b"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nusername=",
]


def test_whoever_sends_slowly_does_not_stop_the_site(serving):
    """Of each kind three times as many as there are workers, without a log-in."""
    _, port, _, _ = serving
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(3 * WEB_WORKERS * len(SLOW))]
    for connection, sent in zip(slow, SLOW * (3 * WEB_WORKERS), strict=True):
        connection.sendall(sent)
    for _ in range(2 * WEB_WORKERS):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/admin/login/", timeout=20) as answer:
            assert b'<html lang="fa" dir="rtl"' in answer.read()
    for connection in slow:
        connection.close()


def test_a_port_in_use_is_refused_with_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CommandError) as refusal:
            call_command("serve", port=port)
    assert str(refusal.value) == f"Port {port} is in use: stop the other program, or choose another with PORT=…"


def test_an_impossible_port_is_refused_with_a_sentence():
    with pytest.raises(CommandError) as refusal:
        call_command("serve", port=70_000)
    assert str(refusal.value) == "Port 70000 cannot be used: a port is a number from 1 to 65535."
