"""Every dialog of a step that moves a state says what will happen, before the person confirms."""

import pytest
from django.contrib import admin
from django.utils import translation

from evaluation.admin.verbs.effects import EFFECTS
from evaluation.admin.verbs.verb import VerbsMixin
from evaluation.enums import Stage
from tests.admin.english import page, visit

PAGES = [each for each in admin.site._registry.values() if isinstance(each, VerbsMixin)]
# Their dialog is a form whose fields say it, or they can be done and undone freely.
PLAIN = {
    ("CycleStep", "begin"),
    ("CycleStep", "tick"),
    ("CycleStep", "untick"),
    ("Indicator", "judge"),
    ("Indicator", "revise"),
    ("Notice", "mark_read"),
    ("Objection", "give_opinion"),
    ("SpecificList", "propose"),
    ("Workshop", "note_attendance"),
}


def steps():
    return [(each.model.__name__, verb.name, verb.effect(each.model)) for each in PAGES for verb in each.verbs]


def test_every_step_has_its_sentence():
    assert len(steps()) > 60
    assert {(model, name) for model, name, effect in steps() if not effect} == PLAIN


def test_no_sentence_is_for_a_step_that_is_not_there():
    there = {(model, name) for model, name, _effect in steps()}
    listed = {(model, name) for model, table in EFFECTS.items() for name in table}
    assert listed - there == set()


@pytest.mark.parametrize("language", ["fa", "en"])
def test_each_is_a_whole_sentence(language):
    with translation.override(language):
        effects = {str(effect) for _model, _name, effect in steps() if effect}
    assert {effect for effect in effects if not effect.endswith(".")} == set()


@pytest.mark.django_db
def test_the_dialog_shows_it(cast):
    cast.until(Stage.EVALUATION)
    assessment = cast.assessment(cast.agency_a)
    response = visit(cast, "manager").get(page("assessment_do", assessment.pk, "withdraw"))
    effect = "The agency leaves the evaluation in this dimension: it gets no score and no rank."
    assert (response.status_code, effect in response.content.decode()) == (200, True)
