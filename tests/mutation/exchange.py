"""Gives functions that live already the code of a changed file, also behind decorators and in closures.

Whoever holds such a function goes on holding it. What was used while the product was imported cannot be given later:
tables, default values, decorators.
"""

import gc
from collections.abc import Collection
from types import CodeType, FunctionType

OF_FUNCTION = 0x1  # CO_OPTIMIZED: neither of a module nor of a class
Pairs = list[tuple[FunctionType, CodeType]]


class NotHere(Exception):
    """The change lies in a table, a class or a default value, or nobody has imported the module yet."""


def living_functions(files: Collection[str]) -> dict[str, list[FunctionType]]:
    """{file: the functions of it that live}. What `tests/conftest.py` has frozen is looked through as well."""
    gc.unfreeze()
    found: dict[str, list[FunctionType]] = {file: [] for file in files}
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__code__.co_filename in found:
            found[thing.__code__.co_filename].append(thing)
    gc.freeze()
    return found


def new_code(functions: list[FunctionType], path: str, before: str, after: str) -> Pairs:
    """(function, its code by the changed source) for each living function that differs. Raises NotHere."""
    changed = changed_functions(*(compile(source, path, "exec", dont_inherit=True) for source in (before, after)))
    pairs = [(function, new) for function in functions for old, new in changed if function.__code__ == old]
    if not pairs:
        raise NotHere
    return pairs


def changed_functions(before: CodeType, after: CodeType) -> list[tuple[CodeType, CodeType]]:
    """(old, new) code of each function that differs, with those around it. Raises NotHere."""
    if not before.co_flags & OF_FUNCTION and shallow(before) != shallow(after):
        raise NotHere
    if signature(before) != signature(after):
        raise NotHere
    inner = [[const for const in code.co_consts if isinstance(const, CodeType)] for code in (before, after)]
    if len(inner[0]) != len(inner[1]):
        raise NotHere
    pairs = [pair for old, new in zip(*inner, strict=True) for pair in changed_functions(old, new)]
    if before.co_flags & OF_FUNCTION and (pairs or shallow(before) != shallow(after)):
        pairs.append((before, after))
    return pairs


def shallow(code: CodeType) -> tuple[object, ...]:
    """What a code does, without its places in the file and without the functions in it."""
    constants = ["a function" if isinstance(const, CodeType) else repr(const) for const in code.co_consts]
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return code.co_code, constants, names, code.co_exceptiontable


def signature(code: CodeType) -> tuple[object, ...]:
    """What was read when the function was made: its arguments and its variables from outside."""
    count = code.co_argcount + code.co_kwonlyargcount
    return code.co_name, code.co_argcount, code.co_kwonlyargcount, code.co_varnames[:count], code.co_freevars
