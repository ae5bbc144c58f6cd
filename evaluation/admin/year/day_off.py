"""Days off of a province: what staff add to the official days, or strike from them, with the year's official ones."""

import datetime

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import persian
from evaluation.models import DayOff
from evaluation.process.year import planning
from evaluation.rules.roles import memberships_of

from ..base import BaseAdmin
from ..display import badge, column, jalali
from ..filters import JalaliPeriodFilter
from ..imports.workbooks import WorkbookButtonsMixin


@admin.register(DayOff)
class DayOffAdmin(WorkbookButtonsMixin, BaseAdmin):
    workbooks = ("days_off",)
    list_display = ("shown_title", "day", "weekday", "meaning", "province")
    list_filter = (("date", JalaliPeriodFilter), "working")
    list_select_related = ("province",)
    select_related = ("province",)
    search_fields = ("title",)
    fields = ("province", ("date", "working"), "title")
    list_before_template = "admin/evaluation/year/calendar/official_days.html"

    class Media:
        css = {"all": ("evaluation/css/calendar.css",)}

    def changelist_view(self, request, extra_context=None):
        provinces = [member.province for member in memberships_of(request.user) if member.province_id]
        days = official_days(provinces[0] if provinces else None)
        return super().changelist_view(request, {**(extra_context or {}), "official": days})

    def get_changeform_initial_data(self, request):
        """The person's own province is written into an empty form."""
        own = [member.province_id for member in memberships_of(request.user) if member.province_id]
        return {"province": own[0], **super().get_changeform_initial_data(request)} if own else {}

    @column(gettext_lazy("title"), "title")
    def shown_title(self, row):
        return row.title

    @column(gettext_lazy("day"), "date")
    def day(self, row):
        return jalali(row.date)

    @column(gettext_lazy("weekday"))
    def weekday(self, row):
        return weekday(row.date)

    @column(gettext_lazy("meaning"), "working")
    def meaning(self, row):
        return (
            badge(_("working day (holiday cancelled)"), "info")
            if row.working
            else badge(_("added: a day off"), "warning")
        )


def weekday(day):
    return persian.WEEKDAYS["fa" if persian.is_persian() else "en"][day.weekday()]


def official_days(province):
    """The official days off of the present Jalali year but for Fridays, as `official_days.html` shows them."""
    calendar = planning.Calendar(province)
    year = persian.jalali_year(timezone.localdate())
    first, end = persian.year_bounds(year)
    days = (first + datetime.timedelta(days=number) for number in range((end - first).days))
    return {"year": year, "days": [official(calendar, day) for day in days if day in calendar.official]}


def official(calendar, day):
    own = calendar.own.get(day)
    return {
        "day": day,
        "weekday": weekday(day),
        "title": persian.holiday_title(calendar.official[day]),
        "struck": own is not None and own.working,
    }
