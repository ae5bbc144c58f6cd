import pytest

from evaluation.process.results import result
from tests import snapshots

from .province import Province


@pytest.fixture
def province(db):
    return snapshots.once(Province, "province")


@pytest.fixture
def computed(province):
    """The computed result set of the six agencies."""
    return result.compute(result.prepare(province.year, by=province.expert), by=province.expert)
