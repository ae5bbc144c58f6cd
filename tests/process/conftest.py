import pytest
from django.utils import translation

from tests.process.year.due import approval, entry  # noqa: F401  fixtures


@pytest.fixture(autouse=True)
def english(settings):
    """Sentences are asserted in the language of the source."""
    settings.LANGUAGE_CODE = "en"  # that of notices
    with translation.override("en"):
        yield
