"""How tests of the page of lines ask for it and post to it."""

from evaluation.admin.assessing import line_inputs
from evaluation.models import Line, OnBehalf
from evaluation.process.assessing.line_columns import version_at
from evaluation.reports import assessment_lines
from evaluation.reports.access import access


class Page:
    """One person before the lines of one assessment, in English so that sentences are asserted as written."""

    def __init__(self, cast, who, assessment):
        self.cast, self.assessment = cast, assessment
        self.user = getattr(cast, who)
        self.client = cast.client(who)
        self.client.cookies["django_language"] = "en"
        self.url = f"/admin/evaluation/assessment/{assessment.pk}/lines/"

    def get(self, **query):
        return self.client.get(self.url, query)

    def html(self, **query):
        response = self.get(**query)
        assert response.status_code == 200
        return response.content.decode()

    def line(self, code):
        return Line.objects.select_related("indicator", "assessment").get(
            assessment=self.assessment, indicator__code=code
        )

    def rows(self, **query):
        """The codes of the lines that the page shows, in order."""
        return [row.line.indicator.code for part in self.get(**query).context["sections"] for row in part.rows]

    def fields(self, code, **values):
        """A row as the page would post it, with `values` typed over what stands there."""
        self.assessment.refresh_from_db()
        rights = access(self.assessment, type(self.user).objects.get(pk=self.user.pk), self.letter())
        row = next(
            row
            for row in assessment_lines.line_rows(self.assessment, self.user, rights)
            if row.line.indicator.code == code
        )
        boxes = line_inputs.inputs_of(row, rights.entry) if rights.entry else []
        pk = row.line.pk
        shown = {f"{pk}-{box.name}": box.value for box in boxes}
        seen = {
            f"{pk}-version": version_at(row.line, rights.entry) if rights.entry else "",
            f"{pk}-seen": line_inputs.signature(boxes),
        }
        return shown | seen | {f"{pk}-{name}": value for name, value in values.items()}

    def letter(self):
        """The letter that the dialog wrote last, if any."""
        return OnBehalf.objects.filter(by=self.user, basis="letter").last()

    def save(self, code, **values):
        """Post one row as the page's script does; the parsed answer."""
        response = self.client.post(f"{self.url}{self.line(code).pk}/save/", self.fields(code, **values))
        assert response.status_code == 200, response.status_code
        return response.json()

    def save_all(self, *rows, **more):
        """Post the whole page as a browser without scripts does."""
        posted = {}
        for row in rows:
            posted |= row
        return self.client.post(self.url, posted | more)
