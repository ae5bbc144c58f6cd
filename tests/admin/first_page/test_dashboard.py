"""The first page: what each person of the cast is told in the course of the year, and what the page costs."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.enums import Role, Stage
from evaluation.models import Membership, Notice, StageWindow
from evaluation.process.assessing import assessment, objection, transfer
from evaluation.process.messages import notice
from evaluation.process.results import council, result
from evaluation.process.year import cycle
from tests import factories as make
from tests.cast import FINGERPRINT, PACKAGE, person

PEOPLE = "manager expert lead evaluator steward secretary national headquarters_a reporter_a observer nobody".split()
CIRCULAR = ("Circulars to read", 1)


pytestmark = pytest.mark.one_database  # its queries are those of the menu's counts, which both databases answer


def client(cast, name, language="en"):
    found = cast.client(name)
    found.cookies["django_language"] = language
    return found


def page(cast, name, language="en"):
    response = client(cast, name, language).get("/admin/")
    assert response.status_code == 200
    return response


def told(cast, *names):
    """{person: [(title, count)]} of those to whom the page says that something waits."""
    found = {name: page(cast, name).context["todo"] for name in names or PEOPLE}
    return {name: [(row["title"], row["count"]) for row in rows] for name, rows in found.items() if rows}


def counts(cast, name):
    """{card: {state: count}}"""
    shown = page(cast, name).context["cards"]
    return {str(card["title"]): {str(row["label"]): row["count"] for row in card["items"]} for card in shown}


def in_the_way(cast, name):
    return [row["text"] for row in page(cast, name).context["blockers"]["items"]]


def test_before_the_agencies_are_named(cast):
    assert told(cast) == {}
    assert in_the_way(cast, "expert") == ["The circular of the national organization is not registered yet."]
    cast.until(Stage.CIRCULAR).work(Stage.CIRCULAR)
    assert told(cast) == {"reporter_a": [CIRCULAR]}
    blockers = page(cast, "manager").context["blockers"]
    assert (blockers["title"], blockers["items"]) == ("Before “Naming and training evaluators”", [])
    assert blockers["verb"] == {
        "label": "Go on to naming evaluators",
        "url": f"/admin/evaluation/cycle/{cast.cycle.pk}/do/name_evaluators/",
    }


def test_where_no_cycle_is_yet_those_who_may_make_one_are_shown_the_way(cast):
    place = make.ProvinceFactory()
    cast.newcomer, cast.onlooker = (
        person(name, role, province=place) for name, role in (("newcomer", Role.MANAGER), ("onlooker", Role.OBSERVER))
    )
    urls = {name: page(cast, name).context["begin_url"] for name in ("newcomer", "onlooker", "manager", "nobody")}
    assert urls == {"newcomer": "/admin/evaluation/cycle/add/", "onlooker": "", "manager": "", "nobody": ""}
    assert client(cast, "newcomer").get(urls["newcomer"]).status_code == 200


def test_who_does_not_move_the_cycle_is_not_told_what_it_misses(cast):
    shown = {name: page(cast, name).context.get("blockers") for name in PEOPLE}
    assert [name for name, blockers in shown.items() if blockers] == ["manager", "expert"]


def test_the_strip_of_a_small_year(cast):
    cast.until(Stage.EVALUATORS)
    strip = page(cast, "reporter_a").context["cycle_strip"]
    states = [stage["state"] for stage in strip["stages"]]
    assert states == ["done", "current", *["next"] * 10]
    assert strip["url"] == f"/admin/evaluation/cycle/{cast.cycle.pk}/change/"
    assert page(cast, "nobody").context.get("cycle_strip") is None


def test_while_specific_lists_are_written(cast):
    cast.until(Stage.INDICATORS)
    assert told(cast) == {"reporter_a": [CIRCULAR, ("Specific indicators to propose", 1)]}
    own = cast.cycle.specific_lists.get(agency=cast.agency_a)
    cast.propose(own)
    assert told(cast, "headquarters_a", "headquarters_b") == {"headquarters_a": [("Specific lists to endorse", 1)]}
    assert counts(cast, "reporter_a") == {"Our specific indicators": {"With you: being drafted": 1}}
    assert counts(cast, "manager") == {"Specific lists": {"Being drafted": 2}}


def test_while_agencies_assess_themselves(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    begin = [
        (f"Begin the self-assessment: {cast.general}", 3),
        (f"Begin the self-assessment: {cast.specific}", 2),
    ]
    assert told(cast) == {"reporter_a": [CIRCULAR, *begin]}
    cast.fill(cast.assessment(cast.agency_a))
    row = page(cast, "reporter_a").context["todo"][1]
    assert (row["title"], row["count"], row["detail"]) == (
        f"Complete and submit the self-assessment: {cast.general}",
        None,
        "All lines are filled: submit the self-assessment.",
    )
    assert row["url"] == f"/admin/evaluation/assessment/{cast.assessment(cast.agency_a).pk}/lines/"


def test_the_last_day_is_shown_and_after_it_the_way_to_more_time(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    window = StageWindow.objects.filter(stage=Stage.SELF_ASSESSMENT)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    midnight = timezone.make_aware(datetime.datetime.combine(tomorrow, datetime.time.min))
    window.update(closes_at=midnight)
    row = page(cast, "reporter_a").context["todo"][1]
    assert (row["due"], row["tone"]) == (timezone.localdate(), "warning")
    window.update(closes_at=timezone.now())
    row = page(cast, "reporter_a").context["todo"][1]
    assert (row["due"], row["tone"], row["detail"]) == (
        None,
        "danger",
        "The window has ended: ask the provincial organization for an extension.",
    )


def test_from_the_headquarters_to_the_province(cast):
    cast.until(Stage.TRANSFER)
    assert told(cast) == {"headquarters_a": [("Self-assessments to approve or return", 2)], "reporter_a": [CIRCULAR]}
    for each in cast.assessments(state="submitted"):
        assessment.approve(each, by=cast.headquarters_of(each.agency))
    assert told(cast, "headquarters_a") == {
        "headquarters_a": [("Approved self-assessments to send to the national organization", 2)]
    }
    own = cast.assessments(participation__agency=cast.agency_a)
    prepared = transfer.prepare(cast.cycle, "to_aro", own, by=cast.headquarters_a)
    assert told(cast, "headquarters_a", "headquarters_b", "national") == {
        "headquarters_a": [("Packages prepared and not sent yet", 1)],
        "headquarters_b": [("Approved self-assessments to send to the national organization", 2)],
    }
    sent = transfer.send(prepared, package=PACKAGE, sha256=FINGERPRINT, by=cast.headquarters_a)
    assert told(cast, "headquarters_a", "national") == {"national": [("Packages to receive", 1)]}
    transfer.receive(sent, by=cast.national)
    assert told(cast, "national", "manager") == {"national": [("Self-assessments to send on to the provinces", 2)]}
    back = transfer.prepare(cast.cycle, "to_mpo", own, by=cast.national)
    transfer.send(back, package=PACKAGE, sha256=FINGERPRINT, by=cast.national)
    assert told(cast, "national", "manager", "expert") == {
        "manager": [("Packages to receive", 1)],
        "expert": [("Packages to receive", 1)],
    }


def test_while_evaluators_score(cast):
    cast.until(Stage.EVALUATION)
    assert told(cast) == {
        "lead": [
            (f"Score: اداره الف · {cast.general}", 3),
            (f"Score: اداره الف · {cast.specific}", 2),
            (f"Score: اداره ب · {cast.general}", 3),
            (f"Score: اداره ب · {cast.specific}", 2),
        ],
        "evaluator": [(f"Score: اداره الف · {cast.general}", 1), (f"Score: اداره ب · {cast.general}", 1)],
        "steward": [(f"Score: اداره الف · {cast.general}", 1), (f"Score: اداره ب · {cast.general}", 1)],
        "reporter_a": [CIRCULAR],
    }
    for each in cast.assessments(participation__agency=cast.agency_a):
        cast.score(each)
    assert told(cast, "lead", "evaluator") == {
        "lead": [
            (f"Score: اداره ب · {cast.general}", 3),
            (f"Score: اداره ب · {cast.specific}", 2),
            ("Assessments whose scoring can be finished", 2),
        ],
        "evaluator": [(f"Score: اداره ب · {cast.general}", 1)],
    }


def test_while_agencies_object(cast):
    cast.until(Stage.OBJECTION)
    assert told(cast, "manager", "lead", "reporter_a") == {
        "manager": [("Scored assessments to disclose", 4)],
        "reporter_a": [CIRCULAR],
    }
    for each in cast.assessments(state="scored"):
        assessment.disclose(each, by=cast.expert)
    own = cast.assessment(cast.agency_a)
    for each in cast.lines(own, indicator__code__in=["G-1", "G-2"]):
        objection.file(each, by=cast.reporter_a, kind="other", text="اعتراض")
    assert told(cast) == {
        "manager": [("Objections to decide", 2)],
        "expert": [("Objections to decide", 2)],
        "lead": [("Objections to decide", 1)],
        "evaluator": [("Objections to decide", 1)],
        "steward": [("Objections waiting for your opinion", 1)],
        "reporter_a": [
            CIRCULAR,
            (f"See the initial results: {cast.general}", None),
            (f"See the initial results: {cast.specific}", None),
        ],
    }
    assert counts(cast, "expert") == {"Objections": {"Awaiting a decision": 2}}
    assert counts(cast, "evaluator")["Assessments of my groups"] == {"Initial results disclosed": 2}


def test_the_end_of_the_year(cast):
    cast.until(Stage.CONFIRMATION)
    assert told(cast, "manager", "expert") == {"manager": [("Assessments to confirm finally", 4)]}
    cast.until(Stage.RANKING)
    title = cast.cycle.title
    assert told(cast, "manager", "expert", "secretary") == {
        "manager": [(f"Compute totals and ranks: {title}", None)],
        "expert": [(f"Compute totals and ranks: {title}", None)],
    }
    result.compute(result.prepare(cast.cycle, by=cast.expert), by=cast.expert)
    to_send = [(f"Send the results to the council: {title}", None)]
    assert told(cast, "manager", "expert", "secretary", "national", "reporter_a") == {
        "manager": to_send,
        "expert": to_send,
        "reporter_a": [CIRCULAR],
    }
    results = cast.cycle.result_sets.get()
    letter = {"number": "1", "date": timezone.localdate(), "file": ("list.pdf", b"%PDF")}
    council.dispatch(results, by=cast.expert, **letter)
    assert told(cast, "manager", "expert", "secretary") == {
        "secretary": [(f"Results to approve in the council: {title}", None)]
    }
    cast.work(Stage.RANKING)
    cast.cycle = cycle.advance(cast.cycle, by=cast.manager)
    announced = (f"The results are announced: {title}", None)
    assert told(cast) == {
        "manager": [(f"Publish the results: {title}", None)],
        "secretary": [announced],
        "headquarters_a": [announced],
        "reporter_a": [CIRCULAR, ("Report cards to acknowledge", 1), announced],
    }
    cast.work(Stage.FESTIVAL)
    published = (f"The results are published: {title}", None)
    assert told(cast, "observer", "evaluator") == {"observer": [published], "evaluator": [published]}
    cast.cycle = cycle.advance(cast.cycle, by=cast.manager)
    strip = page(cast, "observer").context["cycle_strip"]
    assert (strip["title"], strip["note"]) == (title, "Archived")


def test_two_running_years_are_counted(cast):
    next_year = make.CycleFactory(province=cast.province, performance_year=1405, title="ارزیابی ۱۴۰۵")
    shown = page(cast, "manager").context
    assert shown["cycle_strip"]["title"] == next_year.title
    assert counts(cast, "manager") == {"Evaluation cycles": {"Draft": 2}}


def test_a_notice_is_read_on_the_first_page_by_its_own_person_alone(cast):
    notice.tell([cast.expert, cast.manager], event="x", text="پیام یک", cycle=cast.cycle)
    own = Notice.objects.get(user=cast.expert)
    (shown,) = page(cast, "expert").context["notices"]
    assert (shown["text"], shown["read_url"]) == ("پیام یک", f"/admin/evaluation/notice/{own.pk}/do/mark_read/")
    assert client(cast, "manager").post(shown["read_url"]).status_code == 404
    assert list(Notice.objects.filter(read_at=None).values_list("user__username", flat=True).order_by("pk")) == [
        "expert",
        "manager",
    ]
    response = client(cast, "expert").post(shown["read_url"], {"from": "first_page"})
    assert (response.status_code, response.url) == (302, "/admin/")
    assert page(cast, "expert").context["notices"] == []
    assert [row["text"] for row in page(cast, "manager").context["notices"]] == ["پیام یک"]


def test_reading_a_notice_is_no_matter_of_a_link(cast):
    notice.tell([cast.expert], event="x", text="پیام یک")
    own = Notice.objects.get()
    client(cast, "expert").get(f"/admin/evaluation/notice/{own.pk}/do/mark_read/")
    assert Notice.objects.get().read_at is None


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.INDICATORS, Stage.EVALUATION, Stage.FESTIVAL])
def test_the_page_is_persian_for_everybody(cast, stage):
    """The strict client refuses English sentences and template code."""
    cast.until(stage)
    notice.tell([cast.expert], event="x", text="پیام یک")
    for name in PEOPLE:
        page(cast, name, language="fa")


PRICE = {  # queries of the page, by stage and person
    ("indicators", "manager"): 16,
    ("indicators", "lead"): 14,
    ("indicators", "steward"): 11,
    ("indicators", "national"): 11,
    ("indicators", "headquarters_b"): 11,
    ("evaluation", "manager"): 17,
    ("evaluation", "lead"): 16,
    ("evaluation", "steward"): 13,
    ("evaluation", "national"): 11,
    ("evaluation", "headquarters_b"): 11,
}


MOST = 18  # queries; a cache in the database takes two more: to keep the counts, to hear of the workers


def test_the_manager_pays_for_no_stage_more_than_for_any_page(cast):
    paid = {stage: prices(cast, stage, ["manager"])[stage.value, "manager"] for stage in Stage}
    assert {stage: price for stage, price in paid.items() if price > MOST} == {}


def test_lines_whose_steward_is_their_agency_cost_no_more(cast):
    cast.until(Stage.EVALUATION)
    Membership.objects.create(user=cast.steward, role=Role.AGENCY, agency=cast.agency_a)
    paid = prices(cast, Stage.EVALUATION, ["manager"])
    title = f"The steward is this agency: score its line in “اداره الف · {cast.general}”"
    assert [count for told_of, count in told(cast, "manager")["manager"] if told_of == title] == [1]
    assert paid["evaluation", "manager"] <= MOST


@pytest.mark.parametrize("more", [0, 2])
def test_the_price_does_not_grow_with_the_agencies(cast, more):
    others = further_agencies(cast, more)
    paid = prices(cast, Stage.INDICATORS)
    cast.until(Stage.TRANSFER)
    send(cast, cast.assessments(participation__agency__in=others))
    paid |= prices(cast, Stage.EVALUATION)
    assert paid == PRICE


def further_agencies(cast, count):
    """Agencies with the reporter and the headquarters of B."""
    found = []
    for number in range(count):
        agency = make.AgencyFactory(province=cast.province, code=f"C{number}", headquarters=cast.agency_b.headquarters)
        Membership.objects.create(user=cast.reporter_b, role=Role.AGENCY, agency=agency)
        found.append(agency)
    return found


def send(cast, rows):
    for each in rows:
        assessment.approve(each, by=cast.headquarters_b)
    if rows:
        cast.carry("to_aro", rows, sender=cast.headquarters_b, receiver=cast.national)


def prices(cast, stage, names=("manager", "lead", "steward", "national", "headquarters_b")):
    cast.until(stage)
    paid = {}
    for name in names:
        inside = client(cast, name)
        with CaptureQueriesContext(connection) as queries:
            inside.get("/admin/")
        paid[stage.value, name] = len(queries)
    return paid
