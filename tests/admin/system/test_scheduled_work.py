"""The page “Scheduled work”: who reads it, what it says of each job, and starting one by hand."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django_q.conf import Conf
from django_q.models import Failure, OrmQ, Schedule, Success, Task
from django_q.signing import SignedPackage
from django_q.status import Status

from evaluation.process import audit
from evaluation.process.door import log
from evaluation.process.imports.import_run import store_upload
from evaluation.schedules import RECURRING, register_schedules

pytestmark = pytest.mark.django_db
PAGE = "/admin/django_q/schedule/work/"
CLOSING = "close due windows"
NOBODY = "No background worker answers"
MOMENT = timezone.datetime(2025, 8, 3, 8, 30, tzinfo=timezone.get_default_timezone())  # 1404/05/12


@pytest.fixture(autouse=True)
def moment():
    with time_machine.travel(MOMENT, tick=False):
        yield


@pytest.fixture
def reader(cast):
    """A client in English for a person of the cast."""

    def login(name):
        client = cast.client(name)
        client.cookies["django_language"] = "en"
        return client

    return login


def alive(*, seconds=1):
    """A cluster has told of itself."""
    stat = Status(pid=1, cluster_id="a")
    stat.timestamp, stat.tob = timezone.now() - timedelta(seconds=seconds), timezone.now() - timedelta(hours=2)
    cache.set(Conf.Q_STAT, ["a"], None)
    cache.set("a", SignedPackage.dumps(stat, True))


def ran(name, *, minutes=1, result=None, success=True, func="x.y", args=()):
    stopped = timezone.now() - timedelta(minutes=minutes)
    return Task.objects.create(
        id=f"{Task.objects.count():032}",
        name=f"task {minutes}",
        func=func,
        args=args,
        group=name,
        started=stopped,
        stopped=stopped,
        result=result,
        success=success,
    )


def words(response):
    """The page's text, each job and panel as one line."""
    content = response.content.decode()
    content = content[content.index('<div class="ev-page">') : content.rindex("</section>")]
    return [" ".join(strip_tags(part.replace("<", " <")).split()) for part in content.split("<section")[1:]]


def job(response, title):
    return next(part for part in words(response) if f"> {title} " in part or part.split("> ")[-1].startswith(title))


# -- what it says ---------------------------------------------------------------------------------------


def test_the_job_that_closed_a_window(reader):
    register_schedules()
    Schedule.objects.update(next_run=timezone.now() + timedelta(minutes=1))
    done = [{"text": "ارزیابی ۱۴۰۴: خودارزیابی", "place": None, "reason": ""}]
    ran(CLOSING, minutes=2, result={"done": [], "failed": []})
    ran(CLOSING, minutes=1, result={"done": done, "failed": []})
    first = words(reader("manager").get(PAGE))[1]
    assert first.partition("Interval")[2] == (
        " every minute Last run 1404/05/12 08:29 Next run 1404/05/12 08:31 Result ارزیابی ۱۴۰۴: خودارزیابی"
    )
    assert first.partition(">")[2].split("Closes")[0].strip() == "Closing of windows done"


@pytest.mark.parametrize(
    ("run", "shown"),
    [
        (None, "has not run yet"),
        ({"result": {"done": [], "failed": []}}, "done"),
        ({"success": False, "result": "boom : Traceback\nValueError: boom"}, "failed"),
        (
            {"result": {"done": [], "failed": [{"text": "اداره الف", "place": None, "reason": "No line is filled."}]}},
            "incomplete",
        ),
    ],
)
def test_the_state_of_a_job(reader, run, shown):
    register_schedules()
    if run:
        ran(CLOSING, **run)
    row = reader("manager").get(PAGE).context["jobs"][0]
    assert row["label"] == shown


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (
            "division by zero : Traceback (most recent call last):\n  File x\nZeroDivisionError: division by zero\n",
            "An unexpected error: ZeroDivisionError: division by zero",
        ),
        ("Task exceeded maximum timeout value (300 seconds) : Traceback\n", "The run took too long and was stopped."),
    ],
)
def test_a_failure_says_why_and_when_it_last_went_well(reader, result, reason):
    register_schedules()
    ran(CLOSING, minutes=9, result={"done": [], "failed": []})
    ran(CLOSING, minutes=1, success=False, result=result)
    first = words(reader("manager").get(PAGE))[1]
    assert first.endswith(reason)
    assert "Last run 1404/05/12 08:29 Last success 1404/05/12 08:21" in first


def test_what_could_not_be_closed_is_named_with_its_reason_to_its_own_province(reader, cast):
    register_schedules()
    failed = [
        {"text": "اداره الف", "place": cast.province.pk, "reason": "No line is filled."},
        {"text": "اداره دیگر", "place": cast.province.pk + 1, "reason": "No line is filled."},
    ]
    ran(CLOSING, result={"done": [], "failed": failed})
    first = words(reader("manager").get(PAGE))[1]
    assert first.endswith(
        "Not everything could be done; it is tried again at the next run: اداره الف No line is filled."
    )


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(1, "every minute"), (5, "every 5 minutes"), (60, "every hour"), (120, "every 2 hours"), (2880, "every 2 days")],
)
def test_the_rhythm_in_words(reader, minutes, shown):
    Schedule.objects.create(name="x", func="x.y", schedule_type=Schedule.MINUTES, minutes=minutes)
    assert reader("manager").get(PAGE).context["jobs"][0]["rhythm"] == shown


