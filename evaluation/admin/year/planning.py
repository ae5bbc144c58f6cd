"""The dialogs that plan a year's windows and move one of them; both show what they would make before they make it."""

import hashlib

from django import forms
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from evaluation import persian
from evaluation.enums import STAGE_PARTS, Stage
from evaluation.persian import last_day_of
from evaluation.process.year import clashes, planning
from evaluation.rules import sentences

from ..forms import JalaliDateField, JalaliDateTimeField, JalaliEndField, PersianIntegerField
from ..verbs.dialogs import VerbForm

MAX_DAYS = 366


class PreviewWidget(forms.Widget):
    """The windows as they would be, and a fingerprint of what the person has seen of them."""

    use_fieldset = True  # a heading, not a label: there is no single input

    def render(self, name, value, attrs=None, renderer=None):
        value = value if isinstance(value, dict) else {"rows": [], "seen": ""}
        table = render_to_string("admin/evaluation/year/calendar/preview.html", value)
        return format_html('{}<input type="hidden" name="{}" value="{}">', table, name, value["seen"])


class PreviewForm(VerbForm):
    """A dialog whose first confirmation shows the windows, and whose second, with nothing changed, makes them."""

    preview = forms.CharField(label=_("Preview of the windows"), required=False, widget=PreviewWidget)

    class Media:
        css = {"all": ("evaluation/css/calendar.css",)}

    def prepare(self):
        super().prepare()
        self.order_fields([name for name in self.fields if name != "preview"])
        if not self.is_bound:
            self.initial["preview"] = self.shown(self.first_rows())

    @property
    def confirm(self):
        """The words of the button: what it does next."""
        preview = self["preview"].value()  # a text where the browser posted it
        return _("Save these windows") if isinstance(preview, dict) and preview["rows"] else _("Show the preview")

    def first_rows(self):
        """What the dialog shows before anything is typed."""
        return []

    def rows(self, cleaned):
        raise NotImplementedError

    def shown(self, rows):
        return {"rows": rows, "seen": fingerprint(rows), "clashes": clashes.clashes_of_windows(self.whole_year(rows))}

    def whole_year(self, rows):
        return rows

    def is_valid(self):
        """Whether the fields are right and the person has seen what comes of them."""
        if not super().is_valid():
            return False
        rows = self.rows(self.cleaned_data)
        if self.data.get("preview") == fingerprint(rows):
            return True
        self.data = self.data.copy()
        self.data["preview"] = self.shown(rows)
        return False


def fingerprint(rows):
    if not rows:
        return ""
    text = "|".join(f"{row.stage}:{row.part}:{row.opens_at.isoformat()}:{row.closes_at.isoformat()}" for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class DaysField(PersianIntegerField):
    def __init__(self, **kwargs):
        super().__init__(min_value=1, max_value=MAX_DAYS, required=False, **kwargs)


class PlanForm(PreviewForm):
    start = JalaliDateField(label=_("first day"))

    def prepare(self):
        self.usual = planning.stages_to_plan(self.subject)
        for stage, days in self.usual.items():
            self.fields[f"days_{stage}"] = DaysField(label=_("Days: %(stage)s") % {"stage": stage.label}, initial=days)
            for part in STAGE_PARTS.get(stage, ()):
                words = _("of these, days for “%(part)s” (optional)") % {"part": part.label}
                self.fields[f"part_{stage}_{part}"] = DaysField(label=words)
        super().prepare()

    def rows(self, cleaned):
        return planning.drafts(self.subject, **plan_of(cleaned))


def plan_of(cleaned):
    """Start, days and parts as `planning.plan` takes them; a stage with a part is planned by its parts."""
    days, parts = {}, {}
    for stage in Stage.worked():
        if cleaned.get(f"days_{stage}"):
            days[stage] = cleaned[f"days_{stage}"]
        lengths = {part: cleaned.get(f"part_{stage}_{part}") for part in STAGE_PARTS.get(stage, ())}
        if lengths := {part: number for part, number in lengths.items() if number}:
            parts[stage] = lengths
    return {"start": cleaned["start"], "days": days, "parts": parts}


def plan(cycle, *, by, **cleaned):
    """The verb behind the dialog."""
    return planning.plan(cycle, by=by, **plan_of(cleaned))


class MoveForm(PreviewForm):
    opens_at = JalaliDateTimeField(label=_("opens at"))
    closes_at = JalaliEndField(label=_("closes at"))
    following = forms.BooleanField(
        label=_("Move the following windows by as many days"),
        required=False,
        initial=True,
        help_text=_("Those that open when this one ends or later; closed ones stay."),
    )
    reason = forms.CharField(label=_("reason"), widget=forms.Textarea, required=False, strip=True)

    def prepare(self):
        self.fields["reason"].required = self.subject.closed_at is not None
        super().prepare()

    def clean(self):
        cleaned = super().clean()
        opens_at, closes_at = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", str(sentences.WINDOW_ENDS_TOO_EARLY))
        return cleaned

    def rows(self, cleaned):
        asked = {name: cleaned[name] for name in ("opens_at", "closes_at", "following")}
        return planning.moved(self.subject, **asked)

    def whole_year(self, rows):
        """The other windows stay where they are."""
        changed = {row.window.pk for row in rows}
        return [*rows, *(window for window in self.subject.cycle.windows.all() if window.pk not in changed)]


def move(window, *, by, opens_at, closes_at, following=False, reason="", preview=""):
    """The verb behind the dialog; `preview` is what the person saw."""
    return planning.move(window, opens_at=opens_at, closes_at=closes_at, following=following, reason=reason, by=by)


def present_span(window):
    return {"opens_at": window.opens_at, "closes_at": window.closes_at}


def present_details(window):
    now = planning.span(window.opens_at, window.closes_at)
    days = last_day_of(window.closes_at) - timezone.localdate(window.opens_at)
    return [(_("now"), now), (_("calendar days"), persian.localise_digits(days.days + 1))]
