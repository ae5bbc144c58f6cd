"""The same year by two people of the MPO alone: outside bodies have no account, each of their steps has its letter."""

import pytest

from evaluation.enums import Role
from evaluation.models import Circular, EvaluatorGroup, Hearing, Objection, OnBehalf, Workshop

from .honours import hold_festival
from .tables import EVALUATORS, INDICATORS, RECEIVED, SCORES, SPECIFIC, STEWARDS
from .year import marks, paper, steps

LANGUAGE = "en"
LETTER = {"behalf_letter_number": "۱۲/۴", "behalf_letter_date": "1404/03/11", "behalf_file": paper}
MINISTRY = LETTER | {"behalf_body": "وزارت راه و شهرسازی"}
NATIONAL = LETTER | {"behalf_body": "سازمان اداری و استخدامی کشور"}
COUNCIL = LETTER | {"behalf_body": "شورای راهبری توسعه مدیریت"}


@pytest.mark.one_database  # PostgreSQL walks the year by ten people
def test_a_year_by_staff_alone(year):
    draft(year)
    year.walks(
        circular,
        evaluators,
        participants,
        briefing,
        indicators,
        self_assessment,
        transfer,
        evaluation,
        objection,
        confirmation,
        ranking,
        festival,
    )
    every_step_says_for_whom(year)


def draft(year):
    year.account("manager", Role.MANAGER, made_by=year.admin, province=year.province)
    year.account("expert", Role.EXPERT, made_by=year.manager, province=year.province)
    year.start(year.manager)
    year.import_agencies(year.expert)
    incoming = {"direction": "incoming", "number": "1", "date": "1404/12/15", "issuer": "سازمان", "subject": "بخشنامه"}
    year.expert.adds(Circular, cycle=year.cycle, kind="circular", **incoming)
    year.goes_on("Start the cycle: circular", "circular")


def circular(year):
    outgoing = {"direction": "outgoing", "number": "2", "date": "1404/12/20", "issuer": "استان", "subject": "ابلاغ"}
    issued = year.expert.adds(Circular, cycle=year.cycle, kind="circular", file=paper, **outgoing)
    issued = year.expert.takes("Send to the recipients", issued)
    assert [receipt.read_at for receipt in issued.receipts.all()] == [None, None]
    year.goes_on("Go on to naming evaluators", "evaluators")


def evaluators(year):
    year.expert.imports("indicators", year.cycle, INDICATORS, counts=(5, 0, 0))
    seats = {"evaluators": [{"user": year.expert.user, "lead": True}]}
    axes = list(year.general.axes.all())
    year.manager.adds(EvaluatorGroup, rows=seats, cycle=year.cycle, title="گروه استان", axes=axes, covers_specific=True)
    year.ticks(year.manager, 2)
    year.goes_on("Go on to the participating agencies", "participants")


def participants(year):
    year.manager.takes("Finalise the list of agencies", year.cycle, agencies=year.agencies)
    assert year.cycle.participations.count() == 2
    year.goes_on("Go on to the briefing workshop", "briefing")


def briefing(year):
    held = {"kind": "agencies", "title": "کارگاه توجیهی", "starts_at": "1405/01/20 09:00"}
    workshop = year.expert.takes("Invite", year.expert.adds(Workshop, cycle=year.cycle, **held))
    year.expert.takes("Record as held", workshop, came=list(workshop.attendances.all()))
    year.ticks(year.manager, 4)
    year.goes_on("Go on to the specific indicators", "indicators")