def test_a_schedule_that_nobody_starts_is_overdue(reader):
    register_schedules()
    Schedule.objects.update(next_run=timezone.now() - timedelta(minutes=6))
    assert [row["late"] for row in reader("manager").get(PAGE).context["jobs"]] == [True] * len(RECURRING)
    Schedule.objects.update(next_run=timezone.now() - timedelta(minutes=4))
    assert [row["late"] for row in reader("manager").get(PAGE).context["jobs"]] == [False] * len(RECURRING)


def test_the_windows_closed_last_come_from_the_log(reader, cast):
    log(cast.cycle, "close_window", by=audit.scheduler(cast.province), note="خودارزیابی")
    log(cast.cycle, "close_window", by=cast.manager, note="not by itself")
    last = words(reader("manager").get(PAGE))[-1]
    assert last.endswith("Windows closed last خودارزیابی ارزیابی ۱۴۰۴ 1404/05/12 08:30")


def test_an_import_that_failed_is_led_to_and_other_work_can_be_tried_again(reader, cast, admin_user):
    run = store_upload("scores", data=b"x", file_name="a.xlsx", by=cast.manager, cycle=cast.cycle)
    ran(None, minutes=3, success=False, func="evaluation.tasks.work_on_import", args=(run.pk, 1), result="KeyError: 1")
    other = ran(None, minutes=5, success=False, func="x.y", result="KeyError: 2")
    rows = reader("manager").get(PAGE).context["failures"]
    address = reverse("admin:evaluation_importrun_change", args=[run.pk])
    assert [(row["title"], row["url"], row["button"]) for row in rows] == [
        ("Import", address, False),
        ('<bdi class="latin" dir="ltr">x.y</bdi>', None, False),
    ]
    cast.superuser = admin_user
    first, second = (row["button"] for row in reader("superuser").get(PAGE).context["failures"])
    assert first is False
    assert reverse("admin:django_q_failure_do", args=[other.pk, "retry"]) in second


# -- whether somebody works -----------------------------------------------------------------------------


def test_nobody_works(reader, cast):
    register_schedules()
    ran(CLOSING, minutes=10)
    OrmQ.objects.create(key=Conf.CLUSTER_NAME, payload="", lock=timezone.now())
    OrmQ.objects.create(key=Conf.CLUSTER_NAME, payload="", lock=timezone.now() + timedelta(hours=1))
    first = words(reader("manager").get(PAGE))[0]
    assert "Background service not answering" in first
    assert first.partition("Last finished work")[2] == " 1404/05/12 08:20 Waiting in the queue 1 In progress 1"
    page = "".join(line.strip() for line in reader("manager").get("/admin/").content.decode().splitlines())
    assert f'<a class="ev-link" href="{PAGE}">Scheduled work</a></p>' in page
    for name in ("expert", "reporter_a"):
        assert NOBODY not in reader(name).get("/admin/").content.decode()


def test_a_cluster_works(reader, cast):
    alive(seconds=2)
    first = words(reader("manager").get(PAGE))[0]
    assert "Background service active Last answer 2 seconds ago Clusters 1 Running since 1404/05/12 06:30" in first
    assert NOBODY not in reader("manager").get("/admin/").content.decode()


def test_three_rows_cost_no_more_queries_than_one(reader, django_assert_num_queries):
    client = reader("manager")
    client.get(PAGE)
    for count in (1, 3):
        for number in range(count):
            Schedule.objects.create(name=f"{count}-{number}", func="x.y")
            ran(f"{count}-{number}")
            ran(None, success=False, func="evaluation.tasks.work_on_import", args=(number, 1), result="KeyError")
        with django_assert_num_queries(14):
            client.get(PAGE)


# -- starting by hand -----------------------------------------------------------------------------------


def test_the_manager_reads_and_the_superuser_starts(reader, cast, admin_user):
    register_schedules()
    alive()
    schedule = Schedule.objects.get(name=CLOSING)
    url = reverse("admin:django_q_schedule_do", args=[schedule.pk, "run_now"])
    assert url not in reader("manager").get(PAGE).content.decode()
    assert (reader("manager").post(url).status_code, OrmQ.objects.count()) == (404, 0)
    assert [reader(name).get(PAGE).status_code for name in ("expert", "reporter_a", "nobody")] == [403] * 3

    cast.superuser = admin_user
    client = reader("superuser")
    assert url in client.get(PAGE).content.decode()
    assert "Closing of windows" in client.get(url).content.decode()
    response = client.post(url, follow=True)
    assert (response.redirect_chain, OrmQ.objects.count()) == ([(PAGE, 302)], 1)
    task = OrmQ.objects.get().task
    assert (task["func"], task["group"], task["ack_failure"]) == (schedule.func, CLOSING, True)
    assert [str(message) for message in response.context["messages"]] == ["Done: Run now."]


def test_nothing_is_started_while_nobody_works(reader, cast, admin_user):
    register_schedules()
    cast.superuser = admin_user
    client = reader("superuser")
    url = reverse("admin:django_q_schedule_do", args=[Schedule.objects.get(name=CLOSING).pk, "run_now"])
    sentence = (
        "The background service is not running and no work can begin: the system administrator must start it first."
    )
    assert sentence in client.get(url).content.decode()
    assert sentence in client.post(url).content.decode()
    assert OrmQ.objects.count() == 0


def test_failed_work_is_put_into_the_queue_again_and_its_record_goes(reader, cast, admin_user):
    alive()
    cast.superuser = admin_user
    failed = ran("letters", success=False, func="evaluation.tasks.send_mail", result="OSError: no route")
    reader("superuser").post(reverse("admin:django_q_failure_do", args=[failed.pk, "retry"]))
    task = OrmQ.objects.get().task
    assert (task["func"], task["args"], task["group"]) == ("evaluation.tasks.send_mail", (), "letters")
    assert (Failure.objects.count(), Success.objects.count()) == (0, 0)
