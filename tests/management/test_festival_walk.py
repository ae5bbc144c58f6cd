"""A walked year whose process template requires a festival holds it, reports it, and only then is archived."""

import pytest

from evaluation.enums import Stage
from evaluation.models import Award, ProcessTemplate
from evaluation.process.door import Refusal
from evaluation.rules import festival_gate

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_the_walk_holds_the_festival_that_the_template_requires(cast):
    cast.until(Stage.FESTIVAL)
    cast.cycle.template = ProcessTemplate.objects.create(code="f", title="با جشنواره", festival_required=True)
    cast.cycle.save(update_fields=["template"])
    cast.take("publish_results")
    with pytest.raises(Refusal, match=r"جشنواره‌ای ثبت نشده است"):
        cast.go_on()
    cast.take("hold_festival")
    assert Award.objects.count() >= 1
    assert [sent.state for sent in festival_gate.standing_report(cast.cycle)] == ["received"]
    cast.go_on()
    assert cast.cycle.stage == Stage.CLOSED
