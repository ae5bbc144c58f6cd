"""Dialogs with a few rows to fill, such as the lines of an erratum: the first rows are used, empty ones left out."""

from django import forms
from django.utils.translation import gettext as _

from evaluation.models import Participation
from evaluation.persian import localise_digits

from .dialogs import VerbForm


class AgencyField(forms.ModelChoiceField):
    """An agency of the cycle, chosen by its participation; the choices are read once for all rows."""

    def __init__(self, choices, **kwargs):
        super().__init__(Participation.objects.filter(pk__in=[row.pk for row in choices]), **kwargs)
        self.widget.choices = [("", "—"), *((row.pk, str(row)) for row in choices)]


def participations_of(result_set):
    """The agencies of the cycle of a result set, by name."""
    rows = result_set.cycle.participations.select_related("agency").order_by("agency__name")
    return list(rows)


class RowsForm(VerbForm):
    """Needs `number_of_rows`, `headings`, `row_fields()` {name: field} and `read_row(values)`.

    The dialog shows the rows as a table under its other fields; `read_rows` gives what the filled ones say.
    """

    number_of_rows = 5
    headings = ()

    def row_fields(self):
        """The fields of one row, made anew for each."""
        raise NotImplementedError

    def read_row(self, row):
        """What a filled row says; raises ValidationError."""
        raise NotImplementedError

    def prepare(self):
        super().prepare()
        self.places = range(1, self.number_of_rows + 1)
        self.row_names = {}
        for place in self.places:
            for name, field in self.row_fields().items():
                field.label = _("%(label)s, row %(number)s") % {"label": field.label, "number": localise_digits(place)}
                self.fields[f"{name}_{place}"] = field
                self.row_names.setdefault(place, []).append(name)

    @property
    def own_fields(self):
        """The fields outside the table."""
        inside = {f"{name}_{place}" for place, names in self.row_names.items() for name in names}
        return [field for field in self if field.name not in inside]

    @property
    def table(self):
        """The bound fields of the table, row by row."""
        return [[self[f"{name}_{place}"] for name in names] for place, names in self.row_names.items()]

    def read_rows(self, cleaned):
        """What the filled rows say, taken out of `cleaned`; what is wrong in a row stands at its first field."""
        rows = []
        for place, names in self.row_names.items():
            row = {name: cleaned.pop(f"{name}_{place}", None) for name in names}
            if not any(value not in (None, "") for value in row.values()):
                continue
            try:
                rows.append(self.read_row(row))
            except forms.ValidationError as error:
                self.add_error(f"{names[0]}_{place}", error)
        return rows
