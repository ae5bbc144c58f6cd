"""What the dialogs of a ticket ask for."""

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from evaluation.enums import Satisfaction
from evaluation.process.service import ticket

from ..forms import JalaliDateTimeField
from ..labels import person
from ..verbs.dialogs import VerbForm


class PersonField(forms.ModelChoiceField):
    """A choice among accounts, by the names of their people."""

    def __init__(self, **kwargs):
        super().__init__(get_user_model().objects.none(), **kwargs)

    def label_from_instance(self, user):
        return person(user)


class OwnerForm(VerbForm):
    """To whom a ticket is given: those of the staff whom it does not complain of."""

    owner = PersonField(label=_("handled by"))

    def prepare(self):
        super().prepare()
        keys = [user.pk for user in ticket.handlers(self.subject)] if self.subject else []
        self.fields["owner"].queryset = get_user_model().objects.filter(pk__in=keys).order_by("last_name", "pk")


class NameForm(VerbForm):
    """The account that a complaint is about, among the people of its province."""

    person = PersonField(label=_("account of the person"))

    def prepare(self):
        super().prepare()
        place = self.subject and self.subject.province_id
        people = get_user_model().objects.filter(memberships__province=place).distinct()
        self.fields["person"].queryset = people.order_by("last_name", "pk")


class TextForm(VerbForm):
    text = forms.CharField(label=_("text"), widget=forms.Textarea, max_length=4000)


class RateForm(VerbForm):
    satisfaction = forms.TypedChoiceField(label=_("satisfaction"), choices=Satisfaction.choices, coerce=int)


class BannerForm(VerbForm):
    text = forms.CharField(label=_("text of the announcement"), max_length=400)
    until = JalaliDateTimeField(
        label=_("shown until"), required=False, help_text=_("If empty, it is shown until someone ends it.")
    )
    everybody = forms.BooleanField(
        label=_("Notify all people of the province, by e-mail too"), required=False, initial=True
    )
