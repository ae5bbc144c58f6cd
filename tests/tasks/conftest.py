import pytest

from .clusters import scratch_site


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    """A scratch database and folder for the clusters of one module; see `clusters`."""
    with django_db_blocker.unblock(), scratch_site(tmp_path_factory.mktemp("site")) as made:
        yield made
