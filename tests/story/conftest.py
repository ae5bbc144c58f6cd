import pytest

from .year import Year


@pytest.fixture
def year(request, db, media):
    """The installed product at the start of the year, in the language of its story."""
    return Year(request.module.LANGUAGE)
