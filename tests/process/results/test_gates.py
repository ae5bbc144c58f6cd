"""A gate lasts as long as what passed it, the cycle is not taken back over the head of its results, and an archived
cycle is left alone.
"""

import datetime

import pytest
from django.utils import timezone

from evaluation.enums import Stage
from evaluation.models import TransitionLog
from evaluation.process.agencies import participation
from evaluation.process.assessing import transfer
from evaluation.process.door import Refusal
from evaluation.process.results import council, level, reopening, result
from evaluation.process.year import cycle as year
from evaluation.process.year import windows
from evaluation.rules import gates
from tests.cast import FINGERPRINT, PACKAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(cast):
    cast.until(Stage.RANKING)
    cast.compute()
    cast.ask_council()
    return cast


def report(cast, rows):
    prepared = transfer.prepare(cast.cycle, "report", rows, by=cast.expert)
    return transfer.send(prepared, package=PACKAGE, sha256=FINGERPRINT, by=cast.expert)


def again(row):
    return type(row).objects.get(pk=row.pk)


def test_the_report_covers_every_file(approved):
    report(approved, approved.rows_in("confirmed")[:1])
    with pytest.raises(Refusal) as refusal:
        result.record_report(approved.results, by=approved.expert)
    assert str(refusal.value) == (
        "These files are in no report that was sent and stands: اداره الف · Specific indicators، "
        "اداره ب · General indicators، اداره ب · Specific indicators."
    )
    last = report(approved, approved.rows_in("confirmed"))  # what is left, in a second report
    assert result.record_report(approved.results, by=approved.expert).report == last


@pytest.mark.parametrize("how", ["superseded", "refused"])
def test_the_gate_of_the_report_opens_again_when_the_report_falls(approved, how):
    sent = report(approved, approved.rows_in("confirmed"))
    approved.results = result.record_report(approved.results, by=approved.expert)
    approved.receive_levels()
    if how == "superseded":
        transfer.supersede(sent, by=approved.manager, reason="خطا")
    else:
        transfer.refuse(sent, by=approved.national, reason="خطا")
    with pytest.raises(Refusal, match="These files are in no report that was sent and stands"):
        result.announce(approved.results, by=approved.manager)
    assert not gates.passed(again(approved.results), "report")
    report(approved, approved.rows_in("reported"))
    approved.results = result.record_report(approved.results, by=approved.expert)
    approved.announce()
    assert approved.results.state == "announced"


def test_the_gate_of_levels_opens_again_when_a_level_is_taken_away(approved):
    report(approved, approved.rows_in("confirmed"))
    approved.results = result.record_report(approved.results, by=approved.expert)
    approved.receive_levels()
    total = approved.results.agency_results.get(dimension=None, participation=approved.participation_a)
    level.set_levels(approved.results, {total.pk: None}, letter="46", by=approved.national)
    with pytest.raises(Refusal, match="These agencies have no level yet: اداره الف"):
        result.announce(approved.results, by=approved.manager)


def test_announced_results_keep_their_report(approved):
    report(approved, approved.rows_in("confirmed"))
    approved.results = result.record_report(approved.results, by=approved.expert)
    approved.receive_levels()
    approved.announce()
    with pytest.raises(Refusal, match="Announced results rest on this report"):
        transfer.supersede(approved.results.report, by=approved.manager, reason="دیر")


def test_a_session_that_was_not_held_yet_approves_nothing(cast):
    cast.until(Stage.RANKING)
    cast.compute()
    cast.dispatch()
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    with pytest.raises(Refusal, match="The session is dated in the future"):
        council.hold_council(cast.results, by=cast.secretary, **cast.council_session() | {"held_on": tomorrow})
    assert again(cast.results).state == "computed"


# -- taken back -----------------------------------------------------------------------------------


def test_taking_the_cycle_back_voids_announced_results_with_its_reason(cast):
    cast.until(Stage.FESTIVAL)
    cycle = reopening.take_back(cast.cycle, stage=Stage.CONFIRMATION, by=cast.manager, reason="خطا در امتیازات")
    assert (cycle.stage, again(cast.results).state) == ("confirmation", "void")
    assert TransitionLog.objects.get(name="void").note == "خطا در امتیازات"


def test_a_published_cycle_is_never_taken_back(cast):
    cast.until(Stage.CLOSED)
    before = again(cast.results).state
    with pytest.raises(Refusal):
        reopening.take_back(again(cast.cycle), stage=Stage.CONFIRMATION, by=cast.manager, reason="خطا")
    assert (before, again(cast.results).state, again(cast.cycle).stage) == ("published", "published", "closed")


def test_a_published_cycle_in_its_last_stage_neither(cast):
    cast.until(Stage.FESTIVAL)
    cast.publish_results()
    with pytest.raises(Refusal, match="corrected by an erratum only"):
        reopening.take_back(again(cast.cycle), stage=Stage.RANKING, by=cast.manager, reason="خطا")


# -- what figures rest on -------------------------------------------------------------------------


def test_groups_are_locked_while_figures_stand(approved):
    group = approved.cycle.peer_groups.create(title="گروه تازه")
    with pytest.raises(Refusal, match="Results were computed with the present peer groups"):
        participation.put_in_group(approved.participation_a, group=group, by=approved.expert)
    result.void(approved.results, by=approved.manager, reason="گروه‌بندی")
    assert participation.put_in_group(approved.participation_a, group=group, by=approved.expert).peer_group == group


def test_an_archived_cycle_takes_no_step(cast):
    cast.until(Stage.CLOSED)
    rows = TransitionLog.objects.count()
    with pytest.raises(Refusal, match="The cycle is archived and cannot be changed"):
        year.fix_participants(cast.cycle, by=cast.manager)
    late = timezone.now() + datetime.timedelta(days=5)
    with pytest.raises(Refusal, match="The cycle is archived and cannot be changed"):
        windows.extend(cast.cycle, cast.agency_a, stage=Stage.OBJECTION, ends_at=late, reason="سیل", by=cast.manager)
    assert TransitionLog.objects.count() == rows
