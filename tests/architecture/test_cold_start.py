"""`settle --help` answers in a blink: it imports next to nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {
    "lark", "pydantic", "jinja2", "pyarrow", "duckdb", "numpy", "pyspark", "sqlglot", "sqlalchemy", "typing", "dataclasses", "decimal", "json", "shutil",
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


FRONT = ("rules_engine.syntax.parse", "rules_engine.syntax.lexing.grammar", "rules_engine.check", "rules_engine.clauses", "rules_engine.language")
BACK = ("rules_engine.documents", "rules_engine.engine", "rules_engine.settlement", "rules_engine.statement")
NEVER = ("lark", "pydantic", "jinja2", "pyarrow", "duckdb", "numpy", "sqlglot", "pyspark", "sqlalchemy", "tomllib", "rules_engine.bulk", "rules_engine.lowered", "rules_engine.scenarios")  # fmt: skip
CASE = "contracts/grain_oil/grain_oil.contract"
CHECK = f"from rules_engine.cli.main import main\nassert main(['check', '{CASE}']) == 0"
RUN = (
    "from rules_engine.cli.main import main\n"
    f"assert main(['run', '{CASE}', '--documents', 'contracts/grain_oil/documents.csv', '--period', '2026-01']) == 0"
)


def below(modules: set[str], packages: tuple[str, ...]) -> set[str]:
    """The modules that are one of the packages or stand in one."""
    return {module for module in modules if any(f"{module}.".startswith(f"{package}.") for package in packages)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache folder of these tests, with the parse table in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SETTLEWRIGHT_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.delenv("SETTLE_NO_CACHE", raising=False)
        imported(CHECK.replace("['check'", "['check', '--facts'"))
        yield


@pytest.mark.usefixtures("folder")
def test_a_check_loads_the_front_half_the_first_time_and_neither_half_again() -> None:
    first, again = imported(CHECK), imported(CHECK)
    assert below(first, FRONT) >= {"rules_engine.syntax.parse", "rules_engine.language"}
    assert below(first, (*BACK, *NEVER)) == set()
    assert below(again, (*FRONT, *BACK, *NEVER, "rules_engine.core")) == set()


@pytest.mark.usefixtures("folder")
def test_a_run_loads_the_back_half_and_the_front_half_only_the_first_time() -> None:
    first, again = imported(RUN), imported(RUN)
    assert below(first, NEVER) == set()
    assert below(again, BACK) >= {"rules_engine.settlement.settle", "rules_engine.statement.text"}
    assert below(again, (*FRONT, *NEVER)) == set()
