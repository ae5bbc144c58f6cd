"""What holds a stage, by name, where a test of tests/rules/test_conditions.py asks only whether something does."""

import datetime

import pytest
from django.utils import timezone

from evaluation.enums import Basis, Part, Stage
from evaluation.rules import stages

pytestmark = [pytest.mark.usefixtures("english"), pytest.mark.django_db]
HOUR = datetime.timedelta(hours=1)


def test_an_agency_without_a_peer_group_is_named(cast):
    cast.until(Stage.BRIEFING)
    assert stages.participants(cast.cycle) == []
    cast.cycle.participations.filter(agency=cast.agency_b).update(peer_group=None)
    assert stages.participants(cast.cycle) == ["These agencies are in no peer group: اداره ب."]


def test_a_general_catalogue_that_is_not_frozen_is_named_beside_the_lists(cast):
    cast.until(Stage.INDICATORS)
    lists = "The specific lists of these agencies are not frozen: اداره الف، اداره ب."
    assert stages.indicators(cast.cycle) == [f"The catalogue is not frozen yet: {cast.general}.", lists]
    cast.freeze_catalogue()
    assert stages.indicators(cast.cycle) == [lists]


def test_answers_that_still_run_do_not_hold_the_objections(cast):
    cast.until(Stage.OBJECTION).disclose_all()
    cast.cycle.windows.all().delete()
    now = timezone.now()
    cast.cycle.windows.create(stage=Stage.OBJECTION, part=Part.ANSWER, opens_at=now - HOUR, closes_at=now + HOUR)
    assert stages.objection(cast.cycle) == []


def test_what_a_specific_list_lacks_in_points_is_said_by_its_agency(cast):
    cast.until(Stage.INDICATORS)
    cast.propose(cast.cycle.specific_lists.get(agency=cast.agency_a))
    type(cast.specific).objects.filter(pk=cast.specific.pk).update(basis=Basis.POINTS)
    cast.cycle.indicators.filter(agency=cast.agency_a).update(points=400)
    assert stages.catalogue_gaps(cast.cycle, agency=cast.agency_a) == [
        "“اداره الف” must total 1,000 but totals 800: 200 is missing."
    ]


def test_the_files_of_an_agency_are_waited_for_once_its_extension_is_over(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    now = timezone.now()
    for agency in (cast.agency_a, cast.agency_b):
        cast.cycle.extensions.create(
            stage=Stage.SELF_ASSESSMENT,
            agency=agency,
            reason="سیل",
            approver=cast.manager,
            granted_at=now - HOUR,
            ends_at=now + HOUR,
        )
    assert stages.self_assessment(cast.cycle) == []
    cast.cycle.extensions.filter(agency=cast.agency_a).update(ends_at=now)
    general, specific = cast.assessment(cast.agency_a), cast.assessment(cast.agency_a, "specific")
    assert stages.self_assessment(cast.cycle) == [
        f"These self-assessments are not submitted yet: {general}، {specific}."
    ]
