"""The wizard of imports: upload → trial report → confirmation → receipt; the list of runs is the history."""

from django import forms
from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import ImportState, Role
from evaluation.models import Cycle, ImportRun, TransitionLog
from evaluation.persian import localise_digits
from evaluation.process.audit import act_on_behalf
from evaluation.process.door import Refusal
from evaluation.process.run import may_confirm
from evaluation.resources import runs
from evaluation.resources.faults import MOST_KEPT, grouped
from evaluation.resources.refusals import MOST_BYTES, TOO_BIG, UnreadableWorkbook
from evaluation.resources.registry import importable, resource_of
from evaluation.rules.permissions import holds

from . import display, labels
from .base import BaseAdmin
from .dialogs import BEHALF, BehalfForm, split
from .filters import CountedChoicesFilter, ScopedRelatedFilter
from .workbooks import DownloadsMixin, address, own_province

MOST_SHOWN = 200  # faults of one cause on a page


class UploadForm(BehalfForm):
    workbook = forms.ChoiceField(label=gettext_lazy("workbook"))
    cycle = forms.ModelChoiceField(Cycle.objects.none(), label=gettext_lazy("cycle"), required=False)
    file = forms.FileField(
        label=gettext_lazy("file"), help_text=gettext_lazy("An Excel workbook (.xlsx), or an .xls, .ods or .csv file.")
    )

    def prepare(self):
        super().prepare()
        found = importable(self.user)
        self.fields["workbook"].choices = [(workbook.value, workbook.label) for workbook in found]
        self.fields["cycle"].queryset = Cycle.objects.visible_to(self.user)
        for name in BEHALF:
            self.fields[name].required = False
        if not self.acts_for_agencies:
            for name in BEHALF:
                del self.fields[name]
        self.order_fields(["workbook", "cycle", "file", *BEHALF])

    @property
    def acts_for_agencies(self):
        return holds(self.user, "act_on_behalf") and any(
            resource_of(name).by_agency for name, _label in self.fields["workbook"].choices
        )

    def own_fields(self):
        return [self[name] for name in ("workbook", "cycle", "file")]

    def letter_fields(self):
        return [self[name] for name in BEHALF if name in self.fields]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(str(TOO_BIG) % {"most": localise_digits(MOST_BYTES // 2**20)})
        return file

    def clean(self):
        cleaned = super().clean()
        workbook, cycle = cleaned.get("workbook"), cleaned.get("cycle")
        if not workbook:
            return cleaned
        resource = resource_of(workbook)
        if cycle is None and "cycle" not in self.errors and (resource.needs_cycle or not own_province(self.user)):
            self.add_error("cycle", _("Choose the cycle."))
        elif workbook not in importable(self.user, cycle):
            self.add_error("workbook", _("You have no right to import this workbook in this cycle."))
        self.clean_letter(resource, cleaned)
        return cleaned

    def clean_letter(self, resource, cleaned):
        """The letter is whole or absent; some workbooks cannot be taken on behalf without one."""
        given = [cleaned.get(name) for name in BEHALF if name in self.fields]
        asked = any(given) or resource.needs_letter(self.user)
        if self.fields.keys() & set(BEHALF) and resource.by_agency and asked and not all(given):
            self.add_error(None, _("A step on behalf needs the body, the letter's number, its date and its file."))

    def letter(self):
        """A callable that records the letter, or None where none was given."""
        _own, letter = split(self.cleaned_data)
        if not all(letter.values()) or not letter or not resource_of(self.cleaned_data["workbook"]).by_agency:
            return None
        cycle = self.cleaned_data["cycle"]
        return lambda: act_on_behalf(cycle, role=Role.AGENCY, by=self.user, **letter)


@admin.register(ImportRun)
class ImportRunAdmin(DownloadsMixin, BaseAdmin):
    list_display = (
        "number",
        "workbook_label",
        "cycle",
        "state_label",
        "file_label",
        "rows_label",
        "uploaded_by",
        "uploaded_at",
        "written_at",
    )
    list_display_links = ("number", "workbook_label")
    list_filter = (
        ("workbook", CountedChoicesFilter),
        ("state", CountedChoicesFilter),
        ("cycle", ScopedRelatedFilter),
    )
    select_related = ("cycle", "uploaded_by", "on_behalf_of")
    search_fields = ("file_name", "sha256")
    list_before_template = "admin/evaluation/importrun/history.html"

    @display.column(gettext_lazy("number"), "pk")
    def number(self, run):
        return display.digits(run.pk)

    @display.column(gettext_lazy("workbook"), "workbook")
    def workbook_label(self, run):
        return run.get_workbook_display()

    @display.column(gettext_lazy("state"), "state")
    def state_label(self, run):
        return display.state_badge(run)

    @display.column(gettext_lazy("file"), "file_name")
    def file_label(self, run):
        return display.latin(run.file_name)

    @display.column(gettext_lazy("new / changed / unchanged / wrong"))
    def rows_label(self, run):
        return " / ".join(localise_digits(count) for count in (run.new, run.changed, run.same, run.wrong))

    def has_view_permission(self, request, obj=None):
        """People see their own runs, which belong to no place of theirs; the queryset is scoped already."""
        return self.holds(request, "view")

    def has_add_permission(self, request, obj=None):
        return self.holds(request, "add") and bool(importable(request.user))

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        named = (
            ("workbooks/", self.workbooks_view, "workbooks"),
            ("template/<slug:workbook>/", self.template_view, "template"),
            ("export/<slug:workbook>/", self.export_view, "export"),
            ("<path:object_id>/confirm/", self.confirm_view, "confirm"),
        )
        guarded = self.admin_site.admin_view
        ours = [path(at, guarded(view), name=f"evaluation_importrun_{name}") for at, view, name in named]
        return ours + super().get_urls()

    # -- the wizard

    def add_view(self, request, form_url="", extra_context=None):
        """Choose the workbook and the cycle, upload: a POST makes the trial run and writes nothing else."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        given = (request.POST, request.FILES) if request.method == "POST" else ()
        form = UploadForm(*given, user=request.user, initial=self.initial(request))
        if given and form.is_valid() and (run := self.try_out(form)):
            return HttpResponseRedirect(address("change", object_id=run.pk))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Import a workbook"),
            "form": form,
            "back_url": reverse("admin:evaluation_importrun_changelist"),
            "workbooks_url": address("workbooks", {"cycle": request.GET.get("cycle")}),
        }
        return TemplateResponse(request, "admin/evaluation/importrun/upload.html", context)

    def initial(self, request):
        latest = Cycle.objects.visible_to(request.user).order_by("-performance_year", "-pk").first()
        return {"cycle": request.GET.get("cycle") or latest, "workbook": request.GET.get("workbook")}

    def try_out(self, form):
        """The run of a valid form, or None with the sentence on the form."""
        cleaned = form.cleaned_data
        try:
            return runs.try_out(
                cleaned["workbook"],
                data=cleaned["file"].read(),
                file_name=cleaned["file"].name,
                by=form.user,
                cycle=cleaned["cycle"],
                province=own_province(form.user),
                letter=form.letter(),
            )
        except UnreadableWorkbook as error:
            form.add_error("file", str(error))
        except Refusal as error:
            form.add_error(None, str(error))
        return None

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The trial report, and after the confirmation the receipt."""
        run = self.found(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": run,
            "run": run,
            "title": _("Receipt of an import") if run.state == ImportState.WRITTEN else _("Trial run of an import"),
            "groups": [(title, count, faults[:MOST_SHOWN]) for title, count, faults in grouped(run.report)],
            "all_faults": sum(run.report.get("causes", {}).values()),
            "most_kept": MOST_KEPT,
            "can_confirm": run.state == ImportState.TRIED and may_confirm(run, request.user),
            "confirm_url": address("confirm", object_id=run.pk),
            "again_url": address("add", {"workbook": run.workbook, "cycle": run.cycle_id}),
            "back_url": reverse("admin:evaluation_importrun_changelist"),
            "uploaded_by": labels.person(run.uploaded_by),
            "written_by": self.written_by(run),
        }
        return TemplateResponse(request, "admin/evaluation/importrun/run.html", context)

    def written_by(self, run):
        """Who confirmed it: the uploader, or the manager."""
        row = TransitionLog.objects.filter(
            content_type=ContentType.objects.get_for_model(run), object_id=run.pk, name="write"
        ).first()
        return labels.person(row.by) if row else ""

    def confirm_view(self, request, object_id):
        run = self.found(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            run = runs.confirm(run, by=request.user)
        except (Refusal, UnreadableWorkbook) as error:
            messages.error(request, str(error))
        else:
            self.tell(request, run)
        return HttpResponseRedirect(address("change", object_id=run.pk))

    def tell(self, request, run):
        if run.state == ImportState.WRITTEN:
            numbers = {"new": localise_digits(run.new), "changed": localise_digits(run.changed)}
            messages.success(request, _("Written: %(new)s new and %(changed)s changed rows.") % numbers)
        else:
            sentence = _("Something changed since the trial run, so nothing has been written. The errors are below.")
            messages.error(request, sentence)

    def changelist_view(self, request, extra_context=None):
        context = {"may_upload": self.has_add_permission(request), "workbooks_url": address("workbooks")}
        return super().changelist_view(request, {**context, **(extra_context or {})})
