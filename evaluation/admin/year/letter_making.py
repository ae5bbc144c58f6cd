"""Making the letters of one agency or of many, and the letters of an agency on the page of its participation."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from evaluation.enums import LetterKind, Role
from evaluation.models import Letter
from evaluation.process.results import letter as letters
from evaluation.reports import letter as paper
from evaluation.templatetags.files import file_link

from ..base import ReadOnlyInline
from ..display import EMPTY, badge, column, jalali, link
from ..display import letter as letter_number
from ..forms import JalaliDateField, PersianIntegerField
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb

SIDES = ((Role.AGENCY.value, _("the agency")), (Role.HEADQUARTERS.value, _("its headquarters")))


class LettersForm(VerbForm):
    """The kind of letters, their number and date, and to whom they go."""

    kind = forms.ChoiceField(label=_("kind"), choices=[(kind.value, kind.label) for kind in LetterKind.for_agencies()])
    number = forms.CharField(
        label=_("letter number"),
        max_length=50,
        help_text=_("For several letters write # where the running number stands, for example 120/5/#."),
    )
    first = PersianIntegerField(label=_("first running number"), min_value=1, initial=1)
    date = JalaliDateField(label=_("letter date"))
    addressees = forms.MultipleChoiceField(
        label=_("addressed to"),
        choices=SIDES,
        initial=[value for value, _label in SIDES],
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self):
        super().prepare()
        self.fields["date"].initial = timezone.localdate()


def make(participation, *, by, kind, number, first, date, addressees):
    """The letters with their files."""
    return letters.make(
        participation,
        by=by,
        kind=kind,
        number=number,
        first=first,
        date=date,
        addressees=addressees,
        paper=paper.paper,
    )


MAKE_LETTERS = Verb(
    "make_letters",
    make,
    form=LettersForm,
    label=pgettext_lazy("verb", "Make letters"),
    transition=False,
    codename="make_letter",
    batch=True,
    tone="plain",
    icon="contract",
    sentence=_(
        "The letters are made with the figures that the agency may read now. Nobody gets them before you send them; "
        "a letter that stands already is made again only if something in it has changed."
    ),
)


def standing_of(obj):
    """(words, tone) of where a letter stands."""
    if obj.superseded_at is not None:
        return gettext("superseded by a new edition"), "neutral"
    if not obj.has_effect:
        return gettext("without effect: its results are void"), "danger"
    if obj.received_at is not None:
        return pgettext("letter", "received"), "good"
    if obj.sent_at is not None:
        return gettext("sent, not received yet"), "warning"
    return gettext("not sent yet"), "info"


class LetterInline(ReadOnlyInline):
    model = Letter
    show_title = False
    fields = ("shown_kind", "shown_number", "day", "recipient", "standing", "paper")
    readonly_fields = fields
    select_related = ("result_set", "cycle", "participation__agency")

    @column(_("kind"))
    def shown_kind(self, obj):
        return link(obj, obj.get_kind_display())

    @column(_("letter number"))
    def shown_number(self, obj):
        return letter_number(obj.number)

    @column(_("letter date"))
    def day(self, obj):
        return jalali(obj.date)

    @column(_("standing"))
    def standing(self, obj):
        return badge(*standing_of(obj))

    @column(_("file"))
    def paper(self, obj):
        return file_link(obj.file) or EMPTY
