"""The pages of one import: its page in each state, and the steps taken there. Every POST asks rights again."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from evaluation import tasks
from evaluation.enums import ImportState
from evaluation.process.door import Refusal
from evaluation.process.imports import import_run
from evaluation.resources import runs
from evaluation.resources.markup import marked

from . import progress, run_context
from .forms import HeadingsForm
from .workbooks import download_of, import_url

FOLDER = "admin/evaluation/imports"


class RunPagesMixin:
    """Adds `<pk>/progress/`, `headings/`, `confirm/`, `cancel/`, `here/`, `again/`, `undo/` and `marked/`.

    Needs `visible_row()` of an admin of `ImportRun` that puts `run_urls()` among its addresses, and `values/` and
    `source/` of `SourcesMixin`.
    """

    def run_urls(self):
        named = ("progress", "headings", "values", "source", "confirm", "cancel", "here", "again", "undo", "marked")
        return [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(getattr(self, f"{name}_view")),
                name=f"evaluation_importrun_{name}",
            )
            for name in named
        ]

    def to_run(self, run):
        return HttpResponseRedirect(import_url("change", object_id=run.pk))

    def page(self, request, template, **context):
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"{FOLDER}/{template}.html", {**shared, **context})

    # -- seen

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The page of an import in its present state."""
        run = self.settled(request, self.visible_row(request, object_id))
        context = run_context.run_context(run, request.user, request.GET)
        if run.state == ImportState.MAPPING and context["owns"]:
            context["form"] = headings_form(run, request.user)
        return self.page(request, "run", original=run, **context)

    def progress_view(self, request, object_id):
        """The fragment that the page of a run at work asks for each second; at the end it is told to load anew."""
        run = self.visible_row(request, object_id)
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        run = self.settled(request, run)
        if "HX-Request" not in request.headers:
            return self.to_run(run)
        if not run.at_work:
            return HttpResponse(headers={"HX-Refresh": "true"})
        work = progress.work_of(run)
        if work["kind"] != "running" and work["kind"] == request.GET.get("shown"):
            return HttpResponse(status=204)  # nothing new: a button that is being clicked is not replaced
        context = {"run": run, "work": work, "urls": run_context.run_addresses(run)}
        context["owns"] = import_run.may_confirm(run, request.user)
        return TemplateResponse(request, f"{FOLDER}/progress.html", context)

    def settled(self, request, run):
        """The run; marked as failed first where its worker was killed."""
        if import_run.fail_if_worker_died(run):
            run.refresh_from_db()
            self.tell(request, run)
        return run

    def tell(self, request, run):
        """A notice to the person who asked for the work, where it is not the one who looks at its end."""
        if run.asked_by_id != request.user.pk:
            tasks.tell_the_end(run)

    def marked_view(self, request, object_id):
        """The uploaded workbook with the cells of its report marked; made when it is asked for."""
        run = self.visible_row(request, object_id)
        if not run_context.can_mark(run):
            raise Http404
        report = run.report
        left_out = sum(report["causes"].values()) - len(report["faults"])
        title = f"{run_context.run_title(run)}: {run.get_workbook_display()}"
        try:
            content = import_run.content(run)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return self.to_run(run)
        warnings = report.get("warnings", ())
        return download_of(
            *marked(content, run.file_name, report["faults"], warnings=warnings, title=title, left_out=left_out)
        )

    # -- done

    def step(self, request, object_id, verb):
        """One POST: call the verb, show a refusal as a message, go on to the page of the run that it gives."""
        run = self.visible_row(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            run = verb(run, by=request.user) or run
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return self.to_run(run)

    def confirm_view(self, request, object_id):
        return self.step(request, object_id, lambda run, by: handed_over(import_run.ask_to_write(run, by=by)))

    def cancel_view(self, request, object_id):
        return self.step(request, object_id, import_run.cancel)

    def again_view(self, request, object_id):
        return self.step(request, object_id, lambda run, by: handed_over(import_run.ask_again(run, by=by)))

    def here_view(self, request, object_id):
        """Do the work of a small file in this request, where no worker is there to do it."""

        def work_here(run, by):
            import_run.check_owner(run, by)
            if not progress.is_small(run):
                raise Refusal(
                    _(
                        "This file is too large to be processed here. The work begins when the background service is "
                        "started."
                    )
                )
            if run.state == ImportState.QUEUED and (done := runs.work(run.pk, run.attempt)):
                self.tell(request, done)

        return self.step(request, object_id, work_here)

    def headings_view(self, request, object_id):
        """Name the headings of an upload once more; the run's own page shows the same form when it has to be done."""
        run = self.visible_row(request, object_id)
        import_run.check_owner(run, request.user)
        form = headings_form(run, request.user, request.POST if request.method == "POST" else None)
        if not form.asked:
            messages.error(request, _("Every heading of this workbook was recognised."))
            return self.to_run(run)
        if request.method == "POST" and form.is_valid():
            return self.step(request, object_id, lambda run, by: self.named_headings(run, form, by))
        context = run_context.run_context(run, request.user, request.GET)
        part, steps = f"{FOLDER}/parts/mapping.html", run_context.steps_at(run_context.HEADINGS)
        return self.page(request, "run", original=run, **context | {"form": form, "part": part, "steps": steps})

    def named_headings(self, run, form, by):
        return handed_over(import_run.name_headings(run, form.answer(), texts=form.texts(), by=by))

    def undo_view(self, request, object_id):
        """What the undoing of an import will do, or why it cannot be undone (GET), and the undoing (POST)."""
        run = self.visible_row(request, object_id)
        import_run.check_owner(run, request.user)
        if request.method == "POST":
            return self.step(request, object_id, lambda run, by: handed_over(import_run.ask_to_undo(run, by=by)))
        return self.page(
            request,
            "undo",
            original=run,
            run=run,
            title=_("Undo import %(number)s") % {"number": run_context.run_number(run)},
            reasons=import_run.why_not_undo(run),
            counts=run_context.counts_of_undo(run),
            run_url=import_url("change", object_id=run.pk),
        )


def handed_over(run):
    """Give a run that waits to the workers; the run."""
    tasks.hand_over(run)
    return run


def headings_form(run, user, data=None):
    """The form for the headings that the reader saw and did not know, or knows from the person alone."""
    seen = run_context.headings_of(run) or {"columns": [], "sheets": []}
    return HeadingsForm(data, subject=run, user=user, seen=seen, named=run.headings)
