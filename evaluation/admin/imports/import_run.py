"""The list of imports, and the first step of their wizard: choosing a workbook and uploading a file."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.models import Cycle, ImportRun
from evaluation.persian import localise_digits
from evaluation.process.door import Refusal
from evaluation.process.imports.import_run import HEAVY
from evaluation.resources import runs
from evaluation.resources.workbooks.registry import importable

from .. import display, labels
from ..base import BaseAdmin
from ..filters import CountedChoicesFilter, ScopedRelatedFilter
from . import run_context
from .forms import UploadForm
from .kits import KitsMixin
from .pages import RunPagesMixin, handed_over
from .sources import SourcesMixin
from .workbooks import DownloadsMixin, import_url, own_province

WITHOUT_REPORT = ("evaluation_importrun_changelist", "evaluation_importrun_export", "evaluation_importrun_progress")


@admin.register(ImportRun)
class ImportRunAdmin(SourcesMixin, RunPagesMixin, KitsMixin, DownloadsMixin, BaseAdmin):
    list_display = ("number", "workbook_label", "cycle", "state_label", "file_label", "rows_label", "uploader",
                    "uploaded_at", "written_at")  # fmt: skip
    list_display_links = ("number", "workbook_label")
    list_filter = (
        ("workbook", CountedChoicesFilter),
        ("state", CountedChoicesFilter),
        ("cycle", ScopedRelatedFilter),
    )
    select_related = ("cycle", "uploaded_by", "asked_by", "on_behalf_of", "undoes")
    search_fields = ("file_name", "sha256")
    list_before_template = "admin/evaluation/imports/history.html"

    def get_queryset(self, request):
        """Reports can be large: neither the list nor the page that asks each second reads them."""
        runs_seen, match = super().get_queryset(request), request.resolver_match
        light = match and match.url_name in WITHOUT_REPORT
        return runs_seen.defer(*HEAVY) if light else runs_seen

    @display.column(gettext_lazy("number"), "pk")
    def number(self, run):
        return display.digits(run.pk)

    @display.column(gettext_lazy("workbook"), "workbook")
    def workbook_label(self, run):
        if not run.undoes_id:
            return run.get_workbook_display()
        words = {"number": localise_digits(run.undoes_id), "workbook": run.get_workbook_display()}
        return _("%(workbook)s: undoing of import %(number)s") % words

    @display.column(gettext_lazy("state"), "state")
    def state_label(self, run):
        return display.state_badge(run)

    @display.column(gettext_lazy("file"), "file_name")
    def file_label(self, run):
        return format_html('<bdi class="latin" dir="auto">{}</bdi>', run.file_name)

    @display.column(gettext_lazy("new / changed / unchanged / wrong"))
    def rows_label(self, run):
        """The counts of a trial run or a receipt; an undoing counts reversed, kept and failed rows on its own page."""
        counts = (run.new, run.changed, run.same, run.wrong)
        if run.undoes_id or not any(counts):
            return display.EMPTY
        return " / ".join(localise_digits(count) for count in counts)

    @display.column(gettext_lazy("uploaded by"), "uploaded_by__last_name")
    def uploader(self, run):
        return labels.person(run.uploaded_by)

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
            ("kit/agency/", self.agency_kit_view, "agency_kit"),
            ("kit/evaluator/", self.evaluator_kit_view, "evaluator_kit"),
        )
        guarded = self.admin_site.admin_view
        ours = [path(at, guarded(view), name=f"evaluation_importrun_{name}") for at, view, name in named]
        return [*ours, *self.run_urls(), *super().get_urls()]

    # -- the wizard

    def add_view(self, request, form_url="", extra_context=None):
        """Choose the workbook and the cycle, upload: a POST keeps the file, and its trial run begins."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        form = UploadForm(*posted, user=request.user, initial=self.initial(request))
        if posted and form.is_valid() and (run := self.keep(form)):
            return self.to_run(handed_over(run))
        return self.page(
            request,
            "upload",
            title=_("Import a workbook"),
            form=form,
            steps=run_context.steps(),
            back_url=reverse("admin:evaluation_importrun_changelist"),
            workbooks_url=import_url("workbooks", {"cycle": request.GET.get("cycle")}),
        )

    def initial(self, request):
        latest = Cycle.objects.visible_to(request.user).order_by("-performance_year", "-pk").first()
        return {"cycle": request.GET.get("cycle") or latest, "workbook": request.GET.get("workbook")}

    def keep(self, form):
        """The run of a valid form, waiting for its trial run; or None with the sentence on the form."""
        cleaned = form.cleaned_data
        try:
            return runs.upload(
                cleaned["workbook"],
                data=cleaned["file"].read(),
                file_name=cleaned["file"].name,
                by=form.user,
                cycle=cleaned["cycle"],
                province=own_province(form.user),
                letter=form.letter(),
                source=cleaned.get("source"),
            )
        except Refusal as error:
            form.add_error(None, str(error))
        return None

    def changelist_view(self, request, extra_context=None):
        context = {"may_upload": self.has_add_permission(request), "workbooks_url": import_url("workbooks")}
        return super().changelist_view(request, {**context, **(extra_context or {})})
