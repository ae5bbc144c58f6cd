import hashlib
import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
import time_machine
from django.utils import timezone

from evaluation.enums import Stage
from evaluation.exchange import package
from evaluation.exchange.archive import pack
from evaluation.models import Line
from evaluation.process.assessing import assessment as assessment_verbs
from evaluation.process.assessing import evidence, transfer
from evaluation.process.door import Refusal
from evaluation.process.year import cycle
from evaluation.resources.reading import reader
from evaluation.resources.workbooks.received import Received
from tests.factories import PDF, upload

HEADINGS = [
    "کد دستگاه",
    "بعد",
    "کد شاخص",
    "عملکرد خودارزیابی",
    "امتیاز خودارزیابی",
    "عملکرد تأیید دستگاه متبوع",
    "امتیاز تأیید دستگاه متبوع",
    "توضیح",
]


def files_of(content):
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows_of(content, name):
    page = openpyxl.load_workbook(BytesIO(files_of(content)[name])).worksheets[0]
    return [list(row) for row in page.iter_rows(values_only=True)]


@pytest.fixture
def prepared(cast):
    """A transfer of agency A's two files to the national organization, with one evidence file."""
    return cast.until(Stage.SELF_ASSESSMENT).once(prepare).prepared


def prepare(cast):
    for assessment in cast.assessments():
        cast.fill(assessment)
    evidence.attach(cast.lines(cast.assessment(cast.agency_a))[0], upload("proof.pdf", b"proof"), by=cast.reporter_a)
    for assessment in cast.assessments():
        assessment_verbs.submit(assessment, by=cast.reporter_of(assessment.agency))
    cast.cycle = type(cast.cycle).objects.get(pk=cast.cycle.pk)
    cycle.advance(cast.cycle, by=cast.manager)
    own = cast.assessments(participation__agency=cast.agency_a)
    for assessment in own:
        assessment_verbs.approve(assessment, by=cast.headquarters_a)
    own = cast.assessments(participation__agency=cast.agency_a)
    cast.prepared = transfer.prepare(cast.cycle, "to_aro", own, by=cast.headquarters_a, letter_number="۷/آ")


def test_the_lines_are_the_workbook_received(cast, prepared):
    content, _sha256 = package.build(prepared)
    headings, *rows = rows_of(content, "lines.xlsx")
    assert headings == HEADINGS
    assert set(headings) <= {column.heading for column in Received(by=cast.expert, cycle=cast.cycle).fields.values()}
    lines = Line.objects.filter(assessment__participation__agency=cast.agency_a).select_related(
        "indicator", "assessment__dimension"
    )
    assert sorted(tuple(row[:3]) for row in rows) == sorted(
        ("A", line.assessment.dimension.code, line.indicator.code) for line in lines
    )
    by_code = {row[2]: row for row in rows}
    for line in lines:
        figures = [line.self_actual, line.self_score, line.hq_actual, line.hq_score]
        assert by_code[line.indicator.code][3:7] == [None if each is None else float(each) for each in figures]


def test_the_workbook_received_imports_the_lines(cast, prepared):
    content, _sha256 = package.build(prepared)
    book = reader.read(files_of(content)["lines.xlsx"], "lines.xlsx")
    outcome = Received(by=cast.expert, cycle=cast.cycle).import_data(book, dry_run=False)
    assert outcome.faults == []
    assert [each.state for each in cast.assessments(participation__agency=cast.agency_a)] == ["received", "received"]


def test_the_manifest_says_what_is_inside(cast, prepared):
    content, sha256 = package.build(prepared)
    files = files_of(content)
    manifest = package.verify(content, sha256)
    assert manifest == json.loads(files.pop("manifest.json"))
    assert manifest["cycle"] == {
        "province": "qazvin",
        "performance_year": 1404,
        "kind": "annual",
        "title": "ارزیابی ۱۴۰۴",
    }
    assert (manifest["direction"], manifest["letter"]) == ("to_aro", {"number": "۷/آ", "date": None})
    assert manifest["counts"] == {"assessments": 2, "lines": 6, "evidence": 1}
    assert [(item["agency"], item["dimension"], item["lines"]) for item in manifest["items"]] == [
        ("A", "general", 4),
        ("A", "specific", 2),
    ]
    assert {name: entry["sha256"] for name, entry in manifest["files"].items()} == {
        name: hashlib.sha256(file).hexdigest() for name, file in files.items()
    }


def test_the_register_names_each_file_with_its_hash(prepared):
    content, _sha256 = package.build(prepared)
    headings, row = rows_of(content, "evidence.xlsx")
    digest = hashlib.sha256(PDF + b"proof").hexdigest()
    assert len(headings) == 8
    assert row[:3] == ["A", "general", "G-1"]
    assert row[5:7] == [14, digest]
    assert files_of(content)[row[7]] == PDF + b"proof"


def test_large_evidence_stays_at_home(prepared):
    content, sha256 = package.build(prepared, evidence_limit=4)
    _headings, row = rows_of(content, "evidence.xlsx")
    assert row[7] is None
    assert sorted(files_of(content)) == ["evidence.xlsx", "lines.xlsx", "manifest.json"]
    assert package.verify(content, sha256)["counts"]["evidence"] == 1


def test_equal_rows_give_equal_bytes(prepared):
    first = package.build(prepared)
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert package.build(prepared) == first


def refusal_of(content, sha256=None):
    with pytest.raises(Refusal) as refused:
        package.verify(content, sha256 or package.digest(content))
    return str(refused.value)


def test_a_package_that_was_changed_is_refused(prepared):
    content, sha256 = package.build(prepared)
    files = files_of(content)
    assert (
        refusal_of(content + b"x", sha256)
        == "The package does not match its integrity code. Receive it again; if the error returns, tell the "
        "sender."
    )
    changed = files | {"lines.xlsx": b"other"}
    assert (
        refusal_of(pack(changed))
        == "These files of the package differ from its manifest: lines.xlsx. Ask the sender for the right "
        "package."
    )
    missing = {name: each for name, each in files.items() if name != "evidence.xlsx"}
    assert (
        refusal_of(pack(missing))
        == "These files of the package differ from its manifest: evidence.xlsx. Ask the sender for the "
        "right package."
    )
    added = files | {"more.txt": b""}
    assert (
        refusal_of(pack(added))
        == "These files of the package differ from its manifest: more.txt. Ask the sender for the right package."
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"text", pack({}), pack({"manifest.json": b"[]"}), pack({"manifest.json": b'{"format": "x", "files": {}}'})],
)
def test_what_is_no_package_is_refused(content):
    assert refusal_of(content) == "The file is not a package of a transfer: choose the file of the package."


def test_the_final_report_carries_the_confirmed_scores(cast):
    cast.until(Stage.RANKING)
    report = transfer.prepare(cast.cycle, "report", cast.assessments(state="confirmed"), by=cast.expert)
    content, _sha256 = package.build(report)
    headings, *rows = rows_of(content, "lines.xlsx")
    place = headings.index("امتیاز نهایی")
    found = {(row[0], row[3]): row[place] for row in rows}
    assert found == {
        (line.assessment.agency.code, line.indicator.code): float(line.final_score)
        for line in Line.objects.select_related("indicator", "assessment__participation__agency")
    }
