"""Quotas of a line, an agency and a cycle, and the free disk: asked before anything is stored."""

import shutil
from collections import namedtuple

import pytest
from django.utils import translation

from evaluation.models import Circular, CircularFile, Evidence, Notice, OnBehalf
from evaluation.process.assessing import evidence
from evaluation.process.door import Refusal
from evaluation.process.files import letters, room
from tests import factories as make
from tests.admin.assessing.lines_page import Page
from tests.admin.english import page, visit

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # files on a disk
KILOBYTE = 1024


def upload(kilobytes, letter=b"x", name="a.txt"):
    return make.upload(name, letter * (kilobytes * KILOBYTE))


@pytest.fixture
def entry(cast):
    cast.until("self_assessment")
    return cast


@pytest.fixture
def attach(entry):
    """Sends files of some kilobytes to a line of agency A; gives the sentence of the answer."""
    lines = Page(entry, "reporter_a", entry.assessment(entry.agency_a))

    def send(code, *files):
        url = f"{lines.url}{lines.line(code).pk}/evidence/"
        return lines.client.post(url, {"files": files}).json()["sentence"]

    return send


LINE = (
    "The file was not stored: the files of this indicator would take %s megabytes, and %s are allowed. Remove a file "
    "that is not needed, or choose a smaller one."
)


def test_a_line_has_its_quota_and_what_is_removed_frees_it(entry, attach, settings):
    settings.QUOTA_LINE_BYTES = 1024 * KILOBYTE
    assert attach("G-1", upload(500, b"a")) == ""
    assert attach("G-1", upload(600, b"b")) == LINE % ("1.10", "1.00")
    assert attach("G-31", upload(600, b"b")) == ""
    assert Evidence.objects.count() == 2
    evidence.remove(Evidence.objects.first(), by=entry.reporter_a)
    assert attach("G-1", upload(600, b"b")) == ""


def test_an_agency_has_its_quota_in_the_cycle(entry, attach, settings):
    settings.QUOTA_AGENCY_BYTES = 1024 * KILOBYTE
    assert attach("G-1", upload(500, b"a")) == ""
    assert attach("G-31", upload(600, b"b")) == (
        "The file was not stored: the files of this agency would take 1.10 megabytes in this cycle, and 1.00 are "
        "allowed. Remove files that are not needed, or ask the provincial organization."
    )
    other = Page(entry, "reporter_b", entry.assessment(entry.agency_b))
    answer = other.client.post(f"{other.url}{other.line('G-1').pk}/evidence/", {"files": [upload(600)]}).json()
    assert answer["sentence"] == ""


CYCLE = (
    "The file was not stored: the files of this cycle would take %s megabytes, and %s are allowed. Ask the system "
    "administrator for more room."
)


def test_a_cycle_has_its_quota_over_all_that_belongs_to_it(entry, attach, settings):
    settings.QUOTA_CYCLE_BYTES = 1024 * KILOBYTE + room.usage(entry.cycle)["cycle"]
    assert attach("G-1", upload(500, b"a")) == ""
    client = visit(entry, "expert")
    letter = {"cycle": entry.cycle.pk, "direction": "outgoing", "kind": "circular", "number": "۷", "issuer": "سازمان"}
    letter |= {"date": "1404/05/12", "subject": "موضوع", "text": ""}
    letter |= {"files-TOTAL_FORMS": 0, "files-INITIAL_FORMS": 0}
    answer = client.post(page("circular_add"), letter | {"file": upload(600)})
    [sentence] = answer.context["adminform"].form.non_field_errors()
    assert sentence.startswith("The file was not stored: the files of this cycle would take 1.")
    assert Circular.objects.filter(number="۷").count() == 0
    letter |= {"files-TOTAL_FORMS": 1, "files-0-title": "پیوست"}
    answer = client.post(page("circular_add"), letter | {"file": upload(1), "files-0-file": upload(600, name="b.txt")})
    [sentence] = answer.context["adminform"].form.non_field_errors()
    assert sentence.startswith("The file was not stored: the files of this cycle would take 1.")
    assert (Circular.objects.filter(number="۷").count(), CircularFile.objects.count()) == (0, 0)
    assert client.post(page("circular_add"), letter | {"file": upload(1), "files-0-file": upload(2)}).status_code == 302
    assert Circular.objects.get(number="۷").file_size == KILOBYTE


def test_no_quota_is_no_limit(entry, attach, settings):
    settings.QUOTA_LINE_BYTES = settings.QUOTA_AGENCY_BYTES = settings.QUOTA_CYCLE_BYTES = 0
    assert attach("G-1", upload(2000)) == ""


def test_usage_is_one_query(entry, attach, django_assert_num_queries):
    attach("G-1", upload(3))
    with django_assert_num_queries(1):
        used = room.usage(entry.cycle, entry.agency_a)
    assert used["agency"] == 3 * KILOBYTE
    assert used["cycle"] >= 3 * KILOBYTE


def test_a_disk_that_is_nearly_full_takes_nothing(entry, attach, admin_user, monkeypatch, settings):
    settings.FREE_DISK_BYTES = 10 * 2**20
    space = namedtuple("space", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: space(0, 0, 10 * 2**20 + 2 * KILOBYTE))
    assert attach("G-1", upload(2)) == ""
    assert attach("G-1", upload(3)) == (
        "No file can be stored at the moment: the disk of the system is nearly full. What you have typed is kept; the "
        "system administrator has been told. Try again later."
    )
    assert Evidence.objects.count() == 1
    told = Notice.objects.get(user=admin_user)
    assert told.text == "The disk of the file store is nearly full, so uploads are refused. Make room on it."


def test_a_file_that_is_too_large_is_told_its_measure(entry, attach, settings):
    settings.UPLOAD_MAX_BYTES = 2**20
    assert attach("G-1", upload(1500)) == (
        "The file “a.txt” was not stored: it has 1.50 megabytes, and 1 are allowed. Divide it or make its "
        "pictures smaller."
    )


def test_a_letter_of_a_step_on_behalf_asks_the_room_of_its_cycle(entry, settings):
    settings.QUOTA_CYCLE_BYTES = room.usage(entry.cycle)["cycle"] + KILOBYTE
    letter = {"role": "agency", "body": "اداره الف", "letter_number": "۷", "letter_date": make.DAY}
    before = OnBehalf.objects.count()
    with (
        translation.override("en"),
        pytest.raises(Refusal, match=r"^The file was not stored: the files of this cycle would take"),
    ):
        letters.act_on_behalf(entry.cycle, file=upload(2), by=entry.expert, **letter)
    assert OnBehalf.objects.count() == before
    letters.act_on_behalf(entry.cycle, file=upload(1), by=entry.expert, **letter)
    assert room.usage(entry.cycle)["cycle"] == settings.QUOTA_CYCLE_BYTES


def test_the_kept_text_of_the_sums_is_what_django_writes(entry):
    for args in ((entry.cycle.pk, entry.agency_a.pk), (entry.cycle.pk, None)):
        form, values = room.stored_bytes._form(args)
        text, params = room.stored_bytes.build(*args).query.sql_with_params()
        assert (form.sql, tuple(form.filled(values))) == (text, params)
