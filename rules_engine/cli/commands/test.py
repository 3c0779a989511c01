"""`settle test`: scenarios inside contracts and cases beside them; says what none of them reached."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import field
from pathlib import Path

from rules_engine.api import diagnose_file, parse, read_amendments, read_source
from rules_engine.cli.cases import read_case
from rules_engine.cli.exits import DONE, FINDINGS
from rules_engine.cli.files import contracts
from rules_engine.cli.findings import exit_code, rendered
from rules_engine.cli.playing import play_case
from rules_engine.cli.terminal import colour, print_result
from rules_engine.core.program import Program
from rules_engine.diagnostics.model import ContractError, Diagnostic
from rules_engine.record import dataclass
from rules_engine.scenarios.coverage import unreached
from rules_engine.scenarios.play import play
from rules_engine.settlement.model import Settlement
from rules_engine.source import Span

RESULTS = {"en": ("FAILED", "ok    "), "zh": ("失败", "通过")}
PARTS = {"clause": "条款", "limit": "限额", "row": "行", "band": "档"}


@dataclass(slots=True)
class Tally:
    """What has been counted so far, and the settlements of each contract for coverage."""

    passed: int = 0
    failed: int = 0
    code: int = DONE
    languages: set[str] = field(default_factory=set)
    settlements: dict[Path, list[Settlement]] = field(default_factory=lambda: defaultdict(list))

    def count(self, name: str, findings: Iterable[Diagnostic], language: str = "") -> None:
        """Print one result at once, in its contract's language, with its findings when it failed."""
        shown = tuple(findings)
        language = language or next((each.language for each in shown), "en")
        self.languages.add(language)
        self.failed, self.passed = (self.failed + 1, self.passed) if shown else (self.failed, self.passed + 1)
        print_result(f"{RESULTS[language][0 if shown else 1]} {name}\n")
        if shown:
            self.code = max(self.code, exit_code(shown), FINDINGS)
            print_result(rendered(shown, "text", colour(sys.stdout)))


def run(options: Namespace) -> int:
    """Run everything below the paths; 1 if anything failed, 2 if a path is none."""
    tally = Tally()
    for path in _cases(options.paths):
        _case(path, options.update_goldens, tally)
    named = [path for path in options.paths if Path(path).name != "case.toml"]
    for path in contracts(named) if named else []:
        _contract(path, tally)
    chinese = tally.languages == {"zh"}
    print_result(f"通过 {tally.passed} 项，失败 {tally.failed} 项\n" if chinese else f"{tally.passed} passed, {tally.failed} failed\n")
    return tally.code


def _cases(paths: Iterable[str]) -> Iterator[Path]:
    for name in paths:
        place = Path(name)
        yield from sorted(place.rglob("case.toml")) if place.is_dir() else [place] if place.name == "case.toml" else []


def _case(path: Path, update: bool, tally: Tally) -> None:
    try:
        case = read_case(path)
    except ContractError as error:
        tally.count(str(path), error.diagnostics)
        return
    for result in play_case(case, update):
        tally.count(result.name, result.findings, result.settlement.program.header.language if result.settlement else "")
        if result.settlement is not None:
            tally.settlements[result.contract.resolve()].append(result.settlement)


def _contract(path: Path, tally: Tally) -> None:
    try:
        sources = (read_source(path), *read_amendments(path))
        program, findings = diagnose_file(path)
    except ContractError as error:
        tally.count(str(path), error.diagnostics)
        return
    if program is None:
        tally.count(str(path), findings)
        return
    settlements = tally.settlements[path.resolve()]
    for played in (each for source in sources for each in play(parse(source), program)):
        tally.count(f"{path}: {played.title}", played.findings, program.header.language)
        settlements.extend(played.settlements)
    _coverage(path, program, settlements)


def _where(span: Span, path: Path, chinese: bool) -> str:
    """The line, with its file where that is not the contract's own: an amendment's, a template's."""
    name = Path(span.file).name
    line = f"第 {span.line} 行" if chinese else f"line {span.line}"
    return line if name in ("", path.name) else f"{name}{'，' if chinese else ', '}{line}"


def _coverage(path: Path, program: Program, settlements: list[Settlement]) -> None:
    missed = unreached(program, settlements)
    chinese = program.header.language == "zh"
    if not missed:
        return
    if not settlements:
        none = "没有场景或案例结算本合同" if chinese else "no scenario and no case settles this contract"
        print_result(f"{'提示' if chinese else 'note  '} {path}: {none}\n")
        return
    if chinese:
        listed = "、".join(f"{PARTS[item.what]} {item.clause}（{_where(item.span, path, chinese)}）" for item in missed)
        print_result(f"提示 {path}: 尚未测到：{listed}\n")
        return
    listed = ", ".join(f"{item.what} {item.clause} ({_where(item.span, path, chinese)})" for item in missed)
    print_result(f"note   {path}: not reached: {listed}\n")
