"""The workbooks of agencies, general indicators and specific indicators."""

import pytest

from evaluation.enums import Stage
from evaluation.models import Agency, Axis, Headquarters, ImportRun, Indicator, TransitionLog
from evaluation.process.audit import act_on_behalf
from evaluation.process.catalogue import indicator
from evaluation.process.door import Forbidden
from evaluation.process.imports import catalogue_import
from evaluation.resources.workbooks.registry import resource_of
from tests import factories as make
from tests.resources.sheets import counts, export, faults, imported, sheet, table, template, tried

pytestmark = pytest.mark.django_db

CELL = "cell \u2066%s\u2069 of sheet “Sheet1”"
TWICE = f"The same row is in {CELL} and in {CELL}. Keep one of them."
AGENCY = ["کد دستگاه", "نام دستگاه", "نوع", "دستگاه متبوع", "گروه", "شناسه ملی", "رتبه‌بندی می‌شود"]
INDICATOR = ["بعد", "محور", "سقف محور", "کد شاخص", "عنوان شاخص", "کد شاخص مادر", "وزن", "سقف امتیاز", "ماهیت", "جهت"]
SPECIFIC = ["کد دستگاه", "برش", "کد شاخص", "عنوان شاخص", "وزن", "هدف"]


# -- agencies -------------------------------------------------------------------------------------


def test_agencies_with_headquarters_made_by_name(cast):
    data = sheet(
        AGENCY,
        ["A", "اداره الف", None, "وزارت الف", "خدماتی", None, None],
        ["۰۰۷", "بانك ملي", "بانک", "بانک مرکزی", "مالی", "۹۹۰۰۰۰۰۰۰۱۱", "خیر"],
        ["C", "اداره ج", None, "بانك مركزي", None, None, "بله"],
    )
    run = imported("agencies", data, by=cast.manager, cycle=cast.cycle)
    assert counts(run) == {"new": 2, "changed": 0, "same": 1, "wrong": 0}
    assert run.report["remarks"] == ["1 headquarters is new and is made with the import: بانک مرکزی."]
    bank, other = Agency.objects.get(code="007"), Agency.objects.get(code="C")
    assert (bank.name, bank.kind, bank.group, bank.national_id) == ("بانک ملی", "بانک", "مالی", "99000000011")
    assert (bank.ranked, other.ranked, bank.headquarters, bank.province) == (
        False,
        True,
        other.headquarters,
        cast.province,
    )
    assert Headquarters.objects.filter(name="بانک مرکزی").count() == 1
    assert counts(imported("agencies", data, by=cast.manager, cycle=cast.cycle)) == {
        "new": 0,
        "changed": 0,
        "same": 3,
        "wrong": 0,
    }


def test_a_column_that_is_absent_leaves_what_stands(cast):
    before = cast.agency_a.headquarters
    run = imported("agencies", sheet(["code", "name"], ["A", "نام نو"]), by=cast.manager, cycle=cast.cycle)
    cast.agency_a.refresh_from_db()
    assert (counts(run)["changed"], cast.agency_a.name, cast.agency_a.headquarters) == (1, "نام نو", before)


def test_wrong_agencies(cast):
    make.AgencyFactory(code="OTHER", national_id="99000000026")
    data = sheet(
        AGENCY,
        ["C", None, None, None, None, None, None],
        ["D", "د", None, None, None, "123", None],
        ["D", "د", None, None, None, None, "شاید"],
        ["E", "ه", None, None, None, "99000000026", None],
        ["F", "و" * 251, None, None, None, None, None],
        [None, "ی", None, None, None, None, None],
    )
    run = tried("agencies", data, by=cast.manager, cycle=cast.cycle)
    assert faults(run) == [
        ("B2", "نام دستگاه", "", "This cell must be filled."),
        ("F3", "شناسه ملی", "123", "A national identifier has eleven digits."),
        ("A4", "کد دستگاه", "D", TWICE % ("A3", "A4")),
        ("G4", "رتبه‌بندی می‌شود", "شاید", "Allowed are: Yes، No."),
        ("F5", "شناسه ملی", "99000000026", "Another agency has this national identifier already."),
        ("B6", "نام دستگاه", "و" * 60 + "…", "The text is too long: at most 250 characters are accepted."),
        ("A7", "کد دستگاه", "", "This cell must be filled."),
    ]
    assert run.wrong == 6


def test_agencies_of_another_province_stay_untouched(cast):
    foreign = make.AgencyFactory(code="A", name="اداره استان دیگر")
    imported("agencies", sheet(["code", "name"], ["A", "نام نو"]), by=cast.manager, cycle=cast.cycle)
    foreign.refresh_from_db()
    assert foreign.name == "اداره استان دیگر"
    with pytest.raises(Forbidden):
        catalogue_import.write_agencies(foreign.province, new=[], changed=[], headquarters=[], by=cast.manager)


def test_agencies_without_a_cycle_go_to_the_persons_province(cast):
    run = imported("agencies", sheet(["code", "name"], ["C", "ج"]), by=cast.manager, cycle=None, province=cast.province)
    assert (run.province, Agency.objects.get(code="C").province) == (cast.province, cast.province)


