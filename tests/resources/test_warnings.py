"""What was read all the same and is worth a look: it stops nothing, and is told with its place."""

from decimal import Decimal

import pytest
from django.utils import translation
from openpyxl import Workbook

from evaluation.enums import ImportState, OverMaximum
from evaluation.models import Agency, Indicator, Line
from evaluation.resources.tables import faults
from evaluation.resources.tables.columns import Number
from evaluation.resources.tables.faults import Cause, Fault, Notable
from evaluation.resources.workbooks.last_year import far_from

from .sheets import counts, imported, line_of, sheet, tried
from .uploads import saved, written

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database,
]  # sentences about rows; test_one_path asks the same queries

SELF = ["کد دستگاه", "کد شاخص", "عملکرد واقعی", "صورت", "مخرج", "امتیاز خودارزیابی", "توضیح"]
FIGURE = Number(negative=True)
OF_READERS = ("۱۲۵۰٫۵", "۱٬۲۵۰", "-۳", "٣", "۵۰٪", "1250", "1,250")
SCORES = ["کد دستگاه", "کد شاخص", "عملکرد تأییدشده", "امتیاز", "نظر ارزیاب"]


def told(run):
    """(cause, cell, heading, value, sentence) of each warning, in order."""
    assert run.warned == len(run.report["warnings"]) == sum(run.report["warning_causes"].values())
    return [
        tuple(each[name] for name in ("cause", "cell", "heading", "value", "sentence"))
        for each in run.report["warnings"]
    ]


def page(*rows):
    book = Workbook()
    book.active.title = "برگه"
    for row in rows:
        book.active.append(row)
    return book, book.active


# -- spelling -------------------------------------------------------------------------------------


def test_codes_and_numbers_that_had_to_be_mended(entry):
    data = sheet(
        SELF,
        [" A", "G-1", "۸۰٫۵", None, None, None, "شرح  با\u200c فاصله"],
        ["A", "G-31\u200f", "1,250%", None, None, None, None],
        ["A", "G-32", "60.50", None, None, None, None],
    )
    run = imported("self", data, by=entry.reporter_a, cycle=entry.cycle)
    assert told(run) == [
        ("normalised", "A2", "کد دستگاه", " A", "“ A” was read as “A”."),
        ("normalised", "C2", "عملکرد واقعی", "۸۰٫۵", "“۸۰٫۵” was read as “80.5”."),
        ("normalised", "B3", "کد شاخص", "G-31\u200f", "“G-31\u200f” was read as “G-31”."),
        ("normalised", "C3", "عملکرد واقعی", "1,250%", "“1,250%” was read as “1,250”."),
    ]
    assert (line_of("G-1").self_actual, line_of("G-31").self_actual) == (Decimal("80.5"), 1250)


def test_an_actual_beside_numerator_and_denominator(entry):
    Line.objects.filter(indicator__code="S-1").update(self_numerator=1, self_denominator=3, self_actual="33.333333")
    Indicator.objects.filter(code__in=("S-1", "G-1")).update(nature="ratio")
    own = [["A", "G-1", 60, 1, 2, None, None], ["A", "S-1", 33.33, None, None, None, None]]
    said = "This value is calculated from numerator and denominator and is %s; the typed number is ignored."
    run = tried("self", sheet(SELF, *own), by=entry.reporter_a, cycle=entry.cycle)
    assert told(run) == [("derived", "C2", "عملکرد واقعی", "60", said % 50)]
    short = [heading for heading in SELF if heading not in ("صورت", "مخرج")]
    rows = [["A", "S-1", actual, None, None] for actual in (33.33, "33.333333", 34)]
    found = [tried("self", sheet(short, row), by=entry.reporter_a, cycle=entry.cycle) for row in rows]
    assert [told(run) for run in found] == [
        [],
        [],
        [("derived", "C2", "عملکرد واقعی", "34", said % "33.333333")],
    ]


def test_numbers_in_the_digits_of_the_reader_are_no_surprise():
    with translation.override("fa"):
        said = [FIGURE.spelled(raw, FIGURE.clean(raw)) for raw in OF_READERS]
    assert said == [None, None, None, "۳", "۵۰", None, "۱٬۲۵۰"]


