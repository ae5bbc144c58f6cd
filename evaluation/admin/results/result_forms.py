"""What the steps of a result set ask for: the levels received, the files of a publication, the lines of an erratum."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import RankedAmong
from evaluation.models import AgencyResult, Level, ResultSet
from evaluation.process import door
from evaluation.process.results import council, erratum, level, result
from evaluation.reports import publication

from ..forms import PersianDecimalField
from ..seen_forms import SeenMixin
from ..verbs.dialogs import VerbForm
from ..verbs.rows import AgencyField, RowsForm, participations_of

LEVEL_FIELD = "level_"


class LevelsForm(SeenMixin, VerbForm):
    """One choice for each figure that can have a level: the total of each agency, and each dimension if wanted."""

    letter = forms.CharField(label=gettext_lazy("letter number"), max_length=60)

    def prepare(self):
        super().prepare()
        scheme = self.subject.cycle.level_scheme
        levels = Level.objects.filter(scheme=scheme) if scheme else Level.objects.select_related("scheme")
        choices = [("", "—"), *((level.pk, level.title if scheme else f"{level.scheme} · {level}") for level in levels)]
        self.levels = {str(level.pk): level for level in levels}
        self.leveled = set()
        for row in leveled(self.subject, self.user):
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


def leveled(result_set, user):
    """The figures that can have a level, of agencies that took part, by name; whoever is of an agency too leaves it to
    others before the announcement.
    """
    rows = AgencyResult.objects.visible_to(user).filter(result_set=result_set, passive=False)
    return rows.select_related("participation__agency", "dimension", "level").order_by(
        "participation__agency__name", "dimension__order"
    )


def level_rows(result_set, form):
    """The rows of the page: an agency, the choice of its total, and one for each dimension."""
    agencies = {}
    for row in leveled(result_set, form.user):
        entry = agencies.setdefault(row.participation_id, {"agency": row.participation.agency, "parts": []})
        field = form[f"{LEVEL_FIELD}{row.pk}"]
        if row.dimension_id is None:
            entry |= {
                "total": row.total,
                "ranked": row.participation.ranked_among in RankedAmong.ranked(),
                "field": field,
            }
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


class ErratumForm(RowsForm):
    """The lines to correct, each by its agency and the code of its indicator, with the right score in points."""

    number_of_rows = 5
    headings = (gettext_lazy("executive agency"), gettext_lazy("code of the indicator"), gettext_lazy("right score"))

    def row_fields(self):
        agencies = participations_of(self.subject)
        return {
            "agency": AgencyField(agencies, label=self.headings[0], required=False),
            "code": forms.CharField(label=self.headings[1], max_length=30, required=False),
            "score": PersianDecimalField(label=self.headings[2], max_digits=14, decimal_places=6, required=False),
        }

    def read_row(self, row):
        """The corrected line of a row that was filled."""
        if row["score"] is None:
            raise forms.ValidationError(_("Enter the right score."))
        return erratum.Corrected(line_of(row), row["score"])

    def clean(self):
        cleaned = super().clean()
        cleaned["corrections"] = self.read_rows(cleaned)
        return cleaned


def line_of(row):
    """The line that a row names by agency and code; raises ValidationError where there is none."""
    if not row["agency"] or not row["code"]:
        raise forms.ValidationError(_("Choose the agency and write the code of the indicator."))
    line = council.line_named(row["agency"], row["code"])
    if line is None:
        raise forms.ValidationError(_("This agency has no line with the code “%(code)s”.") % {"code": row["code"]})
    return line


def correct(result_set, *, by, reason, corrections):
    """The erratum, with the files of the new edition."""
    made = erratum.correct(result_set, corrections, by=by, reason=reason)
    corrected = ResultSet.objects.select_related("cycle__province").get(pk=result_set.pk)
    result.keep_files(corrected, publication.files(corrected), by=by)
    return made
