"""python -m tests.benchmarks.saves [people [seconds [workers]]]: reporters who each save one line after the other.

A demo province in its self-assessment on a PostgreSQL cluster of its own (fsync off), the product's web server before
it, and as many connections as people, each of which posts its next figure as soon as the last is answered. Prints saves
a second, the times of answers, the processor time of web and database for a save (the load is made by this process,
apart), and what of the acknowledged figures the database does not have.
"""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

from tests import postgres

from .machine import cpu_seconds, free_port

TOKEN = "a" * 32  # of the form's guard: cookie and header need only be equal
HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": TOKEN, "Host": "localhost"}


def prepare(people):
    """Print [{"cookie", "url", "line", "version"}] of at most so many reporters, each with a line of their own file."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    from evaluation.enums import MarkLevel
    from evaluation.models import Assessment, Line
    from evaluation.process.assessing import commitments
    from evaluation.process.assessing.line_columns import version_at

    settings.ALLOWED_HOSTS = ["*"]
    for command, options in (
        ("migrate", {}),
        ("createcachetable", {}),
        ("load_fixtures", {}),
        ("collectstatic", {"interactive": False}),
        ("seed_demo", {"until": "self_assessment"}),
    ):
        call_command(command, verbosity=0, **options)
    Assessment.objects.filter(state="submitted").update(state="drafting")  # half of the demo's files are handed in
    found = []
    for user in get_user_model().objects.filter(memberships__role="agency").order_by("pk"):
        agency = user.memberships.get().agency
        for cycle in agency.province.cycles.all():
            commitments.accept_commitments(cycle, agency, by=user, text=commitments.text_of(cycle))
        own = Line.objects.filter(
            assessment__participation__agency=agency,
            assessment__participation__cycle__stage="self_assessment",
            assessment__state__in=("not_started", "drafting"),
            assessment__dimension__kind="general",
            indicator__nature="single",
            indicator__scorer="evaluator",
            exempt=False,
        )
        line = own.order_by("pk").first()
        if line is None:  # returned or approved
            continue
        client = Client()
        client.force_login(user)
        url = f"/admin/evaluation/assessment/{line.assessment_id}/lines/{line.pk}/save/"
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        found.append(
            {
                "cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
                "url": url,
                "line": line.pk,
                "version": version_at(line, MarkLevel.SELF),
            }
        )
    sys.stdout.write(json.dumps(found[:people]))


class Reporter(threading.Thread):
    """One person in a closed loop until `end` (monotonic seconds)."""

    def __init__(self, person, port, end):
        super().__init__()
        self.person, self.port, self.end = person, port, end
        self.times, self.refused, self.last = [], 0, None

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line, version, number = self.person["line"], self.person["version"], 0
        headers = HEADERS | {"Cookie": self.person["cookie"]}
        while time.monotonic() < self.end:
            number += 1
            figure = str(10 + number % 80)
            fields = {f"{line}-actual": figure, f"{line}-note": "", f"{line}-version": version, f"{line}-seen": "-"}
            began = time.monotonic()
            connection.request("POST", self.person["url"], urllib.parse.urlencode(fields), headers)
            response = connection.getresponse()
            body = response.read()
            self.times.append(time.monotonic() - began)
            answer = json.loads(body) if response.status == 200 else {"ok": False}
            if answer["ok"]:
                version, self.last = answer["version"], figure
            else:
                self.refused += 1
        self.version = version


def prepared(env, people):
    """What `prepare` printed, in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.saves", "prepare", str(people)]
    return json.loads(subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE).stdout)


def measure(url, env, persons, seconds, workers):
    """The findings as {name: value}; `persons` as `prepared` gives them."""
    import psycopg

    port = free_port()
    web = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "python:backoffice.web_server", "-b", f"127.0.0.1:{port}",
         "backoffice.wsgi"],
        env=env | {"WEB_WORKERS": str(workers), "SITE_URL": "http://localhost", "LOG_LEVEL": "ERROR"},
    )  # fmt: skip
    try:
        wait_for(port)
        warm = run(persons, port, 2)  # each worker has its Django warm
        persons = [reporter.person | {"version": reporter.version} for reporter in warm]
        with psycopg.connect(url) as database:
            marks = database.execute("SELECT count(*) FROM evaluation_mark").fetchone()[0]
        before = {"web": cpu_seconds(web.pid), "database": cpu_seconds(postmaster(url))}
        began = time.monotonic()
        reporters = run(persons, port, seconds)
        took = time.monotonic() - began
        after = {"web": cpu_seconds(web.pid), "database": cpu_seconds(postmaster(url))}
        with psycopg.connect(url) as database:
            rows = database.execute("SELECT id, self_actual FROM evaluation_line").fetchall()
            marks = database.execute("SELECT count(*) FROM evaluation_mark").fetchone()[0] - marks
    finally:
        web.terminate()
        web.wait()
    now = dict(rows)
    times = sorted(moment for reporter in reporters for moment in reporter.times)
    saved = sum(len(reporter.times) - reporter.refused for reporter in reporters)
    wrong = [
        reporter.person["line"] for reporter in reporters if now[reporter.person["line"]] != float(reporter.last or 0)
    ]
    return {
        "people": len(persons),
        "workers": workers,
        "seconds": round(took, 1),
        "saves": saved,
        "refused": sum(reporter.refused for reporter in reporters),
        "saves a second": round(saved / took, 1),
        "p50, s": round(times[len(times) // 2], 3),
        "p95, s": round(times[len(times) * 95 // 100], 3),
        "web, ms of CPU a save": round((after["web"] - before["web"]) / saved * 1000, 1),
        "database, ms of CPU a save": round((after["database"] - before["database"]) / saved * 1000, 1),
        "acknowledged and not stored": saved - marks,
        "lines with another figure": len(wrong),
    }


def postmaster(url):
    """The first process of the cluster, as its data folder names it."""
    folder = Path(urllib.parse.unquote(urllib.parse.urlsplit(url).netloc.partition("@")[2]))
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def run(persons, port, seconds):
    reporters = [Reporter(person, port, time.monotonic() + seconds) for person in persons]
    for reporter in reporters:
        reporter.start()
    for reporter in reporters:
        reporter.join()
    return reporters


def wait_for(port):
    for _attempt in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/admin/login/", headers={"Host": "localhost"})
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the web server did not answer")


def main(people=64, seconds=20, workers=2):
    import psycopg

    signal.signal(signal.SIGTERM, postgres.stop)
    folder = Path(tempfile.mkdtemp(prefix="evaluation-postgres-"))
    try:
        with postgres.cluster(folder) as url, tempfile.TemporaryDirectory(prefix="evaluation-saves-") as data:
            with psycopg.connect(url.removesuffix("evaluation") + "postgres", autocommit=True) as server:
                server.execute("CREATE DATABASE evaluation")
            env = os.environ | {
                "DATA_DIR": data,
                "DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "backoffice.settings",
            }
            persons = prepared(env, int(people))
            for name, value in measure(url, env, persons, int(seconds), int(workers)).items():
                sys.stdout.write(f"{name}: {value}\n")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["prepare"]:
        prepare(int(sys.argv[2]))
    else:
        main(*sys.argv[1:])
