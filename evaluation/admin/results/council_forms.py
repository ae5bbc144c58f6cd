"""What the steps of the council ask for: the letter, the session, and the remarks of a return."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import CommitteeKind, PublicationKind
from evaluation.models import CommitteeMember, CommitteeSession
from evaluation.process.results import council
from evaluation.reports import publication

from ..forms import JalaliDateField, UploadField
from ..verbs.dialogs import VerbForm
from ..verbs.rows import AgencyField, RowsForm, participations_of

SESSION = ("number", "held_on", "present", "guests", "resolution", "minutes")


class DispatchForm(VerbForm):
    """The letter by which results go to the council."""

    number = forms.CharField(label=gettext_lazy("letter number"), max_length=60)
    date = JalaliDateField(label=gettext_lazy("letter date"))


def dispatch(result_set, *, by, number, date):
    """Send the results with the book of the frozen figures."""
    file = publication.make(PublicationKind.BOOK, result_set)
    return council.dispatch(result_set, by=by, number=number, date=date, file=file)


class SessionForm(VerbForm):
    """A session that is recorded already, or the particulars of a new one."""

    session = forms.ModelChoiceField(
        CommitteeSession.objects.none(),
        label=gettext_lazy("council session"),
        required=False,
        empty_label=gettext_lazy("A new session, as below"),
    )
    number = forms.CharField(label=gettext_lazy("session number"), max_length=30, required=False)
    held_on = JalaliDateField(label=gettext_lazy("date of the session"), required=False)
    present = forms.ModelMultipleChoiceField(
        CommitteeMember.objects.none(),
        label=gettext_lazy("members present"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    guests = forms.CharField(
        label=gettext_lazy("others present"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Persons present who are no registered members, one on each line."),
    )
    resolution = forms.CharField(label=gettext_lazy("resolution"), widget=forms.Textarea, required=False)
    minutes = UploadField(label=gettext_lazy("minutes"), required=False)

    def prepare(self):
        super().prepare()
        council_sessions = CommitteeSession.objects.visible_to(self.user).filter(
            cycle=self.subject.cycle_id, committee__kind=CommitteeKind.COUNCIL
        )
        self.fields["session"].queryset = council_sessions.select_related("committee")
        if not council_sessions:
            del self.fields["session"]
        members = CommitteeMember.objects.filter(
            committee__province=self.subject.cycle.province_id, committee__kind=CommitteeKind.COUNCIL
        )
        self.fields["present"].queryset = members
        if not members:
            del self.fields["present"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("session"):
            return cleaned
        for name in ("number", "held_on", "resolution", "minutes"):
            if name in self.fields and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("A new session needs this."))
        if not cleaned.get("present") and not cleaned.get("guests", "").strip():
            self.add_error("guests", _("Name those present: choose the members, or write the names of others."))
        if cleaned.get("held_on") and cleaned["held_on"] > timezone.localdate():
            self.add_error("held_on", _("The session is dated in the future: record it after it was held."))
        return cleaned


def session_of(result_set, *, by, session=None, **particulars):
    """The chosen session, or a new one of the council with these particulars."""
    if session is not None:
        return session
    facts = {name: particulars.get(name) or "" for name in SESSION if name != "present"}
    committee = council.council_of(result_set.cycle.province)
    return council.new_session(
        result_set, by=by, committee=committee, present=particulars.get("present") or (), **facts
    )


def approve(result_set, *, by, on_behalf=None, **particulars):
    """The council's approval, in a recorded session or in a new one."""
    council.check_step(result_set, "approve", by, on_behalf)
    session = session_of(result_set, by=by, **particulars)
    note = particulars.get("resolution") or session.resolution
    return council.approve(result_set, by=by, session=session, on_behalf=on_behalf, note=note)


class ReturnForm(SessionForm, RowsForm):
    """The session that returns the results, and what it objects to: agencies, with their lines where there are some."""

    number_of_rows = 8
    headings = (
        gettext_lazy("executive agency"),
        gettext_lazy("code of the indicator, empty for the whole agency"),
        gettext_lazy("what is objected to"),
    )

    def prepare(self):
        super().prepare()
        del self.fields["resolution"]  # the reason is the resolution

    def row_fields(self):
        """Agency, code of the indicator, and what is objected to."""
        return {
            "agency": AgencyField(participations_of(self.subject), label=self.headings[0], required=False),
            "code": forms.CharField(label=self.headings[1], max_length=30, required=False),
            "text": forms.CharField(label=self.headings[2], required=False),
        }

    def read_row(self, row):
        """(participation, line or None, text) of a row."""
        if not row["agency"] or not row["text"]:
            raise forms.ValidationError(_("Choose the agency and write what is objected to."))
        line = council.line_named(row["agency"], row["code"]) if row["code"] else None
        if row["code"] and line is None:
            raise forms.ValidationError(_("This agency has no line with the code “%(code)s”.") % {"code": row["code"]})
        return row["agency"], line, row["text"]

    def clean(self):
        cleaned = super().clean()
        cleaned["remarks"] = self.read_rows(cleaned)
        if not cleaned["remarks"] and not self.errors:
            self.add_error("agency_1", _("Name at least one agency to which the council objects."))
        return cleaned


def return_(result_set, *, by, reason, remarks, on_behalf=None, **particulars):
    """The council returns the results, in a recorded session or in a new one whose resolution is the reason."""
    council.check_step(result_set, "return_", by, on_behalf)
    session = session_of(result_set, by=by, **particulars, resolution=reason)
    return council.return_(result_set, by=by, reason=reason, session=session, remarks=remarks, on_behalf=on_behalf)