def indicators(year):
    year.manager.takes("Freeze the catalogue", year.general)
    table = [
        SPECIFIC,
        ["101", "national", "S-1", "طول راه بهسازی‌شده", 1.4, "کیلومتر", 100],
        ["101", "national", "S-2", "واحد مسکن روستایی", 2.6, "واحد", 40],
    ]
    agency = LETTER | {"behalf_body": year.agency_a.name}
    year.expert.imports("specific", year.cycle, table, counts=(2, 0, 0), **agency)
    own = {"code": "S-1", "title": "نقاط حادثه‌خیز اصلاح‌شده", "slice": "national", "weight": "۳", "target": "۱۰"}
    year.expert.takes("Add an indicator", year.lists()[1], **own, **LETTER)
    year.expert.takes_all("Endorse the list", year.lists(), **MINISTRY)
    year.expert.takes_all("Send the list to the national organization", year.lists(), **MINISTRY)
    year.expert.takes_all("Finalise the list", year.lists(), **NATIONAL)
    for each in year.lists():
        own = {"code": "S-9", "title": "طرح‌های استانی", "slice": "provincial", "weight": "1", "target": "12"}
        year.expert.takes("Add an indicator", each, **own)
    year.expert.takes_all("Finish the provincial slice", year.lists())
    year.expert.takes_all("Review the indicator", year.cycle.indicators.exclude(agency=None), verdict="fit")
    year.expert.takes_all("Finish the review", year.lists())
    year.manager.takes_all("Freeze the list", year.lists())
    for each in year.lists():
        year.expert.takes("Acknowledge the final list", each, **LETTER)
    assert [each.lines.count() for each in year.assessments()] == [4, 3, 4, 2]
    year.goes_on("Open the self-assessment", "self_assessment")


def self_assessment(year):
    """Agency A by letters and on screen; B worked in the national system, whose workbook brings its files."""
    general, specific = year.assessments()[:2]
    for each in (general, specific):
        year.expert.acts_on_behalf(Role.AGENCY, each, year.agency_a.name, **LETTER)
    year.expert.enters(
        general,
        {"G-1": {"actual": "۸۰"}, "G-31": {"actual": "۴۰٫۲۵"}, "G-32": {"actual": "50"}},
        files={"G-1": paper},
    )
    year.expert.enters(specific, {"S-1": {"actual": "100"}, "S-2": {"actual": "36"}, "S-9": {"actual": "12"}})
    for each in (general, specific):
        year.expert.takes("Submit the self-assessment", each, page="lines", **LETTER)
    year.expert.imports("received", year.cycle, RECEIVED, counts=(5, 0, 0))
    assert year.states() == ["submitted", "submitted", "received", "received"]
    assert year.chain(year.agency_b, "G-32") == [100, 120, None, None, None]
    year.goes_on("Go on to approval and transfer", "transfer")


def transfer(year):
    general, specific = year.assessments()[:2]
    year.expert.acts_on_behalf(Role.HEADQUARTERS, general, "وزارت راه و شهرسازی", **LETTER)
    year.expert.enters(general, {"G-1": {"actual": "70", "note": "ده ساعت مستند نیست."}})
    year.expert.takes_all("Approve the self-assessment", [general, specific], **MINISTRY)
    sent = year.expert.carries("to_aro", receiver=year.expert, **MINISTRY)
    year.expert.takes("Record the receipt", sent, **NATIONAL)
    back = year.expert.carries("to_mpo", receiver=year.manager, **NATIONAL)
    year.manager.takes("Record the receipt", back)
    assert year.states() == ["received"] * 4
    year.goes_on("Open the expert evaluation", "evaluation")


def evaluation(year):
    year.expert.imports("scores", year.cycle, [SCORES, *EVALUATORS, *STEWARDS], counts=(13, 0, 0))
    year.expert.takes_all("Finish the scoring", year.assessments())
    year.goes_on("Open viewing and objection", "objection")


def objection(year):
    year.expert.takes_all("Disclose the initial results", year.assessments())
    line = year.line(year.agency_a, "G-1")
    year.expert.acts_on_behalf(Role.AGENCY, line.assessment, year.agency_a.name, **LETTER)
    year.objects(year.expert, line, {"kind": "actual", "text": "هفتاد ساعت برگزار شد.", "claimed_actual": "70"})
    filed = Objection.objects.get()
    assert (filed.on_behalf_of.body, filed.on_behalf_of.role) == (year.agency_a.name, "agency")
    participation = year.cycle.participations.get(agency=year.agency_a)
    session = year.expert.adds(Hearing, participation=participation, starts_at="1405/06/01 10:00", objections=[filed])
    year.expert.takes("Record as held", session, minutes="گواهی‌ها دیده شد.")
    year.decides(year.manager, line, {"verdict": "partly", "actual": "65", "reason": "پنج ساعت پذیرفته شد."})
    year.ends_window(year.manager, "objection")
    year.goes_on("Go on to final confirmation", "confirmation")


