"""The web server's workers, alone and behind the nginx of docs/deploy: slow senders, long requests, large bodies."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from .clusters import ROOT, free_port, wait_until

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
WORKERS = 2
HALF = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nabc"

pytestmark = pytest.mark.xdist_group("serve")


def get(port, path="/", data=None):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", data=data, timeout=20) as answer:
        return answer.read().decode()


def is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def site():
    """The port of a small site behind our web server; a request may take two seconds."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "python:backoffice.web_server", "-b", f"127.0.0.1:{port}"]
    environment = os.environ | {"WEB_WORKERS": str(WORKERS), "WEB_TIMEOUT": "2"}
    process = subprocess.Popen([*command, "tests.tasks.small_site:application"], cwd=ROOT, env=environment)
    wait_until(lambda: is_open(port))
    yield port
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0


@pytest.fixture(scope="module")
def front(site, tmp_path_factory):
    """The port of nginx with the file that we document, before the small site."""
    if NGINX is None:
        pytest.skip("nginx is not installed")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    text = (ROOT / "docs" / "deploy" / "nginx.conf").read_text()
    for ours, theirs in (
        ("127.0.0.1:8000", f"127.0.0.1:{site}"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port};"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
    ):
        assert text.count(ours) == 1
        text = text.replace(ours, theirs)
    text = "\n".join(line for line in text.splitlines() if "ssl_certificate" not in line)
    temporary = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    who = "user root;" if os.geteuid() == 0 else ""  # its usual user may not write into our folder
    first = f"{who} error_log {folder}/error.log; pid {folder}/pid; events {{}}"
    page = f"{first}\nhttp {{ access_log off; {temporary}\n{text}\n}}"
    (folder / "nginx.conf").write_text(page)
    process = subprocess.Popen([NGINX, "-c", str(folder / "nginx.conf"), "-g", "daemon off;"], stderr=subprocess.PIPE)
    wait_until(lambda: is_open(port))
    yield port
    process.terminate()
    process.wait(timeout=10)


def half_sent(port, count):
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
    for connection in connections:
        connection.sendall(HALF)
    return connections


@pytest.mark.parametrize(("where", "count"), [("site", 20 * WORKERS), ("front", 15)])  # nginx lets 40 of an address in
def test_half_sent_requests_stop_nobody(request, where, count):
    port = request.getfixturevalue(where)
    connections = half_sent(port, count)
    for _ in range(2 * WORKERS):
        assert get(port).startswith("0 ")
    for connection in connections:
        connection.close()


@pytest.mark.parametrize("where", ["site", "front"])
def test_a_large_body_comes_through_whole(request, where):
    port = request.getfixturevalue(where)
    assert get(port, data=b"x" * 20_000_000) == f"20000000 {'https' if where == 'front' else ''} alone"


def test_nginx_refuses_what_is_too_large_before_it_is_sent(front):
    connection = http.client.HTTPConnection("127.0.0.1", front, timeout=20)
    connection.putrequest("POST", "/")
    connection.putheader("Content-Length", str(26 << 20))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_a_process_answers_one_request_at_a_time(site):
    """Unfold keeps the request on its admin classes."""
    with ThreadPoolExecutor(4 * WORKERS) as pool:
        answers = list(pool.map(lambda _: get(site, "/wait?0.05"), range(12 * WORKERS)))
    assert set(answers) == {"0  alone"}


def test_a_request_that_takes_too_long_is_given_up_and_its_process_replaced(site):
    with pytest.raises((urllib.error.URLError, http.client.RemoteDisconnected, ConnectionError)):
        get(site, "/wait?60")
    for _ in range(3 * WORKERS):
        assert get(site) == "0  alone"
