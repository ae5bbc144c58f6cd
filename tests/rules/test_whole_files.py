"""Who sees a file whole, by the rows of lines themselves."""

import pytest

from evaluation.enums import Role, Stage
from evaluation.models import Assessment, Line
from evaluation.rules.whole_files import SEES_WHOLE_FILES, whole_files

from .test_scopes import person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", sorted(SEES_WHOLE_FILES))
@pytest.mark.parametrize("stage", [Stage.SELF_ASSESSMENT, Stage.EVALUATION, Stage.OBJECTION])
def test_who_sees_whole_files_sees_every_line_of_a_file_or_none(cast, role, stage):
    cast.until(stage)
    name = {Role.AGENCY: "reporter_a", Role.HEADQUARTERS: "headquarters_a"}.get(role, str(role))
    user = person(cast, name)
    files = Assessment.objects.filter(whole_files(user))
    assert set(Line.objects.visible_to(user)) == set(Line.objects.filter(assessment__in=files))
    assert set(files) == set(Assessment.objects.visible_to(user))


@pytest.mark.parametrize("name", ["evaluator", "steward", "secretary", "observer"])
def test_who_sees_lines_one_by_one_sees_no_whole_file(cast, name):
    cast.until(Stage.EVALUATION)
    assert not Assessment.objects.filter(whole_files(person(cast, name))).exists()
