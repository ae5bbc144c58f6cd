"""Outages of the system, as the health checks found them: the evidence of the figure in the agreement."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import AnnouncementKind
from evaluation.models import Announcement, Outage
from evaluation.persian import localise_digits
from evaluation.reports import service_figures

from ..base import BaseAdmin, ReadOnlyMixin
from ..display import EMPTY, badge, column, jalali, latin
from ..filters import CountedChoicesFilter, JalaliPeriodFilter

MINUTE = 60  # seconds


def planned_stops():
    """The planned stops that were announced for the moment at which an outage began."""
    return Announcement.objects.filter(
        Q(shown_until=None) | Q(shown_until__gt=OuterRef("started_at")),
        kind=AnnouncementKind.INTERRUPTION,
        shown_from__lte=OuterRef("started_at"),
    )


@admin.register(Outage)
class OutageAdmin(ReadOnlyMixin, BaseAdmin):
    list_display = ("shown_part", "began", "over", "minutes", "planned", "shown_reason")
    list_filter = (("part", CountedChoicesFilter), ("started_at", JalaliPeriodFilter))
    list_before_template = "admin/evaluation/service/outages.html"
    fields = ("shown_part", "began", "over", "minutes", "planned", "shown_reason")
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(announced=Exists(planned_stops()))

    def changelist_view(self, request, extra_context=None):
        """Above the list the figure that is made of it, and the way to the stops that are planned."""
        stops = reverse("admin:evaluation_announcement_changelist")
        context = {
            "downtime": service_figures.downtime(timezone.now()),
            "stops_url": f"{stops}?kind__exact={AnnouncementKind.INTERRUPTION}",
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @column(gettext_lazy("part"), "part")
    def shown_part(self, row):
        return row.get_part_display()

    @column(gettext_lazy("began at"), "started_at")
    def began(self, row):
        return jalali(row.started_at)

    @column(gettext_lazy("ended at"), "ended_at")
    def over(self, row):
        return jalali(row.ended_at) if row.ended_at else badge(_("goes on"), "danger")

    @column(gettext_lazy("length in minutes"))
    def minutes(self, row):
        lasted = (row.ended_at or timezone.now()) - row.started_at
        return localise_digits(round(lasted.total_seconds() / MINUTE))

    @column(gettext_lazy("announced before"))
    def planned(self, row):
        return badge(_("planned stop"), "info") if row.announced else EMPTY

    @column(gettext_lazy("error"))
    def shown_reason(self, row):
        return latin(row.reason) if row.reason else EMPTY
