"""The rows that a form offers for a reference: those that the person may choose from."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth import get_user_model
from django.forms.models import ModelChoiceIterator
from django.utils.functional import SimpleLazyObject

from evaluation.models import Agency, Cycle, Province, ResultSet
from evaluation.models.result import name_of_set
from evaluation.process import door
from evaluation.rules import paths, scopes
from evaluation.rules.roles import memberships_of

# Tables of many rows to choose from, whose list reads more relations than their names are made of.
NAMED_BY = {
    "agency": (),
    "axis": (),
    "cycle": (),
    "dimension": (),
    "evaluatorgroup": (),
    "peergroup": (),
    "resultset": ("cycle",),
}
# The columns of which the name of such a row is made: hundreds of them are offered without making objects.
NAME_COLUMNS = {
    "agency": ("name",),
    "axis": ("title",),
    "cycle": ("title",),
    "dimension": ("title",),
    "evaluatorgroup": ("title",),
    "peergroup": ("title",),
    "resultset": ("cycle__title", "number"),
}


def related_rows(model, request):
    """Rows of another table that this person may choose from, of the cycle or else the province of the edited row."""
    if model is get_user_model():
        return model.objects.filter(scopes.visible(request.user, "user")).order_by("last_name", "username")
    if model is Province:
        return own_provinces(request.user)
    rows = model._default_manager.visible_to(request.user)
    cycle = cycle_of(getattr(request, "edited", None))
    if cycle is None or model is Cycle:
        return rows
    if path := paths.CYCLE.get(model._meta.model_name):
        return rows.filter(**{path: cycle})
    return rows.filter(province=cycle.province_id) if model is Agency else rows


def named_from_columns(model, rows):
    """(key, name) of rows of a table, read as their keys and NAME_COLUMNS."""
    return [(key, name_of_set(*columns)) for key, *columns in rows] if model is ResultSet else list(rows)


class NamedRows(ModelChoiceIterator):
    """The choices of a field from NAME_COLUMNS."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        model = self.queryset.model
        columns = NAME_COLUMNS[model._meta.model_name]
        yield from named_from_columns(model, self.queryset.values_list("pk", *columns))


class NamedRowField(forms.ModelChoiceField):
    """A choice among rows of a table of NAME_COLUMNS."""

    iterator = NamedRows


def with_names(rows):
    """The rows of a queryset with the rows that their names are made of."""
    return rows.select_related(*named_by(rows.model))


def named_by(model):
    """The relations that a row of this table is named by: those that its own list reads, or fewer."""
    registered = admin.site._registry.get(model)
    return NAMED_BY.get(model._meta.model_name, getattr(registered, "select_related", ()))


def own_provinces(user):
    """Provinces are known to everybody; a form offers the person's own."""
    if user.is_superuser:
        return Province.objects.all()
    return Province.objects.filter(pk__in=[member.province_id for member in memberships_of(user)])


def cycle_of(obj):
    if obj is None or obj.pk is None:
        return None
    return door.context(obj)[0]


def looked_up(request, field):
    """Whether the rows that a field refers to belong to provinces, and this person may look them up."""
    model = field.remote_field.model
    registered = admin.site._registry.get(model)
    if registered is None or (model is not get_user_model() and model._meta.model_name not in paths.PROVINCE):
        return False
    return bool(registered.get_search_fields(request)) and registered.has_view_permission(request)


class LookupInRows(AutocompleteSelect):
    """A reference that is looked up in each row of a table: what all stored rows have chosen is read by one query."""

    names_by_key = ()  # {key as text: name} of what stored rows have chosen

    def read_together(self, field, rows):
        """`field` is that of the form, `rows` the queryset of the stored rows of the table."""
        chosen = field.queryset.filter(pk__in=rows.order_by().values(self.field.name))
        self.names_by_key = SimpleLazyObject(lambda: {str(row.pk): field.label_from_instance(row) for row in chosen})

    def optgroups(self, name, value, attr=None):
        """As Django's, which asks for the chosen row; a row that was not stored yet is asked for as ever."""
        keys = [key for key in value if key]
        if not all(key in self.names_by_key for key in keys):
            return super().optgroups(name, value, attr)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options += [self.create_option(name, key, self.names_by_key[key], True, len(options)) for key in keys]
        return [(None, options, 0)]


class CheckboxesMixin:
    """Needs `get_autocomplete_fields()` of its class; adds boxes to tick for every reference to several rows that is
    not looked up among thousands.
    """

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name not in self.get_autocomplete_fields(request):
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)
