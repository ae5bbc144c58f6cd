"""The paths of `rules.paths` are texts: each leads from its table to a row or a state that is there."""

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import ForeignKey

from evaluation.models import Agency, Cycle, Province
from evaluation.rules import archive, paths

TARGETS = {"CYCLE": Cycle, "PROVINCE": Province, "AGENCY": Agency, "OWNER_FIELD": User}
STATES = ("STATE", "RESULT", "FESTIVAL")


def target_of(name, path):
    """The field at the end of a path from the model of this name; "pk" leads to the row itself."""
    model = apps.get_model("evaluation", name)
    if path == "pk":
        return model
    *steps, last = path.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model
    field = model._meta.get_field(last)
    return field.related_model if isinstance(field, ForeignKey) else field


@pytest.mark.parametrize("table", TARGETS)
def test_a_path_to_a_place_leads_to_it(table):
    lost = {name: path for name, path in getattr(paths, table).items() if target_of(name, path) is not TARGETS[table]}
    assert lost == {}


@pytest.mark.parametrize("table", STATES)
def test_a_path_to_a_state_leads_to_one(table):
    ends = {name: getattr(target_of(name, path), "name", None) for name, path in getattr(paths, table).items()}
    assert set(ends.values()) == {"state"}


def test_what_an_archive_leaves_open_names_tables():
    named = {model for model, _step in archive.OPEN_STEPS} | archive.ADDED_LATER
    assert all(apps.get_model("evaluation", name) for name in named)
