"""What the steps of a result set ask for: the council's session, the levels received, the files of a publication."""

from django import forms
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import CommitteeKind
from evaluation.models import Committee, CommitteeSession, Level, ResultSet
from evaluation.process import door
from evaluation.process.results import level, result
from evaluation.reports import publication

from ..forms import JalaliDateField, UploadField
from ..verbs.dialogs import VerbForm

LEVEL_FIELD = "level_"


class CouncilForm(VerbForm):
    """A session that is recorded already, or the particulars of a new one."""

    session = forms.ModelChoiceField(
        CommitteeSession.objects.none(),
        label=gettext_lazy("council session"),
        required=False,
        empty_label=gettext_lazy("A new session, as below"),
    )
    number = forms.CharField(label=gettext_lazy("session number"), max_length=30, required=False)
    held_on = JalaliDateField(label=gettext_lazy("date of the session"), required=False)
    resolution = forms.CharField(label=gettext_lazy("resolution"), widget=forms.Textarea, required=False)
    minutes = UploadField(label=gettext_lazy("minutes"), required=False)

    def prepare(self):
        super().prepare()
        rows = CommitteeSession.objects.visible_to(self.user).filter(
            cycle=self.subject.cycle_id, committee__kind=CommitteeKind.COUNCIL
        )
        self.fields["session"].queryset = rows.select_related("committee")
        if not rows:
            del self.fields["session"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("session"):
            return cleaned
        for name in ("number", "held_on", "resolution"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("A new session needs this."))
        return cleaned


def approve(result_set, *, by, on_behalf=None, session=None, number="", held_on=None, resolution="", minutes=None):
    """The council's approval, in a recorded session or in a new one."""
    if session is not None:
        return result.approve(result_set, by=by, on_behalf=on_behalf, session=session, note=resolution)
    return result.hold_council(
        result_set,
        by=by,
        on_behalf=on_behalf,
        committee=council_of(result_set.cycle.province),
        number=number,
        held_on=held_on,
        resolution=resolution,
        minutes=minutes,
    )


def council_of(province):
    """The province's council; made when nobody has registered it yet."""
    council = Committee.objects.filter(province=province, kind=CommitteeKind.COUNCIL).order_by("pk").first()
    if council:
        return council
    with translation.override("fa"):
        title = str(CommitteeKind.COUNCIL.label)
    return Committee.objects.create(province=province, kind=CommitteeKind.COUNCIL, title=title)


class LevelsForm(VerbForm):
    """One choice for each figure that can have a level: the total of each agency, and each dimension if wanted."""

    letter = forms.CharField(label=gettext_lazy("letter number"), max_length=60)

    def prepare(self):
        super().prepare()
        scheme = self.subject.cycle.level_scheme
        levels = Level.objects.filter(scheme=scheme) if scheme else Level.objects.select_related("scheme")
        choices = [("", "—"), *((level.pk, level.title if scheme else f"{level.scheme} · {level}") for level in levels)]
        self.levels = {str(level.pk): level for level in levels}
        self.leveled = set()
        for row in leveled(self.subject):
            if row.level_id:
                self.leveled.add(row.pk)
            self.fields[f"{LEVEL_FIELD}{row.pk}"] = forms.ChoiceField(
                label=f"{row.participation.agency} · {row.dimension or _('Total')}",
                choices=choices,
                initial=row.level_id or "",
                required=False,
            )

    @property
    def own_fields(self):
        """The fields above the table of levels."""
        return [field for field in self if not field.name.startswith(LEVEL_FIELD)]

    def clean(self):
        cleaned = super().clean()
        names = [name for name in cleaned if name.startswith(LEVEL_FIELD)]
        chosen = {int(name.removeprefix(LEVEL_FIELD)): self.levels.get(cleaned.pop(name)) for name in names}
        cleaned["levels"] = {key: level for key, level in chosen.items() if level or key in self.leveled}
        return cleaned


def leveled(result_set):
    """The figures that can have a level, of agencies that took part, by name."""
    rows = result_set.agency_results.filter(passive=False)
    return rows.select_related("participation__agency", "dimension", "level").order_by(
        "participation__agency__name", "dimension__order"
    )


def level_rows(result_set, form):
    """The rows of the page: an agency, the choice of its total, and one for each dimension."""
    agencies = {}
    for row in leveled(result_set):
        entry = agencies.setdefault(row.participation_id, {"agency": row.participation.agency, "parts": []})
        field = form[f"{LEVEL_FIELD}{row.pk}"]
        if row.dimension_id is None:
            entry |= {"total": row.total, "ranked": row.participation.ranked, "field": field}
        else:
            entry["parts"].append({"dimension": row.dimension, "field": field})
    return list(agencies.values())


def write_levels(result_set, *, by, letter, levels, on_behalf=None):
    """Levels as received; an empty choice takes a level away."""
    return level.set_levels(result_set, levels, by=by, letter=letter, on_behalf=on_behalf)


def publish(result_set, *, by, note=""):
    """Make workbook, book and disc and publish them with the results."""
    if door.why_not(result_set, "publish"):
        return result.publish(result_set, by=by, note=note)
    as_published = ResultSet.objects.select_related("cycle__province").get(pk=result_set.pk)
    as_published.published_at = timezone.now()
    files = publication.files(as_published)
    return result.publish(result_set, by=by, note=note, files=files, at=as_published.published_at)
