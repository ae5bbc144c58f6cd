"""A second workbook of the same kind from elsewhere: columns, values and rows are named once and kept as a source."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from evaluation.enums import ImportState
from evaluation.models import Agency, FileSource, ImportRun
from evaluation.resources import runs
from tests.resources.sheets import sheet

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ROWS = [
    ["A", "اداره الف", "شهرداری‌ها", "وزارت الف"],
    ["C", "شهرداری نو", "شهرداریها", "وزارت الف"],
    ["D", "بانک نو", "بانك", "وزارت الف"],
    ["E", "جمع کل", "جمع", "وزارت الف"],
]
HEADINGS = ["کد دستگاه", "نام دستگاه", "گونه‌شناسی", "دستگاه متبوع"]


def address(name, run):
    return reverse(f"admin:evaluation_importrun_{name}", args=[run.pk])


@pytest.fixture
def known(cast):
    """The kinds that the province uses already."""
    Agency.objects.filter(pk=cast.agency_a.pk).update(kind="شهرداری")
    Agency.objects.filter(pk=cast.agency_b.pk).update(kind="بانک")
    return cast


@pytest.fixture
def tried(known):
    """An upload of another system, whose column of kinds was named; its trial run is done."""
    run = runs.upload("agencies", data=sheet(HEADINGS, *ROWS), file_name="a.xlsx", by=known.expert, cycle=known.cycle)
    run.headings = {"گونهشناسی": "kind"}
    run.save()
    return runs.work(run.pk, run.attempt)


def work(run):
    run.refresh_from_db()
    return runs.work(run.pk, run.attempt)


def choices(client, run, **meanings):
    """The posted form of the page, each value by its text: the choice that stands under this text."""
    form = client.get(address("values", run)).context["form"]
    return {row["name"]: meanings.get(row["value"], "") for row in form.rows}


def named(known, run):
    client = known.client("expert")
    data = choices(client, run, شهرداری‌ها=":شهرداری", جمع="-")
    client.post(address("values", run), data)
    return work(run)


def test_the_trial_keeps_the_values_that_nobody_uses(tried):
    assert tried.state == ImportState.TRIED
    assert set(tried.report["values"]["kind"].values()) == {"شهرداری‌ها", "جمع"}  # one spelling of each


def test_named_values_are_read_and_rows_that_are_no_data_left_out(known, tried):
    run = named(known, tried)
    assert (run.state, run.new, run.changed, run.same) == (ImportState.TRIED, 2, 0, 1)
    assert run.report["remarks"] == [
        "مقادیری که طبق انتخاب شما خوانده شد: ۲ مورد.",
        "ردیف‌هایی که طبق انتخاب شما نادیده گرفته شد: ۱ ردیف.",
    ]
    runs.confirm(run, by=known.expert)
    kinds = dict(Agency.objects.filter(province=known.province).values_list("code", "kind"))
    assert kinds == {"A": "شهرداری", "B": "بانک", "C": "شهرداری", "D": "بانک"}


def test_a_source_is_kept_and_read_by_at_the_next_upload(known, tried):
    named(known, tried)
    client = known.client("expert")
    client.post(address("source", tried), {"name": "سامانهٔ استانداری"})
    source = FileSource.objects.get()
    assert (source.name, source.workbook, source.province) == ("سامانهٔ استانداری", "agencies", known.province)
    assert source.headings == {"گونهشناسی": "kind"}
    assert set(source.values["kind"].values()) == {"شهرداری", None}

    file = SimpleUploadedFile("b.xlsx", sheet(HEADINGS, *ROWS))
    form = {"workbook": "agencies", "cycle": known.cycle.pk, "source": source.pk, "file": file}
    known.client("manager").post(reverse("admin:evaluation_importrun_add"), form)
    run = ImportRun.objects.latest("pk")
    run = runs.work(run.pk, run.attempt) or run
    assert (run.uploaded_by, run.values, run.new) == (known.manager, source.values, 2)


def test_a_source_of_another_workbook_is_refused(known, tried):
    known.client("expert").post(address("source", tried), {"name": "منبع"})
    source = FileSource.objects.get()
    file = SimpleUploadedFile("b.xlsx", sheet(HEADINGS, *ROWS))
    form = {"workbook": "targets", "cycle": known.cycle.pk, "source": source.pk, "file": file}
    answer = known.client("expert").post(reverse("admin:evaluation_importrun_add"), form)
    assert answer.context["form"].errors["source"] == ["این منبع مربوط به فرم اکسل دیگری است."]


def test_a_source_needs_a_name_and_something_named(known, tried):
    client = known.client("expert")
    answer = client.post(address("source", tried), {"name": "  "}, follow=True)
    sentence = "نام منبع را بنویسید و حداقل یک ستون یا مقدار آن را شناسایی کنید."
    assert [str(message) for message in answer.context["messages"]] == [sentence]
    assert not FileSource.objects.exists()


def test_others_neither_name_nor_keep(known, tried):
    for name in ("values", "source"):
        assert known.client("reporter_b").post(address(name, tried), {"name": "x"}).status_code == 404


def test_a_source_is_seen_and_deleted(known, tried):
    named(known, tried)
    client = known.client("expert")
    client.post(address("source", tried), {"name": "منبع"})
    source = FileSource.objects.get()
    page = client.get(reverse("admin:evaluation_filesource_change", args=[source.pk])).content.decode()
    assert "ردیف نادیده گرفته می‌شود" in page
    assert "شهرداری" in page
    client.post(reverse("admin:evaluation_filesource_delete", args=[source.pk]), {"post": "yes"})
    assert not FileSource.objects.exists()
