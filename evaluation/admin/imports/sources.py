"""How the files of one source are read: its values named on a page of a run, and all names kept for the next file."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseNotAllowed
from django.utils.translation import gettext as _

from evaluation.enums import ImportState
from evaluation.process.door import Refusal
from evaluation.process.imports import file_source, import_run
from evaluation.resources.workbooks.registry import resource_of

from ..verbs.dialogs import VerbForm
from . import run_context
from .pages import handed_over

AS_IT_IS, PASS_OVER, READ = "", "-", ":"  # the choices of a value; READ stands before the text that is read


class ValuesForm(VerbForm):
    """One choice for each value that names none of a column's choices, or that the person named before."""

    def prepare(self):
        self.rows = []
        run = self.subject
        resource = resource_of(run.workbook)(by=self.user, cycle=run.cycle, province=run.province)
        asked = run.report.get("values", {})
        for code in {**asked, **run.values}:
            if code in resource.fields:
                named = run.values.get(code, {})
                for key, text in ({key: key for key in named} | asked.get(code, {})).items():
                    self.add(resource, code, key, text, named)

    def add(self, resource, code, key, text, named):
        column = resource.fields[code]
        offered = column.widget.choices() or resource.offers_choices(code)
        name = f"value-{len(self.rows)}"
        self.fields[name] = forms.ChoiceField(
            label=_("What “%(value)s” means in “%(heading)s”") % {"value": text, "heading": column.heading},
            choices=[
                (AS_IT_IS, _("Read it as it is")),
                (PASS_OVER, _("Pass over the rows with this value")),
                *((f"{READ}{choice}", choice) for choice in offered),
            ],
            required=False,
            initial=AS_IT_IS if key not in named else PASS_OVER if named[key] is None else f"{READ}{named[key]}",
        )
        self.rows.append({"name": name, "code": code, "key": key, "value": text, "heading": column.heading})

    def table(self):
        """The rows with their bound fields."""
        return [row | {"field": self[row["name"]]} for row in self.rows]

    def answer(self):
        """{column code: {key of a value: the text that is read, or None for a row that is no data}} of a valid form."""
        values = {}
        for row in self.rows:
            chosen = self.cleaned_data[row["name"]]
            if chosen != AS_IT_IS:
                read = None if chosen == PASS_OVER else chosen.removeprefix(READ)
                values.setdefault(row["code"], {})[row["key"]] = read
        return values


class SourcesMixin:
    """Adds `values/`, where values are named, and `source/`, which keeps all names. Needs `RunPagesMixin` behind it."""

    def values_view(self, request, object_id):
        """Name values of an upload; after it the trial run starts again."""
        run = self.visible_row(request, object_id)
        import_run.check_owner(run, request.user)
        form = ValuesForm(request.POST if request.method == "POST" else None, subject=run, user=request.user)
        if run.state not in ImportState.tried_out() or not form.rows:
            messages.error(request, _("This file has no values to name now."))
            return self.to_run(run)
        if request.method == "POST" and form.is_valid():
            return self.step(request, object_id, lambda run, by: self.named(run, form, by))
        context = run_context.run_context(run, request.user, request.GET)
        part, steps = "admin/evaluation/imports/parts/values.html", run_context.steps_at(run_context.TRIAL)
        return self.page(request, "run", original=run, **context | {"form": form, "part": part, "steps": steps})

    def named(self, run, form, by):
        return handed_over(import_run.name_values(run, form.answer(), by=by))

    def source_view(self, request, object_id):
        """Keep the names of an upload under the name of its source."""
        run = self.visible_row(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        import_run.check_owner(run, request.user)
        try:
            source = file_source.keep_source(run, request.POST.get("name", "")[:120], by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            words = _("The source “%(name)s” is kept. Choose it at the next upload of a file like this.")
            messages.success(request, words % {"name": source.name})
        return self.to_run(run)