# -- general indicators ---------------------------------------------------------------------------


def general(cast, *rows):
    return sheet(INDICATOR, *([cast.general.title, *row] for row in rows))


def test_axes_parents_and_measures_in_any_order(cast):
    data = general(
        cast,
        ["نو", 600, "X-2", "سنجه", "X-1", 100, None, "نسبت", None],
        ["نو", None, "X-1", "شاخص", None, None, 600, None, None],
        ["دیگر", 400, "X-3", "سوم", None, None, "۴۰۰", "growth", "descending"],
    )
    run = imported("indicators", data, by=cast.expert, cycle=cast.cycle)
    assert counts(run) == {"new": 3, "changed": 0, "same": 0, "wrong": 0}
    rows = Indicator.objects.order_by("code").values_list(
        "code", "parent__code", "axis__title", "points", "weight", "nature", "direction"
    )
    assert list(rows) == [
        ("X-1", None, "نو", 600, None, "single", "ascending"),
        ("X-2", "X-1", "نو", None, 100, "ratio", "ascending"),
        ("X-3", None, "دیگر", 400, None, "growth", "descending"),
    ]
    assert set(Axis.objects.values_list("number", "maximum")) == {(1, 600), (2, 400)}
    assert counts(imported("indicators", data, by=cast.expert, cycle=cast.cycle))["same"] == 3


def test_axis_points_alone_are_a_change(cast):
    cast.write_catalogue()
    data = general(cast, ["محور یک", 450, "G-1", "آموزش کارکنان", None, None, 300, None, None])
    run = imported("indicators", data, by=cast.expert, cycle=cast.cycle)
    cast.axis_1.refresh_from_db()
    assert (run.changed, cast.axis_1.maximum) == (1, 450)


def test_rows_that_give_an_axis_different_points(cast):
    data = general(
        cast,
        ["نو", 600, "X-1", "یک", None, None, 600, None, None],
        ["نو", 500, "X-2", "دو", None, None, 1, None, None],
    )
    run = tried("indicators", data, by=cast.expert, cycle=cast.cycle)
    assert faults(run) == [
        (
            "C3",
            "سقف محور",
            "500",
            "The row with cell \u2066C2\u2069 of sheet “Sheet1” has other maximum points for this axis.",
        ),
    ]


def test_wrong_indicators(cast):
    cast.write_catalogue()
    cast.propose(make_list(cast))
    data = sheet(
        INDICATOR,
        ["بعد ناشناس", None, None, "N-1", "الف", None, None, 1, None, None],
        [cast.general.title, "ناشناس", None, "N-2", "ب", None, None, 1, None, None],
        [cast.general.title, "محور یک", None, "N-3", "ج", "N-99", 10, None, None, None],
        [cast.general.title, "محور یک", None, "N-4", "د", "G-31", 10, None, None, None],
        [cast.general.title, "محور یک", None, "N-5", "ه", None, None, None, None, None],
        [cast.general.title, "محور یک", None, "S-1", "و", None, None, 1, None, None],
        [cast.general.title, "محور یک", None, "N-7", "ز", None, None, 1, "ناشناس", None],
        [cast.general.title, None, None, "N-8", "ح", None, None, "-۵", None, None],
    )
    run = tried("indicators", data, by=cast.expert, cycle=cast.cycle)
    natures = "Single figure، Ratio، Growth، Reduction، Qualitative"
    assert [(cell, sentence) for cell, _heading, _value, sentence in faults(run)] == [
        ("A2", f"Allowed are: {cast.general.title}."),
        ("C3", "This axis is new: its maximum points must be filled."),
        ("F4", "No indicator here has this code, so it has no measures."),
        ("F5", "A measure cannot have measures: its parent must be an independent indicator."),
        ("H6", "The maximum points must be filled here."),
        ("D7", "This code belongs to a specific indicator or to another dimension of the cycle."),
        ("I8", f"Allowed are: {natures}."),
        ("H9", "A negative number is not allowed here."),
    ]
    assert run.wrong == 8


def test_a_frozen_catalogue_names_the_verb(cast):
    cast.until(Stage.INDICATORS).work(Stage.INDICATORS)
    unchanged = ["محور یک", None, "G-1", "آموزش کارکنان", None, None, 300, None, None]
    data = general(cast, unchanged, ["محور یک", None, "G-2", "عنوان نو", None, None, 200, None, None])
    run = tried("indicators", data, by=cast.expert, cycle=cast.cycle)
    sentence = (
        "The catalogue of “شاخص‌های عمومی” is frozen. A change goes through “Amend” on the indicator, with a reason."
    )
    assert counts(run) == {"new": 0, "changed": 0, "same": 1, "wrong": 1}
    assert [(cell, text) for cell, _heading, _value, text in faults(run)] == [("A3", sentence)]


