"""Forms of pages of our own that carry the marks of what they showed, as change forms do (`versions`).

A value that somebody else saved while the form stood open is told, and overwritten only when the form is sent again.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from . import marks


class SeenMixin(forms.Form):
    """Needs a form with initial values, whose page renders the field. Adds the hidden `seen` and the comparison."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = marks.write(self.marks_that_stand(), timezone.now())

    def values_that_stand(self):
        """{name of a field: its stored value}."""
        return {name: self.get_initial_for_field(field, name) for name, field in self.fields.items() if name != "seen"}

    def marks_that_stand(self):
        return {name: marks.mark(value) for name, value in self.values_that_stand().items()}

    def sentences(self, changed):
        """What to say of the fields (names) that somebody else has changed."""
        stands = self.values_that_stand()
        words = [
            _("%(field)s: now “%(value)s”.")
            % {"field": self[name].label, "value": marks.in_words(self, name, stands[name])}
            for name in changed
        ]
        headline = _(
            "This was changed by somebody else while the form was open. What you typed is below and is not saved yet."
        )
        return [headline, *words]

    def clean(self):
        cleaned = super().clean()
        seen, stand = marks.read(cleaned.pop("seen", "")), self.marks_that_stand()
        changed = [
            name
            for name, mark in seen.marks.items()
            if stand.get(name, mark) != mark and marks.mark(cleaned.get(name)) != stand[name]
        ]
        if changed:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self.fields["seen"].initial  # sent again, it is saved
            raise ValidationError(self.sentences(changed))
        return cleaned
