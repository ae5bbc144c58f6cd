import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _english():
    """Sentences are asserted as they stand in the source; Persian is asked for by name."""
    with translation.override("en"):
        yield
