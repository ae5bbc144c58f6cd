"""A row that was edited since the download is never overwritten: the fault shows both values."""

from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from evaluation.enums import MarkLevel, Stage
from evaluation.models import Agency, Axis, Indicator
from evaluation.process.assessing import line
from evaluation.resources import runs
from evaluation.resources.tables.stamps import STAMP_HEADING, of_row
from evaluation.resources.workbooks.registry import RESOURCES
from tests.resources.sheets import counts, export, imported, line_of, template, tried
from tests.resources.uploads import saved

pytestmark = pytest.mark.django_db

EDITED = "This row was edited after the download: “%s” in the file, “%s” in the system. Download the file again."


class Download:
    """A downloaded workbook, to be filled at home; cells by the row's key and the column's code."""

    def __init__(self, data):
        self.book = load_workbook(BytesIO(data))
        self.page = self.book.worksheets[0]
        self.columns = {cell.value: cell.column for cell in self.page[2]}

    def row(self, **key):
        for row in range(3, self.page.max_row + 1):
            if all(self.page.cell(row, self.columns[code]).value == value for code, value in key.items()):
                return row
        raise LookupError(key)

    def fill(self, row, **values):
        for code, value in values.items():
            self.page.cell(row, self.columns[code]).value = value
        return self

    def cell(self, row, code):
        return self.page.cell(row, self.columns[code])

    @property
    def data(self):
        return saved(self.book)


def stale(run):
    """(heading, value, sentence) of each fault of a row that was edited since."""
    assert {each["cause"] for each in run.report["faults"]} == {"stale"}
    return [(each["heading"], each["value"], each["sentence"]) for each in run.report["faults"]]


def test_a_line_edited_on_screen_in_the_meantime(entry):
    entry.fill(entry.assessment(entry.agency_a))
    download = Download(export("self", by=entry.reporter_a, cycle=entry.cycle))
    download.fill(download.row(code="G-1"), actual=85).fill(download.row(code="G-31"), actual=75, note="شرح")
    line.record(line_of("G-1"), MarkLevel.SELF, line.Figures(actual=Decimal("82.5")), by=entry.reporter_a)
    run = tried("self", download.data, by=entry.reporter_a, cycle=entry.cycle)
    assert stale(run) == [
        ("عملکرد واقعی", "85", EDITED % ("85", "82.5")),
        ("امتیاز خودارزیابی", "240", EDITED % ("240", "247.5")),
    ]
    assert counts(run) == {"new": 0, "changed": 1, "same": 3, "wrong": 1}
    line.record(line_of("G-1"), MarkLevel.SELF, line.Figures(actual=Decimal(80)), by=entry.reporter_a)
    run = imported("self", download.data, by=entry.reporter_a, cycle=entry.cycle)
    assert (counts(run)["changed"], line_of("G-1").self_actual, line_of("G-31").self_note) == (2, 85, "شرح")


def test_a_row_that_stands_as_the_file_has_it_is_no_fault(entry):
    entry.fill(entry.assessment(entry.agency_a))
    download = Download(export("self", by=entry.reporter_a, cycle=entry.cycle))
    download.fill(download.row(code="G-1"), actual=85)
    first = imported("self", download.data, by=entry.reporter_a, cycle=entry.cycle)
    again = imported("self", download.data, by=entry.reporter_a, cycle=entry.cycle)
    assert (counts(first)["changed"], counts(again)["changed"], counts(again)["same"]) == (1, 0, 5)


def test_a_line_that_nobody_had_filled_when_the_template_was_made(entry):
    download = Download(template("self", by=entry.reporter_a, cycle=entry.cycle))
    row = download.row(code="G-1")
    assert download.cell(row, "stamp").value == of_row({}, {"agency": "A", "code": "G-1"})
    download.fill(row, actual=85, note="شرح")
    line.record(line_of("G-1"), MarkLevel.SELF, line.Figures(actual=Decimal(60)), by=entry.reporter_a)
    run = tried("self", download.data, by=entry.reporter_a, cycle=entry.cycle)
    assert stale(run) == [
        ("عملکرد واقعی", "85", EDITED % ("85", "60")),
        ("توضیح", "شرح", EDITED % ("شرح", "empty")),
    ]


