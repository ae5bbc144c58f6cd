"""A failed upload leaves nothing behind: no row, no file."""

import pytest
from django.contrib.auth import get_user_model

from evaluation.models import Circular, CircularFile
from evaluation.models.stored_file import remove_rolled_back
from tests import factories as make
from tests.admin.english import page
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client():
    client = StrictClient(raise_request_exception=False)
    client.force_login(get_user_model().objects.create_superuser("root"))
    client.cookies["django_language"] = "en"
    return client


def stored(media):
    return sorted(path.name for path in media.rglob("*") if path.is_file())


def letter(cycle, number="۷", **more):
    given = {"cycle": cycle.pk, "direction": "outgoing", "kind": "circular", "number": number, "issuer": "سازمان"}
    given |= {"date": "1404/05/12", "subject": "موضوع", "text": "", "files-TOTAL_FORMS": 1, "files-INITIAL_FORMS": 0}
    return given | {"files-0-title": "پیوست"} | more


def test_what_is_saved_stays(client, media):
    remove_rolled_back()
    cycle = make.CycleFactory()
    files = {"file": make.upload("a.txt"), "files-0-file": make.upload("b.txt")}
    assert client.post(page("circular_add"), letter(cycle, **files)).status_code == 302
    names = [Circular.objects.get().file.name, CircularFile.objects.get().file.name]
    assert stored(media) == sorted(name.rpartition("/")[2] for name in names)


def test_a_refused_form_an_error_and_a_quota_leave_nothing(client, media, settings, monkeypatch):
    remove_rolled_back()
    cycle = make.CycleFactory()
    wrong = {"file": make.upload("a.txt"), "files-0-file": make.upload("b.exe", b"MZ")}
    assert client.post(page("circular_add"), letter(cycle, **wrong)).status_code == 200
    settings.QUOTA_CYCLE_BYTES = 10
    late = {"file": make.upload("a.txt", b"123456"), "files-0-file": make.upload("b.txt", b"123456")}
    assert client.post(page("circular_add"), letter(cycle, **late)).status_code == 200  # the letter was stored by then
    settings.QUOTA_CYCLE_BYTES = 0

    def fail(*args, **kwargs):
        raise RuntimeError("an error of ours")

    monkeypatch.setattr("evaluation.admin.year.circular.CircularAdmin.log_addition", fail)
    files = {"file": make.upload("a.txt"), "files-0-file": make.upload("b.txt")}
    assert client.post(page("circular_add"), letter(cycle, **files)).status_code == 500
    assert (Circular.objects.count(), CircularFile.objects.count(), stored(media)) == (0, 0, [])
