"""Stored files stay what they were: compared at each download and each night; what belongs to no row is removed."""

import datetime
import os
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from evaluation import tasks
from evaluation.models import Circular, CircularFile, FileEvent, Notice
from evaluation.models.stored_file import MAX_NAME, NotAccepted, clean_name, digest
from evaluation.process.files import keeping
from evaluation.schedules import next_at
from tests import factories as make
from tests.admin.english import visit

pytestmark = pytest.mark.django_db
LONG = "گ" * 126 + ".pdf"


@pytest.fixture
def letter(cast):
    return make.CircularFactory(cycle=cast.cycle, number="۱", file=make.upload(LONG, b"letter"))


def address(letter):
    return f"/admin/evaluation/circular/{letter.pk}/file/file/"


def on_disk(letter):
    return Path(letter.file.path)


def test_a_name_of_any_length_is_stored_short_and_shown_whole(cast, letter):
    assert len(LONG.encode()) > 255
    assert (letter.file_name, letter.file_size) == (LONG, len(make.PDF + b"letter"))
    assert len(on_disk(letter).name) == 36
    assert on_disk(letter).suffix == ".pdf"
    client = visit(cast, "manager")
    assert LONG in client.get("/admin/evaluation/circular/").content.decode()
    assert LONG in client.get(f"/admin/evaluation/circular/{letter.pk}/change/").content.decode()
    response = client.get(address(letter))
    assert b"".join(response.streaming_content) == make.PDF + b"letter"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%DA%AF")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("گزارش نهایی (۲).pdf", "گزارش نهایی (۲).pdf"),
        ("می\u200cشود.pdf", "می\u200cشود.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\a.pdf", "a.pdf"),
        ("annex\u202efdp.exe", "annexfdp.exe"),  # shown as annexexe.pdf
        ("a\x00\nb.pdf", "ab.pdf"),
        ("x" * 300 + ".pdf", "x" * (MAX_NAME - 4) + ".pdf"),
    ],
)
def test_a_name_keeps_its_letters_and_loses_what_deceives(name, kept):
    assert clean_name(name) == kept


def test_a_download_is_logged(cast, letter):
    client = visit(cast, "expert")
    b"".join(client.get(address(letter)).streaming_content)
    event = FileEvent.objects.get()
    assert (event.kind, event.by, event.cycle, event.name) == ("downloaded", cast.expert, cast.cycle, LONG)
    assert (event.source, event.sha256) == (f"circular/{letter.pk}/file", letter.file_sha256)


CHANGED = (
    "The file “a.txt” cannot be handed out: it was changed in the store and is not the one that was uploaded. The "
    "managers and the system administrator have been told. Try again later, or ask for the original."
)
MISSING = (
    "The file “a.txt” cannot be handed out: it is missing from the store. The managers and the system administrator "
    "have been told. Try again later, or ask for the original."
)
TOLD_CHANGED = (
    "The stored file “a.txt” is not the one that was uploaded: it was changed outside the system. The log of files "
    "says where it belongs."
)
TOLD_MISSING = (
    "The stored file “a.txt” is missing from the store. The log of files says where it belongs; take it from a backup."
)


@pytest.mark.parametrize(
    ("spoil", "kind", "status", "sentence", "told"),
    [
        (lambda path: path.write_bytes(b"forged"), "changed", 409, CHANGED, TOLD_CHANGED),
        (lambda path: path.unlink(), "missing", 404, MISSING, TOLD_MISSING),
    ],
)
def test_a_spoilt_file_is_said_to_be_so_and_reported_once_a_day(cast, admin_user, spoil, kind, status, sentence, told):
    letter = make.CircularFactory(cycle=cast.cycle, number="۱", file=make.upload("a.txt"))
    spoil(on_disk(letter))
    client = visit(cast, "expert")
    for _time in range(2):
        response = client.get(address(letter))
        assert response.status_code == status
        assert sentence in response.content.decode()
    assert keeping.check_all() == [(kind, letter.file)]
    event = FileEvent.objects.get()
    assert (event.kind, event.by, event.source, event.cycle) == (kind, None, f"circular/{letter.pk}/file", cast.cycle)
    notices = Notice.objects.filter(event__startswith=f"file {kind}")
    assert {notice.user: notice.text for notice in notices} == {cast.manager: told, admin_user: told}
    assert notices.count() == 2


