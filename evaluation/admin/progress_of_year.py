"""For the manager on the first page: who holds up the open windows, how far the axes are filled, days that are left."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.enums import Stage
from evaluation.persian import localise_digits
from evaluation.process import holders
from evaluation.reports import completeness
from evaluation.rules.permissions import holds

from . import labels
from .addresses import page_url

NAMED = 5  # agencies by name; the others are counted
MOST_NAMED = 40  # people in the preview of a reminder
ENTERED = (Stage.SELF_ASSESSMENT, Stage.TRANSFER, Stage.EVALUATION)


def progress_of_year(request, cycle):
    """What `progress_of_year.html` shows of a cycle; nothing for people who do not move it."""
    if not holds(request.user, "move_cycle", cycle):
        return {}
    shown = {"laggards": [laggard(each) for each in completeness.laggards(cycle)]}
    if cycle.stage in ENTERED:
        scoring = cycle.stage == Stage.EVALUATION
        shown["completeness_title"] = _("Scored lines by axis") if scoring else _("Filled lines by axis")
        shown["completeness"] = [bar(share) for share in completeness.by_axis(cycle)]
    return shown


def laggard(each):
    return {
        "window": each.window,
        "agencies": each.agencies,
        "named": each.agencies[:NAMED],
        "more": max(len(each.agencies) - NAMED, 0),
        "remind_url": page_url("stagewindow_do", each.window.pk, "remind"),
    }


def recipients(window):
    """Whom a reminder of this window reaches, for its dialog."""
    people = holders.people(window)
    names = "، ".join(labels.person(user) for user in people[:MOST_NAMED])
    more = len(people) - MOST_NAMED
    if more > 0:
        names = _("%(names)s and %(more)s others") % {"names": names, "more": localise_digits(more)}
    return [(_("recipients"), localise_digits(len(people))), (_("who they are"), names or "—")]


def bar(share):
    width = f"{share.percent:.1f}"  # a length in a style sheet, which reads Latin digits
    shown = {"title": share.title, "filled": share.filled, "total": share.total}
    return shown | {"percent": share.percent, "width": width}


def days_until(day, calendar):
    """How many days are left until a last day, and how many working ones by this `planning.Calendar`."""
    today = timezone.localdate()
    days = (day - today).days
    if days < 0:
        return ""
    working = calendar.working_days(today, day)
    words = ngettext(
        "%(days)s day left, working days: %(working)s", "%(days)s days left, working days: %(working)s", days
    )
    return words % {"days": localise_digits(days), "working": localise_digits(working)}
