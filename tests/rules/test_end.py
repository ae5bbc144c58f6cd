"""Whether figures stand in a cycle, asked of the database and of rows that were read before."""

import pytest
from django.db.models import prefetch_related_objects
from django.utils import timezone

from evaluation.enums import ResultState
from evaluation.models import ResultSet
from evaluation.rules.end import figures_stand, has_results
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("prefetched", [False, True])
@pytest.mark.parametrize(
    ("state", "stands", "published"),
    [("draft", False, False), ("computed", True, False), ("published", True, True), ("void", False, False)],
)
def test_figures_stand_from_their_computation_until_they_are_void(
    django_assert_num_queries, prefetched, state, stands, published
):
    cycle, person = make.CycleFactory(), make.UserFactory()
    stamps = {f"{name}_at": timezone.now() for name in ("computed", "council", "announced", "published")}
    people = {f"{name}_by": person for name in ("computed", "announced", "published")}
    results = cycle.result_sets.create(number=1)
    ResultSet._base_manager.filter(pk=results.pk).update(state=state, **stamps, **people)
    if prefetched:
        prefetch_related_objects([cycle], "result_sets")
    with django_assert_num_queries(0 if prefetched else 2):
        assert (figures_stand(cycle), has_results(cycle, [ResultState.PUBLISHED])) == (stands, published)
