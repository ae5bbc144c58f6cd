import pytest
from django.utils import translation

from evaluation.enums import Stage

from .office import office  # noqa: F401  converted once for all modules


@pytest.fixture(autouse=True)
def _english():
    """Sentences are asserted as they stand in the source."""
    with translation.override("en"):
        yield


@pytest.fixture
def entry(cast):
    return cast.until(Stage.SELF_ASSESSMENT)


@pytest.fixture
def scoring(cast):
    return cast.until(Stage.EVALUATION)
