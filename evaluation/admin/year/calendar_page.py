"""The calendar of a cycle at `<pk>/calendar/`: its windows as a picture over the months and as a table."""

import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation import persian
from evaluation.enums import Stage
from evaluation.models import Agency, Extension
from evaluation.persian import last_day_of, shown_end
from evaluation.process.year import clashes, planning, reminders, whose_turn
from evaluation.rules.permissions import holds

from ..addresses import page_url
from .stage_strip import stage_strip

DAY = datetime.timedelta(days=1)
OPEN, OVER, TO_COME = "open", "over", "to-come"


def calendar_of(cycle, user, at=None):
    """What `calendar/page.html` shows of a cycle: rows of windows, months and today's line. `at`: the moment."""
    at = at or timezone.now()
    windows = list(cycle.windows.select_related("dimension", "cycle").order_by("opens_at", "closes_at", "pk"))
    extensions = list(Extension.objects.visible_to(user).filter(cycle=cycle).select_related("agency"))
    picture = {"groups": [], "clashes": clashes.clashes_of_windows(windows), "months": [], "today": None}
    if not windows:
        return picture
    scale = Scale(windows, extensions)
    calendar = planning.Calendar(cycle.province)
    rows = [row_of(window, scale, calendar, extensions, user, at) for window in windows]
    inside = scale.first <= timezone.localdate(at) < scale.end
    return picture | {
        "groups": groups(rows, scale),
        "months": scale.months(),
        "today": scale.share(at) if inside else None,
    }


class Scale:
    """Where a moment lies between the first and the last day of the picture, in per cent from its start."""

    def __init__(self, windows, extensions):
        ends = [window.closes_at for window in windows] + [extension.ends_at for extension in extensions]
        self.first = min(timezone.localtime(window.opens_at).date() for window in windows)
        self.end = last_day_of(max(ends)) + DAY
        self.start = timezone.make_aware(datetime.datetime.combine(self.first, datetime.time.min))
        self.length = (self.end - self.first).days * 86400

    def share(self, moment):
        return f"{min(max((moment - self.start).total_seconds() / self.length, 0), 1) * 100:.3f}"

    def bar(self, opens_at, closes_at):
        """(where it starts, how long it is), as numbers of CSS."""
        size = (min(closes_at, self.start + datetime.timedelta(seconds=self.length)) - opens_at).total_seconds()
        return {"at": self.share(opens_at), "size": f"{max(size, 0) / self.length * 100:.3f}"}

    def months(self):
        """The Jalali months of the picture: where each starts, how long it is, its name."""
        months, day = [], self.first
        names = persian.MONTHS["fa" if persian.is_persian() else "en"]
        while day < self.end:
            jalali = persian.to_jalali(day)
            after = min(persian.month_bounds(jalali.year, jalali.month)[1], self.end)
            share, size = (day - self.first).days, (after - day).days
            whole = (self.end - self.first).days
            months.append(
                {
                    "name": names[jalali.month - 1],
                    "year": persian.localise_digits(jalali.year),
                    "at": f"{share / whole * 100:.3f}",
                    "size": f"{size / whole * 100:.3f}",
                }
            )
            day = after
        return months


def window_state(window, at):
    if window.closes_at <= at:
        return OVER
    return OPEN if window.opens_at <= at else TO_COME


def row_of(window, scale, calendar, extensions, user, at):
    state, last = window_state(window, at), last_day_of(window.closes_at)
    row = {
        "window": window,
        "name": str(window) if window.dimension_id is None else f"{window} · {window.dimension}",
        "state": state,
        "bar": scale.bar(window.opens_at, window.closes_at),
        "opens": timezone.localtime(window.opens_at).date(),
        "last": last,
        "days": (last - timezone.localtime(window.opens_at).date()).days + 1,
        "role": whose_turn.role_of(window).label,
        "url": page_url("stagewindow_change", window.pk),
        "extensions": [
            {
                "agency": extension.agency,
                "until": shown_end(extension.ends_at),
                "bar": scale.bar(window.closes_at, extension.ends_at),
            }
            for extension in extensions
            if covers(extension, window) and extension.ends_at > window.closes_at
        ],
    }
    if state == OPEN:
        today = timezone.localdate(at)
        row |= {
            "days_left": reminders.days_left(window.closes_at, at),
            "working_days_left": calendar.working_days(today + DAY, last),
            "waits_for": waits_for(window, user),
        }
    return row


def covers(extension, window):
    return (
        extension.stage == window.stage
        and (not window.part or extension.part in ("", window.part))
        and (window.dimension_id is None or extension.dimension_id in (None, window.dimension_id))
    )


def waits_for(window, user):
    """How many of the agencies that this person may see are waited for; None where no agency's file is."""
    agencies = whose_turn.waiting_for(window)
    if agencies is None:
        return None
    return Agency.objects.visible_to(user).filter(pk__in=agencies.order_by().values("pk")).count()


def groups(rows, scale):
    """Rows by stage, in the order of the process; a stage that is run in parts has a bar over all of them."""
    stages = []
    for stage in Stage:
        own = [row for row in rows if row["window"].stage == stage]
        if not own:
            continue
        whole = any(not row["window"].part for row in own)
        opens_at, closes_at = min(r["window"].opens_at for r in own), max(r["window"].closes_at for r in own)
        stages.append({"stage": stage, "rows": own, "hull": None if whole else scale.bar(opens_at, closes_at)})
    return stages


class CalendarMixin:
    """Adds `<pk>/calendar/` to the admin of cycles, for everybody who may see windows. Needs `visible_row()`."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.calendar_view)
        return [path("<path:object_id>/calendar/", view, name="evaluation_cycle_calendar"), *super().get_urls()]

    def calendar_view(self, request, object_id):
        cycle = self.visible_row(request, object_id)
        if not holds(request.user, "view_stagewindow", cycle):
            raise PermissionDenied("view_stagewindow")
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": cycle,
            "title": _("Calendar: %(cycle)s") % {"cycle": cycle},
            "is_fullwidth": "1",
            "cycle": cycle,
            "cycle_strip": stage_strip(cycle),
            "may_move": holds(request.user, "change_stagewindow", cycle),
            **calendar_of(cycle, request.user),
        }
        return TemplateResponse(request, "admin/evaluation/year/calendar/page.html", context)
