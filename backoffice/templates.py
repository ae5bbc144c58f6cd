"""Template loaders that leave out the indentation of HTML templates: a third of a page, in every answer, for nobody.

A run of blanks with a line end in it becomes one line end, which HTML reads as the same space. Texts to translate,
whose blanks belong to their key, and what shows or runs its blanks (`pre`, `textarea`, `script`) stay as written.

What a template asks of an object and does not find costs less, too. Django lists all names of the object each time, to
tell an attribute that is missing from one that failed (Django 5.2, `Variable._resolve_lookup`), and the templates of
Unfold ask for such attributes in each row and field: a quarter of the processor time of a list, a tenth of a long form.
"""

import re
from types import ModuleType

from django.template import base
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


class Names:
    """The names that `dir` would list of an object, to be asked for one of them."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __contains__(self, name: str) -> bool:
        own = getattr(self.value, "__dict__", ())
        return name in own or any(name in vars(kind) for kind in type(self.value).__mro__)


def names_of(value: object) -> Names | list[str]:
    """What Django asks for a name; classes, modules and whatever lists its names itself are asked by `dir`."""
    if isinstance(value, (type, ModuleType)) or type(value).__dir__ is not object.__dir__:
        return dir(value)
    return Names(value)


def install() -> None:
    """Templates look for missing attributes by `names_of`."""
    base.dir = names_of
