"""What all tests share: Hypothesis profiles, tests that need something and say so by name, and one golden mechanism."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import engine, providers

from tests.golden import Goldens
from tests.needs import reason_to_skip

# Hypothesis also draws numbers and texts it finds in the source of whatever modules happen to be loaded; then what a test draws
# would depend on the tests before it, and a failure could not be found again.
providers._get_local_constants = lambda: providers._local_constants  # there is no setting for it
engine.MAX_SHRINKING_SECONDS = 20  # a failure is told small, but never costs a run more than this

os.environ.setdefault("SETTLE_NO_CACHE", "1")  # a test finds nothing that another left, and leaves nothing in the user's folder

settings.register_profile("quick", max_examples=25, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.register_profile("nightly", max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "quick"))

USED: pytest.StashKey[set[str]] = pytest.StashKey()
FAULTS: pytest.StashKey[list[str]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write what the tests see into the expected files")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[USED] = set()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for marker in item.iter_markers():
            reason = reason_to_skip(marker.name)
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Iterator[Goldens]:
    """`golden.check("statement/x.html", text)` compares with tests/goldens/statement/x.html."""
    goldens = Goldens(update=request.config.getoption("--update-goldens"))
    yield goldens
    used: set[str] = request.config.stash[USED]
    used |= goldens.used


def pytest_sessionfinish(session: pytest.Session) -> None:
    output: dict[str, list[str]] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        used: set[str] = session.config.stash[USED]
        output["goldens"] = sorted(used)
        return
    unused = sorted(_goldens_nobody_used(session.config)) if session.testsfailed == 0 else []
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    session.config.stash[FAULTS] = [f"golden file that no test used: {name}" for name in unused]
    if os.environ.get("CI") and skipped and _is_whole_run(session.config):
        session.config.stash[FAULTS].append("tests were skipped although CI has everything they need")
    if session.config.stash[FAULTS] and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    output = getattr(node, "workeroutput", {})
    config: pytest.Config = node.config  # type: ignore[attr-defined] # a worker's handle, known to pytest-xdist only
    config.stash[USED].update(output.get("goldens", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section("not run here")
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        terminalreporter.write_line(f"{report.nodeid}: {str(reason).removeprefix('Skipped: ')}")
    for fault in config.stash.get(FAULTS, []):
        terminalreporter.write_line(f"FAILED {fault}", red=True)


def _is_whole_run(config: pytest.Config) -> bool:
    chosen = config.getoption("keyword") or config.getoption("markexpr") or config.getoption("lf", default=False)
    return config.args_source == pytest.Config.ArgsSource.TESTPATHS and not chosen


def _goldens_nobody_used(config: pytest.Config) -> set[str]:
    if not _is_whole_run(config):
        return set()
    folder = Path(__file__).parent / "goldens"
    kept = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    used: set[str] = config.stash[USED]
    return kept - used