def test_each_night_every_file_is_compared_and_the_page_of_scheduled_work_names_the_spoilt(cast, letter):
    sound = letter.files.create(title="پیوست", file=make.upload("b.pdf"))
    on_disk(letter).write_bytes(b"forged")
    assert tasks.check_stored_files() == {
        "done": [],
        "failed": [
            {"text": f"found changed: {LONG}", "place": cast.province.pk, "reason": f"circular/{letter.pk}/file"}
        ],
    }
    on_disk(letter).write_bytes(make.PDF + b"letter")
    on_disk(sound).unlink()
    failed = tasks.check_stored_files()["failed"]
    assert [entry["reason"] for entry in failed] == [f"circularfile/{sound.pk}/file"]


def test_it_runs_at_night():
    for now in (timezone.now(), timezone.now() + datetime.timedelta(hours=11)):
        at = timezone.localtime(next_at(2))
        assert (at.hour, at.minute) == (2, 0)
        assert now < at + datetime.timedelta(hours=24)
    assert datetime.timedelta() < next_at(2) - timezone.now() <= datetime.timedelta(days=1)


def test_a_large_file_is_compared_in_pieces(tmp_path):
    class Watched:
        def __init__(self, length):
            self.left, self.largest = length, 0

        def seek(self, place):
            pass

        def read(self, size):
            self.largest = max(self.largest, size)
            given = min(size, self.left)
            self.left -= given
            return b"\0" * given

    file = Watched(20 * 2**20)
    size, _sha256 = digest(file)
    assert (size, file.largest) == (20 * 2**20, 2**16)


def old(path, *, days=2):
    at = time.time() - days * 24 * 60 * 60
    os.utime(path, (at, at))


def test_orphans_are_removed_when_they_are_a_day_old(cast, letter, media):
    for number, days in enumerate((0, 0.9, 1.1)):
        orphan = media / "circulars" / f"orphan{number}.pdf"
        orphan.write_bytes(b"x")
        old(orphan, days=days)
    quarantined = media / "quarantine" / "x.infected"
    quarantined.parent.mkdir()
    quarantined.write_bytes(b"x")
    old(quarantined)
    old(on_disk(letter))
    assert tasks.check_stored_files()["done"] == [
        {"text": "1 stored file belonged to no row and was removed.", "place": None, "reason": ""}
    ]
    assert sorted(path.name for path in media.rglob("*") if path.is_file()) == sorted(
        [on_disk(letter).name, "orphan0.pdf", "orphan1.pdf", "x.infected"]
    )


def test_a_store_that_is_not_the_databases_is_left_alone(media):
    folder = media / "evidence"
    folder.mkdir(parents=True)
    for number in range(30):
        path = folder / f"{number}.pdf"
        path.write_bytes(b"x")
        old(path)
    [failed] = tasks.check_stored_files()["failed"]
    assert failed["text"] == (
        "30 stored files belong to no row, more than half of the store: none was removed. Look whether the database is "
        "that of this store."
    )
    assert len(list(folder.iterdir())) == 30


def test_an_upload_that_nobody_has_looked_at_is_not_stored(cast, media):
    with pytest.raises(NotAccepted, match=r"evaluation\.Circular\.file"):
        make.CircularFactory(cycle=cast.cycle, number="۱", file=SimpleUploadedFile("a.exe", b"MZ"))
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_a_disk_that_fails_leaves_no_part_behind(cast, media, monkeypatch):
    from django.core.files.storage import FileSystemStorage  # noqa: PLC0415  beside its only use

    def fail(storage, name, content):
        path = Path(storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"a part")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", fail)
    with pytest.raises(OSError, match="No space left"):
        make.CircularFactory(cycle=cast.cycle, number="۱", file=ContentFile(b"letter", name="a.txt"))
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_rows_that_share_a_file_say_the_same_of_it(cast, letter):
    copy = CircularFile(circular=letter, title="رونوشت", file=make.upload("a.txt", b"x"))
    copy.save()
    stored = Circular.objects.get(pk=letter.pk)
    assert (stored.file.stated_size, stored.file.stated_hash) == digest(stored.file.open())
