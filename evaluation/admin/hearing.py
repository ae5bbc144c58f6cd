"""Defence sessions: adding one summons the agency; then it is held, with minutes, or cancelled."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy

from evaluation.enums import ObjectionState
from evaluation.models import Hearing
from evaluation.process import objection as verbs

from .base import BaseAdmin
from .dialogs import VerbForm
from .display import column, jalali, link, state_column
from .filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from .transitions import Verb, VerbsMixin


class MinutesForm(VerbForm):
    minutes = forms.CharField(label=gettext_lazy("minutes"), widget=forms.Textarea, max_length=20000)


@admin.register(Hearing)
class HearingAdmin(VerbsMixin, BaseAdmin):
    state = "state"
    verbs = (
        Verb("hold", verbs.hold, form=MinutesForm, icon="record_voice_over"),
        Verb("cancel", verbs.cancel, tone="danger", icon="event_busy"),
    )  # fmt: skip
    list_display = ("participation", "when", "place", state_column(gettext_lazy("state")), "cycle")
    list_filter = (("participation__cycle", ScopedRelatedFilter), ("state", CountedChoicesFilter),
                   ("starts_at", JalaliPeriodFilter))  # fmt: skip
    search_fields = ("participation__agency__name", "place")
    select_related = ("participation__agency", "participation__cycle")
    fields = ("participation", "starts_at", "place", "invitees", "objections", "state", "minutes", "held_at", "held_by")
    readonly_fields = ("state", "minutes")
    filter_horizontal = ("objections",)

    def get_fields(self, request, obj=None):
        return self.fields if obj else self.fields[:5]

    def get_field_queryset(self, db, db_field, request):
        rows = super().get_field_queryset(db, db_field, request)
        if db_field.name == "objections":
            return rows.filter(state=ObjectionState.FILED).select_related("line__indicator")
        return rows

    def save_model(self, request, obj, form, change):
        """Adding a session is summoning to it."""
        if change:
            super().save_model(request, obj, form, change)
            return
        given = {name: form.cleaned_data[name] for name in ("starts_at", "place", "invitees", "objections")}
        made = verbs.summon(form.cleaned_data["participation"], by=request.user, **given)
        obj.pk, obj._state.adding = made.pk, False

    @column(gettext_lazy("starts at"), "starts_at")
    def when(self, hearing):
        return jalali(hearing.starts_at)

    @column(gettext_lazy("cycle"))
    def cycle(self, hearing):
        return link(hearing.participation.cycle)
