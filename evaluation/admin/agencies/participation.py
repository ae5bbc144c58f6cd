"""Which agencies take part, and with whom each is compared."""

from django import forms
from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from evaluation.enums import CycleKind, RankedAmong
from evaluation.models import Evaluator, Participation, PeerGroup
from evaluation.process.agencies import participation
from evaluation.process.year import evaluator_group
from evaluation.rules.end import figures_stand

from ..addresses import page_url
from ..base import BaseAdmin
from ..display import EMPTY, column, digits
from ..filters import ScopedRelatedFilter
from ..improvement.report_card import ACKNOWLEDGE, DRAFT, MEET, ParticipationCardMixin
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb, VerbsMixin
from ..wide_lists import WideNationMixin
from ..year.letter_making import MAKE_LETTERS, LetterInline


class GroupForm(VerbForm):
    group = forms.ModelChoiceField(PeerGroup.objects.none(), label=_("peer group"))

    def prepare(self):
        super().prepare()
        if self.subject:
            self.fields["group"].queryset = self.subject.cycle.peer_groups.all()


class RankedAmongForm(VerbForm):
    among = forms.ChoiceField(label=_("ranked among"), choices=RankedAmong.choices)


class EvaluatorForm(VerbForm):
    evaluator = forms.ModelChoiceField(Evaluator.objects.none(), label=_("evaluator"))

    def prepare(self):
        super().prepare()
        if self.subject:
            rows = Evaluator.objects.filter(group__cycle=self.subject.cycle_id).select_related("user", "group")
            self.fields["evaluator"].queryset = rows
        self.fields["evaluator"].label_from_instance = lambda row: f"{row} · {row.group}"


def give_to(participation, *, by, evaluator, note=""):
    """One agency to one evaluator; without the training by the manager alone, with the reason in the note."""
    return evaluator_group.assign(evaluator, [participation], by=by, note=note)


@admin.register(PeerGroup)
class PeerGroupAdmin(BaseAdmin):
    list_display = ("title", "cycle", "shown_order")
    list_filter = (("cycle", ScopedRelatedFilter),)
    list_select_related = ("cycle",)
    search_fields = ("title",)

    def is_open(self, group):
        return not figures_stand(group.cycle)

    @column(_("order"), "order")
    def shown_order(self, row):
        return digits(row.order)


@admin.register(Participation)
class ParticipationAdmin(ParticipationCardMixin, VerbsMixin, WideNationMixin, BaseAdmin):
    by_key = ("-pk",)
    list_display = ("agency", "cycle", "peer_group", "ranked_among", "half_time")
    list_filter = (("cycle", ScopedRelatedFilter), ("peer_group", ScopedRelatedFilter))
    list_filter += ("ranked_among",)
    select_related = ("agency", "cycle", "peer_group")
    search_fields = ("agency__name", "agency__code")
    fields = (("cycle", "agency"), "peer_group", "ranked_among")
    has_log = True
    inlines = (LetterInline,)
    verbs = (
        Verb(
            "put_in_group",
            participation.put_in_group,
            form=GroupForm,
            label=_("Change the peer group"),
            transition=False,
            codename="change_participation",
            batch=True,
            icon="workspaces",
        ),
        Verb(
            "rank_among",
            participation.rank_among,
            form=RankedAmongForm,
            label=_("Change whom it is ranked among"),
            transition=False,
            codename="change_participation",
            batch=True,
            icon="leaderboard",
        ),
        Verb(
            "assign",
            give_to,
            form=EvaluatorForm,
            label=_("Assign to an evaluator"),
            transition=False,
            codename="add_assignment",
            batch=True,
            icon="assignment_ind",
            sentence=_("The agency is removed from the other evaluators of that group."),
        ),
        ACKNOWLEDGE,
        MAKE_LETTERS,
        DRAFT,
        MEET,
    )

    def is_open(self, participation):
        return not figures_stand(participation.cycle)

    @column(_("half-time card"), exported=False)
    def half_time(self, participation):
        """The way to the card of an interim cycle; that of a year is reached from its results."""
        if participation.cycle.kind != CycleKind.INTERIM:
            return EMPTY
        url = page_url("participation_card", participation.pk)
        return format_html('<a class="ev-link" href="{}">{}</a>', url, _("Half-time card"))

    def has_add_permission(self, request):
        """Agencies join through the list that the cycle's page fixes, which gives them their lines."""
        return False

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), "cycle", "agency")