def test_choices_that_had_to_be_mended(cast):
    headings = ["code", "name", "رتبه‌بندی می‌شود", "شناسه ملی"]
    rows = [["۰۰۷", "بانك ملي", "خير", "۹۹۰۰۰۰۰۰۰۱۱"], ["C", "ج", "بله", 99000000022], ["D", "دي", "YES", None]]
    run = imported("agencies", sheet(headings, *rows), by=cast.manager, cycle=cast.cycle)
    assert told(run) == [
        ("normalised", "A2", "کد دستگاه", "۰۰۷", "“۰۰۷” was read as “007”."),
        (
            "normalised",
            "B2",
            "نام دستگاه",
            "بانك ملي",
            "Arabic letters were read as Persian ones in 2 cells of this column, here first.",
        ),
        ("normalised", "C2", "رتبه‌بندی می‌شود", "خير", "“خير” was read as “No”."),
        ("normalised", "D2", "شناسه ملی", "۹۹۰۰۰۰۰۰۰۱۱", "“۹۹۰۰۰۰۰۰۰۱۱” was read as “99000000011”."),
    ]
    assert Agency.objects.get(code="007").name == "بانک ملی"


def test_a_choice_in_any_of_its_words_is_no_surprise(cast):
    cast.write_catalogue()
    headings = ["dimension", "axis", "code", "title", "points", "ماهیت"]
    rows = [
        [cast.general.title, "محور یک", f"N-{at}", "ن", 1, nature]
        for at, nature in enumerate(["نسبت", "Ratio", "ratio", "نسبت "])
    ]
    run = tried("indicators", sheet(headings, *rows), by=cast.expert, cycle=cast.cycle)
    assert told(run) == [("normalised", "F5", "ماهیت", "نسبت ", "“نسبت ” was read as “Ratio”.")]


# -- how cells stand ------------------------------------------------------------------------------


def test_formulas_and_percents_are_read_as_seen(entry):
    def fill(book):
        made, percent = book.add_worksheet("برگه"), book.add_format({"num_format": "0%"})
        made.write_row(0, 0, SELF)
        made.write_row(1, 0, ["A", "G-1"])
        made.write_formula(1, 2, "=40*2", value=80)
        made.write_row(2, 0, ["A", "G-31"])
        made.write_number(2, 2, 0.6, percent)
        made.write_formula(2, 8, "=1+1", value=2)

    run = imported("self", written(fill), by=entry.reporter_a, cycle=entry.cycle)
    assert told(run) == [
        ("formula", "C2", "عملکرد واقعی", "80", "The formula's last calculated value was read."),
        ("percent", "C3", "عملکرد واقعی", "60", "A percentage was read as it is seen, on a scale of 100."),
        ("unread", "I3", "", "2", "1 filled cell of this column is not read: \u2066I3\u2069."),
    ]
    assert (line_of("G-1").self_actual, line_of("G-31").self_actual) == (80, 60)


def test_hidden_rows_are_read_and_named_once(entry):
    book, rows = page(SELF, ["agency", "code", "actual"], *(["A", code, 60] for code in ("G-1", "G-31", "G-32", "S-1")))
    for number in (2, 3, 4, 6):
        rows.row_dimensions[number].hidden = True
    run = imported("self", saved(book), by=entry.reporter_a, cycle=entry.cycle)
    assert told(run) == [("hidden", "", "", "", "The rows 3–4، 6 are hidden and were read too.")]
    assert counts(run)["new"] == 4
    assert faults.grouped_warnings(run.report)[0]["kinds"][0]["places"] == ["برگه"]


def test_merged_cells_hold_for_all_their_rows(entry):
    book, rows = page(SELF, *(["A" if code == "G-1" else None, code, 60] for code in ("G-1", "G-31", "G-32")))
    rows["G2"] = "یک شرح برای دو سطر"
    rows.merge_cells("A2:A4")
    rows.merge_cells("G2:G3")
    run = imported("self", saved(book), by=entry.reporter_a, cycle=entry.cycle)
    sentence = "The cells \u2066%s\u2069 are merged: the value was read for each of these rows."
    assert told(run) == [
        ("merged", "A2", "کد دستگاه", "A", sentence % "A2:A4"),
        ("merged", "G2", "توضیح", "یک شرح برای دو سطر", sentence % "G2:G3"),
    ]
    assert counts(run)["new"] == 3
    assert [line_of(code).self_note for code in ("G-1", "G-31", "G-32")] == ["یک شرح برای دو سطر"] * 2 + [""]


