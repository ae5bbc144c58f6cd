"""Stock django-import-export: a ModelResource on Line with its default settings, fed by its own XLSX format."""

from import_export.fields import Field
from import_export.formats.base_formats import XLSX
from import_export.resources import ModelResource
from import_export.widgets import CharWidget

from evaluation.enums import MarkLevel, MarkSource
from evaluation.models import Line, Mark

from .books import ACTUAL, AGENCY, CODE, NOTE, SCORE


class StockLines(ModelResource):
    """The same columns; agency and code find the line, as an import by hand would have it."""

    agency = Field("assessment__participation__agency__code", AGENCY, readonly=True)
    code = Field("indicator__code", CODE, readonly=True)

    class Meta:
        model = Line
        import_id_fields = ("agency", "code")
        fields = ("agency", "code", "initial_actual", "initial_score", "initial_note")

    def __init__(self, cycle, by):
        super().__init__()
        self.cycle, self.by = cycle, by
        for name, heading in (("initial_actual", ACTUAL), ("initial_score", SCORE), ("initial_note", NOTE)):
            self.fields[name].column_name = heading
        self.fields["initial_note"].widget = CharWidget(coerce_to_string=True, allow_blank=True)  # else NULL, refused

    def get_queryset(self):
        return Line.objects.filter(assessment__participation__cycle=self.cycle)


class StockMarks(StockLines):
    """And a mark for each line, as its documentation would have it done: after each row. Without any arithmetic."""

    def after_save_instance(self, instance, row, **kwargs):
        Mark.objects.create(
            line=instance,
            level=MarkLevel.INITIAL,
            actual=instance.initial_actual,
            score=instance.initial_score,
            note=instance.initial_note,
            by=self.by,
            source=MarkSource.IMPORT,
        )


def whole(world, data, resource=StockLines):
    """Read and write the rows of `data`; the dry run that its pages do first is left out, to its advantage."""
    dataset = XLSX().create_dataset(data)
    result = resource(world.cycle, world.manager).import_data(dataset, dry_run=False, raise_errors=True)
    if result.totals["update"] != len(dataset):
        raise RuntimeError(str(result.totals))
