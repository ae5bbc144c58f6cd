"""States in the words of who reads them. What pages show of them is tried in tests/admin/test_state_words.py."""

import pytest

from evaluation.enums import AssessmentState, Role
from evaluation.models import Assessment
from evaluation.rules.state_words import own_words, state_text

pytestmark = [pytest.mark.usefixtures("english")]


def test_a_state_is_read_in_the_words_of_a_role_else_by_its_label_and_one_without_either_as_it_stands():
    submitted, unknown = Assessment(state=AssessmentState.SUBMITTED), Assessment(state="of a later version")
    assert state_text(submitted, Role.AGENCY) == "With your headquarters: awaits approval"
    assert state_text(submitted, None) == "Submitted to the headquarters"
    for reader in (Role.AGENCY, None):
        assert state_text(unknown, reader) == "of a later version"


@pytest.mark.parametrize("reader", [None, Role.AGENCY])
def test_a_table_without_words_of_its_own_has_none(reader):
    assert own_words("province", reader) == {}
