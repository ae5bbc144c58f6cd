import pytest
from django.core.management import call_command

from evaluation.models import Cycle
from tests import snapshots


def seed():
    call_command("seed_demo", until="objection", agencies=3, verbosity=0)
    return Cycle.objects.get(performance_year=1404)


@pytest.fixture
def seeded(db):
    """The cycle of a seeded province in the stage of objections. Seeding takes four seconds: mark a module with the
    group `demo`, so that one process does it.
    """
    return snapshots.once(seed, "seeded")
