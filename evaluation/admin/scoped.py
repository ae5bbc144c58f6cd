"""Rows, choices and rights of an admin follow from the memberships of the person."""

from django.db import models
from django.utils.translation import gettext as _
from django_fsm import FSMField

from evaluation.enums import Stage
from evaluation.rules import archive
from evaluation.rules.paths import CYCLE
from evaluation.rules.permissions import holds, roles_with

from .choices import looked_up, related_rows, with_names
from .chosen_year import chosen_cycles
from .forms import END_FIELDS, FORMFIELD_OVERRIDES, JalaliEndField, JalaliEndWidget, SelectWidget
from .list_summary import reaches_several_provinces, sees_one_province
from .lookup_widgets import LookupSelect, LookupSelectMultiple
from .menu.sidebar import years_of
from .menu.years import is_of_a_year


class ScopedMixin:
    """For admins and inlines: rows, related rows and rights follow the person's memberships.

    Needs a model whose manager has `visible_to` and whose name `rules.scopes` knows; `select_related` names what its
    rows refer to. Adds the queryset, the choices of related fields, `holds()`, `is_open()` and Django's questions
    about rights; what verbs write is read-only.
    """

    formfield_overrides = FORMFIELD_OVERRIDES
    select_related = ()
    in_archive = staticmethod(archive.in_archive)

    def get_queryset(self, request):
        return self.readable_rows(request, chosen_cycles(request, self))

    def readable_rows(self, request, cycles=None):
        """Rows that this person may know of by their `reading_roles`, without what a list adds to them.

        `cycles`: keys of the cycles to which the caller narrows the rows.
        """
        return self.scoped(super().get_queryset(request), request.user, self.reading_roles(request), cycles)

    def scoped(self, rows, user, roles, cycles=None):
        """Of these rows those that a person may know of by these roles."""
        return rows.visible_to(user, among=roles, cycles=cycles).select_related(*self.select_related)

    def reading_roles(self, request):
        return roles_with(request.user, *(f"{action}_{self.opts.model_name}" for action in ("view", "change")))

    def get_field_queryset(self, db, db_field, request):
        """The rows to choose from, with what their names are made of."""
        rows = with_names(related_rows(db_field.remote_field.model, request))
        return of_running_cycles(rows) if self.is_added_to_a_running_cycle(request, db_field) else rows

    def is_added_to_a_running_cycle(self, request, db_field):
        """Whether a form for a new row is opened whose rows belong to cycles, and some cycles are archived, not all.

        What is sent is chosen among all rows: the verb says why nothing is added to an archived cycle.
        """
        names = self.opts.model_name, db_field.remote_field.model._meta.model_name
        if request.method != "GET" or getattr(request, "edited", None) is not None or names[0] in archive.ADDED_LATER:
            return False
        if not is_of_a_year(names[0]) or names[1] not in CYCLE or names[0] == names[1]:
            return False
        years = years_of(request)
        return bool(years.running) and years.running != years.known

    def get_autocomplete_fields(self, request):
        """Whoever sees several provinces looks the rows of their tables up: there are thousands to choose from."""
        named = super().get_autocomplete_fields(request)
        if sees_one_province(request.user) or not reaches_several_provinces(request):
            return named
        fields = (*self.opts.fields, *self.opts.many_to_many)
        return (*named, *(field.name for field in fields if field.is_relation and looked_up(request, field)))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """An end is a day: its field reads and shows the last day."""
        if db_field.name in END_FIELDS:
            kwargs = {"form_class": JalaliEndField, "widget": JalaliEndWidget} | kwargs
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """As Unfold's, but that hundreds of rows to choose from are written at once."""
        others = (*self.raw_id_fields, *self.radio_fields, *self.get_autocomplete_fields(request))
        if "widget" not in kwargs and db_field.name not in others:
            kwargs |= {"widget": SelectWidget(), "empty_label": _("Select value")}
        elif "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = LookupSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = LookupSelectMultiple(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        """A field without a default starts empty, so that the person chooses."""
        if not db_field.blank and not db_field.has_default():
            kwargs.setdefault("choices", db_field.get_choices(blank_choice=[("", _("Select value"))]))
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def holds(self, request, action, obj=None):
        """A right at the place of the row (in an inline: of its parent), asked once in a request."""
        codename = f"{action}_{self.opts.model_name}"
        known = request.__dict__.setdefault("known_rights", {})
        key = codename, type(obj), obj and obj.pk
        if key not in known:
            known[key] = holds(request.user, codename, obj)
        return known[key]

    def is_open(self, obj):
        """Whether this row (in an inline: its parent) may still be edited by hand; a sent letter may not."""
        return True

    def may_write(self, obj):
        """Whether the row may still be edited by hand: it is open, and its cycle is no archive."""
        return obj is None or (self.is_open(obj) and not self.in_archive(obj))

    def writable(self, request, obj):
        """`may_write`, asked once on a page that is only read."""
        if obj is None or request.method != "GET":
            return self.may_write(obj)
        known, key = request.__dict__.setdefault("known_open", {}), (type(self), type(obj), obj.pk)
        if key not in known:
            known[key] = self.may_write(obj)
        return known[key]

    def has_view_permission(self, request, obj=None):
        return self.holds(request, "view", obj) or self.holds(request, "change", obj)

    def has_add_permission(self, request, obj=None):
        return self.writable(request, obj) and self.holds(request, "add", obj)

    def has_change_permission(self, request, obj=None):
        return self.writable(request, obj) and self.holds(request, "change", obj)

    def has_delete_permission(self, request, obj=None):
        return self.writable(request, obj) and self.holds(request, "delete", obj)

    def has_module_permission(self, request):
        return self.holds(request, "view") or self.holds(request, "change")

    def get_readonly_fields(self, request, obj=None):
        """States, and who did what when, are written by verbs alone."""
        return (*super().get_readonly_fields(request, obj), *written_by_verbs(self.model))


def of_running_cycles(rows):
    """The rows of a queryset whose cycle is not archived."""
    path = CYCLE[rows.model._meta.model_name]
    return rows.exclude(**{"stage" if path == "pk" else f"{path}__stage": Stage.CLOSED})


def written_by_verbs(model):
    """State fields, `…_by` and the `…_at` that stay empty until a verb fills them."""
    return [field.name for field in model._meta.fields if _written_by_verb(field)]


def _written_by_verb(field):
    if isinstance(field, FSMField):
        return True
    if isinstance(field, models.DateTimeField):
        return field.null and field.name.endswith("_at")
    return isinstance(field, models.ForeignKey) and field.name.endswith("_by")
