"""The log of files: who took what out, and what staff have to look into; and rows from before it."""

import errno
import importlib

import pytest
from django.apps import apps
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils import translation

from evaluation.admin.system.file_event import size_label
from evaluation.models import Circular, FileEvent
from evaluation.models.stored_file import digest
from tests import factories as make
from tests.admin.english import page, visit

pytestmark = pytest.mark.django_db


def test_exports_are_logged_with_their_name_person_and_cycle(cast):
    client = visit(cast, "expert")
    assert client.get(page("circular_register")).status_code == 200
    response = client.get(f"{page('importrun_export', 'agencies')}?cycle={cast.cycle.pk}")
    name = response["Content-Disposition"]
    rows = list(FileEvent.objects.order_by("pk"))
    assert [(row.kind, row.by, row.cycle) for row in rows] == [
        ("exported", cast.expert, None),
        ("exported", cast.expert, cast.cycle),
    ]
    assert (rows[0].name, rows[0].source) == ("circulars.xlsx", "/admin/evaluation/circular/register/")
    assert (rows[1].size, rows[1].name in name or "filename*" in name) == (len(response.content), True)


def test_a_page_that_is_no_file_is_not_logged(cast):
    client = visit(cast, "expert")
    client.get(page("circular_changelist"))
    client.get(f"{page('importrun_export', 'agencies')}?cycle=999999")
    assert not FileEvent.objects.exists()


def test_staff_read_the_log_of_their_province(cast):
    mine = FileEvent.objects.create(kind="changed", name="گزارش.pdf", cycle=cast.cycle, size=3 * 2**20)
    FileEvent.objects.create(kind="downloaded", name="other.pdf", cycle=make.CycleFactory(), by=cast.manager)
    FileEvent.objects.create(kind="infected", name="nowhere.pdf")
    listed = visit(cast, "manager").get(page("fileevent_changelist"))
    assert list(listed.context["cl"].result_list) == [mine]
    html = listed.content.decode()
    assert "found changed" in html
    assert "گزارش.pdf" in html
    assert visit(cast, "manager").get(page("fileevent_change", mine.pk)).status_code == 200
    assert visit(cast, "reporter_a").get(page("fileevent_changelist")).status_code == 403


def test_the_system_administrator_reads_all(cast, admin_client):
    FileEvent.objects.create(kind="infected", name="nowhere.pdf")
    FileEvent.objects.create(kind="exported", name="a.xlsx", cycle=cast.cycle, by=cast.manager)
    assert admin_client.get(page("fileevent_changelist")).context["cl"].result_count == 2


def test_the_migration_fills_the_rows_that_stood(cast):
    fill = importlib.import_module("evaluation.migrations.0007_files").fill
    stored, lost, none = (make.CircularFactory(cycle=cast.cycle, number=number) for number in "۱۲۳")
    path = default_storage.save("circulars/نامه.txt", make.upload(content=b"letter"))
    rows = Circular.objects.filter(pk__in=[stored.pk, lost.pk, none.pk])
    rows.update(file_name="", file_size=0, file_sha256="", file="")
    Circular.objects.filter(pk=stored.pk).update(file=path)
    Circular.objects.filter(pk=lost.pk).update(file="circulars/گم.txt")
    fill(apps, None)
    stored.refresh_from_db()
    assert stored.file_name == "نامه.txt"
    assert (stored.file_size, stored.file_sha256) == digest(stored.file.open())
    assert list(Circular.objects.filter(pk=lost.pk).values_list("file_name", "file_size", "file_sha256")) == [
        ("گم.txt", 0, "")
    ]
    assert Circular.objects.get(pk=none.pk).file_name == ""


def test_a_disk_that_fills_up_meanwhile_is_said_with_503(cast, monkeypatch):
    def fail(storage, name, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", fail)
    given = {"cycle": cast.cycle.pk, "direction": "outgoing", "kind": "circular", "number": "۷", "issuer": "سازمان"}
    given |= {"date": "1404/05/12", "subject": "موضوع", "text": "", "files-TOTAL_FORMS": 0, "files-INITIAL_FORMS": 0}
    response = visit(cast, "expert").post(page("circular_add"), given | {"file": make.upload("a.txt")})
    assert response.status_code == 503
    assert "The file was not stored: the disk of the system is full." in response.content.decode()
    assert not Circular.objects.filter(number="۷").exists()


def test_a_size_has_the_decimal_mark_of_its_language():
    with translation.override("fa"):
        assert size_label(196_301) == "۱۹۱٫۷\xa0کیلوبایت"
    with translation.override("en"):
        assert size_label(196_301) == "191.7\xa0KB"
