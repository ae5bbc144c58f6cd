"""What the steps of a festival ask for."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import CommitteeKind, NomineeOrigin, Recipient, Within
from evaluation.models import Agency, AwardKind, CommitteeSession
from evaluation.process import door
from evaluation.process.festival import candidates, choice, festival, report
from evaluation.reports import festival_papers

from ..forms import JalaliDateField, PersianDecimalField, UploadField
from ..verbs.dialogs import VerbForm

MARK, REASON = "mark_", "reason_"


class SchemeForm(VerbForm):
    """The kinds of award of one scheme, taken together."""

    scheme = forms.ChoiceField(label=gettext_lazy("award scheme"))

    def prepare(self):
        super().prepare()
        self.kinds = AwardKind.objects.visible_to(self.user).exclude(scheme="")
        schemes = self.kinds.order_by("scheme").values_list("scheme", flat=True).distinct()
        self.fields["scheme"].choices = [(scheme, scheme) for scheme in schemes]


def take_scheme(obj, *, by, scheme):
    """Add the kinds of a scheme to the festival; a province's own copy goes before the shared kind."""
    kinds = {}
    for kind in AwardKind.objects.visible_to(by).filter(scheme=scheme).order_by("province"):
        if kind.province_id in (None, obj.cycle.province_id) and (kind.province_id or kind.code not in kinds):
            kinds[kind.code] = kind
    return festival.take_kinds(obj, by=by, kinds=kinds.values())


class LetterForm(VerbForm):
    letter_number = forms.CharField(label=gettext_lazy("letter number"), max_length=60)
    letter_date = JalaliDateField(label=gettext_lazy("letter date"))


def send_report(obj, *, by, letter_number, letter_date):
    """Make report and workbook from the awards and send them."""
    letter = {"letter_number": letter_number, "letter_date": letter_date}
    if door.why_not(obj, "report"):
        return report.report(obj, by=by, package=b"", sha256="", **letter)
    content, sha256 = festival_papers.package(obj)
    return report.report(obj, by=by, package=content, sha256=sha256, **letter)


class NomineeForm(VerbForm):
    """Name, members, reason, figure and topic of a nominee; `kind` and `agency` where they are to be chosen."""

    part = forms.ChoiceField(label=gettext_lazy("topic"), required=False)
    name = forms.CharField(label=gettext_lazy("name"), max_length=250)
    members = forms.CharField(
        label=gettext_lazy("members of the team"),
        widget=forms.Textarea,
        required=False,
        max_length=4000,
        help_text=gettext_lazy("One person on each line."),
    )
    reason = forms.CharField(label=gettext_lazy("reason"), widget=forms.Textarea, max_length=4000)
    figure = PersianDecimalField(
        label=gettext_lazy("figure"),
        max_digits=14,
        decimal_places=6,
        required=False,
        help_text=gettext_lazy("A figure that shows the result, if there is one."),
    )

    def prepare(self):
        super().prepare()
        topics = [topic.title for kind in self.kinds() for topic in candidates.topics_of(kind)]
        if topics:
            self.fields["part"].choices = [("", "—"), *((title, title) for title in dict.fromkeys(topics))]
        else:
            del self.fields["part"]

    def kinds(self):
        """The kinds of award that can be chosen here."""
        return [self.subject.kind]

    def clean(self):
        """A topic only where the kind of award has topics."""
        cleaned = super().clean()
        kind = cleaned.get("kind") or getattr(self.subject, "kind", None)
        if kind is not None and kind.within != Within.TOPIC:
            cleaned["part"] = ""
        return cleaned


class ChooseKindForm(NomineeForm):
    origin = NomineeOrigin.AGENCY
    kind = forms.ModelChoiceField(AwardKind.objects.none(), label=gettext_lazy("kind of award"))

    def prepare(self):
        self.fields["kind"].queryset = self.kinds()
        self.fields["kind"].label_from_instance = lambda kind: f"{kind.title} · {kind.get_recipient_display()}"
        super().prepare()

    def kinds(self):
        asked = "from_agencies" if self.origin == NomineeOrigin.AGENCY else "from_governor"
        return self.subject.kinds.filter(**{asked: True})


