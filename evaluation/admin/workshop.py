"""Workshops for evaluators and for agencies: invitations, attendance, material."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from evaluation.models import Attendance, Workshop
from evaluation.process import workshop as process

from .base import BaseAdmin, ReadOnlyInline
from .dialogs import VerbForm
from .display import badge, column, jalali
from .files import file_column
from .filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from .forms import JalaliDateTimeField
from .transitions import Verb, VerbsMixin


class CameForm(VerbForm):
    """Who of those invited came; without anybody invited nothing is asked."""

    came = forms.ModelMultipleChoiceField(
        Attendance.objects.none(), label=_("Who came"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self):
        super().prepare()
        invited = self.subject.attendances.select_related("agency", "user") if self.subject else None
        if not invited:
            del self.fields["came"]
            return
        self.fields["came"].queryset = invited
        self.initial.setdefault("came", [row.pk for row in invited if row.attended])


class HoldForm(CameForm):
    at = JalaliDateTimeField(label=_("held at"), required=False, help_text=_("Empty means now."))


class AttendanceInline(ReadOnlyInline):
    model = Attendance
    fields = ("who", "name", "attended")
    readonly_fields = ("who",)
    select_related = ("agency", "user")

    @column(_("invited"))
    def who(self, row):
        return str(row)


@admin.register(Workshop)
class WorkshopAdmin(VerbsMixin, BaseAdmin):
    list_display = ("title", "kind", "place", "start", "held", "cycle", "file_link")
    list_filter = (("cycle", ScopedRelatedFilter), ("kind", CountedChoicesFilter), ("starts_at", JalaliPeriodFilter))
    list_select_related = ("cycle",)
    select_related = ("cycle", "held_by")
    search_fields = ("title", "place")
    fields = (
        ("cycle", "kind"),
        "title",
        ("place", "starts_at"),
        ("held_at", "held_by"),
        "note",
        ("material", "file"),
    )
    inlines = (AttendanceInline,)
    has_log = True
    file_link = file_column("file")
    verbs = (
        Verb(
            "invite",
            process.invite,
            label=_("Invite"),
            transition=False,
            codename="hold_workshop",
            offered=lambda workshop: workshop.held_at is None,
            icon="mail",
            sentence=_("All evaluators of the cycle, or all its agencies, are invited and told."),
        ),
        Verb(
            "hold",
            process.hold,
            form=HoldForm,
            label=_("Record as held"),
            transition=False,
            codename="hold_workshop",
            offered=lambda workshop: workshop.held_at is None,
            batch=True,
            icon="co_present",
        ),
        Verb(
            "note_attendance",
            process.note_attendance,
            form=CameForm,
            label=_("Note who came"),
            transition=False,
            codename="hold_workshop",
            offered=lambda workshop: workshop.held_at is not None and workshop.attendances.exists(),
            icon="how_to_reg",
        ),
    )

    def get_inlines(self, request, obj):
        return self.inlines if obj is not None else ()

    @column(_("starts at"), "starts_at")
    def start(self, row):
        return jalali(row.starts_at)

    @column(_("held at"), "held_at")
    def held(self, row):
        return jalali(row.held_at) if row.held_at else badge(_("not held yet"), "warning")
