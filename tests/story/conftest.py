import pytest

from .year import Year


@pytest.fixture
def year(db, media):
    return Year()
