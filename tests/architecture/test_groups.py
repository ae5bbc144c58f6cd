"""Tests that share something costly run in one worker: a lost group fails nothing and costs minutes."""

import pytest


@pytest.mark.xdist_group("itself")
def test_xdist_keeps_groups_together(request):
    """xdist groups by a suffix of the name, which pytest 9.2 no longer lets it write: pytest-xdist issue 1386."""
    if not request.config.getoption("loadgroup", default=False):
        pytest.skip("only one process, or no groups asked for")
    assert request.node.nodeid.endswith("@itself")
