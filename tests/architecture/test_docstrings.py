"""Public modules, classes and functions of the layers that others call say what they give and raise."""

import ast

import pytest

from .test_habits import ROOT, sources

LAYERS = ("evaluation/exchange", "evaluation/persian", "evaluation/resources", "evaluation/workbook")


@pytest.mark.parametrize("layer", LAYERS)
def test_public_names_have_docstrings(layer):
    assert [name for path in sources(layer) for name in silent(path)] == []


def silent(path):
    """The module itself and the public names at its top level that have no docstring."""
    tree, where = ast.parse(path.read_text(encoding="utf-8")), path.relative_to(ROOT)
    if tree.body and not ast.get_docstring(tree):
        yield str(where)
    for node in tree.body:
        is_public = isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_")
        if is_public and not ast.get_docstring(node):
            yield f"{where}: {node.name}"