def test_cells_merged_sideways_leave_the_others_empty(entry):
    book, rows = page(SELF, ["A", "G-1", 60])
    rows.merge_cells("C2:E2")
    run = tried("self", saved(book), by=entry.reporter_a, cycle=entry.cycle)
    sentence = "The cells \u2066C2:E2\u2069 are merged: only their first column holds the value, the others are empty."
    assert told(run) == [("merged", "C2", "عملکرد واقعی", "60", sentence)]


def test_headings_over_merged_cells(entry):
    """Two rows of headings: some reach over both, one stands above two others."""
    book, rows = page(
        ["گزارش سالانه"],
        ["کد دستگاه", "کد شاخص", "محاسبه", None, "توضیح"],
        [None, None, "صورت", "مخرج", None],
        ["A", "G-1", 40, 50, "شرح"],
    )
    for cells in ("A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3"):
        rows.merge_cells(cells)
    run = tried("self", saved(book), by=entry.reporter_a, cycle=entry.cycle)
    assert (run.state, counts(run)["new"], run.total, told(run)) == (ImportState.TRIED, 1, 1, [])


def test_a_heading_row_merged_as_a_whole_holds_no_data(entry):
    book, rows = page(SELF[:3], [None] * 3, ["A", "G-1", 60])
    for letter in "ABC":
        rows.merge_cells(f"{letter}1:{letter}2")
    run = imported("self", saved(book), by=entry.reporter_a, cycle=entry.cycle)
    assert (run.total, told(run), line_of("G-1").self_actual) == (1, [], 60)


# -- figures --------------------------------------------------------------------------------------


def test_a_score_above_the_maximum_is_lowered_where_the_cycle_has_it_so(scoring):
    scoring.cycle.over_maximum = OverMaximum.CLAMP
    scoring.cycle.save()
    data = sheet(SCORES, ["A", "G-31", 70, 300.5, "دلیل"], ["A", "G-1", 70, 250, "دلیل"])
    run = imported("scores", data, by=scoring.lead, cycle=scoring.cycle)
    sentence = "The score is above the maximum of this line and is lowered to 300."
    assert told(run) == [("clamped", "D2", "امتیاز", "300.5", sentence)]
    assert line_of("G-31").initial_score == 300


def test_received_scores_are_lowered_too(entry):
    entry.cycle.over_maximum = OverMaximum.CLAMP
    entry.cycle.save()
    headings = ["agency", "dimension", "code", "self_actual", "self_score", "hq_actual", "hq_score"]
    data = sheet(headings, ["A", "general", "G-1", 80, 301, 90, 302])
    run = imported("received", data, by=entry.expert, cycle=entry.cycle)
    sentence = "The score is above the maximum of this line and is lowered to 300."
    assert told(run) == [
        ("clamped", "E2", "امتیاز خودارزیابی", "301", sentence),
        ("clamped", "G2", "امتیاز تأیید دستگاه متبوع", "302", sentence),
    ]
    line = line_of("G-1")
    assert (line.self_score, line.hq_score) == (300, 300)


@pytest.mark.parametrize(
    ("figure", "baseline", "sentence"),
    [
        (61, 20, "This is more than 3 times last year's figure, 20."),
        (60, 20, None),
        (7, 20, None),
        (10, 30, None),
        (-10, -30, None),
        ("6.6", 20, "This is less than a third of last year's figure, 20."),
        (-1, 20, "This is less than a third of last year's figure, 20."),
        (-61, -20, "This is more than 3 times last year's figure, -20."),
        (0, 20, "This is less than a third of last year's figure, 20."),
        (1000, 0, None),
        (1000, None, None),
        (None, 20, None),
    ],
)
def test_far_from_last_year(figure, baseline, sentence):
    values = [None if value is None else Decimal(value) for value in (figure, baseline)]
    assert far_from(*values) == sentence


def test_figures_far_from_last_years_are_told_where_they_are_new(entry):
    Line.objects.filter(indicator__code__in=["G-1", "G-31", "G-32"]).update(baseline=20)
    Line.objects.filter(indicator__code="G-32").update(baseline=50)
    ratio = line_of("G-31").indicator
    ratio.nature = "ratio"
    ratio.save()
    data = sheet(SELF, ["A", "G-1", 61], ["A", "G-31", None, 40, 50], ["A", "G-32", 51])
    run = imported("self", data, by=entry.reporter_a, cycle=entry.cycle)
    sentence = "This is more than 3 times last year's figure, 20."
    assert told(run) == [
        ("far", "C2", "عملکرد واقعی", "61", sentence),
        ("far", "D3", "صورت", "40", sentence),
    ]
    assert told(tried("self", data, by=entry.reporter_a, cycle=entry.cycle)) == []


