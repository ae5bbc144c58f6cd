"""The forms behind the buttons: what a verb asks for, its reason, and the letter of a step on behalf."""

import inspect

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold import widgets

from evaluation.enums import Role
from evaluation.process import door

from ..forms import FieldWidget, JalaliDateField, PlainFileWidget, SelectWidget, UploadField

BEHALF = ("behalf_body", "behalf_letter_number", "behalf_letter_date", "behalf_file")


class VerbForm(forms.Form):
    """Fields that a verb asks for. `subject` is the row (None for a batch), `user` the person."""

    def __init__(self, *args, subject=None, user=None, **kwargs):
        self.subject, self.user = subject, user
        super().__init__(*args, **kwargs)
        self.prepare()
        for name, field in self.fields.items():
            start_empty(field, chosen=self.get_initial_for_field(field, name) is not None)
            use_admin_widget(field)

    def prepare(self):
        """For choices that depend on the row or the person."""


class ReasonForm(VerbForm):
    reason = forms.CharField(label=_("reason"), widget=forms.Textarea, strip=True)


class NoteForm(VerbForm):
    note = forms.CharField(label=_("note"), widget=forms.Textarea, required=False)


class BehalfForm(VerbForm):
    behalf_body = forms.CharField(label=_("body acted for"), max_length=250)
    behalf_letter_number = forms.CharField(label=_("letter number"), max_length=60)
    behalf_letter_date = JalaliDateField(label=_("letter date"))
    behalf_file = UploadField(label=_("letter file"))

    def prepare(self):
        super().prepare()
        self.order_fields([name for name in self.fields if name not in BEHALF])


def start_empty(field, *, chosen):
    """Let a list of choices start with none chosen, so that nobody confirms the first one unread.

    `chosen`: the form begins with one of them; then only the words of the empty choice change.
    """
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label is not None:
            field.empty_label = _("Select value")
        return
    chooses = isinstance(field, forms.ChoiceField) and isinstance(field.widget, forms.Select)
    if chooses and not chosen and field.required and all(value != "" for value, _label in field.choices):
        field.choices = [("", _("Select value")), *field.choices]


def dialog_form(verb, *, behalf):
    """The form class of a verb's dialog: its own fields, then reason or note, then the letter."""
    bases = [BehalfForm] if behalf else []
    asked = inspect.signature(verb.call).parameters.keys() - getattr(verb.form, "base_fields", {}).keys()
    if "reason" in asked:
        bases.append(ReasonForm)
    elif "note" in asked:
        bases.append(NoteForm)
    if verb.form:
        bases.append(verb.form if issubclass(verb.form, VerbForm) else type("OwnForm", (verb.form, VerbForm), {}))
    return type("DialogForm", tuple(bases), {}) if bases else None


def split(cleaned):
    """What the verb asks for, and what the letter says."""
    own = {name: value for name, value in cleaned.items() if name not in BEHALF}
    letter = {name.removeprefix("behalf_"): cleaned[name] for name in BEHALF if name in cleaned}
    return own, letter


def usual_body(obj, role):
    """The name of the body whose step it most likely is: what the dialog holds before anything is typed."""
    agency = door.context(obj)[1]
    if role == Role.AGENCY and agency:
        return agency.name
    if role == Role.HEADQUARTERS and agency and agency.headquarters:
        return agency.headquarters.name
    return Role.NATIONAL.label if role == Role.NATIONAL else ""


def use_admin_widget(field):
    """Give a plain Django field the look of the admin's own fields."""
    made = ADMIN_WIDGETS.get(type(field.widget))
    if not made:
        return
    plain = field.widget
    field.widget = made(attrs=dict(plain.attrs))
    field.widget.is_required = plain.is_required
    if hasattr(plain, "choices"):
        field.widget.choices = plain.choices


ADMIN_WIDGETS = {
    forms.TextInput: FieldWidget,
    forms.Textarea: widgets.UnfoldAdminTextareaWidget,
    forms.Select: SelectWidget,
    forms.CheckboxInput: widgets.UnfoldBooleanWidget,
    forms.ClearableFileInput: PlainFileWidget,
    forms.FileInput: PlainFileWidget,
}
