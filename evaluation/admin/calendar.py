"""The windows of a cycle and the extensions of its agencies."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import STAGE_PARTS
from evaluation.models import Extension, StageWindow
from evaluation.process import calendar

from . import planning
from .base import BaseAdmin, RefusableForm
from .display import badge, column, jalali
from .filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from .labels import person
from .transitions import Verb, VerbsMixin


class PartForm(RefusableForm):
    """Only the parts that the chosen stage has."""

    def clean(self):
        cleaned = super().clean()
        stage, part = cleaned.get("stage"), cleaned.get("part")
        if stage and part and part not in STAGE_PARTS.get(stage, ()):
            self.add_error("part", _("The chosen stage has no such part."))
        return cleaned


@admin.register(StageWindow)
class StageWindowAdmin(VerbsMixin, BaseAdmin):
    form = PartForm
    has_log = True
    list_display = ("stage", "part", "dimension", "cycle", "opening", "closing", "shown_state")
    list_filter = (("cycle", ScopedRelatedFilter), ("stage", CountedChoicesFilter), ("closes_at", JalaliPeriodFilter))
    list_select_related = ("cycle", "dimension")
    select_related = ("cycle",)
    fields = ("cycle", ("stage", "part"), "dimension", ("opens_at", "closes_at"))
    list_before_template = "admin/evaluation/calendar/links.html"
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
                "People who still have something to do in a window that is open now are told of its new end."
            ),
        ),
    )

    def get_readonly_fields(self, request, obj=None):
        """A window that stands is moved by its verb, which shows what follows and writes the log."""
        fixed = ("cycle", "opens_at", "closes_at") if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def changelist_view(self, request, extra_context=None):
        from .dashboard import current_cycles  # the first page shows cycles, which show windows

        shown = {"calendar_cycles": current_cycles(request.user)}
        return super().changelist_view(request, {**(extra_context or {}), **shown})

    @column(gettext_lazy("opens at"), "opens_at")
    def opening(self, row):
        return jalali(row.opens_at)

    @column(gettext_lazy("closes at"), "closes_at")
    def closing(self, row):
        return jalali(row.closes_at)

    @column(gettext_lazy("state"))
    def shown_state(self, row):
        now = timezone.now()
        if row.closes_at <= now:
            return badge(_("over"), "muted")
        return badge(_("open"), "good") if row.opens_at <= now else badge(_("to come"), "info")


@admin.register(Extension)
class ExtensionAdmin(BaseAdmin):
    form = PartForm
    list_display = ("agency", "stage", "part", "cycle", "ending", "shown_approver", "reason")
    list_filter = (("cycle", ScopedRelatedFilter), ("stage", CountedChoicesFilter), ("ends_at", JalaliPeriodFilter))
    list_select_related = ("agency", "cycle", "approver")
    select_related = ("agency", "cycle", "approver")
    search_fields = ("agency__name", "reason")
    autocomplete_fields = ("agency",)
    has_log = True

    def get_fields(self, request, obj=None):
        fields = ["cycle", "agency", ("stage", "part"), "dimension", "ends_at", "reason"]
        return fields if obj is None else [*fields, ("approver", "granted_at")]

    def get_readonly_fields(self, request, obj=None):
        fixed = ("cycle", "agency", "stage", "part", "dimension", "approver", "granted_at") if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def save_model(self, request, obj, form, change):
        """A new extension is granted by the verb; later its end and reason may be corrected."""
        if change:
            super().save_model(request, obj, form, change)
            return
        names = ("stage", "part", "dimension", "ends_at", "reason")
        granted = calendar.extend(
            obj.cycle, obj.agency, by=request.user, **{name: getattr(obj, name) for name in names}
        )
        obj.__dict__.update({field.attname: getattr(granted, field.attname) for field in obj._meta.fields})
        obj._state.adding = False

    @column(gettext_lazy("ends at"), "ends_at")
    def ending(self, row):
        return jalali(row.ends_at)

    @column(gettext_lazy("approved by"))
    def shown_approver(self, row):
        return person(row.approver) if row.approver else "—"