def test_growth_is_compared_by_this_years_figure(entry):
    Line.objects.filter(indicator__code__in=["G-1", "G-31"]).update(baseline=1000)
    for code in ("G-1", "G-31"):
        indicator = line_of(code).indicator
        indicator.nature = "growth"
        indicator.save()
    data = sheet(SELF, ["A", "G-1", None, 1100, None], ["A", "G-31", None, 3100, None], ["A", "G-32", 5])
    run = tried("self", data, by=entry.reporter_a, cycle=entry.cycle)
    assert told(run) == [("far", "D3", "صورت", "3,100", "This is more than 3 times last year's figure, 1,000.")]


def test_received_figures_far_from_last_years(entry):
    Line.objects.filter(indicator__code="G-1").update(baseline=20)
    headings = ["agency", "dimension", "code", "self_actual", "self_score", "hq_actual", "hq_score"]
    data = sheet(headings, ["A", "general", "G-1", 80, 100, 5, 100])
    run = tried("received", data, by=entry.expert, cycle=entry.cycle)
    assert [(cell, sentence) for _cause, cell, _heading, _value, sentence in told(run)] == [
        ("D2", "This is more than 3 times last year's figure, 20."),
        ("F2", "This is less than a third of last year's figure, 20."),
    ]


def test_wrong_rows_carry_no_warning_on_their_figures(scoring):
    Line.objects.filter(indicator__code="G-31").update(baseline=1)
    run = tried("scores", sheet(SCORES, ["A", "G-31", 70, 250, None]), by=scoring.lead, cycle=scoring.cycle)
    assert ([each["cell"] for each in run.report["faults"]], told(run)) == (["D2"], [])


# -- the report -----------------------------------------------------------------------------------


def test_the_same_in_many_places_is_one_group(entry):
    rows = [["A", f"X-{at}", "۵", None, None, None, None] for at in range(20)]
    run = tried("self", sheet(SELF, *rows, ["A", "X-99", "۶"]), by=entry.reporter_a, cycle=entry.cycle)
    (warnings,) = faults.grouped_warnings(run.report)
    assert (warnings["title"], warnings["count"], warnings["kept"]) == ("Spellings that were corrected", 21, 21)
    first, second = warnings["kinds"]
    assert first == {
        "heading": "عملکرد واقعی",
        "value": "۵",
        "sentence": "“۵” was read as “5”.",
        "count": 20,
        "places": [f"Sheet1!C{row}" for row in range(2, 14)],
        "more": 8,
    }
    assert (second["count"], second["places"], second["more"]) == (1, ["Sheet1!C22"], 0)
    (unknown,) = faults.grouped(run.report)
    assert (unknown["title"], unknown["count"], len(unknown["kinds"])) == ("Unknown codes and names", 21, 21)


def test_a_report_keeps_the_first_and_some_of_every_cause():
    many = [Fault(Cause.NUMBER, "س", f"C{row}", "h", "v", "s") for row in range(2, 6002)]
    few = [Fault(Cause.DUPLICATE, "س", f"A{row}", "h", "v", "s") for row in range(6002, 6302)]
    data = faults.as_data([*many, *few])
    assert data["causes"] == {"number": 6000, "duplicate": 300}
    kept = [each["cause"] for each in data["faults"]]
    assert (len(kept), kept.count("duplicate")) == (faults.MAX_KEPT, faults.MIN_KEPT_PER_CAUSE)
    assert [each["cell"] for each in data["faults"]][:2] == ["C2", "C3"]
    number, duplicate = faults.grouped(data)
    assert (number["count"], number["kept"], duplicate["count"], duplicate["kept"]) == (6000, 4800, 300, 200)


def test_groups_stand_in_the_order_of_their_causes():
    report = faults.as_data([], [Fault(cause, "س", "A1", "", "", "") for cause in (Notable.HIDDEN, Notable.FAR)])
    assert [group["title"] for group in faults.grouped_warnings(report)] == [Notable.FAR.label, Notable.HIDDEN.label]
    assert faults.grouped({}) == faults.grouped_warnings({}) == []
