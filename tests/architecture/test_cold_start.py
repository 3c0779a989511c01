"""`settle --help` answers in a blink: it imports next to nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = {
    "lark", "pydantic", "jinja2", "pyarrow", "duckdb", "sqlalchemy", "typing", "dataclasses", "decimal", "json", "shutil",
    "rules_engine.api", "rules_engine.diagnostics", "rules_engine.syntax", "rules_engine.settlement", "rules_engine.core",
}  # fmt: skip
OURS = {
    "rules_engine", "rules_engine.version", "rules_engine.cli", "rules_engine.cli.main", "rules_engine.cli.exits",
    "rules_engine.cli.parser",
}  # fmt: skip


def imported(statement: str) -> set[str]:
    code = f"import sys\nbefore = set(sys.modules)\n{statement}\nprint('\\n'.join(set(sys.modules) - before), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stderr.split())


def test_help_imports_only_the_parser() -> None:
    modules = imported("from rules_engine.cli.main import main\nassert main(['--help']) == 0")
    assert modules & HEAVY == set()
    assert {module for module in modules if module.startswith("rules_engine")} == OURS


def test_importing_the_package_alone_is_cheap() -> None:
    assert {module for module in imported("import rules_engine") if module.startswith("rules_engine")} == {
        "rules_engine",
        "rules_engine.version",
    }
