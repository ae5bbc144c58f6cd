"""Templates come without their indentation, and with everything that belongs to a text."""

import datetime

import pytest
from django.template import Context, Template, base, engines
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy

from backoffice.templates import names_of, without_indentation


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


# -- names that a template does not find ----------------------------------------------------------


class Parent:
    inherited = 1


class Child(Parent):
    __slots__ = ("filled", "own")

    @property
    def failing(self):
        return self.gone


class Open(Parent):
    def __init__(self):
        self.own = 1


class Telling:
    def __dir__(self):
        return ["told"]


THINGS = [
    Child(), Open(), Telling(), Child, datetime, {"key": 1}, None, 5, "text", datetime.date(2026, 1, 1),
    SimpleLazyObject(Open), gettext_lazy("state"),
]  # fmt: skip
NAMES = "inherited own filled failing told key year items real upper __class__ __dict__ gone".split()


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: type(thing).__name__)
def test_the_names_of_an_object_are_those_that_dir_lists(thing):
    assert [name in names_of(thing) for name in NAMES] == [name in dir(thing) for name in NAMES]


def test_a_missing_attribute_is_empty_and_one_that_fails_says_so():
    assert Template("{{ thing.gone }}").render(Context({"thing": Open()})) == ""
    with pytest.raises(AttributeError, match="gone"):
        Template("{{ thing.failing }}").render(Context({"thing": Child()}))
    assert base.dir is names_of
