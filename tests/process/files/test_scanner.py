"""The scanner: Debian's clamd with a signature of our own, and what a person is told when it does not answer."""

import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from evaluation.models import Evidence, FileEvent, Notice
from evaluation.process.door import Refusal
from evaluation.process.files import scanner
from evaluation.process.files.accept import accept
from tests.admin.assessing.lines_page import Page

CLAMD = shutil.which("clamd") or ("/usr/sbin/clamd" if Path("/usr/sbin/clamd").exists() else None)
# The harmless test string of EICAR, in halves: scanners must not take this file for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURE = f"Eicar-Test-Signature:0:0:{EICAR.hex()}\n"
CONFIGURATION = """
DatabaseDirectory {folder}
LocalSocket {folder}/clamd.sock
LogFile {folder}/clamd.log
Foreground yes
StreamMaxLength 2M
"""


@pytest.fixture(scope="session")
def clamd(tmp_path_factory):
    """The socket of a clamd that knows one signature."""
    if CLAMD is None:
        pytest.skip("clamd is not installed: Debian's clamav-daemon")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "ours.ndb").write_text(SIGNATURE)
    (folder / "clamd.conf").write_text(CONFIGURATION.format(folder=folder))
    folder.chmod(0o755)
    process = subprocess.Popen(
        [CLAMD, "-c", folder / "clamd.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )
    path, deadline = folder / "clamd.sock", time.monotonic() + 60
    while not path.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    assert path.exists(), (folder / "clamd.log").read_text()
    yield str(path)
    process.terminate()
    process.wait()


@pytest.fixture
def scanned(settings, clamd):
    settings.CLAMD_SOCKET = clamd


def upload(content, name="a.txt"):
    return SimpleUploadedFile(name, content)


def test_it_tells_the_infected_from_the_clean(scanned):
    assert scanner.found_in(upload(b"a clean text")) == ""
    assert scanner.found_in(upload(EICAR)).removesuffix(".UNOFFICIAL") == "Eicar-Test-Signature"


def test_a_file_beyond_its_own_limit_is_no_clean_file(scanned):
    with pytest.raises(scanner.Unreachable, match=r"size limit exceeded|reset by peer"):
        scanner.found_in(upload(b"x" * (3 * 2**20)))


@pytest.mark.django_db
def test_an_infected_upload_goes_into_quarantine_and_people_are_told(scanned, cast, admin_user, settings):
    cast.until("self_assessment")
    page = Page(cast, "reporter_a", cast.assessment(cast.agency_a))
    line = page.line("G-1")
    url = f"{page.url}{line.pk}/evidence/"
    answer = page.client.post(url, {"files": [upload(EICAR, "گزارش.txt"), upload(b"clean", "b.txt")]}).json()
    assert answer["sentence"] == (
        "The file “گزارش.txt” was not stored: it is infected (Eicar-Test-Signature.UNOFFICIAL) and was put into "
        "quarantine. The system administrator has been told. Clean your computer and choose a clean copy."
    )
    assert [row.title for row in Evidence.objects.all()] == ["b.txt"]
    event = FileEvent.objects.get(kind="infected")
    assert (event.by, event.name, event.size) == (cast.reporter_a, "گزارش.txt", len(EICAR))
    assert (settings.MEDIA_ROOT / event.source).read_bytes() == EICAR
    assert event.source.startswith("quarantine/")
    told = {notice.user: notice.text for notice in Notice.objects.filter(event=f"infected {event.pk}")}
    assert told == {
        cast.reporter_a: "Your file “گزارش.txt” is infected (Eicar-Test-Signature.UNOFFICIAL) and was put into "
        "quarantine; it was stored nowhere else. Clean your computer and choose a clean copy.",
        admin_user: "reporter_a uploaded the infected file “گزارش.txt” (Eicar-Test-Signature.UNOFFICIAL); it lies in "
        "quarantine. See the log of files.",
    }


def answering(answer):
    """The port of a scanner that reads everything and gives this answer."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _address = server.accept()
        with connection:
            data = b""
            while not data.endswith(b"\0\0\0\0"):
                data += connection.recv(2**16)
            connection.sendall(answer)
        server.close()

    threading.Thread(target=serve, daemon=True).start()
    return server.getsockname()[1]


def test_over_the_network_too(settings):
    settings.CLAMD_HOST, settings.CLAMD_PORT = "127.0.0.1", answering(b"stream: Some.Virus FOUND\0")
    assert scanner.found_in(upload(b"x" * 200_000)) == "Some.Virus"


@pytest.mark.django_db
@pytest.mark.parametrize("port", [None, b"INSTREAM size limit exceeded. ERROR\0", b""])
def test_without_an_answer_nothing_is_stored_and_administrators_are_told(settings, admin_user, port):
    if port is None:
        settings.CLAMD_SOCKET = "/nowhere/clamd.sock"
    else:
        settings.CLAMD_HOST, settings.CLAMD_PORT = "127.0.0.1", answering(port)
    file = upload(b"clean")
    with translation.override("en"), pytest.raises(Refusal) as refusal:
        accept(file)
    assert str(refusal.value) == (
        "The file “a.txt” was not stored: the scanner for harmful files gives no answer. The system administrator "
        "has been told. Try again later."
    )
    assert not hasattr(file, "accepted")
    notice = Notice.objects.get(user=admin_user)
    assert notice.text.startswith("The scanner for harmful files gives no answer, so uploads are refused: ")
