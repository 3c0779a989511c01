"""`settle check`: every finding of every contract, and what its own numbers tell, sorted by place."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rules_engine.api import notes
from rules_engine.cli.checked import findings_of
from rules_engine.cli.files import contracts
from rules_engine.cli.findings import exit_code, rendered
from rules_engine.cli.templates import opened
from rules_engine.cli.terminal import colour, print_result
from rules_engine.diagnostics.model import ContractError, Diagnostic, Place, Severity

SHOWN = 6
Alike = tuple[str, tuple[Place, ...], str]
"""What findings of several contracts have in common if they are one: code, first place and reason."""


def run(options: Namespace) -> int:
    """Print the findings; 1 if an error is among them (with --strict, a warning)."""
    if options.parameters:
        count, findings, languages = _many(options)
    else:
        checked = [_findings(path, options.amendment, options.facts) for path in contracts(options.paths)]
        count, findings = len(checked), [each for _, found in checked for each in found]
        languages = {language for language, _ in checked}
    if findings or options.format != "text":
        print_result(rendered(findings, options.format, colour(sys.stdout)))
    if options.format == "text":
        print_result(_summary(count, findings, languages == {"zh"}))
    return exit_code(findings, options.strict)


def _many(options: Namespace) -> tuple[int, list[Diagnostic], set[str]]:
    """How many contracts of the parameter file were checked, every finding, and their languages; one that many contracts share is told once."""
    many = opened(options)
    ids = options.ids or list(many)
    found: dict[Alike, Diagnostic] = {_alike(each): each for each in many.warnings}
    more: dict[Alike, list[str]] = {}
    languages = {each.language for each in found.values()}
    for contract in ids:
        program, findings = many.diagnose(contract)
        languages.add(program.header.language if program else _language(findings))
        for each in (*findings, *(notes(program, options.facts) if program and options.ids else ())):
            first = found.setdefault(_alike(each), each)
            if first is not each and first not in many.warnings:
                more.setdefault(_alike(each), []).append(contract)
    told = [replace(each, why=each.why + _shared(each, more.get(key, []))) for key, each in found.items()]
    return len(ids), sorted(told, key=lambda finding: finding.order), languages


def _alike(finding: Diagnostic) -> Alike:
    return finding.code, finding.places[:1], finding.why


def _shared(finding: Diagnostic, others: list[str]) -> str:
    if not others:
        return ""
    listed = ", ".join(others[:SHOWN]) + (" …" if len(others) > SHOWN else "")
    if finding.language == "zh":
        return f"\n另有 {len(others):,} 份合同相同：{listed}。"
    return f"\nThe same holds for {_count(len(others), 'more contract')}: {listed}."


def _findings(path: Path, amendments: list[str], facts: bool) -> tuple[str, tuple[Diagnostic, ...]]:
    """The contract's language and what was found."""
    try:
        return findings_of(path, amendments, facts)
    except ContractError as error:
        return _language(error.diagnostics), error.diagnostics


def _language(findings: Sequence[Diagnostic]) -> str:
    return next((each.language for each in findings), "en")


def _summary(files: int, findings: list[Diagnostic], chinese: bool) -> str:
    errors = sum(item.severity is Severity.ERROR for item in findings)
    warnings = sum(item.severity is Severity.WARNING for item in findings)
    told = len(findings) - errors - warnings
    if chinese:
        return f"已检查 {files} 份合同：错误 {errors} 处，警告 {warnings} 处" + (f"，提示 {told} 处" if told else "") + "\n"
    notes_told = f", {_count(told, 'note')}" if told else ""
    return f"{_count(files, 'contract')} checked: {_count(errors, 'error')}, {_count(warnings, 'warning')}{notes_told}\n"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
