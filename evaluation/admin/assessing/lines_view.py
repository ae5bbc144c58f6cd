"""The page of all lines of an assessment: shown by role and state, saved row by row, or all at once without scripts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_fsm import ConcurrentTransition

from evaluation.enums import AssessmentState as State
from evaluation.models import Evidence
from evaluation.persian import localise_digits
from evaluation.process.assessing import evidence, line
from evaluation.process.door import NO_RIGHT, Refusal
from evaluation.reports import assessment_lines
from evaluation.reports.access import access
from evaluation.rules import scopes

from ..imports.kits import kit_of
from ..verbs.behalf import letter_in
from . import line_inputs, lines_context

VERBS_OF_STATE = {  # the verbs for which this page is the place
    State.DRAFTING: ("submit",),
    State.RETURNED: ("submit",),
    State.SUBMITTED: ("approve", "return_"),
    State.RECEIVED: ("open_scoring",),
    State.UNDER_EVALUATION: ("finish_scoring",),
    State.SCORED: ("disclose",),
    State.DISCLOSED: ("confirm",),
}
WROTE_MEANWHILE = gettext_lazy("Another person changed it at the same time. Reload the page.")


class LinesMixin:
    """Adds `<pk>/lines/` and what its rows post to.

    Needs `visible_row()` and, of `VerbsMixin`, `get_verbs()` and `do_url()`; its class is the admin of assessments.
    """

    def get_urls(self):
        def at(address, view, name):
            return path(address, self.admin_site.admin_view(view), name=f"evaluation_assessment_{name}")

        return [
            at("<path:object_id>/lines/", self.lines_view, "lines"),
            at("<path:object_id>/lines/<int:line_id>/save/", self.save_line_view, "save_line"),
            at("<path:object_id>/lines/<int:line_id>/evidence/", self.evidence_view, "line_evidence"),
            *super().get_urls(),
        ]

    def with_access(self, request, object_id):
        """The assessment with all that its lines need, and what this person may do on them."""
        if request.method == "GET":
            scopes.remember(request.user)
        assessment = self.visible_row(request, object_id)
        return assessment, access(assessment, request.user, letter_in(request, assessment))

    # -- the page ---------------------------------------------------------------------------------

    def lines_view(self, request, object_id):
        """GET shows the page; POST saves every row that was changed, then does what its button asks for."""
        assessment, rights = self.with_access(request, object_id)
        refused = {}
        if request.method == "POST":
            refused = self.save_all(request, assessment, rights)
            if not refused:
                return HttpResponseRedirect(request.get_full_path())
            assessment, rights = self.with_access(request, object_id)
        table = assessment_lines.lines_table(assessment, request.user, rights, lines_context.chosen(request.GET))
        context = {
            **self.admin_site.each_context(request),
            **self.page_context(request, table, refused),
            "opts": self.opts,
            "original": assessment,
            "title": _("Lines: %(name)s") % {"name": assessment},
            "is_fullwidth": "1",
            "filters": lines_context.filters(request.GET, table),
            "save_url": request.get_full_path(),
            "kit_url": kit_of(assessment, request.user),
        }
        return TemplateResponse(request, "admin/evaluation/assessing/assessment/lines.html", context)

    def page_context(self, request, table, refused=None):
        context = lines_context.page_context(table, request.POST if refused else None, refused)
        return {**context, "steps": self.steps(request, table.assessment)}

    def steps(self, request, assessment):
        """The buttons of the present state that this person may press, each with what stands in its way."""
        names, buttons = VERBS_OF_STATE.get(assessment.state, ()), []
        for verb in self.get_verbs(request):
            if verb.name in names and verb.may(request.user, assessment):
                buttons.append(
                    {
                        "label": verb.text(self.model),
                        "url": self.do_url(assessment, verb.name),
                        "tone": verb.colour(self.model),
                        "reasons": verb.why_not(assessment),
                    }
                )
        return buttons

    # -- saving -----------------------------------------------------------------------------------

    def save_all(self, request, assessment, rights):
        """{line pk: sentence} of the rows that could not be saved; the others are."""
        if not rights.open:
            messages.error(request, closed(rights))
            return {}
        refused, saved = {}, 0
        for row in assessment_lines.line_rows(assessment, request.user, rights):
            if row.writes:
                done, sentence = self.save_row(request, row, rights, with_files=True)
                saved += done
                if sentence:
                    refused[row.line.pk] = sentence
        removed = request.POST.get("remove", "")
        if removed.isascii() and removed.isdigit() and len(removed) < 18:
            saved += self.remove_file(request, assessment, rights, removed)
        tell_saved(request, saved, refused)
        return refused

    def remove_file(self, request, assessment, rights, key):
        file = Evidence.objects.filter(line__assessment=assessment, pk=key, removed_at=None).first()
        sentence = file and attempt(evidence.remove, file, by=request.user, on_behalf=rights.behalf)
        if sentence:
            messages.error(request, sentence)
        return file is not None and not sentence

    def save_row(self, request, row, rights, *, with_files=False):
        """Save one posted row if it was touched: (whether anything was saved, the sentence of a refusal)."""
        boxes, done = line_inputs.inputs_of(row, rights.entry), False
        if line_inputs.touched(row, boxes, request.POST):
            if sentence := attempt(record, row, boxes, request, rights):
                return False, sentence
            done = True
        if with_files and rights.takes_evidence:
            for upload in request.FILES.getlist(line_inputs.field_name(row.line, "files")):
                if sentence := attempt(evidence.attach, row.line, upload, by=request.user, on_behalf=rights.behalf):
                    return done, sentence
                done = True
        return done, ""

    def save_line_view(self, request, object_id, line_id):
        """One row, posted by the page's script: the answer carries the fragments to swap, never an input."""
        return self.act(request, object_id, line_id, self.save_row)

    def evidence_view(self, request, object_id, line_id):
        """Files of one row attached, or one removed, by the page's script."""
        return self.act(request, object_id, line_id, self.change_files)

    def change_files(self, request, row, rights):
        if not rights.takes_evidence:
            return False, closed(rights)
        if removed := request.POST.get("remove", ""):
            file = next((file for file in row.evidence if str(file.pk) == removed), None)
            if file is None:
                return False, _("This file is no longer there. Reload the page.")
            return True, attempt(evidence.remove, file, by=request.user, on_behalf=rights.behalf)
        sentences = [
            attempt(evidence.attach, row.line, upload, by=request.user, on_behalf=rights.behalf)
            for upload in request.FILES.getlist("files")
        ]
        return True, " ".join(filter(None, sentences))

    def act(self, request, object_id, line_id, change):
        """Change one row; refusals answer 200 with a sentence, so that the script can show it in the row."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        assessment, rights = self.with_access(request, object_id)
        row = next(iter(assessment_lines.line_rows(assessment, request.user, rights, only={line_id})), None)
        if row is None:
            raise Http404
        if rights.entry is None and not rights.party:
            raise PermissionDenied
        sentence = change(request, row, rights)[1] if row.writes else closed(rights)
        assessment, rights = self.with_access(request, object_id)
        return self.answer(request, assessment_lines.lines_table(assessment, request.user, rights), line_id, sentence)

    def answer(self, request, table, line_id, sentence):
        """The fragments that a change of one row touches, by the ids that they replace."""
        context = self.page_context(request, table)
        row = table.row(line_id)
        mine = lines_context.shown_row(row, table.access, context["levels"], sentence=sentence)
        section = next(candidate for candidate in context["sections"] if candidate.key == (row.indicator.axis_id or 0))

        def fragment(name, **more):
            return render_to_string(f"admin/evaluation/assessing/{name}.html", {**context, **more}, request=request)

        return JsonResponse(
            {
                "ok": not sentence,
                "sentence": sentence,
                "version": row.line.version,
                "seen": mine.seen,
                "typed": any(box.name == "score" and not box.hidden for box in mine.boxes),
                "swap": {
                    f"result-{line_id}": fragment("line/result", row=mine),
                    f"files-{line_id}": fragment("line/files", row=mine),
                    f"axis-{section.key}": fragment("line/axis", section=section),
                    "lines-totals": fragment("assessment/totals"),
                    "lines-progress": fragment("assessment/progress"),
                },
            }
        )


def record(row, boxes, request, rights):
    figures = line_inputs.figures(row, boxes, request.POST)
    seen = line_inputs.version(row, request.POST)
    return line.record(row.line, rights.entry, figures, by=request.user, version=seen, on_behalf=rights.behalf)


def attempt(verb, *args, **kwargs):
    """Call a verb; the sentence of its refusal, or an empty text."""
    try:
        verb(*args, **kwargs)
    except Refusal as refusal:
        return str(refusal)
    except ConcurrentTransition:
        return str(WROTE_MEANWHILE)
    except PermissionDenied:
        return str(NO_RIGHT)
    return ""


def closed(rights):
    """Why nothing can be entered on a row, as one text."""
    if rights.closed:
        return " ".join(map(str, rights.closed))
    if rights.party and not rights.behalf and rights.entry is None:
        return _(
            "Another body is responsible for this action. To act on its behalf, give its name, and the number, "
            "date and file of its letter."
        )
    return _("This line is not yours to fill.") if rights.entry else str(NO_RIGHT)


def tell_saved(request, saved, refused):
    numbers = {"count": localise_digits(saved), "left": localise_digits(len(refused))}
    if refused:
        text = _("%(count)s saved, %(left)s not saved: the reason is beside each line. What you typed is kept.")
        messages.error(request, text % numbers)
    elif saved:
        messages.success(request, ngettext("%(count)s line saved.", "%(count)s lines saved.", saved) % numbers)
    else:
        messages.info(request, _("Nothing was changed."))
