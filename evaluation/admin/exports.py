"""Every list as a file: its rows as they are filtered and sorted, and those of its columns that the person chooses."""

from functools import partial

from django import forms
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from import_export.admin import ExportMixin
from unfold.contrib.import_export.forms import SelectableFieldsExportForm

from evaluation import persian
from evaluation.resources.downloads.lists import FORMATS, ListColumn, ListResource

from . import labels
from .list_cells import cell_of

MAX_ROWS = 50_000  # of one file; more than a person reads, and as much as a request may take


class ListExportForm(SelectableFieldsExportForm):
    """The columns of a list to choose from, all of them at first, and the kind of file."""

    def __init__(self, formats, resources, **kwargs):
        super().__init__(formats, resources, **kwargs)
        self.fields["format"].label = _("Kind of file")
        self.fields["format"].widget.choices = self.fields["format"].choices = [
            (str(at), kind().get_title()) for at, kind in enumerate(formats)
        ]

    def _get_field_label(self, resource, field_name):
        return resource.fields[field_name].column_name

    def clean(self):
        (resource,) = self.resources
        prefix = self.create_boolean_field_name(resource, "")
        if any(name.startswith(prefix) and name not in self.fields for name in self.data):
            raise forms.ValidationError(
                _("This list has no such column, or you may not read it. Choose from the columns below.")
            )
        return super().clean()

    def _validate_any_field_selected(self, resource):
        if not any(self.cleaned_data.get(name) for name in resource.fields):
            raise forms.ValidationError(_("Choose at least one column."))


class ListExportMixin(ExportMixin):
    """Adds `export/` and its button to a list, for whoever reads the list.

    Needs an admin whose list reads its address as `lookups` says. `exported_columns()` gives the columns: those of the
    list for this person, but for the ones that only lead to another page (`column(…, exported=False)`).
    """

    export_form_class = ListExportForm
    export_template_name = "admin/evaluation/export.html"
    export_formats = FORMATS
    import_export_change_list_template = "admin/evaluation/list.html"

    def has_export_permission(self, request):
        """Nobody gets more by it than the list shows them."""
        return self.has_view_or_change_permission(request)

    def exported_columns(self, request):
        """The columns of the list for this person, as `list_display` names them."""
        return [name for name in self.get_list_display(request) if self.is_exported(name)]

    def is_exported(self, name):
        function = name if callable(name) else getattr(self, name, None)
        return getattr(function, "exported", True)

    def export_action(self, request):
        """The page of choices, and the file. Where the address is none of the list's, the list says so."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        request.counts_all = True  # a file has all rows, and says how many
        try:
            listed = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(f"{self.list_address()}?{ERROR_FLAG}=1")
        request.listed = listed
        return super().export_action(request)

    def list_address(self):
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def get_export_queryset(self, request):
        """The rows of the list at this address, all its pages, in its order."""
        return request.listed.queryset

    def get_valid_export_item_pks(self, request):
        """Single rows are not chosen here: the filters of the list do that."""
        return []

    def get_export_resource_classes(self, request):
        """One resource, made of the columns of this list for this person, in the language that is active now."""
        columns = {}
        for name in self.exported_columns(request):
            heading = str(label_for_field(name, self.model, self))
            columns[code_of(name)] = ListColumn(heading[:1].upper() + heading[1:], self.reader(name))
        parts = {
            "list_title": self.title_of_list(),
            "list_facts": self.facts_of(request),
            "complete": staticmethod(partial(self.add_figures, request)),
            **columns,
        }
        return [type("ListResource", (ListResource,), parts)]

    def reader(self, name):
        return lambda row: cell_of(name, row, self)

    def title_of_list(self):
        return str(self.opts.verbose_name_plural)

    def facts_of(self, request):
        """(label, value) of what the rows were chosen by, and of who made the file when."""
        listed = request.listed
        facts = [*filters_in_words(listed)]
        if listed.query:
            facts.append((_("Searched for"), listed.query))
        return [
            *facts,
            (_("Rows"), persian.localise_digits(listed.result_count)),
            (_("Made on"), persian.format_jalali_datetime(timezone.localtime())),
            (_("Made by"), str(labels.person(request.user))),
        ]

    def _do_file_export(self, file_format, request, queryset, export_form=None):
        """Files are Persian in every language, as our workbooks are. Raises ValueError for a list that is too long."""
        if request.listed.result_count > MAX_ROWS:
            raise ValueError(
                _("The list has %(rows)s rows; a file takes at most %(most)s. Filter the list first.")
                % {"rows": persian.localise_digits(request.listed.result_count),
                   "most": persian.localise_digits(MAX_ROWS)}
            )  # fmt: skip
        with translation.override("fa"):
            return super()._do_file_export(file_format, request, queryset, export_form=export_form)

    def get_export_filename(self, request, queryset, file_format):
        day = persian.format_jalali(timezone.localdate(), language="en").replace("/", "-")
        return f"{self.opts.model_name}-list-{day}.{file_format.get_extension()}"

    def init_request_context_data(self, request, form):
        context = super().init_request_context_data(request, form)
        return context | {
            "title": _("Export the list “%(name)s”") % {"name": self.title_of_list()},
            "facts": self.facts_of(request)[:-2],
            "list_url": f"{self.list_address()}{request.listed.get_query_string()}",
        }


def code_of(name):
    """The name of a column in the form."""
    return name.__name__ if callable(name) else name


def filters_in_words(listed):
    """(title, what is chosen) of each filter of a list that narrows it now."""
    for spec in listed.filter_specs:
        words = period_in_words(spec) if getattr(spec, "is_period", False) else choice_in_words(spec, listed)
        if words:
            yield str(spec.title), words


def choice_in_words(spec, listed):
    value = spec.value() if hasattr(spec, "value") else spec.used_parameters
    if not value:
        return ""
    return "، ".join(str(choice["display"]) for choice in spec.choices(listed) if choice.get("selected"))


def period_in_words(spec):
    first, after = spec.bounds
    parts = [_("from %(day)s") % {"day": persian.format_jalali(first)}] if first else []
    if after:
        last = after.fromordinal(after.toordinal() - 1)
        parts.append(_("up to and including %(day)s") % {"day": persian.format_jalali(last)})
    return " ".join(parts)
