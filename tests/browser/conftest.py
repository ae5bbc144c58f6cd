import pytest

from tests.cast import kept_cast


@pytest.fixture
def cast(transactional_db):
    """The cast in rows that are committed, so that the live server sees them."""
    with kept_cast() as made:
        yield made
