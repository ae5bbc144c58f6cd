"""What every admin of ours shares: one scope for lists, forms, filters and related fields; rights by place; the log."""

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.functional import SimpleLazyObject
from unfold.admin import ModelAdmin, TabularInline

from evaluation.enums import Role
from evaluation.models import Membership, TransitionLog
from evaluation.persian import localise_digits
from evaluation.process import door
from evaluation.process.files.accept import check_rows
from evaluation.rules import scopes, sentences, state_words
from evaluation.rules.open_fields import sees_evaluators
from evaluation.rules.permissions import holds

from . import labels, related_links  # noqa: F401  read-only references of every form ask it
from .addresses import is_key
from .display import state_badge, tone_of
from .exports import ListExportMixin
from .files import FilesMixin
from .lists import title_for
from .lookup_widgets import LookupInTable
from .lookups import OfferedLookupsMixin
from .one_row import OneRowMixin
from .read_once import ReadOnceMixin
from .row_boxes import RowBoxMixin
from .scoped import ScopedMixin
from .versions import VersionsMixin
from .whole_row import WholeRowForm
from .word_search import WordSearchMixin
from .years import YearMixin

TIMELINE_ROWS = 50


class RefusableForm(WholeRowForm):
    """A form that shows the sentences with which a verb refused to save it."""

    refused = ()

    def clean(self):
        cleaned = super().clean()
        for sentence in self.refused:
            self.add_error(None, sentence)
        return cleaned


class RefusedMixin:
    """Needs a form class that is a `RefusableForm`. Adds that the form shows why a verb refused to save it.

    The form also carries the request, by which its read-only fields know what the person may open.
    """

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"refused": getattr(request, "refused", ()), "request": request})

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A verb may refuse what the form asks of it: nothing is saved, and the form says why."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except door.Refusal as refusal:
            request.refused = refusal.sentences
            return super().changeform_view(request, object_id, form_url, extra_context)


class BaseAdmin(
    RefusedMixin,
    VersionsMixin,
    ReadOnceMixin,
    OfferedLookupsMixin,
    RowBoxMixin,
    WordSearchMixin,
    YearMixin,
    FilesMixin,
    ListExportMixin,
    OneRowMixin,
    ScopedMixin,
    ModelAdmin,
):
    form = RefusableForm
    list_per_page = 50
    show_full_result_count = False
    compressed_fields = True
    warn_unsaved_form = True
    state = None  # name of the state field, shown as a badge above the form
    has_log = False  # rows of the log are shown below the form
    figures_in_form = False  # the form, too, shows what `add_figures` sets
    change_form_outer_before_template = "admin/evaluation/verbs/bar.html"
    change_form_outer_after_template = "admin/evaluation/timeline.html"

    def get_list_display(self, request):
        """States in the words of who looks, and the year where rows of several are listed."""
        reader = state_words.point_of_view(request.user)
        columns = super().get_list_display(request)
        words = [column.read_by(reader) if hasattr(column, "read_by") else column for column in columns]
        return self.with_year(request, words)

    def get_object(self, request, object_id, from_field=None):
        """A row that does not exist and one that is somebody else's look the same: 404, before any right is asked."""
        obj = super().get_object(request, object_id, from_field)
        if obj is None:
            raise Http404
        request.edited = obj
        request.title_above = SimpleLazyObject(lambda: title_for(request, self.model))
        request.filters_above = SimpleLazyObject(lambda: self.filters_above(request, obj))
        if self.figures_in_form:
            self.add_figures(request, [obj])
        if request.method == "GET":
            scopes.seen(request.user, obj)
        return obj

    def get_changeform_initial_data(self, request):
        """What the address of an empty form fills in; what cannot be the key of a row is left out."""
        initial = super().get_changeform_initial_data(request)
        related = {field.name for field in self.opts.get_fields() if field.is_relation}
        for name in related & initial.keys():
            keys = initial[name] if isinstance(initial[name], list) else [initial[name]]
            if not all(map(is_key, keys)):
                del initial[name]
        return initial

    def visible_row(self, request, object_id):
        """The row at this address, within the person's scope and rights."""
        obj = self.get_object(request, object_id)
        if obj is not None:
            scopes.seen(request.user, obj)
        if not self.has_view_permission(request, obj):
            raise Http404
        return obj

    def save_model(self, request, obj, form, change):
        """A form may name another place than the page: the right is asked again of the row as it is saved."""
        if self.in_archive(obj):
            raise door.Refusal(sentences.ARCHIVED)
        check_rows(obj, by=request.user)
        super().save_model(request, obj, form, change)
        if not holds(request.user, f"{'change' if change else 'add'}_{self.opts.model_name}", obj):
            raise PermissionDenied

    def save_formset(self, request, form, formset, change):
        """The files of new and changed rows below the form are asked the room of their cycle first."""
        written = [row_form.instance for row_form in formset.forms if row_form.has_changed()]
        if written:
            check_rows(*written, by=request.user)
        super().save_formset(request, form, formset, change)

    def get_deleted_objects(self, objs, request):
        """Without the tables behind relations, which say nothing to people; counts in the digits of the language."""
        named, counts, needed, protected = super().get_deleted_objects(objs, request)
        through = [model._meta for model in apps.get_models(include_auto_created=True) if model._meta.auto_created]
        behind = {str(name).casefold() for meta in through for name in (meta.verbose_name, meta.verbose_name_plural)}
        kept = {name: localise_digits(count) for name, count in counts.items() if str(name).casefold() not in behind}
        return _without(named, behind), kept, needed, protected

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context |= self.about(request, obj)
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def about(self, request, obj):
        """What the change page shows around the form."""
        context = {}
        if self.state:
            context["subject_badge"] = state_badge(obj, self.state, state_words.point_of_view(request.user))
        if self.has_log or self.state:
            context["timeline"] = timeline(obj, request.user)
        return context


