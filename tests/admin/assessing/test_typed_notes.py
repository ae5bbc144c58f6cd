"""What is typed into a note is kept whole or refused with a sentence."""

import pytest

from evaluation.enums import Stage
from evaluation.models import Mark
from tests.admin.assessing.lines_page import Page

pytestmark = pytest.mark.django_db
LONG = "ک" * 4001
REFUSED = "Explanation: 4,001 letters are written here and at most 4,000 fit. Shorten it; nothing was cut."


def test_a_note_that_is_too_long_is_refused_whole_and_stays_in_its_box(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    found = Page(cast, "reporter_a", cast.assessment(cast.agency_a))
    answer = found.save("G-1", actual="5", note=LONG)
    assert (answer["ok"], answer["sentence"]) == (False, REFUSED)
    html = found.client.post(found.url, found.fields("G-1", actual="5", note=LONG)).content.decode()
    assert REFUSED in html
    assert LONG in html
    assert "maxlength" not in html[html.index("lines-form") :]
    assert not Mark.objects.exists()
    assert found.save("G-1", actual="5", note=LONG[1:])["ok"]
    assert found.line("G-1").self_note == LONG[1:]
