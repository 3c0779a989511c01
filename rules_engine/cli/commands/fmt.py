"""`settle fmt`: contracts in the one layout, or in the other language."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

from rules_engine.api import SourceFile, format, read_source  # noqa: A004 - the arrow's own name
from rules_engine.cli.exits import DONE, FINDINGS
from rules_engine.cli.files import contracts, write
from rules_engine.cli.findings import report
from rules_engine.cli.terminal import note, print_result
from rules_engine.diagnostics.model import ContractError

STANDARD_INPUT = "-"


def run(options: Namespace) -> int:
    """Rewrite the files; with --check or --diff write nothing. 1 if one cannot be read, or --check finds one to change."""
    if options.paths == [STANDARD_INPUT]:
        return _piped(options)
    results = [_formatted(path, options) for path in contracts(options.paths)]
    changed = sum(result is True for result in results)
    if not options.diff:
        note(f"{_count(changed)} {'to format' if options.check else 'formatted'}, {_count(results.count(False))} unchanged")
    codes = [result for result in results if not isinstance(result, bool)]
    return max([*codes, FINDINGS if options.check and changed else DONE])


def _formatted(path: Path, options: Namespace) -> bool | int:
    """Whether a file changed or would change; the exit code where it cannot be formatted."""
    try:
        source = read_source(path)
        text = format(source, options.to)
    except ContractError as error:
        return report(error.diagnostics)
    if text == source.text:
        return False
    if options.diff:
        print_result(_difference(source, text))
    elif options.check:
        print_result(f"{path}\n")
    if not (options.check or options.diff):
        write(path, text)
        note(f"formatted: {path}")
    return True


def _piped(options: Namespace) -> int:
    """The contract on stdin, formatted on stdout."""
    source = SourceFile("stdin", sys.stdin.read())
    text = format(source, options.to)
    if options.diff:
        print_result(_difference(source, text))
    elif not options.check:
        print_result(text)
    return FINDINGS if options.check and text != source.text else DONE


def _difference(source: SourceFile, text: str) -> str:
    return "".join(_ended(unified_diff(source.text.splitlines(True), text.splitlines(True), source.name, source.name)))


def _ended(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ no newline at end of file\n"


def _count(number: int) -> str:
    return f"{number} contract" if number == 1 else f"{number} contracts"
