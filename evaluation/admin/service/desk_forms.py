"""The forms of the service desk before log-in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluation.enums import ComplainedOf, Satisfaction, TicketKind
from evaluation.models import Province
from evaluation.process.service.desk import open_provinces

from ..verbs.dialogs import use_admin_widget

MAX_TEXT = 4000


class DeskForm(forms.Form):
    """A form with the look of the admin's own fields; lists of choices start with none chosen."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.prepare()
        for field in self.fields.values():
            use_admin_widget(field)

    def prepare(self):
        """For choices that are read from tables."""


def chosen_by_hand(choices):
    return [("", _("Select value")), *choices]


class WriteForm(DeskForm):
    """A ticket of somebody without an account. `website` is a trap: people do not see it, programs fill it."""

    province = forms.ModelChoiceField(Province.objects.none(), label=_("province"), empty_label=_("Select value"))
    kind = forms.ChoiceField(label=_("What is it about?"), choices=lambda: chosen_by_hand(TicketKind.choices))
    subject = forms.CharField(label=_("subject"), max_length=200)
    text = forms.CharField(label=_("text"), widget=forms.Textarea, max_length=MAX_TEXT)
    about_role = forms.ChoiceField(
        label=_("whom the complaint is about"),
        choices=lambda: chosen_by_hand(ComplainedOf.choices),
        required=False,
        help_text=_("Only for a complaint or unequal treatment: this person neither reads nor handles it."),
    )
    about_name = forms.CharField(label=_("name of the person"), max_length=120, required=False)
    name = forms.CharField(label=_("Your name and agency"), max_length=120)
    phone = forms.CharField(label=_("phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("e-mail"), required=False)
    website = forms.CharField(required=False)

    def prepare(self):
        provinces = open_provinces()
        field = self.fields["province"]
        field.queryset = provinces
        if len(provinces) == 1:
            field.initial, field.widget = provinces[0].pk, forms.HiddenInput()

    def clean_website(self):
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("This form was filled in by a program."))
        return ""

    @property
    def asked(self):
        """The fields that people see."""
        return [field for field in self.visible_fields() if field.name != "website"]


class FollowForm(DeskForm):
    reference = forms.CharField(label=_("reference number"), max_length=30)
    code = forms.CharField(label=_("tracking code"), max_length=40)


class AgainForm(DeskForm):
    text = forms.CharField(label=_("What do you want to add?"), widget=forms.Textarea, max_length=MAX_TEXT)


class SatisfactionForm(DeskForm):
    satisfaction = forms.TypedChoiceField(
        label=_("How satisfied are you with the answer?"),
        choices=lambda: chosen_by_hand(Satisfaction.choices),
        coerce=int,
    )
    note = forms.CharField(label=_("remark on the answer"), max_length=1000, required=False)
