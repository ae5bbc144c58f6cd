"""Stock django-import-export: a ModelResource on Line with its default settings, fed by its own XLSX format."""

from import_export.fields import Field
from import_export.formats.base_formats import XLSX
from import_export.resources import ModelResource
from import_export.widgets import CharWidget

from evaluation.models import Line

from .books import ACTUAL, AGENCY, CODE, NOTE, SCORE


class StockLines(ModelResource):
    """The same columns; agency and code find the line, as an import by hand would have it."""

    agency = Field("assessment__participation__agency__code", AGENCY, readonly=True)
    code = Field("indicator__code", CODE, readonly=True)

    class Meta:
        model = Line
        import_id_fields = ("agency", "code")
        fields = ("agency", "code", "initial_actual", "initial_score", "initial_note")

    def __init__(self, cycle):
        super().__init__()
        self.cycle = cycle
        for name, heading in (("initial_actual", ACTUAL), ("initial_score", SCORE), ("initial_note", NOTE)):
            self.fields[name].column_name = heading
        self.fields["initial_note"].widget = CharWidget(coerce_to_string=True, allow_blank=True)  # else NULL, refused

    def get_queryset(self):
        return Line.objects.filter(assessment__participation__cycle=self.cycle)


def whole(world, data):
    """Read and write the rows of `data`; the dry run that its pages do first is left out, to its advantage."""
    dataset = XLSX().create_dataset(data)
    result = StockLines(world.cycle).import_data(dataset, dry_run=False, raise_errors=True)
    if result.totals["update"] != len(dataset):
        raise RuntimeError(str(result.totals))
