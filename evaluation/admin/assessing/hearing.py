"""Defence sessions: adding one summons the agency; a planned one is moved, held (with minutes) or cancelled."""

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy

from evaluation.enums import HearingState, ObjectionState
from evaluation.models import Hearing
from evaluation.process.assessing import hearing

from ..base import BaseAdmin
from ..display import column, jalali, link, state_column
from ..filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb, VerbsMixin
from ..wide_lists import WideNationMixin


class MinutesForm(VerbForm):
    minutes = forms.CharField(label=gettext_lazy("minutes"), widget=forms.Textarea, max_length=20000)


def agenda(objections, hearing):
    """What may stand on it: open objections; once a session is planned those of its agency, and what stands there."""
    objections = objections.select_related("line__indicator", "line__assessment")
    if hearing is None:
        return objections.filter(state=ObjectionState.FILED)
    own = objections.filter(line__assessment__participation=hearing.participation_id)
    return own.filter(Q(state=ObjectionState.FILED) | Q(pk__in=hearing.objections.values("pk")))


@admin.register(Hearing)
class HearingAdmin(VerbsMixin, WideNationMixin, BaseAdmin):
    by_key = ("-pk",)
    state = "state"
    verbs = (
        Verb("hold", hearing.hold, form=MinutesForm, icon="record_voice_over"),
        Verb(
            "cancel",
            hearing.cancel,
            tone="danger",
            icon="event_busy",
            sentence=gettext_lazy("The session is cancelled, and the reason is sent to the agency's people."),
        ),
    )  # fmt: skip
    list_display = ("participation", "when", "place", state_column(gettext_lazy("state")), "cycle")
    list_filter = (("participation__cycle", ScopedRelatedFilter), ("state", CountedChoicesFilter),
                   ("starts_at", JalaliPeriodFilter))  # fmt: skip
    search_fields = ("participation__agency__name", "place")
    select_related = ("participation__agency", "participation__cycle")
    fields = ("participation", "starts_at", "place", "invitees", "objections", "minutes", "held_at", "held_by")
    readonly_fields = ("minutes",)
    filter_horizontal = ("objections",)

    def is_open(self, obj):
        """A session that was held or cancelled stays as it was."""
        return obj.state == HearingState.PLANNED

    def get_readonly_fields(self, request, obj=None):
        fixed = ("participation",) if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_fields(self, request, obj=None):
        return self.fields if obj else self.fields[:5]

    def get_field_queryset(self, db, db_field, request):
        rows = super().get_field_queryset(db, db_field, request)
        return agenda(rows, getattr(request, "edited", None)) if db_field.name == "objections" else rows

    def save_model(self, request, obj, form, change):
        """Adding a session is summoning to it; changing one tells the agency of another time or place."""
        particulars = {name: form.cleaned_data[name] for name in ("starts_at", "place", "invitees", "objections")}
        if change:
            hearing.reschedule(obj, by=request.user, **particulars)
            return
        made = hearing.summon(form.cleaned_data["participation"], by=request.user, **particulars)
        obj.pk, obj._state.adding = made.pk, False

    @column(gettext_lazy("starts at"), "starts_at")
    def when(self, hearing):
        return jalali(hearing.starts_at)

    @column(gettext_lazy("cycle"))
    def cycle(self, hearing):
        return link(hearing.participation.cycle)
