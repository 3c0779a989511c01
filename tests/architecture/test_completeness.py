"""What has a name has a page, a grammar fragment and an example; nothing has two, nothing is left behind."""

from __future__ import annotations

import re
from pathlib import Path

import grimp
import pytest

from rules_engine.cli.parser import COMMANDS
from rules_engine.diagnostics.catalogue import CATALOGUE
from rules_engine.language import CLAUSES

ROOT = Path(__file__).parents[2]
KINDS = [kind.name for kind in CLAUSES]
CODES = sorted(CATALOGUE)


def stems(folder: str, ending: str) -> set[str]:
    return {path.stem for path in (ROOT / folder).glob(f"*{ending}") if not path.stem.startswith("_") and path.stem != "index"}


def test_kinds_are_registered_once() -> None:
    assert len(KINDS) == len(set(KINDS))


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_fragment_module_and_page_with_an_example(kind: str) -> None:
    assert (ROOT / "grammars/clauses" / f"{kind}.lark").is_file()
    assert (ROOT / "rules_engine/clauses" / f"{kind}.py").is_file()
    page = ROOT / "docs/reference/clauses" / f"{kind}.md"
    assert page.is_file()
    text = page.read_text(encoding="utf-8")
    assert re.search(r"^```(contract|clause)\b", text, re.MULTILINE), f"{page.name} has no example"
    assert re.search(r"^```lines\b", text, re.MULTILINE), f"{page.name} settles no example"


def test_no_fragment_page_or_module_without_a_kind() -> None:
    assert stems("grammars/clauses", ".lark") == set(KINDS)
    assert stems("docs/reference/clauses", ".md") - {"limit"} == set(KINDS)


def test_kinds_do_not_know_each_other() -> None:
    graph = grimp.build_graph("rules_engine", cache_dir=None)
    modules = {f"rules_engine.clauses.{kind}" for kind in KINDS}
    known = {module: graph.find_modules_directly_imported_by(module) & modules for module in modules}
    assert {module: others for module, others in known.items() if others} == {}


@pytest.mark.parametrize("code", CODES)
def test_a_code_has_a_page(code: str) -> None:
    page = ROOT / "docs/reference/errors" / f"{code}.md"
    assert page.is_file()
    assert page.read_text(encoding="utf-8").startswith(f"# {code}")


def test_no_error_page_without_a_code() -> None:
    assert stems("docs/reference/errors", ".md") <= set(CODES)


def test_codes_are_used_and_all_used_codes_are_known() -> None:
    modules = [path for path in (ROOT / "rules_engine").rglob("*.py") if path.parent.name != "codes"]
    used = {code for path in modules for code in re.findall(r"\bS[ENW]\d{4}\b", path.read_text(encoding="utf-8"))}
    assert used - set(CODES) == set()
    assert set(CODES) - used == set(), "codes begun and not finished"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_in_the_reference(command: str) -> None:
    assert f"settle {command}" in (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")


def test_places_named_on_the_architecture_page_exist() -> None:
    text = (ROOT / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`([a-z_]+/[a-z_/]*(?:\.py)?)`", text)
    missing = [name for name in named if not any((base / name).exists() for base in (ROOT, ROOT / "rules_engine", ROOT / "rules_engine" / "bulk"))]
    assert named
    assert missing == []
