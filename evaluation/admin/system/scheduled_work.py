"""The page “Scheduled work”: what runs by itself, how its last run went, and whether a worker is alive."""

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_q.brokers import get_broker
from django_q.models import Failure, Schedule, Task
from django_q.status import Stat

from evaluation import tasks
from evaluation.models import ImportRun, TransitionLog
from evaluation.persian import localise_digits
from evaluation.process.audit import SCHEDULER
from evaluation.schedules import RECURRING, recurring_named

from ..choices import own_provinces
from ..display import latin
from ..verbs.buttons import verb_button
from ..verbs.verb import Verb, VerbsMixin

READ, START = "django_q.view_schedule", "django_q.change_schedule"
IMPORT = "evaluation.tasks.work_on_import"
TOO_LONG = "Task exceeded maximum timeout value"  # how django-q2 begins the result of such a task
LISTED_ROWS = 20  # failures, and closings
RHYTHMS = (  # minutes, and the words
    (24 * 60, lambda count: ngettext("every day", "every %(count)s days", count)),
    (60, lambda count: ngettext("every hour", "every %(count)s hours", count)),
    (1, lambda count: ngettext("every minute", "every %(count)s minutes", count)),
)
LATE = timezone.timedelta(minutes=5)  # a schedule due for longer has no worker to start it


def may_read(user):
    return user.has_perm(READ)


def may_start(user, _row=None):
    return user.has_perm(START)


def work_page_url():
    return reverse("admin:django_q_schedule_work")


def banner(user):
    """What the first page shows to those who may read this one, when nobody works in the background; or None."""
    return {"url": work_page_url()} if may_read(user) and not tasks.a_worker_is_alive() else None


# -- who works -------------------------------------------------------------------------------------


def worker_facts(now):
    """Whether clusters are alive, how many, when the last was heard of, and what waits for them."""
    clusters, broker = Stat.get_all(), get_broker()
    heard = max((stat.timestamp for stat in clusters), default=None)
    last = Task.objects.order_by("-stopped").values_list("stopped", flat=True).first()
    return {
        "alive": tasks.a_worker_is_alive(),
        "clusters": len(clusters),
        "heard": heard and seconds_ago((now - heard).total_seconds()),
        "since": min((stat.tob for stat in clusters), default=None),
        "last_work": last,
        "waiting": broker.queue_size(),
        "taken": broker.lock_size() or 0,
    }


def seconds_ago(seconds):
    count = max(int(seconds), 0)
    sentence = ngettext("%(count)s second ago", "%(count)s seconds ago", count)
    return sentence % {"count": localise_digits(count)}


# -- the jobs --------------------------------------------------------------------------------------


def jobs(user, now):
    """Every schedule with its last run, in the order of our table; those added by hand come after."""
    runs = Task.objects.filter(group=OuterRef("name")).order_by("-started")
    schedules = Schedule.objects.annotate(
        last=Subquery(runs.values("pk")[:1]), good=Subquery(runs.filter(success=True).values("stopped")[:1])
    )
    last = Task.objects.in_bulk([schedule.last for schedule in schedules if schedule.last])
    order = {recurring.name: number for number, recurring in enumerate(RECURRING)}
    rows = sorted(schedules, key=lambda schedule: (order.get(schedule.name, len(order)), schedule.pk))
    return [job(schedule, last.get(schedule.last), user, now) for schedule in rows]


def parts_of(schedule, last):
    """The tasks that did parts of the last run of the closing: one for each cycle, where several were due."""
    if last is None or schedule.func != "evaluation.tasks.close_due_windows":
        return []
    return Task.objects.filter(group=tasks.CYCLES, started__gte=last.started).order_by("started")


def job(schedule, last, user, now):
    known = recurring_named(schedule.name)
    outcome = outcome_of(last, user, parts_of(schedule, last))
    return {
        "title": title_of(schedule),
        "does": known.does if known else schedule.func,
        "rhythm": rhythm(schedule),
        "last": last,
        "good": schedule.good,
        **outcome,
        "next": schedule.next_run if schedule.repeats else None,
        "late": bool(schedule.repeats and schedule.next_run and schedule.next_run < now - LATE),
        "button": may_start(user) and verb_button(schedule, "run_now", start_label(outcome)),
        "edit_url": may_start(user) and reverse("admin:django_q_schedule_change", args=[schedule.pk]),
    }


def outcome_of(last, user, parts=()):
    """How the last run went: label, tone, entries of what it did, and of what failed with the reason.

    `parts` are tasks that did parts of it; those that failed as a whole are listed apart, by `failures`.
    """
    if last is None:
        return {"label": _("has not run yet"), "tone": "muted", "done": [], "failed": [], "reason": ""}
    if not last.success:
        return {"label": _("failed"), "tone": "danger", "done": [], "failed": [], "reason": reason_of(last)}
    reports = [task.result for task in (last, *parts) if task.success and isinstance(task.result, dict)]
    done = readable([entry for report in reports for entry in report.get("done", [])], user)
    failed = readable([entry for report in reports for entry in report.get("failed", [])], user)
    label, tone = (_("incomplete"), "warning") if failed else (_("done"), "good")
    return {"label": label, "tone": tone, "done": done, "failed": failed, "reason": ""}


