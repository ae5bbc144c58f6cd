"""The field of a state: a django-fsm field that leaves the models of migrations alone."""

from django_fsm import FSMField, FSMFieldMixin

HISTORICAL = "__fake__"  # Django's name for the module of a model that a migration knows


class StateField(FSMField):
    """A state that only transitions change.

    django-fsm listens, once for each of its fields, to every model that is prepared, to collect the transitions.
    Migrations prepare thousands of models that have the fields and none of the methods: without this class a new
    database takes four times as long to make (docs/decisions/0001-django-fsm-2.md).
    """

    def contribute_to_class(self, cls, name, *args, **kwargs):
        if cls.__module__ == HISTORICAL:
            super(FSMFieldMixin, self).contribute_to_class(cls, name, *args, **kwargs)
        else:
            super().contribute_to_class(cls, name, *args, **kwargs)
