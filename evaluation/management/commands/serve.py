"""`manage.py serve`: web server and background worker together, until Ctrl-C."""

import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection

from backoffice.environment import flag
from evaluation.management.accounts import demo_accounts
from evaluation.models import Agency
from evaluation.rules import demo_data, demo_password
from evaluation.schedules import register_schedules

STARTUP_SECONDS = 60
STOP_SECONDS = 15
HERE = {"127.0.0.1", "0.0.0.0"}


class Stop(Exception):
    """Ctrl-C, a closed terminal or a service manager asks us to end."""


class Command(BaseCommand):
    help = "Run the product: the web server and one cluster of background workers, until Ctrl-C."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--prepare", action="store_true", help="First bring database, fixtures and files up to date."
        )

    def handle(self, *, host, port, prepare, **options):
        refuse_unusable(host, port)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, raise_stop)
        try:
            if prepare:
                self.prepare(host)
            register_schedules()
            demo_password.mark_unmarked()
            self.run(host, port)
        except Stop:
            self.stdout.write("Stopped.")

    def prepare(self, host):
        self.tell("Preparing the database …")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("load_fixtures", verbosity=0)
        if not Agency.objects.exists():
            self.fill(host)
        call_command("collectstatic", interactive=False, verbosity=0)

    def fill(self, host):
        """Demo data into an empty database where they are asked for and do no harm; else what to do instead."""
        if not flag("DEMO"):
            if not get_user_model().objects.filter(is_superuser=True).exists():
                self.tell("The database is empty. Make the first account with: python manage.py createsuperuser")
        elif reasons := demo_data.reasons_against(settings.SITE, host=host, asked=True):
            self.tell(f"No demo data are made. {' '.join(reasons)}")
        else:
            self.tell("The database is empty: making the demo province …")
            call_command("seed_demo")

    def run(self, host, port):
        connection.close()
        address = f"http://{'localhost' if host in HERE else host}:{port}"
        environment = os.environ | {"SITE_URL": os.environ.get("SITE_URL", address)}
        web = ["-m", "gunicorn", "-c", "python:backoffice.web_server", "-b", f"{host}:{port}", "backoffice.wsgi"]
        children = {}
        try:
            children["web server"] = start(web, environment)
            children["background worker"] = start(["manage.py", "qcluster"], environment)
            wait_until_it_answers(host, port, children)
            self.greet(address)
            while True:
                fail_if_ended(children)
                time.sleep(0.5)
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave workers behind
            stop(children.values())

    def greet(self, address):
        accounts = [f"  {role:<24} {username:<24} {password}" for role, username, password in demo_accounts()]
        self.tell("\n".join([f"\nReady: {address}", *accounts, "Ctrl-C stops it."]))

    def tell(self, text):
        self.stdout.write(text)
        self.stdout.flush()  # a log file must not wait for a full buffer


def raise_stop(signum, frame):
    """The handler of signals that end the command."""
    raise Stop


def refuse_unusable(host, port):
    """Raise CommandError, with the reason, where the address cannot be listened at."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CommandError(
                    f"Port {port} is in use: stop the other program, or choose another with PORT=…"
                ) from None
            raise CommandError(f"Port {port} of {host} cannot be used: {error.strerror}.") from None
        except OverflowError:
            raise CommandError(f"Port {port} cannot be used: a port is a number from 1 to 65535.") from None


def die_with_parent():
    """Linux: ask for SIGTERM when this command is killed without a chance to stop its children."""
    if sys.platform == "linux":
        PR_SET_PDEATHSIG = 1
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(arguments, environment):
    """A child in a process group of its own, so that Ctrl-C reaches it through us only and no worker outlives it."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )


def stop(children):
    """Ask the children to end, and kill the groups of those that do not."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        with suppress(subprocess.TimeoutExpired):  # then the group is killed
            child.wait(timeout=max(0, deadline - time.monotonic()))
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # the whole group has ended by itself
        child.wait()


def fail_if_ended(children):
    """Raise CommandError where a child has ended."""
    for name, child in children.items():
        if child.poll() is not None:
            raise CommandError(f"The {name} has ended with code {child.returncode}; its messages stand above.")


def wait_until_it_answers(host, port, children):
    """Wait for the web server. Raises CommandError when a child ends or time runs out."""
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline:
        fail_if_ended(children)
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.2)
    raise CommandError(f"The web server did not answer on port {port} within {STARTUP_SECONDS} seconds.")
