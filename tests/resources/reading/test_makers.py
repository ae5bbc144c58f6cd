"""The same rows from openpyxl, xlsxwriter and LibreOffice, in every format that is read, import alike."""

import datetime
from functools import partial

import pytest

from evaluation.enums import Stage
from evaluation.resources import runs
from tests.resources.office import DAY, FORMATS, converted
from tests.resources.sheets import counts, sheet
from tests.resources.uploads import written

pytestmark = [  # formats are read alike whatever the database; one worker starts the office
    pytest.mark.django_db,
    pytest.mark.office,
    pytest.mark.one_database,
    pytest.mark.xdist_group("makers"),
]

FIGURES = ["کد دستگاه", "کد شاخص", "عملکرد تأییدشده", "امتیاز", "نظر ارزیاب"]
OWN = ["كد دستگاه", "کد شاخص", "عملکرد واقعی", "صورت", "مخرج", "توضیح"]
GENERAL = ["بعد", "محور", "سقف محور", "کد شاخص", "عنوان شاخص", "سقف امتیاز", "هدف", "جهت"]
GOOD = {
    "scores": [
        FIGURES,
        ["A", "G-1", 70, None, "دید شد"],
        ["B", "G-1", "۶۵٫۵", None, None],
        ["A", "S-1", 12.25, None, None],
    ],
    "self": [
        OWN,
        ["A", "G-1", 80.5, None, None, "یک\nدو"],
        ["A", "G-31", "۱۲", None, None, None],
        ["A", "S-2", 0, None, None, 7],
    ],
    "indicators": [
        GENERAL,
        ["general", "محور یک", 500, "G-1", "آموزش نو", 300, 90, None],
    ],
}
WRONG = {
    "scores": [
        FIGURES,
        ["A", "G-1", "هفتاد", None, None],
        ["A", "G-9", 1, None, None],
        [None, "G-1", 1, None, None],
        ["A", "G-31", -5, "سه", None],
    ],
    "self": [
        OWN,
        ["A", "G-1", "x", None, None, None],
        ["B", "G-1", 1, None, None, None],
        ["A", "G-31", 5, None, None, None],
        ["A", "G-31", 5, None, None, None],
    ],
    "indicators": [
        GENERAL,
        ["هیچ", "محور یک", 500, "G-1", "نو", 300, 90, None],
        ["general", "محور یک", 500, "G-7", None, "صد", 100, "کج"],
    ],
}
ODD = [  # what is no number, in cells for numbers
    FIGURES,
    ["A", "G-1", DAY, None, None],
    ["B", "G-1", datetime.time(14, 30), None, None],
    ["A", "S-1", datetime.timedelta(hours=30), None, None],
]
STAGES = {"scores": Stage.EVALUATION, "self": Stage.SELF_ASSESSMENT, "indicators": Stage.INDICATORS}
BY = {"scores": "lead", "self": "reporter_a", "indicators": "expert"}


def by_xlsxwriter(rows, book):
    page = book.add_worksheet("a")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, datetime.date | datetime.time):
                page.write_datetime(number, column, value, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
            elif isinstance(value, datetime.timedelta):
                page.write_datetime(number, column, value, book.add_format({"num_format": "[h]:mm:ss"}))
            elif value is not None:
                page.write(number, column, value)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """`{maker: {(workbook, whether good): (bytes, file name)}}`."""
    tables = {(name, good): rows for good, group in ((True, GOOD), (False, WRONG)) for name, rows in group.items()}
    tables["odd", False] = ODD
    plain = {f"{name}-{good}": sheet(*rows, title="a") for (name, good), rows in tables.items()}
    found = {
        "openpyxl": {key: (sheet(*rows, title="a"), "a.xlsx") for key, rows in tables.items()},
        "xlsxwriter": {key: (written(partial(by_xlsxwriter, rows)), "a.xlsx") for key, rows in tables.items()},
    }
    folder = tmp_path_factory.mktemp("makers")
    for to in (*FORMATS, "csv"):
        out = converted(folder, plain, to)
        found[f"LibreOffice {to}"] = {key: (out[f"{key[0]}-{key[1]}"], f"a.{to}") for key in tables}
    return found


def seen(run):
    """What the person is told, without the titles of sheets: a .csv has none."""
    faults = [(each["cause"], each["cell"], each["heading"], each["sentence"]) for each in run.report["faults"]]
    warnings = [(each["cause"], each["cell"], each["sentence"]) for each in run.report["warnings"]]
    return run.state, counts(run), faults, warnings, run.report["remarks"]


def tries(cast, made, name, good):
    by = getattr(cast, BY[name])
    cast.until(STAGES[name])
    return {
        maker: runs.try_out(name, data=files[name, good][0], file_name=files[name, good][1], by=by, cycle=cast.cycle)
        for maker, files in made.items()
    }


NEW = {
    "scores": {"new": 3, "changed": 0, "same": 0, "wrong": 0},
    "self": {"new": 3, "changed": 0, "same": 0, "wrong": 0},
    "indicators": {"new": 0, "changed": 1, "same": 0, "wrong": 0},
}
PLACES = {
    "scores": ["C2", "B3", "A4", "D5"],
    "self": ["C2", "A3", "B5"],
    "indicators": ["A2", "E3", "F3", "H3"],
}


@pytest.mark.parametrize("name", GOOD)
def test_good_rows(cast, made, name):
    found = tries(cast, made, name, True)
    said = {maker: seen(run) for maker, run in found.items()}
    assert {maker: each[1] for maker, each in said.items()} == dict.fromkeys(said, NEW[name])
    assert said == dict.fromkeys(said, said["openpyxl"])
    last = found.popitem()[1]
    runs.confirm(last, by=getattr(cast, BY[name]))
    for run in found.values():
        again = runs.confirm(run, by=getattr(cast, BY[name]))
        assert counts(again) == {"new": 0, "changed": 0, "same": len(GOOD[name]) - 1, "wrong": 0}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_rows(cast, made, name):
    said = {maker: seen(run) for maker, run in tries(cast, made, name, False).items()}
    assert [cell for _cause, cell, _heading, _sentence in said["openpyxl"][2]] == PLACES[name]
    assert said == dict.fromkeys(said, said["openpyxl"])
    assert said["openpyxl"][0] == "refused"


def test_what_is_no_number_is_said_in_one_sentence_of_what_the_cell_shows(cast, made):
    cast.until(STAGES["scores"])
    said = {}
    for maker, files in made.items():
        data, name = files["odd", False]
        run = runs.try_out("scores", data=data, file_name=name, by=cast.lead, cycle=cast.cycle)
        said[maker] = [(each["cell"], each["value"]) for each in run.report["faults"]]
        for each in run.report["faults"]:
            assert each["sentence"] == f"“{each['value']}” is not a number. Write it in digits, like 1250."
    typed = [("C2", "1404/05/12"), ("C3", "14:30:00"), ("C4", "30:00:00")]
    as_text = [("C2", "2025-08-03"), *typed[1:]]
    assert said == {maker: as_text if maker == "LibreOffice csv" else typed for maker in made}
