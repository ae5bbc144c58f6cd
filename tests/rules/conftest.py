import pytest
from django.utils import translation


@pytest.fixture
def english():
    """Sentences are asserted in the language of the source."""
    with translation.override("en"):
        yield
