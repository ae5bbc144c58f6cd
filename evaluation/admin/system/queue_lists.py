"""Unfold admins for the lists of django-q2: schedules, the queue, work that succeeded and work that failed."""

import django_q.admin as queue_admin
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_q.models import Failure, OrmQ, Schedule, Success
from unfold.admin import ModelAdmin

from evaluation import persian

from ..display import column, jalali, latin
from ..exports import ListExportMixin
from ..filters import CountedChoicesFilter
from ..forms import FORMFIELD_OVERRIDES
from ..lookups import OfferedLookupsMixin
from .scheduled_work import RETRY, ScheduledWorkMixin, StartedByHandMixin

for model in (Schedule, Success, Failure, OrmQ):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class QueueMixin(OfferedLookupsMixin, ListExportMixin):
    """For the lists of django-q2: only a superuser changes them, since a schedule may run any function.

    Needs a model with `func`, `started` and `stopped` as far as `list_display` names their columns, which it adds.
    """

    formfield_overrides = FORMFIELD_OVERRIDES
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request):
        return request.user.is_superuser and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser

    def get_actions(self, request):
        return super().get_actions(request) if request.user.is_superuser else {}

    @column(_("Function"), "func")
    def function(self, row):
        return latin(row.func)

    @column(_("Started"), "started")
    def begun(self, row):
        return jalali(row.started)

    @column(_("Stopped"), "stopped")
    def ended(self, row):
        return jalali(row.stopped)


class FinishedMixin(QueueMixin):
    """For work that is done. Needs what `QueueMixin` needs; adds that every field is read-only."""

    def get_readonly_fields(self, request, obj=None):
        return [field.name for field in self.model._meta.fields]


@admin.register(Success)
class SuccessAdmin(FinishedMixin, queue_admin.TaskAdmin, ModelAdmin):
    list_display = ("name", "function", "group", "begun", "ended", "seconds")

    @column(_("Seconds"))
    def seconds(self, task):
        return persian.format_decimal(round(task.time_taken(), 2))


@admin.register(Failure)
class FailureAdmin(FinishedMixin, StartedByHandMixin, queue_admin.FailAdmin, ModelAdmin):
    list_display = ("name", "function", "group", "begun", "ended", "short_result")
    verbs = (RETRY,)


@admin.register(Schedule)
class ScheduleAdmin(QueueMixin, ScheduledWorkMixin, queue_admin.ScheduleAdmin, ModelAdmin):
    list_display = ("name", "function", "schedule_type", "due", "get_last_run", "get_success")
    list_display_links = ("name",)
    list_filter = (("schedule_type", CountedChoicesFilter),)

    def has_view_permission(self, request, obj=None):
        """Whoever may read it reads the page “Scheduled work”; the list names functions."""
        return request.user.is_superuser

    @column(_("Next Run"), "next_run")
    def due(self, schedule):
        return jalali(schedule.next_run)


@admin.register(OrmQ)
class WaitingAdmin(QueueMixin, queue_admin.QueueAdmin, ModelAdmin):
    list_display = ("name", "group", "func", "lock")
