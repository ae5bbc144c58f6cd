"""How large the page of lines is: it stands in the browser of an agency on a slow line, sixty rows at a time."""

from decimal import Decimal

import pytest

from evaluation.enums import MarkLevel, Nature, Stage
from evaluation.models import Line
from evaluation.process.assessing import line as line_verbs
from tests import factories as make
from tests.admin.assessing.lines_page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

LINES = 60
MAX_BYTES = 120 * 1024  # of HTML, before it is packed for the way
TITLE = "میزان تحقق برنامه‌های بهبود خدمات و پاسخگویی به مراجعان"
GUIDE = "گزارش عملکرد سالانه با مهر و امضای بالاترین مقام دستگاه."


def test_a_page_of_sixty_lines_is_at_most_120_kilobytes(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    file = cast.assessment(cast.agency_a)
    for number in range(LINES - file.lines.count()):
        nature = (Nature.SINGLE, Nature.SINGLE, Nature.RATIO)[number % 3]
        indicator = make.IndicatorFactory(
            dimension=cast.general,
            axis=cast.axis_1,
            code=f"G-9{number}",
            points=1,
            title=TITLE,
            guide=GUIDE,
            nature=nature,
        )
        line = Line.objects.create(assessment=file, indicator=indicator, maximum=1, target=100)
        if number % 3 == 0:
            line_verbs.record(line, MarkLevel.SELF, line_verbs.Figures(actual=Decimal(3)), by=cast.reporter_a)
    page = Page(cast, "reporter_a", file)
    page.client.cookies["django_language"] = "fa"
    html = page.html()
    assert html.count('class="ev-line') == LINES
    assert len(html.encode()) <= MAX_BYTES
    assert "\n    " not in html.partition('id="lines"')[2]
