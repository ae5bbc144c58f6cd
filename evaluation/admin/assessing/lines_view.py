"""The page of all lines of an assessment: shown by role and state, saved row by row, or all at once without scripts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
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
from evaluation.process.door import NO_RIGHT, Forbidden, Refusal
from evaluation.reports import assessment_lines, saved_line
from evaluation.reports.access import access
from evaluation.rules import scopes
from evaluation.rules.bulk_rights import WindowsOnce
from evaluation.rules.circumstances import Circumstances
from evaluation.rules.person_argument import PersonArgument

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
REFUSALS = (Refusal, ConcurrentTransition, Forbidden)
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
        """The assessment with all that its lines need, and what this person may do on them.

        Answers about rights are remembered; who writes after that forgets them first.
        """
        scopes.remember(request.user)
        assessment = self.visible_row(request, object_id)
        return assessment, self.access_to(request, assessment)

    def access_to(self, request, assessment):
        """What this person may do on the lines of an assessment; a window is asked once in a request."""
        request.windows = WindowsOnce()
        return access(assessment, request.user, letter_in(request, assessment), ask=request.windows)

    # -- the page ---------------------------------------------------------------------------------

    def lines_view(self, request, object_id):
        """GET shows the page; POST saves every row that was changed, then does what its button asks for."""
        assessment, rights = self.with_access(request, object_id)
        refused = {}
        if request.method == "POST":
            scopes.forget_answers(request.user)
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

    def page_context(self, request, table, refused=None, *, with_rows=True):
        posted = request.POST if refused else None
        context = lines_context.page_context(table, posted, refused, with_rows=with_rows)
        return {**context, "steps": self.steps(request, table.assessment, table.with_evidence)}

    def steps(self, request, assessment, with_evidence):
        """The buttons of the present state that this person may press, each with what stands in its way."""
        names, buttons = VERBS_OF_STATE.get(assessment.state, ()), []
        circumstances = Circumstances(windows=request.windows, with_evidence=with_evidence)
        for verb in self.get_verbs(request):
            if verb.name in names and verb.may(request.user, assessment):
                buttons.append(
                    {
                        "label": verb.text(self.model),
                        "url": self.do_url(assessment, verb.name),
                        "tone": verb.colour(self.model),
                        "reasons": verb.why_not(assessment, circumstances),
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
        """One row, posted by the page's script: the answer carries the fragments to swap, never an input.

        What is saved is answered from the row and one query over the lines; a refusal reads everything anew, since
        somebody else may have written meanwhile.
        """
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            row, rights = self.save_under_lock(request, object_id, line_id)
        except REFUSALS as refusal:
            return self.answer_anew(request, object_id, line_id, sentence_of(refusal))
        table = saved_line.table_after_save(row.line.assessment, request.user, rights, row)
        context = self.page_context(request, table, with_rows=False)
        return self.answer(request, context, row)

    @transaction.atomic
    def save_under_lock(self, request, object_id, line_id):
        """(the row as it is saved, the person's `Access`): each table is read once, under the assessment's lock.

        Raises Http404, PermissionDenied, or one of REFUSALS for what the page's row says.
        """
        assessment = self.locked_row(request, object_id)
        rights = self.access_to(request, assessment)
        row = saved_line.entry_row(assessment, request.user, rights, line_id)
        self.check_writer(row, rights)
        if not row.writes:
            raise Refusal(closed(rights))
        boxes = line_inputs.inputs_of(row, rights.entry)
        if line_inputs.touched(row, boxes, request.POST):
            record(row, boxes, request, rights, line.record_locked, mine=row.line.mine)
        scopes.forget_answers(request.user)
        if row.line.assessment.state != assessment.state:  # its first figure has started the self-assessment
            rights = self.access_to(request, row.line.assessment)
        return row, rights

    def locked_row(self, request, object_id):
        """The assessment as `visible_row` gives it, locked until the transaction ends.

        What the same query says of the person's rights to it is remembered; who writes forgets it first.
        """
        readers = tuple(sorted(self.reading_roles(request)))
        try:
            key = self.opts.pk.to_python(object_id)
        except ValidationError as error:
            raise Http404 from error
        rows = saved_line.locked_assessment.objects(PersonArgument(request.user), readers, key)
        if not rows:
            raise Http404
        (assessment,) = rows
        scopes.remember_cover(request.user, assessment, scopes.covered_by(request.user, assessment))
        if not self.has_view_permission(request, assessment):
            raise Http404
        return assessment

    def evidence_view(self, request, object_id, line_id):
        """Files of one row attached, or one removed, by the page's script."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        assessment, rights = self.with_access(request, object_id)
        row = next(iter(assessment_lines.line_rows(assessment, request.user, rights, key=line_id)), None)
        self.check_writer(row, rights)
        scopes.forget_answers(request.user)
        sentence = self.change_files(request, row, rights) if row.writes else closed(rights)
        return self.answer_anew(request, object_id, line_id, sentence)

    def check_writer(self, row, rights):
        """Nobody but those who enter figures here, for themselves or for another body, posts to a row."""
        if row is None:
            raise Http404
        if rights.entry is None and not rights.party:
            raise PermissionDenied

    def change_files(self, request, row, rights):
        """Attach or remove files of one row; the sentence of a refusal, or an empty text."""
        if not rights.takes_evidence:
            return closed(rights)
        if removed := request.POST.get("remove", ""):
            file = next((file for file in row.evidence if str(file.pk) == removed), None)
            if file is None:
                return _("This file is no longer there. Reload the page.")
            return attempt(evidence.remove, file, by=request.user, on_behalf=rights.behalf)
        sentences = [
            attempt(evidence.attach, row.line, upload, by=request.user, on_behalf=rights.behalf)
            for upload in request.FILES.getlist("files")
        ]
        return " ".join(filter(None, sentences))

    def answer_anew(self, request, object_id, line_id, sentence):
        """The answer with everything read anew. A refusal answers 200, so that the script shows it in the row."""
        assessment, rights = self.with_access(request, object_id)
        table = assessment_lines.lines_table(assessment, request.user, rights)
        return self.answer(request, self.page_context(request, table), table.row(line_id), sentence, with_files=True)

    def answer(self, request, context, row, sentence="", *, with_files=False):
        """The fragments that a change of one row touches, by the ids that they replace."""
        mine = lines_context.shown_row(row, context["access"], context["levels"], sentence=sentence)
        axis = row.indicator.axis_id or 0
        section = next(candidate for candidate in context["sections"] if candidate.key == axis)

        def fragment(name, **more):
            return render_to_string(f"admin/evaluation/assessing/{name}.html", {**context, **more}, request=request)

        swap = {
            f"result-{row.line.pk}": fragment("line/result", row=mine),
            f"axis-{section.key}": fragment("line/axis", section=section),
            "lines-totals": fragment("assessment/totals"),
            "lines-progress": fragment("assessment/progress"),
        }
        if with_files:
            swap[f"files-{row.line.pk}"] = fragment("line/files", row=mine)
        return JsonResponse(
            {
                "ok": not sentence,
                "sentence": sentence,
                "version": mine.version,
                "seen": mine.seen,
                "typed": any(box.name == "score" and not box.hidden for box in mine.boxes),
                "swap": swap,
            }
        )


def record(row, boxes, request, rights, verb=line.record, **more):
    """Write the posted figures; the row's line and its cell at the level are then those that were written.

    `verb` is `line.record`, or `line.record_locked` with what it needs besides.
    """
    figures = line_inputs.figures(row, boxes, request.POST)
    more |= {"by": request.user, "on_behalf": rights.behalf, "ask": request.windows}
    row.line, reckoned = verb(row.line, rights.entry, figures, version=line_inputs.version(row, request.POST), **more)
    row.cells[rights.entry] = saved_line.marked_cell(row.line, rights.entry, reckoned.override, reckoned.explanation)


def attempt(verb, *args, **kwargs):
    """Call a verb; the sentence of its refusal, or an empty text."""
    try:
        verb(*args, **kwargs)
    except REFUSALS as refusal:
        return sentence_of(refusal)
    return ""


def sentence_of(refusal):
    """What one of REFUSALS says to the person."""
    if isinstance(refusal, Refusal):
        return str(refusal)
    return str(WROTE_MEANWHILE if isinstance(refusal, ConcurrentTransition) else NO_RIGHT)


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
