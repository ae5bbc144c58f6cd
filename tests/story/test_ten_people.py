"""One whole year through the admin's pages, by ten people who each do what is theirs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from evaluation import models
from evaluation.enums import Role
from evaluation.process.improvement import following

from .honours import hold_festival
from .person import address
from .tables import EVALUATORS, INDICATORS, SCORES, SELF, SPECIFIC
from .ten_people_log import everybody_did_what_is_theirs
from .year import paper

LANGUAGE = "fa"
QUARTER = timedelta(days=93)


@pytest.mark.left_to_postgresql  # SQLite walks the year of the staff alone, and each of its steps by other tests
def test_a_year_by_ten_people(year):
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
    improvement(year)
    everybody_did_what_is_theirs(year)


def draft(year):
    year.account("manager", Role.MANAGER, made_by=year.admin, province=year.province)
    year.account("national", Role.NATIONAL, made_by=year.admin)
    for name, role in (("expert", Role.EXPERT), ("lead", Role.EVALUATOR), ("secretary", Role.COUNCIL)):
        year.account(name, role, made_by=year.manager, province=year.province)
    year.account("observer", Role.OBSERVER, made_by=year.manager, province=year.province)
    steward = models.PartnerBody.objects.get(code="environment")
    year.account("steward", Role.STEWARD, made_by=year.admin, partner=steward)
    year.start(year.manager)
    year.import_agencies(year.expert)
    body = year.agency_a.headquarters
    year.account("headquarters", Role.HEADQUARTERS, made_by=year.admin, headquarters=body)
    year.account("reporter_a", Role.AGENCY, made_by=year.manager, agency=year.agency_a)
    year.account("reporter_b", Role.AGENCY, made_by=year.manager, agency=year.agency_b)
    year.expert.adds(
        models.Circular,
        cycle=year.cycle,
        direction="incoming",
        kind="circular",
        number="۱۲۳/د",
        date="1404/12/15",
        issuer="سازمان اداری و استخدامی کشور",
        subject="بخشنامه ارزیابی عملکرد",
        file=paper(),
    )
    year.goes_on("Start the cycle: circular", "circular")


def circular(year):
    issued = year.expert.adds(
        models.Circular,
        cycle=year.cycle,
        direction="outgoing",
        kind="circular",
        number="۴۵/الف",
        date="1404/12/20",
        issuer="سازمان مدیریت و برنامه‌ریزی استان قزوین",
        subject="ابلاغ شاخص‌های عمومی",
        file=paper(),
    )
    issued = year.expert.takes("Send to the recipients", issued)
    assert issued.sent_by.username == "expert"
    for reporter, agency in ((year.reporter_a, year.agency_a), (year.reporter_b, year.agency_b)):
        accepts_commitments(year, reporter, agency)
        reporter.takes("Confirm that it was read", issued)
    assert list(models.CircularReceipt.objects.order_by("agency__code").values_list("agency", "read_by__username")) == [
        (year.agency_a.pk, "reporter_a"),
        (year.agency_b.pk, "reporter_b"),
    ]
    year.goes_on("Go on to naming evaluators", "evaluators")


def accepts_commitments(year, reporter, agency):
    """Until the commitments are accepted, every page leads to them."""
    page = reporter.opens(year.cycle)
    assert page.url == address("evaluation_commitment_accept")
    reporter.presses("I accept")
    kept = models.Commitment.objects.get(user__username=reporter.username)
    assert (kept.cycle, kept.agency) == (year.cycle, agency)


def evaluators(year):
    year.expert.imports("indicators", year.cycle, INDICATORS, counts=(5, 0, 0))
    year.expert.imports("indicators", year.cycle, INDICATORS, counts=(0, 0, 5))
    first, second = year.general.axes.order_by("number")
    lead = {"user": year.lead.user, "lead": True}
    year.group = year.manager.adds(
        models.EvaluatorGroup,
        rows={"evaluators": [lead]},
        cycle=year.cycle,
        title="گروه عمومی و اختصاصی",
        axes=[first, second],
        covers_specific=True,
    )
    assert list(year.group.evaluators.values_list("user__username", "lead")) == [("lead", True)]
    year.ticks(year.expert, 2)
    year.goes_on("Go on to the participating agencies", "participants")


def participants(year):
    year.manager.takes("Finalise the list of agencies", year.cycle)
    rows = year.cycle.participations.order_by("agency__code")
    assert list(rows.values_list("agency", "peer_group__title", "ranked_among")) == [
        (year.agency_a.pk, "زیربنایی", "all"),
        (year.agency_b.pk, "زیربنایی", "all"),
    ]
    year.goes_on("Go on to the briefing workshop", "briefing")


def briefing(year):
    workshop = year.expert.adds(
        models.Workshop, cycle=year.cycle, kind="agencies", title="کارگاه توجیهی", starts_at="1405/01/20 09:00"
    )
    year.expert.takes("Invite", workshop)
    workshop = year.expert.takes("Record as held", workshop, came=list(workshop.attendances.all()))
    assert workshop.held_by.username == "expert"
    year.ticks(year.expert, 4)
    year.goes_on("Go on to the specific indicators", "indicators")


def indicators(year):
    year.manager.takes("Freeze the catalogue", year.general)
    assert [each.lines.count() for each in year.assessments()] == [4, 4]
    first, second = year.lists()
    table = [
        SPECIFIC,
        ["101", "national", "S-1", "طول راه بهسازی‌شده", 1.4, "کیلومتر", 100],
        ["101", "ملی", "S-2", "واحد مسکن روستایی", 2.6, "واحد", 40],
    ]
    year.reporter_a.imports("specific", year.cycle, table, counts=(2, 0, 0))
    own = {"code": "S-1", "title": "نقاط حادثه‌خیز اصلاح‌شده", "slice": "national", "weight": "۳", "target": "۱۰"}
    year.reporter_b.takes("Add an indicator", second, **own)
    year.reporter_b.is_refused(first, 404)
    year.headquarters.takes_all("Endorse the list", year.lists())
    year.headquarters.takes_all("Send the list to the national organization", year.lists())
    year.national.takes_all("Finalise the list", year.lists())
    table = [SPECIFIC, *([code, "provincial", "S-9", "طرح‌های استانی", 1, "طرح", 12] for code in ("101", "102"))]
    year.expert.imports("specific", year.cycle, table, counts=(2, 0, 0))
    year.expert.takes_all("Finish the provincial slice", year.lists())
    review = {"verdict": "fit", "reason": "همسو با سند توسعه", "document": "سند توسعه استان"}
    for code in ("S-1", "S-2", "S-9"):
        link = year.lead.opens(first).link(f"{year.lead.says('Review')}: {code}")
        year.lead.confirms(link, "Review the indicator", **review)
    year.lead.takes("Finish the review", first)
    year.lead.takes("Finish the review", second, all_fit=True)
    assert set(year.cycle.indicators.exclude(agency=None).values_list("agency", "fit", "fit_document")) == {
        (year.agency_a.pk, "fit", "سند توسعه استان"),
        (year.agency_b.pk, "fit", ""),
    }
    year.expert.takes_all("Freeze the list", year.lists())
    year.reporter_a.takes("Acknowledge the final list", first)
    year.reporter_b.takes("Acknowledge the final list", second)
    assert [(each.state, each.acknowledged_by.username) for each in year.lists()] == [
        ("frozen", "reporter_a"),
        ("frozen", "reporter_b"),
    ]
    maxima = {line.indicator.code: line.maximum for line in year.assessments()[1].lines.select_related("indicator")}
    assert maxima == {"S-1": 280, "S-2": 520, "S-9": 200}
    year.goes_on("Open the self-assessment", "self_assessment")


def self_assessment(year):
    general_a, specific_a, general_b, specific_b = year.assessments()
    a, b = year.reporter_a, year.reporter_b
    a.enters(general_a, {"G-1": {"actual": "۸۰"}, "G-31": {"actual": "۴۰٫۲۵"}, "G-32": {"actual": "50"}})
    bare = "G-1 · سرانه آموزش کارکنان"
    a.is_told("Submit the self-assessment", general_a, "These lines need evidence: %(names)s.", names=bare)
    a.enters(general_a, {}, files={"G-1": paper("آموزش.pdf")})
    a.enters(specific_a, {"S-1": {"actual": "100"}, "S-2": {"actual": "36"}, "S-9": {"actual": "12", "note": "کامل"}})
    for each in (general_a, specific_a):
        a.takes("Submit the self-assessment", each, page="lines")
    rows = [["102", "G-1", 90, "گزارش"], ["102", "G-31", 80.5, None], ["102", "G-32", 25, None]]
    rows += [["102", "S-1", 5, None], ["102", "S-9", 6, None]]
    b.imports("self", year.cycle, [SELF, *rows], counts=(5, 0, 0))
    b.enters(general_b, {}, files={"G-1": paper("آموزش.pdf")})
    for each in (general_b, specific_b):
        b.takes("Submit the self-assessment", each, page="lines")
    b.is_refused(general_a, 404)
    assert year.states() == ["submitted"] * 4
    assert [line.self_score for line in general_a.lines.order_by("indicator__code")] == [240, None, 150, 200]
    year.goes_on("Go on to approval and transfer", "transfer")


def transfer(year):
    general_a, _specific_a, general_b, _specific_b = year.assessments()
    body = year.headquarters
    body.takes("Return to the agency", general_b, page="lines", reason="رقم امنیت داده کامل نیست.")
    year.reporter_b.enters(general_b, {"G-32": {"actual": "30"}})
    year.reporter_b.takes("Submit the self-assessment", general_b, page="lines")
    body.enters(general_a, {"G-1": {"actual": "70", "note": "ده ساعت مستند نیست."}})
    body.takes_all("Approve the self-assessment", year.assessments())
    assert year.states() == ["approved"] * 4
    sent = body.carries("to_aro", receiver=year.national)
    assert year.states() == ["sent"] * 4
    year.national.takes("Record the receipt", sent)
    back = year.national.carries("to_mpo", receiver=year.expert)
    year.expert.takes("Record the receipt", back)
    assert year.states() == ["received"] * 4
    year.goes_on("Open the expert evaluation", "evaluation")


def evaluation(year):
    assert year.states() == ["under_evaluation"] * 4
    year.lead.imports("scores", year.cycle, [SCORES, *EVALUATORS], counts=(11, 0, 0))
    general_a, _specific_a, general_b, _specific_b = year.assessments()
    year.steward.enters(general_a, {"G-2": {"actual": "50"}})
    year.steward.enters(general_b, {"G-2": {"actual": "۱۰۰"}})
    assert year.levels_read(year.reporter_a, general_a) == ["self", "hq"]
    year.lead.takes_all("Finish the scoring", year.assessments())
    assert year.states() == ["scored"] * 4
    year.goes_on("Open viewing and objection", "objection")


def objection(year):
    year.reporter_a.is_refused(year.assessments()[2], 404)
    year.expert.takes_all("Disclose the initial results", year.assessments())
    line = year.line(year.agency_a, "G-1")
    assert year.levels_read(year.reporter_a, line.assessment) == ["self", "hq", "initial"]
    claim = {"kind": "actual", "text": "هفتاد ساعت برگزار شد.", "claimed_actual": "70"}
    year.objects(year.reporter_a, line, claim)
    year.objects(year.reporter_a, line, claim | {"text": "هفتاد ساعت با گواهی.", "file": paper("گواهی.pdf")})
    filed = models.Objection.objects.get()
    assert (filed.version, filed.claimed_actual, filed.versions.count()) == (2, 70, 2)
    session = year.expert.adds(
        models.Hearing,
        participation=year.cycle.participations.get(agency=year.agency_a),
        starts_at="1405/06/01 10:00",
        objections=[filed],
    )
    year.expert.takes("Record as held", session, minutes="گواهی‌ها دیده شد.")
    verdict = {"verdict": "partly", "actual": "65", "reason": "پنج ساعت پذیرفته شد."}
    year.decides(year.manager, line, verdict)
    filed.refresh_from_db()
    assert (filed.state, filed.decided_by.username, filed.score_before, filed.score_after) == (
        "partly",
        "manager",
        Decimal(180),
        Decimal(195),
    )
    year.ends_window(year.manager, "objection")
    year.goes_on("Go on to final confirmation", "confirmation")


def confirmation(year):
    year.manager.takes_all("Confirm finally", year.assessments())
    assert year.chain(year.agency_a, "G-1") == [240, 210, 180, 195, 195]
    assert year.chain(year.agency_a, "G-2") == [None, None, 100, None, 100]
    assert year.chain(year.agency_b, "S-9") == [100, 100, 100, None, 100]
    year.goes_on("Go on to the ranking", "ranking")


def ranking(year):
    results = year.prepares_results(year.expert)
    results = year.expert.takes("Compute totals and ranks", results)
    year.expert.takes("Send the results to the council", results, number="۱/ش", date="1405/07/01")
    year.secretary.takes("Record the receipt of the letter", results.letters.get())
    session = {"number": "۳", "held_on": "1405/07/01", "resolution": "تصویب شد.", "guests": "رئیس شورا"}
    year.secretary.takes("Record the council's approval", results, **session, minutes=paper("minutes.pdf"))
    report = year.expert.carries("report", receiver=year.national)
    year.national.takes("Record the receipt", report)
    year.expert.takes("Record the report to the national organization", results)
    year.enters_levels(year.national, results, {year.agency_a: "عالی", year.agency_b: "خوب"}, letter="۹۹/س")
    year.national.takes("Record the levels", results)
    year.observer.is_refused(results, 404)
    year.reporter_a.is_refused(results, 404)
    year.results = year.manager.takes("Announce to the agencies", results)
    assert year.results.state == "announced"
    own, other = (year.results.agency_results.get(dimension=None, participation__agency=each) for each in year.agencies)
    year.reporter_a.opens(own)
    year.reporter_a.is_refused(other, 404)
    year.goes_on("Go on to festival and publication", "festival")


def festival(year):
    year.manager.takes("Publish the results", year.results)
    year.publishes_the_ranking(year.observer)
    year.ticks(year.expert, 12)
    sentence = "The process template requires a festival, and the cycle has none: add it in the list of festivals."
    year.manager.is_told("Archive the cycle", year.cycle, sentence)
    hold_festival(
        year,
        nominate=lambda held, **fields: year.reporter_a.takes("Nominate", held, **fields),
        receive=lambda sent: year.national.takes("Record the receipt", sent),
    )
    own = models.Award.objects.get(nominee__origin="agency")
    year.reporter_b.opens(own)
    year.goes_on("Archive the cycle", "closed")


def improvement(year):
    """After the archive: the report card is read, a plan made of it and agreed on, and its first quarter reported."""
    own = year.results.agency_results.get(dimension=None, participation__agency=year.agency_a)
    for person, verb, fields in (
        (year.reporter_a, "Acknowledge the report card", {"comment": "دیدیم."}),
        (year.expert, "Draft the improvement plan", {}),
    ):
        page = person.opens(own)
        person.confirms(page.link(person.word(verb, page.links)), verb, **fields)
    plan = models.ImprovementPlan.objects.get()
    actions = plan.actions.count()
    year.expert.takes("Propose the plan to the agency", plan)
    whole = {"action": "آموزش کارکنان", "owner": "مدیر منابع انسانی", "due": "1499/05/12", "measure": "گواهی آموزش"}
    typed = {f"actions-{number}-{name}": value for number in range(actions) for name, value in whole.items()}
    year.reporter_a.changes(plan, **typed)
    year.reporter_a.takes("Agree to the plan", plan)
    plan = year.headquarters.takes("Approve the plan", plan)
    assert (plan.state, plan.approved_by.username) == ("follow_up", "headquarters")
    report = {"progress": "۲۵", "note": "دورهٔ نخست برگزار شد.", "file": paper("گزارش.pdf")}
    first = year.reporter_a.takes("Report the progress", plan.actions.first(), **report)
    assert (first.progress, first.files.count()) == (25, 1)
    year.reporter_b.is_refused(plan, 404)
    assert [row.user.username for row in following.follow_up(timezone.now() + QUARTER).notices] == ["reporter_a"]