def confirmation(year):
    year.manager.takes_all("Confirm finally", year.assessments())
    assert year.chain(year.agency_a, "G-1") == [240, 210, 180, 195, 195]
    year.goes_on("Go on to the ranking", "ranking")


def ranking(year):
    results = year.prepares_results(year.expert)
    results = year.expert.takes("Compute totals and ranks", results)
    year.expert.takes("Send the results to the council", results, number="۱/ش", date="1405/07/01")
    session = {
        "number": "۳",
        "held_on": "1405/07/01",
        "resolution": "تصویب شد.",
        "guests": "رئیس شورا",
        "minutes": paper,
    }
    year.expert.takes("Record the council's approval", results, **session, **COUNCIL)
    report = year.expert.carries("report", receiver=year.expert)
    year.expert.takes("Record the receipt", report, **NATIONAL)
    year.expert.takes("Record the report to the national organization", results)
    levels = {year.agency_a: "عالی", year.agency_b: "خوب"}
    year.enters_levels(year.expert, results, levels, letter="۹۹/س", **NATIONAL)
    year.expert.takes("Record the levels", results, **NATIONAL)
    year.results = year.manager.takes("Announce to the agencies", results)
    year.goes_on("Go on to festival and publication", "festival")


def festival(year):
    year.manager.takes("Publish the results", year.results)
    year.publishes_the_ranking(year.expert)
    year.ticks(year.manager, 12)
    agency = LETTER | {"behalf_body": year.agency_a.name}
    hold_festival(
        year,
        nominate=lambda held, **fields: year.expert.takes("Nominate", held, agency=year.agency_a, **fields, **agency),
        receive=lambda sent: year.expert.takes("Record the receipt", sent, **NATIONAL),
    )
    year.goes_on("Archive the cycle", "closed")


def every_step_says_for_whom(year):
    general = year.assessments()[0]
    assert steps(general) == [
        ("start", "expert", "agency"),
        ("submit", "expert", "agency"),
        ("approve", "expert", "headquarters"),
        ("send", "expert", "headquarters"),
        ("receive", "manager", None),
        ("open_scoring", "manager", None),
        ("finish_scoring", "expert", None),
        ("disclose", "expert", None),
        ("confirm", "manager", None),
        ("report", "expert", None),
    ]
    assert steps(year.results) == [
        ("prepare", "expert", None),
        ("compute", "expert", None),
        ("dispatch", "expert", None),
        ("approve", "expert", "council"),
        ("record_report", "expert", None),
        ("set_levels", "expert", "national"),
        ("record_levels", "expert", "national"),
        ("announce", "manager", None),
        ("publish", "manager", None),
    ]
    assert marks(year.line(year.agency_a, "G-1")) == [
        ("self", 80, "expert", "screen", "agency"),
        ("hq", 70, "expert", "screen", "headquarters"),
        ("initial", 60, "expert", "import", None),
        ("revised", 65, "manager", "objection", None),
        ("final", 65, "manager", "confirmation", None),
    ]
    assert marks(year.line(year.agency_b, "G-32"))[:2] == [
        ("self", 25, "expert", "transfer", None),
        ("hq", 30, "expert", "transfer", None),
    ]
    assert set(OnBehalf.objects.values_list("role", "letter_number", "basis")) == {
        (role, "۱۲/۴", "letter") for role in ("agency", "headquarters", "national", "council")
    }
    assert all(letter.file.size == paper().size for letter in OnBehalf.objects.all())