def test_scores_of_two_evaluators(scoring):
    download = Download(export("scores", by=scoring.lead, cycle=scoring.cycle))
    download.fill(download.row(agency="A", code="G-1"), actual=70)
    line.record(line_of("G-1"), MarkLevel.INITIAL, line.Figures(actual=Decimal(65)), by=scoring.evaluator)
    run = tried("scores", download.data, by=scoring.lead, cycle=scoring.cycle)
    assert stale(run)[0] == ("عملکرد تأییدشده", "70", EDITED % ("70", "65"))


def test_an_export_edited_and_uploaded_twice_changes_nothing_the_second_time(scoring):
    line.record(line_of("G-1"), MarkLevel.INITIAL, line.Figures(actual=Decimal(70)), by=scoring.lead)
    download = Download(export("scores", by=scoring.lead, cycle=scoring.cycle))
    row = download.row(agency="A", code="G-1")
    download.fill(row, actual=80, note="پس از بررسی")
    assert download.cell(row, "score").value == 210
    first = imported("scores", download.data, by=scoring.lead, cycle=scoring.cycle)
    again = imported("scores", download.data, by=scoring.lead, cycle=scoring.cycle)
    assert (counts(first)["changed"], counts(again)["changed"], line_of("G-1").initial_score) == (1, 0, 240)


LEFT = "1 row that you did not change was edited by others after the download; it is not changed."


def test_a_row_that_comes_back_as_it_went_out_asks_for_nothing(entry):
    entry.fill(entry.assessment(entry.agency_a))
    download = Download(export("self", by=entry.reporter_a, cycle=entry.cycle))
    download.fill(download.row(code="G-31"), actual=75, note="شرح")
    line.record(line_of("G-1"), MarkLevel.SELF, line.Figures(actual=Decimal("82.5")), by=entry.reporter_a)
    run = tried("self", download.data, by=entry.reporter_a, cycle=entry.cycle)
    assert (counts(run), run.report["remarks"]) == ({"new": 0, "changed": 1, "same": 4, "wrong": 0}, [LEFT])
    run = runs.confirm(run, by=entry.reporter_a)
    assert (line_of("G-1").self_actual, line_of("G-31").self_actual) == (Decimal("82.5"), 75)
    assert (run.report["remarks"], run.changes.count()) == ([LEFT], 1)


def test_a_copy_of_a_row_under_another_name_is_no_row_as_it_went_out(entry):
    entry.fill(entry.assessment(entry.agency_a))
    download = Download(export("self", by=entry.reporter_a, cycle=entry.cycle))
    first, other = download.row(code="G-1"), download.row(code="G-31")
    for code in ("actual", "score", "note", "stamp"):
        download.fill(other, **{code: download.cell(first, code).value})
    line.record(line_of("G-31"), MarkLevel.SELF, line.Figures(actual=Decimal(7)), by=entry.reporter_a)
    run = tried("self", download.data, by=entry.reporter_a, cycle=entry.cycle)
    assert {each["cell"][1:] for each in run.report["faults"]} == {str(other)}
    assert (counts(run)["wrong"], run.report["remarks"]) == (1, [])


def test_a_row_without_one_of_its_columns_cannot_say_that_it_is_as_it_went_out(cast):
    download = Download(export("agencies", by=cast.manager, cycle=cast.cycle))
    download.page.delete_cols(download.columns["group"])
    Agency.objects.filter(code="A").update(name="نام دیگر")
    run = tried("agencies", download.data, by=cast.manager, cycle=cast.cycle)
    assert stale(run) == [("نام دستگاه", "اداره الف", EDITED % ("اداره الف", "نام دیگر"))]


