"""What agencies made public about their results by themselves: recorded and judged by staff, read by the agency."""

from django import forms
from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from evaluation.enums import PublicityVerdict
from evaluation.models import Publicity
from evaluation.process.results import publicity

from ..base import BaseAdmin, RefusableForm
from ..display import EMPTY, badge, column, jalali, latin
from ..files import file_column
from ..filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from ..verbs.dialogs import ReasonForm
from ..verbs.verb import Verb, VerbsMixin

TONE_OF_VERDICT = {
    PublicityVerdict.AS_ANNOUNCED: "good",
    PublicityVerdict.VAGUE: "warning",
    PublicityVerdict.DIFFERENT: "danger",
    PublicityVerdict.TOO_EARLY: "danger",
}
ENTERED = ("published_on", "medium", "link", "text", "file", "verdict", "reason")


class PublicityForm(RefusableForm):
    """What was made public before the announcement is too early: nobody chooses that."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "verdict" in self.fields:
            self.fields["verdict"].required = False
            self.fields["verdict"].choices = [("", "—"), *choices_of_announced()]


def choices_of_announced():
    return [(verdict.value, verdict.label) for verdict in PublicityVerdict.of_announced()]


class JudgeForm(ReasonForm):
    verdict = forms.ChoiceField(label=_("judgement"))

    def prepare(self):
        """The other findings."""
        super().prepare()
        others = [(value, label) for value, label in choices_of_announced() if value != self.subject.verdict]
        self.fields["verdict"].choices = others
        self.order_fields(["verdict", "reason"])


@admin.register(Publicity)
class PublicityAdmin(VerbsMixin, BaseAdmin):
    form = PublicityForm
    has_log = True
    list_display = ("shown_agency", "day", "medium", "shown_verdict", "shown_level", "shown_letter", "shown_cycle")
    list_filter = (
        ("participation__cycle", ScopedRelatedFilter),
        ("verdict", CountedChoicesFilter),
        ("published_on", JalaliPeriodFilter),
    )
    select_related = (
        "participation__agency__headquarters",
        "participation__cycle__province",
        "result__level",
        "noted_by",
    )
    search_fields = ("participation__agency__name", "participation__agency__code", "medium", "text")
    fields = ("participation", ("published_on", "medium"), "link", "text", "file", "verdict", "reason")
    page_fields = (
        *("shown_agency", "shown_cycle", ("day", "medium"), "shown_link", "text", "file_link"),
        *("shown_verdict", ("shown_level", "shown_letter"), "reason", ("noted_by", "noted")),
    )
    readonly_fields = (
        *("shown_agency", "shown_cycle", "day", "shown_link", "file_link", "shown_verdict", "shown_level"),
        *("shown_letter", "noted"),
    )
    file_link = file_column("file")
    verbs = (
        Verb(
            "judge",
            publicity.judge,
            form=JudgeForm,
            label=_("Change the judgement"),
            transition=False,
            codename="judge_publicity",
            offered=lambda row: row.result_id is not None,
            tone="plain",
            icon="gavel",
            sentence=_("The agency and its headquarters are told of a finding that breaks the agreement."),
        ),
    )

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_fields(self, request, obj=None):
        return self.fields if obj is None else self.page_fields

    def save_model(self, request, obj, form, change):
        """A publication is recorded by the verb; it is not edited afterwards."""
        values = {name: form.cleaned_data[name] for name in ENTERED}
        made = publicity.note(form.cleaned_data["participation"], by=request.user, **values)
        obj.__dict__.update({field.attname: getattr(made, field.attname) for field in obj._meta.fields})
        obj._state.adding = False

    # -- columns ----------------------------------------------------------------------------------

    @column(_("executive agency"), "participation__agency__name")
    def shown_agency(self, row):
        return row.participation.agency

    @column(_("cycle"), "participation__cycle")
    def shown_cycle(self, row):
        return row.participation.cycle

    @column(_("made public on"), "published_on")
    def day(self, row):
        return jalali(row.published_on)

    @column(_("judgement"), "verdict")
    def shown_verdict(self, row):
        return badge(row.get_verdict_display(), TONE_OF_VERDICT[row.verdict])

    @column(_("level as announced"))
    def shown_level(self, row):
        return (row.result and row.result.shown_level) or EMPTY

    @column(_("letter of the level"))
    def shown_letter(self, row):
        return latin(row.result.level_letter) if row.result and row.result.level_letter else EMPTY

    @column(_("address"))
    def shown_link(self, row):
        if not row.link:
            return EMPTY
        return format_html('<a class="ev-link latin" href="{}" rel="noreferrer noopener">{}</a>', row.link, row.link)

    @column(_("recorded at"), "noted_on")
    def noted(self, row):
        return jalali(row.noted_on)
