"""Forms that ask the constraints of a stored row as the database will."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, UniqueConstraint


class WholeRowForm(forms.ModelForm):
    """Django passes over a constraint as soon as one of its columns is not in the form; a page shows some of them as
    read-only, and the database would refuse the row. What is stored of those columns is known.
    """

    def _post_clean(self):
        super()._post_clean()
        if self.instance._state.adding:
            return
        excluded = self._get_validation_exclusions()
        unread, typed = excluded & self.fields.keys(), self.fields.keys() - excluded
        for model, constraints in self.instance.get_constraints():
            for constraint in constraints:
                columns = columns_of(constraint)
                if columns & typed and columns & excluded and not columns & unread:
                    self.ask(constraint, model)

    def ask(self, constraint, model):
        try:
            constraint.validate(model, self.instance)
        except ValidationError as error:
            self.add_error(None, error)


def columns_of(constraint):
    """The names of the columns that a constraint compares."""
    condition = set(constraint.condition.referenced_base_fields) if constraint.condition else set()
    if isinstance(constraint, CheckConstraint):
        return condition
    return condition | {*constraint.fields} if isinstance(constraint, UniqueConstraint) else set()
