"""Exchanging the code of functions that live already, also behind decorators and in closures, and tables in place."""

import ast
import gc
import sys
from copy import copy
from types import CodeType, FunctionType, ModuleType

FUNCTION = 0x1  # CO_OPTIMIZED: the code of a function, not of a module or a class


class NotHere(Exception):
    """The change lies in a table, a class or a default value: it was used when the module was imported."""


def exchanged(path: str, before: str, after: str) -> int:
    """Give the functions of a file the code of its changed source; how many were changed. Raises NotHere."""
    pairs = changed_functions(compile(before, path, "exec"), compile(after, path, "exec"))
    by_place = {place(old): new for old, new in pairs}
    living = [
        (function, by_place[place(function.__code__)])
        for function in gc.get_objects()
        if isinstance(function, FunctionType)
        and function.__code__.co_filename == path
        and place(function.__code__) in by_place
    ]
    for function, code in living:
        try:
            function.__code__ = code
        except ValueError as error:  # another number of variables from outside
            raise NotHere from error
    if not living:
        raise NotHere
    return len(living)


def changed_functions(before: CodeType, after: CodeType) -> list[tuple[CodeType, CodeType]]:
    """(old, new) code of each function that differs, with those around it. Raises NotHere."""
    if not before.co_flags & FUNCTION and shallow(before) != shallow(after):
        raise NotHere
    inner = [[const for const in code.co_consts if isinstance(const, CodeType)] for code in (before, after)]
    if len(inner[0]) != len(inner[1]):
        raise NotHere
    pairs = [pair for old, new in zip(*inner, strict=True) for pair in changed_functions(old, new)]
    if before.co_flags & FUNCTION and (pairs or shallow(before) != shallow(after)):
        pairs.append((before, after))
    return pairs


def shallow(code: CodeType) -> tuple[object, ...]:
    """What a code does, without its places in the file and without the functions in it."""
    constants = ["a function" if isinstance(const, CodeType) else repr(const) for const in code.co_consts]
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return code.co_code, constants, names, code.co_exceptiontable


def place(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


def replaced(module: ModuleType, lines: tuple[int, int], source: str) -> None:
    """Give the tables of one statement of a module their changed content, for everybody who holds them.

    Tables that were made of them at import stay as they are: what survives there may be noticed all the same. Raises
    NotHere for what cannot be given in place.
    """
    for name, new in assigned(module, lines, source).items():
        old = vars(module).get(name)
        if isinstance(old, dict | set) and type(old) is type(new):
            old.clear()
            old.update(new)
        elif isinstance(old, list) and isinstance(new, list):
            old[:] = new
        elif hasattr(old, "__dict__") and type(old) is type(new) and not isinstance(old, type | FunctionType):
            vars(old).clear()
            vars(old).update(vars(new))
        else:
            for holder in [known for known in sys.modules.values() if known is not None]:
                for alias in [key for key, value in vars(holder).items() if value is old]:
                    setattr(holder, alias, new)


def assigned(module: ModuleType, lines: tuple[int, int], source: str) -> dict[str, object]:
    """What the changed statement gives its names. Raises NotHere where it is no assignment or cannot be read."""
    tree = ast.parse(source)
    statements = [node for node in tree.body if node.lineno <= lines[1] and (node.end_lineno or 0) >= lines[0]]
    if not statements or not all(isinstance(node, ast.Assign | ast.AugAssign) for node in statements):
        raise NotHere
    names = {name.id for node in statements for name in ast.walk(node) if isinstance(name, ast.Name)}
    space = vars(module) | {name: copy(vars(module)[name]) for name in names & vars(module).keys()}
    before = dict(space)
    try:
        exec(compile(ast.Module(statements, []), module.__file__ or "", "exec"), space)
    except Exception as error:
        raise NotHere from error  # it fails at import, which the tests would notice
    return {name: value for name, value in space.items() if name in names and value is not before.get(name)}