def _without(named, behind):
    """The nested list of what is deleted, without the rows whose kind, case folded, is `behind`."""
    kept = []
    for entry in named:
        if isinstance(entry, list):
            kept.append(_without(entry, behind))
        elif str(entry).partition(":")[0].casefold() not in behind:
            kept.append(entry)
    return kept


def timeline(obj, user):
    """The log of a row, newest first, as `timeline.html` shows it; agencies do not read who scored them."""
    rows = list(
        TransitionLog.objects.visible_to(user)
        .filter(content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk)
        .select_related("by", "on_behalf_of")[:TIMELINE_ROWS]
    )
    agency = door.context(obj)[1]
    known, bodies = (None, {}) if sees_evaluators(user, agency and agency.pk) else _outside_people(rows)
    reader = state_words.point_of_view(user)
    return [_timeline_row(row, obj, known, bodies, reader) for row in rows]


def _outside_people(rows):
    """(keys of the people whose names agencies read, {key: body} of those who act for one that is not the province)."""
    roles = [Role.AGENCY, Role.HEADQUARTERS, Role.NATIONAL, Role.COUNCIL]
    members = Membership.objects.filter(role__in=roles, user__in={row.by_id for row in rows})
    bodies = dict(members.values_list("user_id", "role"))
    return {user for user, role in bodies.items() if role in roles[:2]}, {u: Role(r).label for u, r in bodies.items()}


def _timeline_row(row, obj, known, bodies, reader):
    behalf = row.on_behalf_of
    return {
        "label": labels.verb_label(type(obj), row.name),
        "source": labels.state_label(type(obj), row.source, reader),
        "target": labels.state_label(type(obj), row.target, reader),
        "moved": row.source not in ("", row.target),
        "source_tone": tone_of(row.source),
        "target_tone": tone_of(row.target),
        "by": labels.person(row.by) if known is None or row.by_id in known else bodies.get(row.by_id, labels.STAFF),
        "on_behalf_of": behalf and behalf.body,
        "letter": behalf and behalf.letter_number,
        "at": row.at,
        "note": row.note,
    }


class InlineMixin(ScopedMixin):
    """For tables of rows inside their parent's page.

    Needs what `ScopedMixin` needs, and an inline of Unfold behind it. Adds `request.edited`, the parent, by which
    related rows are narrowed, choices that are read once for all rows, and the request on the rows' forms.
    """

    form = WholeRowForm
    extra = 0
    show_change_link = False

    def get_formset(self, request, obj=None, **kwargs):
        request.edited = obj
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.request = request  # a class of this call alone
        rows = self.model._base_manager.filter(**{formset.fk.name: obj}) if obj else self.model._base_manager.none()
        for field in formset.form.base_fields.values():
            if isinstance(lookup := getattr(field.widget, "widget", None), LookupInTable):
                lookup.read_together(field, rows)
        return formset

    def get_autocomplete_fields(self, request):
        """Those of the class, and accounts where they are of several provinces: all else is of the parent's place."""
        accounts = [field.name for field in self.opts.fields if field.related_model is get_user_model()]
        several = super().get_autocomplete_fields(request) if accounts else ()
        return (*self.autocomplete_fields, *(name for name in accounts if name in several))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """The choices are read once for all rows of the table; `iter`, since a list would count them first."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = LookupInTable(db_field, self.admin_site, using=kwargs.get("using"))
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None:
            field.choices = list(iter(field.choices))
        return field


class BaseTabular(InlineMixin, TabularInline):
    pass


class ReadOnlyInline(BaseTabular):
    """Rows shown beside their parent, never typed there."""

    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyMixin:
    """For lists that verbs fill. Needs nothing of its class; adds that nobody adds, changes or deletes by a form."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
