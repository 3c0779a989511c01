"""Small files, short functions, no knots."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from statistics import median

import grimp
import pytest

PACKAGE = Path(__file__).parents[2] / "rules_engine"
MODULES = sorted(PACKAGE.rglob("*.py"))
Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_over_400_lines_and_the_median_is_at_most_130() -> None:
    sizes = {str(path.relative_to(PACKAGE)): lines(path) for path in MODULES}
    assert {name: size for name, size in sizes.items() if size > 400} == {}
    assert median(size for size in sizes.values() if size > 1) <= 130


def test_no_function_is_over_60_lines_and_the_median_is_at_most_8() -> None:
    sizes = dict(chain.from_iterable(functions(path) for path in MODULES))
    assert {name: size for name, size in sizes.items() if size > 60} == {}
    assert median(sizes.values()) <= 8


def test_no_import_cycle_lazy_imports_included() -> None:
    graph = grimp.build_graph("rules_engine", cache_dir=None, exclude_type_checking_imports=True)
    edges = {module: set(graph.find_modules_directly_imported_by(module)) for module in graph.modules}
    assert cycles(edges) == []


@pytest.mark.parametrize("word", ["Manager", "Helper", "Util"])
def test_no_managers_helpers_utils(word: str) -> None:
    named = [path.name for path in MODULES if word.lower() in path.stem.lower()]
    classes = [
        f"{path.name}: {node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and word in node.name
    ]
    assert named + classes == []


def cycles(edges: dict[str, set[str]]) -> list[list[str]]:
    """Modules that reach themselves: whatever is left when modules without imports are taken away again and again."""
    left = {module: set(imports) for module, imports in edges.items()}
    while True:
        free = {module for module, imports in left.items() if not imports & left.keys()}
        used = set().union(*left.values()) if left else set()
        free |= left.keys() - used
        if not free:
            return [sorted(left)] if left else []
        left = {module: imports - free for module, imports in left.items() if module not in free}