def test_received_rows_that_ask_for_nothing_still_say_that_their_assessment_came(entry):
    line.record(line_of("G-1"), MarkLevel.SELF, line.Figures(actual=Decimal(70)), by=entry.reporter_a)
    download = Download(export("received", by=entry.expert, cycle=entry.cycle))
    for row in range(download.page.max_row, 2, -1):
        if (download.cell(row, "agency").value, download.cell(row, "code").value) != ("A", "G-1"):
            download.page.delete_rows(row)
    line.record(line_of("G-1"), MarkLevel.SELF, line.Figures(actual=Decimal(80)), by=entry.reporter_a)
    run = imported("received", download.data, by=entry.expert, cycle=entry.cycle)
    assert run.report["remarks"] == ["1 assessment is set to “received”.", LEFT]
    assert (line_of("G-1").self_actual, line_of("G-1").assessment.state) == (80, "received")


def test_the_points_of_an_axis_in_a_row_that_asks_for_nothing_are_not_taken(cast):
    cast.write_catalogue()
    download = Download(export("indicators", by=cast.expert, cycle=cast.cycle))
    row = download.page.max_row + 1
    new = {"dimension": cast.general.title, "axis": "محور یک", "code": "G-7", "title": "نو", "points": 10}
    download.fill(row, **new)
    Axis.objects.filter(number=1).update(maximum=450)
    run = imported("indicators", download.data, by=cast.expert, cycle=cast.cycle)
    assert (counts(run)["new"], counts(run)["changed"], Axis.objects.get(number=1).maximum) == (1, 0, 450)


def test_received_figures(entry):
    download = Download(export("received", by=entry.expert, cycle=entry.cycle))
    download.fill(download.row(agency="A", code="G-1"), self_actual=70, self_score=210)
    line.record(line_of("G-1"), MarkLevel.SELF, line.Figures(actual=Decimal(80)), by=entry.reporter_a)
    run = tried("received", download.data, by=entry.expert, cycle=entry.cycle)
    assert stale(run) == [
        ("عملکرد خودارزیابی", "70", EDITED % ("70", "80")),
        ("امتیاز خودارزیابی", "210", EDITED % ("210", "240")),
    ]


def test_an_agency(cast):
    download = Download(export("agencies", by=cast.manager, cycle=cast.cycle))
    download.fill(download.row(code="A"), name="نام نو").fill(download.row(code="B"), ranked="خیر")
    Agency.objects.filter(code="A").update(name="نام دیگر", ranked=False)
    run = tried("agencies", download.data, by=cast.manager, cycle=cast.cycle)
    assert stale(run) == [
        ("نام دستگاه", "نام نو", EDITED % ("نام نو", "نام دیگر")),
        ("رتبه‌بندی می‌شود", "بله", EDITED % ("Yes", "No")),
    ]
    Agency.objects.filter(code="A").update(name="اداره الف", ranked=True)
    assert counts(imported("agencies", download.data, by=cast.manager, cycle=cast.cycle))["changed"] == 2


def test_indicators_and_the_points_of_their_axis(cast):
    cast.write_catalogue()
    download = Download(export("indicators", by=cast.expert, cycle=cast.cycle))
    download.fill(download.row(code="G-1"), title="عنوان نو", nature="نسبت")
    Indicator.objects.filter(code="G-1").update(nature="growth")
    run = tried("indicators", download.data, by=cast.expert, cycle=cast.cycle)
    assert stale(run) == [
        ("عنوان شاخص", "عنوان نو", EDITED % ("عنوان نو", "آموزش کارکنان")),
        ("ماهیت", "نسبت", EDITED % ("Ratio", "Growth")),
    ]
    Indicator.objects.filter(code="G-1").update(nature="single")
    Axis.objects.filter(number=1).update(maximum=450)
    run = tried("indicators", download.data, by=cast.expert, cycle=cast.cycle)
    assert ("سقف محور", "500", EDITED % ("500", "450")) in stale(run)