def readable(entries, user):
    """The entries of the person's own province, and those that belong to none."""
    places = {None, *own_provinces(user).values_list("pk", flat=True)} if entries else ()
    return [entry for entry in entries if entry["place"] in places]


def start_label(outcome):
    return _("Retry") if outcome["tone"] in ("danger", "warning") else _("Run now")


def title_of(schedule):
    known = recurring_named(schedule.name)
    return known.title if known else schedule.name or schedule.func


def rhythm(schedule):
    """“every 5 minutes”, “every day”; for other rhythms django-q2's own word."""
    if not schedule.repeats:
        return _("switched off")
    if schedule.schedule_type != Schedule.MINUTES:
        return schedule.get_schedule_type_display()
    minutes = schedule.minutes or 1
    size, sentence = next(unit for unit in RHYTHMS if minutes % unit[0] == 0)
    count = minutes // size
    return sentence(count) % {"count": localise_digits(count)}


def reason_of(task):
    """Why a task failed: the last line of what Python said."""
    words = str(task.result or "").strip()
    if words.startswith(TOO_LONG):
        return _("The run took too long and was stopped.")
    line = words.splitlines()[-1] if words else "—"
    return format_html("{} {}", _("An unexpected error:"), latin(line[:200]))


# -- what else there is to see ---------------------------------------------------------------------


def failures(user):
    """Work that failed and is no job of the table: the newest, each with the way to try it again."""
    names = [recurring.name for recurring in RECURRING]
    rows = list(Failure.objects.exclude(group__in=names, group__isnull=False).order_by("-stopped")[:LISTED_ROWS])
    imports = ImportRun.objects.visible_to(user).in_bulk([row.args[0] for row in rows if row.func == IMPORT])
    return [failure(row, imports, user) for row in rows]


def failure(row, imports, user):
    run = imports.get(row.args[0]) if row.func == IMPORT else None
    return {
        "title": _("Import") if row.func == IMPORT else latin(row.func),
        "name": row.name,
        "stopped": row.stopped,
        "reason": reason_of(row),
        "url": run and reverse("admin:evaluation_importrun_change", args=[run.pk]),
        "button": row.func != IMPORT and may_start(user) and verb_button(row, "retry", _("Retry")),
    }


def closings(user):
    """The last windows that were closed by themselves, from the log."""
    rows = TransitionLog.objects.visible_to(user).filter(name="close_window", by__username=SCHEDULER)
    return rows.select_related("cycle").order_by("-at", "-pk")[:LISTED_ROWS]


def work_context(user):
    now = timezone.now()
    return {
        "workers": worker_facts(now),
        "jobs": jobs(user, now),
        "failures": failures(user),
        "closings": closings(user),
    }


# -- in the admin ----------------------------------------------------------------------------------


class StartedByHandMixin(VerbsMixin):
    """For the lists of django-q2: verbs that lead back to the page “Scheduled work”.

    Needs `verbs` and an admin of Unfold behind it, not a `BaseAdmin`: adds its own `holds()` and `visible_row()`.
    """

    def holds(self, request, action, obj=None):
        return request.user.is_superuser

    def visible_row(self, request, object_id):
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        return row

    def page_of(self, obj):
        return work_page_url()

    def after_verb(self, request, obj, verb):
        return self.go(request, work_page_url())

    def dialog(self, request, verb, obj, form, reasons):
        response = super().dialog(request, verb, obj, form, reasons)
        response.context_data["subject"] = title_of(obj) if isinstance(obj, Schedule) else obj
        return response


RUN_NOW = Verb(
    "run_now",
    tasks.run_now,
    label=gettext_lazy("Run now"),
    transition=False,
    allowed=may_start,
    reasons=lambda row: tasks.nobody_works(),
    sentence=gettext_lazy("It is run once more, apart from its interval. Running it twice does no harm."),
)
RETRY = Verb(
    "retry",
    tasks.retry,
    label=gettext_lazy("Retry"),
    transition=False,
    allowed=may_start,
    reasons=lambda row: tasks.nobody_works(),
    sentence=gettext_lazy("The same work is put into the queue again."),
)


class ScheduledWorkMixin(StartedByHandMixin):
    """Adds the page `work/` beside the list of schedules. Needs what `StartedByHandMixin` needs."""

    verbs = (RUN_NOW,)

    def get_urls(self):
        own = path("work/", self.admin_site.admin_view(self.work_view), name="django_q_schedule_work")
        return [own, *super().get_urls()]

    def work_view(self, request):
        if not may_read(request.user):
            raise PermissionDenied
        page = {
            **self.admin_site.each_context(request),
            "title": _("Scheduled work"),
            **work_context(request.user),
        }
        return TemplateResponse(request, "admin/evaluation/system/scheduled/work.html", page)
