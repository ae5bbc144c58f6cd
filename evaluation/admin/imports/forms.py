"""The forms of the wizard: an upload with its letter, and the names of headings that were not recognised."""

from pathlib import PurePosixPath

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.models import Cycle, FileSource
from evaluation.persian import localise_digits
from evaluation.process.files.letters import act_on_behalf
from evaluation.resources.reading import refusals
from evaluation.resources.reading.reader import READABLE, WITH_MACROS
from evaluation.resources.tables import lettered
from evaluation.resources.workbooks.registry import importable, resource_of
from evaluation.rules.permissions import holds

from ..choices import NamedRowField
from ..forms import UploadField
from ..verbs.dialogs import BEHALF, BehalfForm, VerbForm, split
from .workbooks import own_province

IS_DATA = gettext_lazy("Row %(row)s is data and holds no headings")
HOLDS_HEADINGS = gettext_lazy("Row %(row)s holds headings and no data")


class UploadForm(BehalfForm):
    """What can be said of a file at once is said here; the rest is for the trial run."""

    workbook = forms.ChoiceField(label=gettext_lazy("kind of workbook"))
    cycle = NamedRowField(Cycle.objects.none(), label=gettext_lazy("cycle"), required=False)
    source = forms.ModelChoiceField(
        FileSource.objects.none(),
        label=gettext_lazy("source of the file"),
        required=False,
        help_text=gettext_lazy("Its columns and values are read as they were named for this source."),
    )
    file = forms.FileField(
        label=gettext_lazy("file"),
        help_text=gettext_lazy("An Excel workbook (.xlsx), or an .xls, .ods or .csv file. It can be dropped here."),
        error_messages={"empty": refusals.EMPTY_FILE},
    )

    def prepare(self):
        super().prepare()
        workbooks = importable(self.user)
        self.fields["workbook"].choices = [(workbook.value, workbook.label) for workbook in workbooks]
        self.fields["cycle"].queryset = Cycle.objects.visible_to(self.user)
        sources = FileSource.objects.visible_to(self.user).filter(workbook__in=workbooks)
        if sources.exists():
            self.fields["source"].queryset = sources
            self.fields["source"].label_from_instance = lambda row: f"{row.get_workbook_display()}: {row.name}"
        else:
            del self.fields["source"]
        self.fields["file"].widget.attrs["accept"] = ",".join(READABLE)
        for name in BEHALF:
            self.fields[name].required = False
        if not self.acts_for_agencies:
            for name in BEHALF:
                del self.fields[name]
        self.order_fields(["workbook", "cycle", "source", "file", *BEHALF])

    @property
    def acts_for_agencies(self):
        return holds(self.user, "act_on_behalf") and bool(self.by_agency)

    @cached_property
    def by_agency(self):
        """The workbooks on offer that are another body's own step, and so may need its letter."""
        return [name for name, _label in self.fields["workbook"].choices if resource_of(name).by_agency]

    def own_fields(self):
        return [self[name] for name in ("workbook", "cycle", "source", "file") if name in self.fields]

    def letter_fields(self):
        return [self[name] for name in BEHALF if name in self.fields]

    def clean_file(self):
        file = self.cleaned_data["file"]
        kind = PurePosixPath(file.name).suffix.lower()
        if file.size > refusals.MAX_BYTES:
            most = localise_digits(refusals.MAX_BYTES // 2**20)
            raise forms.ValidationError(str(refusals.TOO_BIG) % {"most": most})
        if kind in WITH_MACROS:
            raise forms.ValidationError(refusals.MACROS)
        if kind not in READABLE:
            raise forms.ValidationError(str(refusals.OTHER_KIND) % {"name": file.name})
        return UploadField().clean(file)

    def clean(self):
        cleaned = super().clean()
        workbook, cycle = cleaned.get("workbook"), cleaned.get("cycle")
        if not workbook:
            return cleaned
        resource = resource_of(workbook)
        source = cleaned.get("source")
        if source is not None and source.workbook != workbook:
            self.add_error("source", _("This source is of another workbook."))
        placed = own_province(self.user) or getattr(resource, "shared", False)
        if cycle is None and "cycle" not in self.errors and (resource.needs_cycle or not placed):
            self.add_error("cycle", _("Choose the cycle."))
        elif workbook not in importable(self.user, cycle):
            self.add_error("workbook", _("You have no right to import this workbook in this cycle."))
        self.clean_letter(resource, cleaned)
        return cleaned

    def clean_letter(self, resource, cleaned):
        """The letter is whole or absent; some workbooks cannot be taken on behalf without one."""
        parts = [cleaned.get(name) for name in BEHALF if name in self.fields]
        asked = any(parts) or resource.needs_letter(self.user)
        if self.fields.keys() & set(BEHALF) and resource.by_agency and asked and not all(parts):
            self.add_error(None, _("A step on behalf needs the body, the letter's number, its date and its file."))

    def letter(self):
        """A callable that records the letter, or None where none was given."""
        _own, letter = split(self.cleaned_data)
        resource, cycle = resource_of(self.cleaned_data["workbook"]), self.cleaned_data["cycle"]
        if not all(letter.values()) or not letter or not resource.by_agency:
            return None
        return lambda: act_on_behalf(cycle, role=resource.party, by=self.user, **letter)


class HeadingsForm(VerbForm):
    """One choice for each heading that the person is asked about: what names no column, and what a person named.

    `seen` is what the reader saw (resources.headings.as_data), `named` {normalised heading: column code, or ""}. A
    heading that stands on several sheets is named once, where it stands first.
    """

    def __init__(self, *args, seen, named, **kwargs):
        self.seen, self.named = seen, named
        self.columns = {code: heading for code, heading, _required in seen["columns"]}
        self.required = [code for code, _heading, required in seen["columns"] if required]
        super().__init__(*args, **kwargs)

    def prepare(self):
        self.keys = {}
        rows = [[self.row(heading) for heading in sheet["headings"]] for sheet in self.seen["sheets"]]
        self.sheets = [{**sheet, "rows": own} for sheet, own in zip(self.seen["sheets"], rows, strict=True)]
        for place, sheet in enumerate(self.sheets):
            if sheet.get("made_out"):
                sheet["otherwise"] = f"otherwise-{place}"
                words = IS_DATA if sheet["has_headings"] else HOLDS_HEADINGS
                label = words % {"row": localise_digits(sheet["row"])}
                self.fields[sheet["otherwise"]] = forms.BooleanField(label=label, required=False)

    def row(self, heading):
        """A row of the page: `name` of its field, or the column that it is known as, or that it was named above."""
        key, known = heading["key"], heading["code"]
        row = {**heading, "known": self.columns.get(known, ""), "name": "", "again": key in self.keys}
        if (known and key not in self.named) or row["again"]:
            return row
        row["name"] = self.keys[key] = f"heading-{len(self.keys)}"
        self.fields[row["name"]] = forms.ChoiceField(
            label=_("Our column for “%(heading)s”") % {"heading": heading["heading"]},
            choices=self.choices,
            required=False,
            initial=self.named.get(key) or known or heading["guess"],
        )
        return row

    @cached_property
    def choices(self):
        """The mandatory columns first, with a star."""
        needed = [(code, f"{self.columns[code]} *") for code in self.required]
        rest = [(code, heading) for code, heading in self.columns.items() if code not in self.required]
        return [("", _("Do not read this column")), *needed, *rest]

    def tables(self):
        """The sheets, each row with its bound field where it has one."""
        for sheet in self.sheets:
            rows = [row | {"field": self[row["name"]] if row["name"] else None} for row in sheet["rows"]]
            yield sheet | {"rows": rows, "otherwise": self[sheet["otherwise"]] if "otherwise" in sheet else None}

    @property
    def asks_for_names(self):
        """Whether a heading is asked about, whose name is then noted; columns by letter are not."""
        return any(sheet.get("has_headings", True) for sheet in self.sheets)

    @property
    def asked(self):
        return bool(self.keys)

    def answer(self):
        """{normalised heading: column code, or "" to leave it out}: what was named before and in this valid form.

        A sheet without headings is answered by the letters of its columns, for this upload alone.
        """
        answer = {**self.named, **{key: self.cleaned_data[name] for key, name in self.keys.items()}}
        for sheet in self.sheets:
            if "otherwise" in sheet and (not sheet["has_headings"] or self.cleaned_data[sheet["otherwise"]]):
                answer = self.by_letter(answer, sheet)
        return answer

    def texts(self):
        """{normalised heading: as it stands in the file} of the headings that are asked about by their names."""
        rows = [row for sheet in self.sheets if sheet.get("has_headings", True) for row in sheet["rows"] if row["name"]]
        return {row["key"]: row["heading"] for row in rows}

    def by_letter(self, answer, sheet):
        """The answers with those of a sheet under the letters of its columns, and the number of its first row."""
        own = {heading["key"]: heading["column"] for heading in sheet["headings"] if heading["key"] in self.keys}
        by_letter = {lettered.key_of(sheet["sheet"], letter): answer[key] for key, letter in own.items()}
        known = {heading["column"]: heading["code"] for heading in sheet["headings"] if heading["key"] not in self.keys}
        by_letter |= {lettered.key_of(sheet["sheet"], letter): code for letter, code in known.items() if code}
        has_headings = not sheet["has_headings"] and self.cleaned_data[sheet["otherwise"]]
        first = sheet["row"] + (1 if has_headings else 0)
        kept = {key: code for key, code in answer.items() if key not in own}
        return {**kept, **by_letter, lettered.key_of(sheet["sheet"]): str(first) if any(by_letter.values()) else ""}

    def clean(self):
        cleaned = super().clean()
        chosen = {key: cleaned.get(name, "") for key, name in self.keys.items()}
        read = [self.clean_sheet(sheet, chosen) for sheet in self.sheets]
        if not any(read) and not self.seen.get("others_read"):
            self.add_error(None, _("No column is chosen on any sheet. Choose at least the mandatory columns."))
        return cleaned

    def clean_sheet(self, sheet, chosen):
        """Whether the sheet has a column to read; then it needs the mandatory ones, each once.

        Where other sheets are read, a sheet none of whose asked headings is chosen is left out.
        """
        if self.seen.get("others_read") and sheet["missing"] and not any(map(chosen.get, self.keys_of(sheet))):
            return False
        taken = {}
        for heading in sheet["headings"]:
            code = chosen.get(heading["key"], heading["code"])
            if code in taken:
                self.twice(sheet, taken[code], heading, code)
            elif code:
                taken[code] = heading
        missing = [self.columns[code] for code in self.required if code not in taken]
        if taken and missing:
            sentence = _("Sheet “%(sheet)s”: no heading is chosen for %(missing)s.")
            self.add_error(None, sentence % {"sheet": sheet["sheet"], "missing": "، ".join(missing)})
        return bool(taken)

    def keys_of(self, sheet):
        """The keys of the sheet's headings that the person is asked about."""
        return [heading["key"] for heading in sheet["headings"] if heading["key"] in self.keys]

    def twice(self, sheet, first, second, code):
        sentence = _("Sheet “%(sheet)s”: “%(column)s” is chosen for column %(first)s and for column %(second)s.")
        places = {"first": first["column"], "second": second["column"]}
        words = {"sheet": sheet["sheet"], "column": self.columns[code], **places}
        self.add_error(self.keys.get(second["key"]) or self.keys.get(first["key"]), sentence % words)
