"""What the lists and pages of every day cost: as many queries for one row as for four."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.admin.menu import sidebar
from evaluation.admin.navigation import CYCLE_PAGES
from evaluation.enums import CycleKind, NoticeKind, Stage
from evaluation.models import (
    Announcement,
    Award,
    Committee,
    DayOff,
    Extension,
    ExtensionRequest,
    Faq,
    Festival,
    NoticeTemplate,
    Outage,
    Participation,
    PeerGroup,
    Publicity,
    StageWindow,
)
from evaluation.process.messages import notice

from .. import factories as make
from .english import page, visit

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # counts of queries
DAY = datetime.timedelta(days=1)
STAGES = (Stage.SELF_ASSESSMENT, Stage.TRANSFER, Stage.EVALUATION, Stage.OBJECTION)
MAX_UNPRICED = 16  # queries of a page of a cycle that has no price of its own here
PRICE = {
    "cycle_years": 18,  # what the next year takes over: eight tables of the cycle  # queries
    "notice": 8,
    "extension": 13,
    "extensionrequest": 8,
    "stagewindow": 9,
    "announcement": 8,
    "faq": 10,
    "noticetemplate": 7,
    "dayoff": 10,
    "cycle_calendar": 13,
    "cycle_steps": 19,  # seven of them ask what shows the work of the stages
    "cycle_axes": 10,
    "wishes": 6,
    "extensions as a workbook": 8,  # one of them logs the export
    "search": 11,
    "agency": 11,
    "participation": 9,
    "festival": 8,
    "nominee": 10,
    "award": 8,
    "awardkind": 7,
    "publicity": 8,
    "outage": 8,
}


def add_row(cast, number):
    """One row more in each of the lists, none of it for an agency or a person that has one already."""
    now = timezone.now() - 30 * DAY
    above = make.HeadquartersFactory(name=f"وزارت {number}")
    agency = make.AgencyFactory(province=cast.province, headquarters=above, code=f"P{number}", name=f"مرکز {number}")
    group = PeerGroup.objects.create(cycle=cast.cycle, title=f"گروه {number}")
    Participation.objects.create(cycle=cast.cycle, agency=agency, peer_group=group)
    where = {"cycle": cast.cycle, "stage": STAGES[number]}
    StageWindow.objects.create(**where, opens_at=now, closes_at=now + DAY)
    who = get_user_model().objects.create_user(f"approver{number}")
    times = {"granted_at": now, "ends_at": now + 40 * DAY}
    Extension.objects.create(**where, agency=agency, reason="سیل", approver=who, **times)
    wanted = {"wanted_until": now + 50 * DAY, "asked_by": who}
    ExtensionRequest.objects.create(**where, agency=agency, reason="سیل", **wanted)
    Announcement.objects.create(kind="note", text=f"پیام {number}", province=cast.province, written_by=who)
    Faq.objects.create(question=f"پرسش {number}", answer="پاسخ", province=cast.province)
    NoticeTemplate.objects.create(kind=list(NoticeKind)[number], subject="موضوع", body="متن")
    cast.cycle.steps.create(number=number + 1, title=f"گام {number}", stage=STAGES[number])
    make.AxisFactory(dimension=cast.measured, number=number + 1)
    DayOff.objects.create(province=cast.province, date=now + number * DAY, title=f"تعطیلی {number}")
    add_to_festival(cast, number)
    notice.tell([cast.manager], event=f"x{number}", text=f"پیام {number}", cycle=cast.cycle)


def add_to_festival(cast, number):
    """One row more in each list of the festival, and in the lists beside it: publications of agencies, outages."""
    kind = make.AwardKindFactory(province=cast.province)
    year = make.CycleFactory(province=cast.province, performance_year=1380 + number)
    committee, _made = Committee.objects.get_or_create(province=cast.province, kind="festival", title="ستاد جشنواره")
    session = committee.sessions.create(cycle=year, number=str(number), held_on=make.DAY)
    announced = {"state": "announced", "announced_at": timezone.now(), "announced_by": cast.manager}
    held = Festival.objects.create(cycle=year, title=f"جشنواره {number}", committee=committee, **announced)
    held.kinds.add(kind)
    nominee = make.nominee(held, agency=cast.agency_a, entered_by=cast.expert)
    Award.objects.create(nominee=nominee, session=session, reason="برتر", decided_by=cast.expert)
    taking_part = Participation.objects.filter(cycle=cast.cycle).first()
    early = {"published_on": make.DAY, "medium": "روزنامه", "text": "برتر", "verdict": "too_early"}
    Publicity.objects.create(participation=taking_part, noted_by=cast.expert, **early)
    Outage.objects.create(part="pages", ended_at=timezone.now() + DAY)


def addresses(cast):
    lists = "notice extension extensionrequest stagewindow announcement faq noticetemplate dayoff agency participation "
    lists += "festival nominee award awardkind publicity outage"
    found = {name: page(f"{name}_changelist") for name in lists.split()}
    found |= {each.name: page(each.name, cycle_with(cast, each).pk) for each in CYCLE_PAGES}
    found |= {"wishes": page("notice_preferences")}
    return found | {"extensions as a workbook": page("extension_workbook"), "search": "/admin/search/?s=مرکز"}


def cycle_with(cast, cycle_page):
    """The cycle on which a page of cycles is looked at."""
    return cast.interim if cycle_page.kind == CycleKind.INTERIM else cast.cycle


@pytest.fixture(autouse=True)
def lasting_counts(monkeypatch):
    """The counts of the menu do not end between two pages of a slow machine."""
    monkeypatch.setattr(sidebar, "COUNTS_KEPT", 3600)


def prices(cast):
    client, paid = visit(cast, "manager"), {}
    for name, address in addresses(cast).items():
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        paid[name] = len(queries)
    return paid


def test_four_rows_cost_as_much_as_one(cast):
    cast.interim = make.CycleFactory(province=cast.province, kind=CycleKind.INTERIM, main_cycle=cast.cycle)
    cast.measured = make.DimensionFactory(cycle=cast.interim)
    add_row(cast, 0)
    one = prices(cast)
    for number in range(1, 4):
        add_row(cast, number)
    assert prices(cast) == one
    unpriced = {each.name for each in CYCLE_PAGES} - set(PRICE)
    assert {name: paid for name, paid in one.items() if name not in unpriced} == PRICE
    assert {name: one[name] for name in unpriced if one[name] > MAX_UNPRICED} == {}
