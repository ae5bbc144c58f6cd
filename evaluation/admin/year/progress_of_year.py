"""For the manager on the first page: how far the files have come, whom the windows wait for, days left."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluation.enums import AssessmentState, Stage
from evaluation.models import Assessment
from evaluation.persian import last_day_of, localise_digits
from evaluation.process.year import planning, whose_turn
from evaluation.reports import completeness, course

from .. import labels
from ..addresses import list_url, of_cycle, page_url
from ..display import tone_of

NAMED_AGENCIES = 5  # agencies by name; the others are counted
MAX_NAMED = 40  # people in the preview of a reminder
ENTERED = (Stage.SELF_ASSESSMENT, Stage.TRANSFER, Stage.EVALUATION)
WITH_FILES = tuple(Stage)[Stage.SELF_ASSESSMENT.number :]
BAR = Decimal("0.1")  # between a bar and the edge of its day, which is one wide


COURSES = {  # the title of each stage's course
    "submit": gettext_lazy("Self-assessments submitted, day by day"),
    "receive": gettext_lazy("Files received, day by day"),
    "finish_scoring": gettext_lazy("Assessments scored, day by day"),
    "confirm": gettext_lazy("Assessments finally confirmed, day by day"),
}


def progress_of_year(request, cycle, files):
    """What `progress_of_year.html` shows of a cycle, to people who move it.

    `files`: {state: assessments of the cycle}, where the stage is one of WITH_FILES.
    """
    panels = {"laggards": [laggard(entry) for entry in completeness.laggards(cycle)]}
    if cycle.stage in WITH_FILES:
        places = course.funnel(files)
        panels["funnel"] = [place(request, cycle, entry) for entry in places]
        panels["course"] = drawn(course.course(cycle, places[0].total))
    if cycle.stage in ENTERED:
        scoring = cycle.stage == Stage.EVALUATION
        panels["completeness_title"] = _("Scored lines by axis") if scoring else _("Filled lines by axis")
        panels["completeness"] = [bar(share) for share in completeness.by_axis(cycle, request.user)]
    return panels


def laggard(entry):
    return {
        "window": entry.window,
        "agencies": entry.agencies,
        "named": entry.agencies[:NAMED_AGENCIES],
        "more": max(len(entry.agencies) - NAMED_AGENCIES, 0),
        "last": last_day_of(entry.window.closes_at),
        "remind_url": page_url("stagewindow_do", entry.window.pk, "remind"),
    }


# -- how far the files have come ------------------------------------------------------------------


def place(request, cycle, entry):
    where = of_cycle(Assessment, [cycle])
    return {
        "label": AssessmentState(entry.state).label,
        "tone": tone_of(entry.state),
        "here": entry.here,
        "url": list_url(request, Assessment, state__exact=entry.state, **where),
        "reached": entry.reached,
        "percent": entry.percent,
        "width": f"{entry.percent:.1f}" if entry.percent else "",  # as in `bar`
    }


def drawn(so_far):
    """The `course.Course` as a picture of bars: a day is one wide, a file one high."""
    if so_far is None:
        return None
    today, length = so_far.days[-1], (so_far.last - so_far.first).days + 1
    figures = {"done": today.so_far, "total": so_far.total, "pace": today.pace}
    return {
        "title": COURSES[so_far.step],
        "words": _("%(done)s of %(total)s done; the plan requires %(pace)s by the end of today.")
        % {name: localise_digits(number) for name, number in figures.items()},
        "size": f"{max(length, len(so_far.days))} {so_far.total}",
        "bars": [
            {"x": f"{number + BAR}", "y": f"{so_far.total - day.so_far}", "height": f"{day.so_far}"}
            for number, day in enumerate(so_far.days)
            if day.so_far
        ],
        "pace": {"start": f"{so_far.total}", "end": f"{length}"},
        "first": so_far.first,
        "last": so_far.last,
        "total": so_far.total,
        "days": so_far.days,
    }


# -- who is waited for, and what is filled --------------------------------------------------------


def recipients(window):
    """Whom a reminder of this window reaches, for its dialog."""
    people = whose_turn.people(window)
    names = "، ".join(labels.person(user) for user in people[:MAX_NAMED])
    more = len(people) - MAX_NAMED
    if more > 0:
        names = _("%(names)s and %(more)s others") % {"names": names, "more": localise_digits(more)}
    return [(_("recipients"), localise_digits(len(people))), (_("names of the recipients"), names or "—")]


def bar(share):
    width = f"{share.percent:.1f}"  # a length in a style sheet, which reads Latin digits
    counts = {"title": share.title, "filled": share.filled, "total": share.total}
    return counts | {"percent": share.percent, "width": width}


def days_until(day, calendar):
    """How many days are left after today until a last day, and how many of them work by this `planning.Calendar`."""
    today = timezone.localdate()
    days = (day - today).days
    if days < 0:
        return ""
    if days == 0:
        return _("ends today")
    working = calendar.working_days(today + planning.DAY, day)
    words = ngettext(
        "%(days)s day left, working days: %(working)s", "%(days)s days left, working days: %(working)s", days
    )
    return words % {"days": localise_digits(days), "working": localise_digits(working)}