def test_new_points_of_an_axis_do_not_make_its_other_rows_old(cast):
    cast.write_catalogue()
    download = Download(export("indicators", by=cast.expert, cycle=cast.cycle))
    for code in ("G-1", "G-2"):
        download.fill(download.row(code=code), axis_points=450, title=f"نو {code}")
    run = imported("indicators", download.data, by=cast.expert, cycle=cast.cycle)
    assert (counts(run)["changed"], Axis.objects.get(number=1).maximum) == (2, 450)


def test_specific_indicators(cast):
    cast.until(Stage.INDICATORS)
    cast.propose(cast.cycle.specific_lists.get(agency=cast.agency_a))
    download = Download(export("specific", by=cast.reporter_a, cycle=cast.cycle))
    download.fill(download.row(code="S-1"), weight=3)
    Indicator.objects.filter(agency=cast.agency_a, code="S-1").update(slice="provincial")
    run = tried("specific", download.data, by=cast.reporter_a, cycle=cast.cycle)
    assert stale(run) == [
        ("برش", "برش ملی", EDITED % ("National slice", "Provincial slice")),
        ("وزن", "3", EDITED % ("3", "1.4")),
    ]


def test_rows_without_a_stamp_and_new_rows_are_read_as_ever(cast):
    download = Download(export("agencies", by=cast.manager, cycle=cast.cycle))
    Agency.objects.filter(code="A").update(kind="دیگر")
    download.fill(download.row(code="A"), name="نام نو", stamp=None)
    download.page.append([None] * download.page.max_column)
    row = download.page.max_row + 1
    download.fill(row, code="C", name="اداره ج", stamp=download.cell(3, "stamp").value)
    run = imported("agencies", download.data, by=cast.manager, cycle=cast.cycle)
    assert counts(run) == {"new": 1, "changed": 1, "same": 1, "wrong": 0}


def test_a_row_emptied_but_for_its_stamp_is_no_row(entry):
    entry.fill(entry.assessment(entry.agency_a))
    download = Download(export("self", by=entry.reporter_a, cycle=entry.cycle))
    row = download.row(code="G-1")
    download.fill(row, **{code: None for code in download.columns if code != "stamp"})
    run = imported("self", download.data, by=entry.reporter_a, cycle=entry.cycle)
    assert (run.total, counts(run)["same"]) == (4, 4)


def test_the_stamp_is_no_heading_that_people_hear_of(cast):
    download = Download(export("agencies", by=cast.manager, cycle=cast.cycle))
    assert download.page.cell(1, download.columns["stamp"]).value == STAMP_HEADING
    download.page.cell(1, download.page.max_column + 1).value = "چیز دیگر"
    run = tried("agencies", download.data, by=cast.manager, cycle=cast.cycle)
    shown = [each["code"] for each in run.report["unread"]["sheets"][0]["headings"]]
    assert ("stamp" in shown, "stamp" in [code for code, *_rest in run.report["unread"]["columns"]]) == (False, False)
    assert run.report["remarks"] == ["These columns are not read: چیز دیگر."]


@pytest.mark.parametrize("name", ["agencies", "indicators", "specific", "self", "scores", "received"])
def test_every_stamp_of_an_export_is_that_of_its_row(scoring, name):
    """What `rows` hands to the stamp is what `standing` finds again for the same row."""
    scoring.work(Stage.EVALUATION)
    by = {"self": scoring.reporter_a, "specific": scoring.reporter_a, "scores": scoring.lead}.get(name, scoring.expert)
    resource = RESOURCES[name](by=by, cycle=scoring.cycle)
    exported = list(resource.rows(filled=True))
    again = RESOURCES[name](by=by, cycle=scoring.cycle)
    again.dry_run = True
    rows = [{code: row[code] for code in again.key} for row in exported]
    again.look_up([Named(row) for row in rows])
    assert exported
    for row, key in zip(exported, rows, strict=True):
        assert again.standing(Named(key)) == row["_standing"]
        assert not row["_standing"].keys() - {code for code, column in again.fields.items() if not column.readonly}
        assert not row["_standing"].keys() & set(again.key)


class Named(dict):
    """An entry that names a row and says no more."""

    def __missing__(self, code):
        return None

    def has(self, code):
        return code in self
