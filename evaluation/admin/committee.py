"""Committees and their sessions; the council for management development is one of them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from evaluation.models import Committee, CommitteeMember, CommitteeSession

from .base import BaseAdmin, BaseTabular, ReadOnlyInline
from .display import column, jalali, latin
from .files import file_column
from .filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter


class SessionInline(ReadOnlyInline):
    model = CommitteeSession
    fields = ("number", "held_on", "cycle")
    select_related = ("cycle",)
    show_change_link = True


class MemberInline(BaseTabular):
    model = CommitteeMember
    fields = ("name", "post", "office", "decree", "since", "until", "user")


@admin.register(Committee)
class CommitteeAdmin(BaseAdmin):
    list_display = ("title", "kind", "province")
    list_filter = (("kind", CountedChoicesFilter), ("province", ScopedRelatedFilter))
    list_select_related = ("province",)
    search_fields = ("title",)
    inlines = (MemberInline, SessionInline)


@admin.register(CommitteeSession)
class CommitteeSessionAdmin(BaseAdmin):
    list_display = ("committee", "shown_number", "day", "cycle", "minutes_link")
    list_filter = (("cycle", ScopedRelatedFilter), ("committee", ScopedRelatedFilter), ("held_on", JalaliPeriodFilter))
    list_select_related = ("committee", "cycle")
    select_related = ("committee", "cycle", "recorded_by")
    search_fields = ("number", "resolution", "committee__title")
    fields = (
        ("committee", "cycle"),
        ("number", "held_on"),
        "place",
        "agenda",
        "present",
        "resolution",
        "minutes",
        "recorded_by",
    )
    minutes_link = file_column("minutes", _("minutes"))

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """The members of the session's own committee; for a new session those of every committee, with its name."""
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        session = getattr(request, "edited", None)
        rows = field.queryset.select_related("committee")
        field.queryset = rows.filter(committee=session.committee_id) if session else rows
        field.label_from_instance = lambda row: f"{row.name} · {row.committee}"
        return field

    def save_model(self, request, obj, form, change):
        if not change:
            obj.recorded_by = request.user
        super().save_model(request, obj, form, change)

    @column(_("session number"), "number")
    def shown_number(self, row):
        return latin(row.number)

    @column(_("date of the session"), "held_on")
    def day(self, row):
        return jalali(row.held_on)
