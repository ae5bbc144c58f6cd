"""Templates stay readable: short lines, indented by djhtml, translations that may be broken over lines."""

import re

import pytest
from django.utils.translation.template import templatize

from tests.architecture.extraction import ROOT, extracted, needs_gettext

MAX_LINE = 140
TEMPLATES = sorted([*ROOT.glob("templates/**/*.html"), *ROOT.glob("evaluation/templates/**/*.html")])
BLOCKTRANSLATE = re.compile(r"\{%\s*blocktrans(?:late)?\b.*?%\}")
TRIMMED = re.compile(r"\btrimmed\b ?")


def named(path):
    return str(path.relative_to(ROOT))


def untrimmed(text):
    """The tags of a template that keep the line breaks of their text as part of the message."""
    return [tag for tag in BLOCKTRANSLATE.findall(text) if not TRIMMED.search(tag)]


def on_one_line(text):
    """A template as it was before its translations were broken over lines: one line each, nothing trimmed."""
    block = re.compile(r"(\{%\s*blocktranslate\b.*?%\})(.*?)(\{%\s*endblocktranslate\s*%\})", re.DOTALL)

    def joined(found):
        head, body, end = found.groups()
        parts = re.split(r"(\{%\s*plural\s*%\})", body)
        return TRIMMED.sub("", head) + "".join(" ".join(part.split()) for part in parts) + end

    return block.sub(joined, text)


def test_no_line_is_too_long():
    long = {
        f"{named(path)}:{number}": len(line)
        for path in TEMPLATES
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > MAX_LINE
    }
    assert long == {}


def test_every_blocktranslate_is_trimmed():
    assert {named(path): tags for path in TEMPLATES if (tags := untrimmed(path.read_text()))} == {}


@pytest.mark.parametrize(
    ("tag", "kept"),
    [
        ("{% blocktranslate %}", True),
        ("{% blocktranslate with a=b %}", True),
        ("{% blocktranslate trimmed count n=b %}", False),
    ],
)
def test_untrimmed_tags_are_found(tag, kept):
    assert bool(untrimmed(f"<p>{tag}x{{% endblocktranslate %}}</p>")) == kept


@needs_gettext
def test_trimming_changes_no_message(tmp_path):
    """The catalogue is the one that the same texts have on single lines."""
    single = tmp_path / "single"
    single.mkdir()
    before = []
    for number, path in enumerate(TEMPLATES):
        copy = single / f"{number}.html"
        copy.write_text(on_one_line(path.read_text()))
        assert "trimmed" not in templatize(copy.read_text())
        before.append(copy)
    assert extracted(TEMPLATES, tmp_path / "a").keys() == extracted(before, tmp_path / "b").keys()
