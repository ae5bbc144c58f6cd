import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _english():
    """Sentences are asserted as they stand in the source."""
    with translation.override("en"):
        yield