def test_the_export_of_indicators_comes_back_in_unchanged(cast):
    cast.write_catalogue()

    cast.g1.scale = [{"title": "عالی", "fraction": "1"}, {"title": "خوب", "fraction": "0.7"}]
    cast.g1.save()
    data = export("indicators", by=cast.expert, cycle=cast.cycle)
    assert table(data)[1][15] == "عالی:1|خوب:0.7"
    assert counts(tried("indicators", data, by=cast.expert, cycle=cast.cycle))["same"] == 5


# -- specific indicators --------------------------------------------------------------------------


def make_list(cast):
    return cast.cycle.specific_lists.create(agency=cast.agency_a)


def specific(*rows):
    return sheet(SPECIFIC, *rows)


def letter(cast):
    return act_on_behalf(
        cast.cycle,
        role="agency",
        body="اداره الف",
        letter_number="۱",
        letter_date=make.DAY,
        file=make.upload(),
        by=cast.expert,
    )


def test_an_agency_proposes_its_own_list_only(cast):
    cast.until(Stage.INDICATORS)
    data = specific(["A", "ملی", "S-1", "شاخص", "۱٫۴", 912], ["B", "national", "S-1", "شاخص", 1, 1])
    run = tried("specific", data, by=cast.reporter_a, cycle=cast.cycle)
    assert [(cell, text) for cell, _heading, _value, text in faults(run)] == [
        ("A3", "No agency with a specific list that is open to you has this code.")
    ]
    data = specific(["A", "national", "S-1", "شاخص", "۱٫۴", 912])
    imported("specific", data, by=cast.reporter_a, cycle=cast.cycle)
    rows = Indicator.objects.exclude(agency=None).values_list("agency__code", "slice", "code", "weight", "target")
    assert [(*row[:3], float(row[3]), row[4]) for row in rows] == [("A", "national", "S-1", 1.4, 912)]
    assert TransitionLog.objects.filter(name="import", agency=cast.agency_a).count() == 1


def test_mpo_staff_propose_by_letter_and_a_general_code_is_taken(cast):
    cast.until(Stage.INDICATORS)
    data = specific(["A", "national", "S-1", "شاخص", 1, 1], ["A", "national", "G-1", "شاخص", 1, 1])
    run = tried("specific", data, by=cast.expert, cycle=cast.cycle)
    behalf = (
        "Another body is responsible for this action. To act on its behalf, give its name, and the number, "
        "date and file of its letter."
    )
    assert [(cell, text) for cell, _heading, _value, text in faults(run)] == [
        ("A2", behalf),
        ("C3", "A general indicator of this cycle has this code; choose another one."),
    ]
    data = specific(["A", "national", "S-1", "شاخص", 1, 1])
    run = imported("specific", data, by=cast.expert, cycle=cast.cycle, letter=lambda: letter(cast))
    assert (run.new, run.on_behalf_of.body) == (1, "اداره الف")


def test_on_a_finalised_list_only_the_provincial_slice_is_open(cast):
    cast.until(Stage.INDICATORS)
    own = cast.cycle.specific_lists.get(agency=cast.agency_a)
    cast.propose(own)
    for step, by in (("endorse", cast.headquarters_a), ("send_list", cast.headquarters_a), ("finalise", cast.national)):
        own = getattr(indicator, step)(own, by=by)
    data = specific(["A", "national", "S-1", "نو", 1, 1], ["A", "provincial", "S-3", "نو", 1, 1])
    run = tried("specific", data, by=cast.expert, cycle=cast.cycle)
    assert [(cell, text) for cell, _heading, _value, text in faults(run)] == [
        ("A2", "The list of “اداره الف” is finalised: only the provincial slice is open.")
    ]


def test_templates_are_empty_where_there_is_nothing_to_name(cast):
    for name in ("agencies", "indicators", "specific"):
        assert len(table(template(name, by=cast.expert, cycle=cast.cycle))) == 1
    assert ImportRun.objects.count() == 0


def test_what_the_drop_downs_offer(cast):
    cast.write_catalogue()
    cast.g1.unit, cast.g2.unit = "درصد", "نفر"
    cast.g1.save()
    cast.g2.save()
    make_list(cast)

    def offered(name, *codes):
        resource = resource_of(name)(by=cast.expert, cycle=cast.cycle)
        return {code: list(resource.offers_choices(code)) for code in codes}

    cast.agency_a.group = "خدماتی"
    cast.agency_a.save()
    bodies = sorted(Headquarters.objects.values_list("name", flat=True))
    found = offered("agencies", "headquarters", "group", "code")
    assert (sorted(found["headquarters"]), "خدماتی" in found["group"], found["code"]) == (bodies, True, [])
    assert offered("indicators", "dimension", "axis", "unit", "steward", "title") == {
        "dimension": ["شاخص‌های عمومی"],
        "axis": ["محور یک", "محور دو"],
        "unit": ["درصد", "نفر"],
        "steward": ["بیمه سلامت"],
        "title": [],
    }
    assert offered("specific", "agency", "unit") == {"agency": ["A"], "unit": ["درصد", "نفر"]}
    assert offered("received", "agency", "code") == {"agency": [], "code": ["G-1", "G-2", "G-3", "G-31", "G-32"]}
