"""The strip of a cycle's stages, and what stands in the way of the next one: on the first page and on the cycle's."""

from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import Stage
from evaluation.persian import last_day_of
from evaluation.process.year import cycle
from evaluation.rules import conditions
from evaluation.rules.permissions import holds

from ..addresses import page_url


def stage_strip(cycle, *, url="", user=None):
    """The stages as `templates/admin/evaluation/year/stage_strip.html` shows them; one query for the windows.

    With `user`, the way to the calendar for those who may see it.
    """
    ends = ends_of(cycle)
    stages = [_stage(cycle, stage, ends) for stage in Stage if stage not in (Stage.DRAFT, Stage.CLOSED)]
    note = Stage(cycle.stage).label if cycle.stage in (Stage.DRAFT, Stage.CLOSED) else ""
    context = {"title": str(cycle), "url": url, "note": note, "stages": stages}
    return context | {"calendar_url": calendar_url(cycle, user)} if user else context


def calendar_url(cycle, user):
    """Where the windows of the cycle are drawn, for people who may see windows."""
    return page_url("cycle_calendar", cycle.pk) if holds(user, "view_stagewindow") else ""


def ends_of(cycle):
    """{stage: (first day, last moment)} of its windows, all parts together."""
    ends = {}
    for window in cycle.windows.all():
        start, end = ends.get(window.stage, (window.opens_at, window.closes_at))
        ends[window.stage] = min(start, window.opens_at), max(end, window.closes_at)
    return ends


def _stage(cycle, stage, ends):
    starts, closes = ends.get(stage, (None, None))
    context = {"number": stage.number, "title": stage.label, "state": _state(cycle, stage), "days_left": None}
    if starts:
        context |= {"starts": timezone.localtime(starts).date(), "ends": last_day_of(closes)}
    if closes and context["state"] == "current":
        context["days_left"] = (last_day_of(closes) - timezone.localdate()).days
    return context


def _state(cycle, stage):
    if stage in cycle.skipped:
        return "skipped"
    now = Stage(cycle.stage).number
    return "current" if stage.number == now else "done" if stage.number < now else "next"


def blockers(obj, *, verb=None, urls=("", "")):
    """What keeps the cycle in its stage, as sentences; and the verb that takes it on, where the person has it.

    `urls` lead to the lists where the work of the stage and the steps of the checklist are done.
    """
    following = cycle.next_stage(obj)
    if following is None:
        return None
    asked = zip((conditions.stage_done, conditions.steps_done), urls, strict=True)
    return {
        "title": _("Before “%(stage)s”") % {"stage": following.label},
        "items": [{"text": text, "url": url} for condition, url in asked for text in condition.reasons(obj)],
        "ready": _("Nothing is missing: you can start the next stage."),
        "verb": verb,
    }
