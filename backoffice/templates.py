"""Template loaders that leave out the indentation of HTML templates: a third of a page, in every answer, for nobody.

A run of blanks with a line end in it becomes one line end, which HTML reads as the same space. Texts to translate,
whose blanks belong to their key, and what shows or runs its blanks (`pre`, `textarea`, `script`) stay as written.
"""

import re

from django.template.loaders import app_directories, filesystem

AS_WRITTEN = re.compile(
    r"(\{%\s*blocktrans.*?\{%\s*endblocktrans(?:late)?\s*%\}|<(?P<name>pre|textarea|script)\b.*?</(?P=name)>)",
    re.DOTALL,
)
INDENTATION = re.compile(r"[ \t]*\n\s*")


def without_indentation(text: str) -> str:
    """The text of an HTML template with one line end for each run of blanks that has one."""
    parts, place = [], 0
    for kept in AS_WRITTEN.finditer(text):
        parts += [INDENTATION.sub("\n", text[place : kept.start()]), kept.group()]
        place = kept.end()
    return "".join([*parts, INDENTATION.sub("\n", text[place:])])


class _Squeezed:
    """Needs a loader of Django's that reads files."""

    def get_contents(self, origin):
        text = super().get_contents(origin)
        return without_indentation(text) if str(origin.name).endswith(".html") else text


class Filesystem(_Squeezed, filesystem.Loader):
    """The templates of this project."""


class AppDirectories(_Squeezed, app_directories.Loader):
    """The templates of the packages."""
