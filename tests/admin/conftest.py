import pytest
from django.utils import translation

from tests.admin.results.result_stand import ordered, stand  # noqa: F401  the fixtures


@pytest.fixture
def english():
    """Sentences of the verbs are asserted in the language of the source."""
    with translation.override("en"):
        yield
