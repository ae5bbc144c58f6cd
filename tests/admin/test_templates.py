"""Templates come without their indentation, and with everything that belongs to a text."""

import pytest
from django.template import engines

from backoffice.templates import without_indentation


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<p>\n        one  two\n\n    </p>\n", "<p>\none  two\n</p>\n"),
        ("<b>a</b>  <i>b</i>", "<b>a</b>  <i>b</i>"),
        ("  <pre>\n    a\n</pre>\n    b", "  <pre>\n    a\n</pre>\nb"),
        ("<textarea>\n    a</textarea>", "<textarea>\n    a</textarea>"),
        ("<script>\n    a();\n</script>\n  b", "<script>\n    a();\n</script>\nb"),
        (
            "{% blocktranslate %}\n   a{% endblocktranslate %}\n   b",
            "{% blocktranslate %}\n   a{% endblocktranslate %}\nb",
        ),
    ],
)
def test_a_run_of_blanks_with_a_line_end_is_one_line_end(written, read):
    assert without_indentation(written) == read


def test_our_templates_and_those_of_the_packages_are_read_so():
    for name in ("admin/evaluation/assessing/line/row.html", "unfold/layouts/base.html", "admin/login.html"):
        text = engines["django"].get_template(name).template.source
        outside = text.replace("{% blocktranslate", "<pre{%").partition("<pre")[0]
        assert "\n  " not in outside
        assert outside.count("\n") > 0