class NominateForm(ChooseKindForm):
    """An agency's own nomination; staff say for which agency."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label=gettext_lazy("executive agency"))
    file = UploadField(label=gettext_lazy("file"), required=False)

    def prepare(self):
        super().prepare()
        taking_part = Agency.objects.visible_to(self.user).filter(participations__cycle=self.subject.cycle_id)
        self.fields["agency"].queryset = taking_part.order_by("name")
        if len(own := list(taking_part[:2])) == 1:
            self.initial.setdefault("agency", own[0].pk)
        self.order_fields(["agency", "kind", "part"])


class ReviseForm(NomineeForm):
    file = UploadField(label=gettext_lazy("file"), required=False)


class ProposalForm(ChooseKindForm):
    """What the governor proposes, with the letter that says it."""

    origin = NomineeOrigin.GOVERNOR
    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=gettext_lazy("executive agency"),
        required=False,
        help_text=gettext_lazy("Empty for a county governor."),
    )
    letter_number = forms.CharField(label=gettext_lazy("letter number"), max_length=60)
    letter_date = JalaliDateField(label=gettext_lazy("letter date"))

    def prepare(self):
        super().prepare()
        rows = Agency.objects.visible_to(self.user).filter(participations__cycle=self.subject.cycle_id)
        self.fields["agency"].queryset = rows.order_by("name")
        self.fields["name"].required = False
        self.order_fields(["kind", "agency", "part"])

    def clean(self):
        cleaned = super().clean()
        kind, agency = cleaned.get("kind"), cleaned.get("agency")
        if kind and kind.recipient == Recipient.AGENCY and agency and not cleaned.get("name"):
            cleaned["name"] = agency.name
        if kind and kind.recipient != Recipient.AGENCY and not cleaned.get("name"):
            self.add_error("name", _("Write the name of whom you nominate."))
        return cleaned


class MarksForm(VerbForm):
    """A mark out of a hundred and its reason for each member who does not step out."""

    def prepare(self):
        super().prepare()
        self.voting = list(choice.voting(self.subject))
        marks = {mark.member_id: mark for mark in self.subject.marks.all()}
        for member in self.voting:
            mark = marks.get(member.pk)
            self.fields[f"{MARK}{member.pk}"] = PersianDecimalField(
                label=_("Mark of %(member)s") % {"member": member},
                required=False,
                min_value=0,
                max_value=100,
                max_digits=9,
                decimal_places=6,
                initial=mark.score if mark else None,
            )
            self.fields[f"{REASON}{member.pk}"] = forms.CharField(
                label=_("Reason of %(member)s") % {"member": member},
                required=False,
                max_length=2000,
                initial=mark.reason if mark else "",
            )

    def clean(self):
        cleaned = super().clean()
        cleaned["marks"] = {
            member: (cleaned.pop(f"{MARK}{member.pk}", None), cleaned.pop(f"{REASON}{member.pk}", ""))
            for member in self.voting
        }
        return cleaned


class ChoiceForm(VerbForm):
    session = forms.ModelChoiceField(CommitteeSession.objects.none(), label=gettext_lazy("committee session"))

    def prepare(self):
        """Sessions of the festival's committee; for a batch those of all festival committees that the person knows."""
        super().prepare()
        rows = CommitteeSession.objects.visible_to(self.user).select_related("committee")
        if self.subject is not None:
            chosen = self.subject.festival
            rows = rows.filter(committee=chosen.committee_id, cycle=chosen.cycle_id)
        else:
            rows = rows.filter(committee__kind=CommitteeKind.FESTIVAL)
        self.fields["session"].queryset = rows
