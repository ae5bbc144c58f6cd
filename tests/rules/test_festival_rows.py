"""Who outside the provincial organization knows of a festival, from state to state."""

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from evaluation.enums import FestivalState
from evaluation.models import Award, Festival, Nominee
from evaluation.rules.festival_rows import may_have_certificate

pytestmark = pytest.mark.django_db
NOMINATING = ["headquarters_a", "headquarters_b", "reporter_a", "reporter_b"]
OTHERS = ["lead", "national", "observer", "secretary", "steward"]


@pytest.mark.parametrize("state", FestivalState)
def test_who_nominates_knows_of_it_from_its_opening_on_and_others_once_the_winners_are_known(cast, state):
    announced = state in FestivalState.winners_known()
    moment = {"announced_at": timezone.now(), "announced_by": cast.manager} if announced else {}
    Festival.objects.create(cycle=cast.cycle, title="جشنواره", state=state, **moment)
    people = {name: get_user_model().objects.get(username=name) for name in NOMINATING + OTHERS}
    knowing = [name for name, user in people.items() if Festival.objects.visible_to(user).exists()]
    opened = NOMINATING if state != FestivalState.PREPARING else []
    assert knowing == opened + (OTHERS if announced else [])


@pytest.mark.parametrize("state", [FestivalState.CHOSEN, FestivalState.ANNOUNCED])
def test_a_certificate_is_for_the_agency_of_the_award_and_its_headquarters(cast, state):
    nominee = Nominee(festival=Festival(cycle=cast.cycle, state=state), agency=cast.agency_a)
    people = [*NOMINATING, *OTHERS, "manager", "nobody"]
    having = [name for name in people if may_have_certificate(getattr(cast, name), Award(nominee=nominee))]
    assert having == (["headquarters_a", "reporter_a"] if state == FestivalState.ANNOUNCED else [])
    nominee.agency = None
    assert not any(may_have_certificate(getattr(cast, name), Award(nominee=nominee)) for name in people)
