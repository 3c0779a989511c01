"""The files that go with a contract: which amendments it has, which of them a day knows, and whether their numbers follow."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from rules_engine.check.amendments import Amendment, read_amendment
from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic
from rules_engine.source import SourceFile, Span
from rules_engine.syntax.format import currency_of
from rules_engine.syntax.heads import Head, head_of
from rules_engine.syntax.parse import parse_contract
from rules_engine.syntax.tree import ContractText

ENDINGS = (".amendment", ".contract")
HEAD_BYTES = 64 * 1024
SETTLED = 2_000_000_000
"""Nanoseconds after which a folder's time of change tells of every change."""


def beside(contract: Path, source: SourceFile) -> list[Path]:
    """The amendments of a contract in its own folder, found by their first line. Where both languages have one of a number,
    the one in the contract's language counts."""
    own = head_of(source.text)
    if own is None or own.kind != "contract":
        return []
    found = [(path, head) for path, head in _heads(contract) if head.kind == "amendment" and head.contract == own.id]
    same = {head.number for _, head in found if head.language == own.language}
    return [path for path, head in found if head.language == own.language or head.number not in same]


def amendments_in(
    template: Path, language: str, read: Callable[[Path], SourceFile], given: Sequence[SourceFile]
) -> dict[str, list[SourceFile]]:
    """The amendments in a template's folder and those given, by the contract they amend; where both languages have one of a
    number, the one in `language` counts."""
    found = [read(path) for path, head in _heads(template) if head.kind == "amendment"]
    numbered: dict[str, dict[tuple[str, str], SourceFile]] = {}
    for source in {each.name: each for each in (*found, *given)}.values():
        head = head_of(source.text)
        if head is not None and head.kind == "amendment":
            of = numbered.setdefault(head.contract, {})
            if head.language == language or (head.number, language) not in of:
                of[head.number, head.language] = source
    return {
        contract: [each for (number, spoken), each in of.items() if spoken == language or (number, language) not in of]
        for contract, of in numbered.items()
    }


def is_contract(path: Path) -> bool:
    """Whether a file begins as a contract, or as nothing that goes with one."""
    head = _head(path)
    return head is None or head.kind == "contract"


def _heads(contract: Path) -> Iterator[tuple[Path, Head]]:
    """The heads of the files beside a contract that may amend it."""
    folder = contract.parent
    try:
        changed = folder.stat().st_mtime_ns
        settled = changed < time.time_ns() - SETTLED
        names = _seen_before(str(folder.resolve()), changed) if settled else _near(folder)
    except OSError as error:
        why = f"{folder}: {error.strerror or error}"
        raise ContractError([diagnostic("SE0801", "en", why=(why, why))]) from error
    for name in names:
        head = _head(folder / name) if name != contract.name else None
        if head is not None:
            yield folder / name, head


def _near(folder: Path) -> tuple[str, ...]:
    """The names of files that may amend a contract: the ending says so, or the first line is no contract's."""
    with os.scandir(folder) as entries:
        found = [each for each in entries if each.name.endswith(ENDINGS) and each.is_file()]
    return tuple(sorted(each.name for each in found if each.name.endswith(ENDINGS[0]) or not is_contract(Path(each.path))))


@lru_cache(maxsize=256)
def _seen_before(folder: str, _changed: int) -> tuple[str, ...]:
    """A folder in which no file has come or gone since is looked through once, however many contracts it holds."""
    return _near(Path(folder))


def _head(path: Path) -> Head | None:
    try:
        with path.open("rb") as stream:
            return head_of(stream.read(HEAD_BYTES).decode("utf-8-sig", "replace"))
    except OSError:
        return None


def known_amendments(
    contract: ContractText, sources: Iterable[SourceFile], as_of: date | None
) -> tuple[list[Amendment], list[Diagnostic]]:
    """The amendments known on a day (None: all), in order of their numbers, and every finding about the files."""
    names = [block.id for block in contract.blocks if block.kind != "documents"]
    read: list[Amendment] = []
    findings: list[Diagnostic] = []
    for source in sources:
        text, found = parse_contract(source, names, currency_of(contract))
        findings.extend(found)
        if text is not None and not _foreign(text, contract, findings):
            read.append(read_amendment(text, source))
            names.extend(block.id for block in text.blocks if block.kind != "documents")
    read.sort(key=lambda each: each.number)
    findings.extend(_numbers(contract, read))
    return [each for each in read if as_of is None or each.known <= as_of], findings


def _foreign(text: ContractText, contract: ContractText, findings: list[Diagnostic]) -> bool:
    """Note a file that amends something else, or nothing."""
    if text.kind == "amendment" and text.id.rpartition("/")[0] == contract.id:
        return False
    first = _first_line(text)
    why = (f"it does not amend `{contract.id}` but names `{text.id}`.", f"它不是“{contract.id}”的补充协议，写的是“{text.id}”。")
    fix = (f'amendment {contract.id}/1 "…" effective 2026-07-01', f'补充协议 {contract.id}/1 "…" 生效 2026-07-01')
    findings.append(diagnostic("SE0217", text.language, first, why, fix))
    return True


def _numbers(contract: ContractText, read: Sequence[Amendment]) -> Iterator[Diagnostic]:
    for place, amendment in enumerate(read, 1):
        if amendment.number == place:
            continue
        text = amendment.text
        if any(other.number == amendment.number for other in read if other is not amendment):
            why = (
                f"two files are amendment {amendment.number} of `{contract.id}`; the later one would undo the other.",
                f"“{contract.id}”有两份编号 {amendment.number} 的补充协议，后者会覆盖前者。",
            )
        else:
            why = (
                f"amendment {place} of `{contract.id}` is missing; without it the terms of this one may stand on others.",
                f"缺少“{contract.id}”的第 {place} 号补充协议；缺少时，本协议依据的条款可能不同。",
            )
        fix = (f"amendment {contract.id}/{place}", f"补充协议 {contract.id}/{place}")
        yield diagnostic("SE0217", text.language, _first_line(text), why, fix)
        return


def _first_line(text: ContractText) -> Span:
    span = text.span
    return Span(span.file, span.line, span.column, span.line, span.column + 1)


def not_alone(text: ContractText) -> Diagnostic:
    """The finding for an amendment or shared terms read as if they were a contract."""
    contract = text.id.rpartition("/")[0]
    if text.kind == "template":
        why = (
            "a template settles nothing before its parameters have values.",
            "模板在参数有值之前不结算任何内容。",
        )
        fix = ("give its values: `--parameters FILE.csv`, or check a contract that says `from`.",
               "请给出参数：`--parameters FILE.csv`，或检查“套用”它的合同。")  # fmt: skip
        return diagnostic("SE0219", text.language, _first_line(text), why, fix)
    if text.kind == "terms":
        why = (
            "shared terms declare numbers and measures; nobody owes anything by them.",
            "共用条款只声明数值和口径，本身不产生应付金额。",
        )
        fix = ("give the file of a contract that uses them.", "请给出引用它的合同文件。")
        return diagnostic("SE0219", text.language, _first_line(text), why, fix)
    why = (
        f"it amends `{contract}`, whose file says who the parties are and what is settled.",
        f"它是“{contract}”的补充协议；当事人与结算方式写在合同文件中。",
    )
    fix = (
        f"give the file of contract `{contract}`; amendments in its folder are found by themselves.",
        f"请给出合同“{contract}”的文件；同一文件夹中的补充协议会自动找到。",
    )
    return diagnostic("SE0219", text.language, _first_line(text), why, fix)
