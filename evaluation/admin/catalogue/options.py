"""The options of a qualitative indicator in a form: one a line, as «عالی: ۱»."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from evaluation import persian
from evaluation.resources.tables.columns import NoStep, read_steps


def lines(steps):
    """The steps of a scale, [{title, fraction}], as texts."""
    return [f"{step['title']}: {persian.format_decimal(Decimal(step['fraction']), None)}" for step in steps]


class OptionsField(forms.CharField):
    """Reads lines of a name, a colon and a fraction from 0 to 1; gives the steps of a scale, [] for an empty text."""

    widget = UnfoldAdminTextareaWidget

    default_error_messages = {
        "invalid": gettext_lazy(
            "Write each option on a line of its own: its name, a colon, and its fraction from 0 to 1."
        )
    }

    def __init__(self, **kwargs):
        super().__init__(**{"label": gettext_lazy("scale"), "required": False, "help_text": self.help()} | kwargs)

    @staticmethod
    def help():
        return gettext_lazy("Options of a qualitative indicator, each on a line of its own, as in “Good: 0.7”.")

    def prepare_value(self, value):
        return "\n".join(lines(value)) if isinstance(value, list) else value

    def to_python(self, value):
        if isinstance(value, list):
            return value
        try:
            return read_steps(super().to_python(value).splitlines())
        except NoStep:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != (initial or [])
        except ValidationError:
            return True
