"""Text of the database that a spreadsheet would calculate stays text on every way out, and numbers stay numbers."""

from datetime import timedelta
from io import BytesIO
from itertools import cycle
from zipfile import ZipFile

import pytest
from django.db.models import CharField, TextField
from django.utils import timezone
from openpyxl import load_workbook

from evaluation.enums import Scorer, Stage
from evaluation.exchange import package
from evaluation.models import (
    Agency,
    Axis,
    Circular,
    CircularReceipt,
    Cycle,
    Dimension,
    Extension,
    Headquarters,
    Indicator,
    Level,
    Line,
    Participation,
    Province,
    Transfer,
)
from evaluation.process.results import snapshot
from evaluation.reports import circular_register, disc, extensions, ranking
from evaluation.resources.downloads import kits
from evaluation.resources.downloads.templates import export, template
from evaluation.resources.markup import marked
from evaluation.workbook.cells import FORMULA_MARKS

from .sheets import imported, sheet, tried
from .test_corrupted import computed

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # formats of files

LINK = '=HYPERLINK("http://a.test","x")'
TEXTS = (LINK, "+1", "-1+2", "@SUM(1)", "\tx", "\ry", "=cmd|' /C calc'!A0")
POISONED = {
    Agency: ("name", "group"),
    Dimension: ("title",),
    Headquarters: ("name",),
    Province: ("name",),
    Cycle: ("title",),
    Axis: ("title",),
    Indicator: ("title", "unit", "guide", "legal_basis"),
    Line: ("self_note", "hq_note", "initial_note", "revised_note"),
    Circular: ("subject", "issuer", "number"),
    Level: ("title",),
}
WORKBOOKS = {
    "agencies": {"name", "group"},
    "indicators": {"title", "unit", "guide", "legal_basis"},
    "specific": {"title", "unit", "guide", "legal_basis"},
    "self": {"agency_name", "title", "unit", "note"},
    "received": {"agency_name", "title", "unit", "note"},
    "scores": {"agency_name", "title", "unit", "note"},
}


def poison():
    """Every name, title and note of the database begins like a formula; never the same text for two neighbours."""
    texts = cycle(TEXTS)
    for model, names in POISONED.items():
        for obj in model.objects.order_by("pk"):
            model.objects.filter(pk=obj.pk).update(**{name: next(texts) for name in names})


@pytest.fixture
def scoring(cast):
    return cast.until(Stage.EVALUATION).once(score_and_poison)


def score_and_poison(cast):
    for assessment in cast.assessments():
        cast.score(assessment)
    poison()
    cast.cycle = Cycle.objects.get(pk=cast.cycle.pk)


def cells(data):
    """Every filled cell of a workbook; none is a formula, and what looks like one says that it is text."""
    found = [cell for page in load_workbook(BytesIO(data)) for row in page.iter_rows() for cell in row]
    filled = [cell for cell in found if cell.value is not None]
    assert [cell.coordinate for cell in filled if cell.data_type == "f"] == []
    begun = [cell for cell in filled if cell.data_type != "n" and str(cell.value).startswith(FORMULA_MARKS)]
    assert [cell.coordinate for cell in begun if cell.parent.title != "_lists" and not cell.quotePrefix] == []
    return filled


def texts(data):
    """The poisoned texts of a workbook, whole."""
    return {cell.value for cell in cells(data) if isinstance(cell.value, str)} & set(TEXTS)


def columns(data):
    """{code: values below} of a download's first sheet."""
    page = load_workbook(BytesIO(data)).worksheets[0]
    codes = [cell.value for cell in page[2]]
    return {code: [page.cell(row, at).value for row in range(3, page.max_row + 1)] for at, code in enumerate(codes, 1)}


def test_the_table_names_only_texts():
    kinds = [model._meta.get_field(name) for model, names in POISONED.items() for name in names]
    assert [field for field in kinds if not isinstance(field, CharField | TextField)] == []


@pytest.mark.parametrize("name", WORKBOOKS)
def test_workbooks_of_data(scoring, name):
    by = {"scores": scoring.lead, "self": scoring.reporter_a}.get(name, scoring.expert)
    data = export(name, by=by, cycle=scoring.cycle)
    assert texts(data) != set()
    shown = columns(data)
    poisoned = {code for code, values in shown.items() if set(values) & set(TEXTS)}
    assert poisoned - {"headquarters", "axis", "parent"} == WORKBOOKS[name]
    texts(template(name, by=by, cycle=scoring.cycle))


