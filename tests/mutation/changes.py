"""Every change that mutmut's operators make in a file: within functions, decorated ones too, and in tables."""

import difflib
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import libcst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

# Changed, they fail at once or say nothing about a rule: what is imported, types, decorators, sentences about the code.
NOT_CHANGED = (libcst.Import, libcst.ImportFrom, libcst.Annotation, libcst.Decorator)
TRANSLATED = {"_", "ngettext", "pgettext"}  # a changed message is not in the catalogue, which a test of its own says


@dataclass(frozen=True)
class Mutant:
    """One change. `lines`: the first and last line of its statement. `source`: the whole changed file."""

    path: Path
    function: str
    lines: tuple[int, int]
    source: str
    difference: str


@dataclass(frozen=True)
class Change:
    """A mutant that is not written out yet: in `function`, `node` becomes `changed`."""

    path: Path
    module: libcst.Module
    node: libcst.CSTNode
    changed: libcst.CSTNode
    function: str
    lines: tuple[int, int]

    def place_in_sample(self, seed: str) -> bytes:
        """Sorts changes at random, but alike for a seed: a change elsewhere in the code does not move them."""
        code = (self.module.code_for_node(node) for node in (self.node, self.changed))
        return hashlib.sha256("\n".join((seed, str(self.path), self.function, *code)).encode()).digest()

    def written(self) -> Mutant:
        source = self.module.deep_replace(self.node, self.changed).code
        return Mutant(self.path, self.function, self.lines, source, difference(self.module.code, source))


def sample_of(paths: Iterable[Path], seed: str) -> tuple[int, Iterator[Mutant]]:
    """How many changes these files have, and all of them in the order of the seed; two that read the same come once."""
    changes = [change for path in paths for change in changes_of(path)]
    return len(changes), distinct(sorted(changes, key=lambda change: change.place_in_sample(seed)))


def distinct(changes: Iterable[Change]) -> Iterator[Mutant]:
    seen = set()
    for change in changes:
        mutant = change.written()
        if mutant.source not in seen and mutant.source != change.module.code:
            seen.add(mutant.source)
            yield mutant


def changes_of(path: Path) -> Iterator[Change]:
    """The changes of a file in the order of their places."""
    wrapper = MetadataWrapper(libcst.parse_module(path.read_text()), unsafe_skip_copy=True)
    visitor = Places()
    wrapper.visit(visitor)
    for node, function, lines in visitor.places:
        for changed in changed_nodes(node):
            yield Change(path, wrapper.module, node, changed, function, lines)


def changed_nodes(node: libcst.CSTNode) -> Iterator[libcst.CSTNode]:
    """What mutmut makes of a node; of a text one change instead of three, since capitals prove what XX proves."""
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            yield from islice(operator(node), 1 if kind is libcst.BaseString else None)


def difference(before: str, after: str) -> str:
    """The lines that differ, with - and +."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


class Places(libcst.CSTVisitor):
    """Nodes that may be changed, each with the function around it ("" for a table) and the lines of its statement."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.statements: list[tuple[int, int]] = []
        self.places: list[tuple[libcst.CSTNode, str, tuple[int, int]]] = []

    def on_visit(self, node: libcst.CSTNode) -> bool:
        if is_left(node):
            return False
        if isinstance(node, libcst.FunctionDef | libcst.ClassDef):
            self.names.append(node.name.value)
        if isinstance(node, libcst.BaseSmallStatement | libcst.BaseCompoundStatement):
            self.statements.append(self.lines_of(node))
        if self.statements and not isinstance(node, libcst.BaseCompoundStatement):
            self.places.append((node, ".".join(self.names), self.statements[-1]))
        return True

    def on_leave(self, node: libcst.CSTNode) -> None:
        if is_left(node):
            return
        if isinstance(node, libcst.FunctionDef | libcst.ClassDef):
            self.names.pop()
        if isinstance(node, libcst.BaseSmallStatement | libcst.BaseCompoundStatement):
            self.statements.pop()

    def lines_of(self, node: libcst.CSTNode) -> tuple[int, int]:
        """First and last line: of a compound statement those of its head alone."""
        place = self.get_metadata(PositionProvider, node)
        if isinstance(node, libcst.BaseCompoundStatement):
            body = self.get_metadata(PositionProvider, node.body)
            return place.start.line, max(place.start.line, body.start.line - 1)
        return place.start.line, place.end.line


def is_left(node: libcst.CSTNode) -> bool:
    """Whether neither this nor what is in it is changed."""
    return isinstance(node, NOT_CHANGED) or is_docstring(node) or is_message(node)


def is_message(node: libcst.CSTNode) -> bool:
    return isinstance(node, libcst.Call) and isinstance(node.func, libcst.Name) and node.func.value in TRANSLATED


def is_docstring(node: libcst.CSTNode) -> bool:
    return isinstance(node, libcst.Expr) and isinstance(node.value, libcst.SimpleString)
