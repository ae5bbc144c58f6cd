"""The windows of a cycle."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import STAGE_PARTS
from evaluation.models import StageWindow
from evaluation.persian import shown_end
from evaluation.process.year import reminders
from evaluation.process.year.windows import add_window

from ..base import BaseAdmin, RefusableForm
from ..current import current_cycles
from ..display import badge, column, jalali
from ..filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from ..verbs.verb import Verb, VerbsMixin
from . import planning
from .progress_of_year import recipients


class PartForm(RefusableForm):
    """Only the parts that the chosen stage has."""

    def clean(self):
        cleaned = super().clean()
        stage, part = cleaned.get("stage"), cleaned.get("part")
        if stage and part and part not in STAGE_PARTS.get(stage, ()):
            self.add_error("part", _("The chosen stage has no such part."))
        return cleaned


def is_open_now(window):
    return window.opens_at <= timezone.now() < window.closes_at


@admin.register(StageWindow)
class StageWindowAdmin(VerbsMixin, BaseAdmin):
    form = PartForm
    has_log = True
    list_display = ("stage", "part", "dimension", "cycle", "opening", "closing", "shown_state")
    list_filter = (("cycle", ScopedRelatedFilter), ("stage", CountedChoicesFilter), ("closes_at", JalaliPeriodFilter))
    list_select_related = ("cycle", "dimension")
    select_related = ("cycle",)
    fields = ("cycle", ("stage", "part"), "dimension", ("opens_at", "closes_at"))
    list_before_template = "admin/evaluation/year/calendar/links.html"
    verbs = (
        Verb(
            "move",
            planning.move,
            form=planning.MoveForm,
            label=gettext_lazy("Move the window"),
            transition=False,
            codename="change_stagewindow",
            initial=planning.present_span,
            details=planning.present_details,
            icon="edit_calendar",
            sentence=gettext_lazy(
                "The new end of an open window is announced to the people who still have something to do in it."
            ),
        ),
        Verb(
            "remind",
            reminders.remind,
            label=gettext_lazy("Send reminders"),
            transition=False,
            codename="send_circular",
            offered=is_open_now,
            details=recipients,
            icon="notification_important",
            sentence=gettext_lazy("Each of these people gets at most one notice a day."),
        ),
    )

    def get_readonly_fields(self, request, obj=None):
        """A window that stands is moved by its verb, which shows what follows and writes the log."""
        fixed = ("cycle", "stage", "part", "dimension", "opens_at", "closes_at") if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def save_model(self, request, obj, form, change):
        if not change:
            add_window(obj, by=request.user)

    def changelist_view(self, request, extra_context=None):
        links = {"calendar_cycles": current_cycles(request.user)}
        return super().changelist_view(request, {**(extra_context or {}), **links})

    @column(gettext_lazy("opens at"), "opens_at")
    def opening(self, row):
        return jalali(row.opens_at)

    @column(gettext_lazy("closes at"), "closes_at")
    def closing(self, row):
        return jalali(shown_end(row.closes_at))

    @column(gettext_lazy("state"))
    def shown_state(self, row):
        now = timezone.now()
        if row.closes_at <= now:
            return badge(_("ended"), "muted")
        return badge(_("open"), "good") if row.opens_at <= now else badge(_("not started"), "info")