@pytest.mark.parametrize(
    ("name", "numbers"), [("self", ["actual", "score", "maximum"]), ("scores", ["score", "maximum"])]
)
def test_numbers_stay_numbers(scoring, name, numbers):
    by = {"scores": scoring.lead, "self": scoring.reporter_a}[name]
    shown = columns(export(name, by=by, cycle=scoring.cycle))
    found = [value for code in numbers for value in shown[code]]
    assert found != []
    assert {type(value) for value in found} <= {int, float}


def test_poisoned_names_and_their_export_come_back_in(scoring):
    run = tried(
        "agencies", export("agencies", by=scoring.expert, cycle=scoring.cycle), by=scoring.expert, cycle=scoring.cycle
    )
    assert (run.state, run.same, run.wrong) == ("tried", 2, 0)


def test_targets_and_outside_figures(cast):
    cast.until(Stage.INDICATORS)
    poison()
    for build in (export, template):
        texts(build("targets", by=cast.expert, cycle=cast.cycle))


def test_outside_figures(scoring):
    Indicator.objects.filter(code="G-2").update(scorer=Scorer.FEED, steward=None)
    come = sheet(["agency", "code", "value", "observed_at"], ["A", "G-2", -70, "1404/04/31"])
    imported("feed", come, by=scoring.expert, cycle=scoring.cycle)
    data = export("feed", by=scoring.expert, cycle=scoring.cycle)
    cells(data)
    assert columns(data)["value"] == [-70]
    cells(template("feed", by=scoring.expert, cycle=scoring.cycle))


def test_the_offline_kits(scoring):
    own = Participation.objects.get(cycle=scoring.cycle, agency=scoring.agency_a)
    assert texts(kits.agency_kit(own, by=scoring.reporter_a)) != set()
    assert texts(kits.evaluator_kit(scoring.cycle, by=scoring.lead)) != set()


def test_the_marked_copy(scoring):
    data = export("scores", by=scoring.lead, cycle=scoring.cycle)
    book = load_workbook(BytesIO(data))
    page = book.worksheets[0]
    codes = [cell.value for cell in page[2]]
    for row, text in enumerate(TEXTS, start=3):
        page.cell(row, codes.index("score") + 1, text).data_type = "s"
    page.cell(1, codes.index("note") + 1).value = "@نو"
    out = BytesIO()
    book.save(out)
    run = tried("scores", out.getvalue(), by=scoring.lead, cycle=scoring.cycle)
    assert run.state == "refused"
    copy, _name = marked(out.getvalue(), "=a.xlsx", run.report["faults"], title="=1+1")
    front = load_workbook(BytesIO(copy)).worksheets[0]
    found = [cell for row in front.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in found} == {"s"}
    values = {cell.value for cell in found}
    assert {"=1+1", LINK, "-1+2", "@SUM(1)"} - values == set()
    everything = [cell for page in load_workbook(BytesIO(copy)) for row in page.iter_rows() for cell in row]
    assert [cell.coordinate for cell in everything if cell.data_type == "f"] == []


def test_the_register_of_circulars(scoring):
    assert texts(circular_register.workbook(Circular.objects.all(), CircularReceipt.objects.all())) != set()


def test_the_list_of_extensions(scoring):
    Extension.objects.create(
        cycle=scoring.cycle,
        agency=scoring.agency_a,
        stage=Stage.EVALUATION,
        granted_at=timezone.now(),
        ends_at=timezone.now() + timedelta(days=3),
        approver=scoring.manager,
        reason=LINK,
    )
    assert LINK in texts(extensions.workbook(Extension.objects.all()))


@pytest.mark.parametrize("direction", ["to_aro", "to_mpo"])
def test_packages(scoring, direction):
    transfer = Transfer.objects.filter(direction=direction).first()
    content, _digest = package.build(transfer)
    with ZipFile(BytesIO(content)) as archive:
        inner = [archive.read(name) for name in archive.namelist() if name.endswith(".xlsx")]
    assert len(inner) == 2
    assert set.union(*map(texts, inner)) != set()


def test_the_ranking_and_the_levels(cast):
    by = computed(cast)
    poison()
    results = cast.cycle.result_sets.get()
    snapshot.keep_figures(results, by=by)  # the files show what was kept
    assert texts(ranking.workbook(results)) != set()
    with ZipFile(BytesIO(disc.assemble(results, book_pdf=b"", ranking_xlsx=ranking.workbook(results)))) as archive:
        assert texts(archive.read(disc.WORKBOOK)) == texts(ranking.workbook(results))
    data = export("levels", by=by, cycle=cast.cycle)
    assert set(TEXTS) & {value for values in columns(data).values() for value in values} != set()
    cells(template("levels", by=by, cycle=cast.cycle))
    cells(data)
