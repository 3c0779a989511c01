"""The amendments that go with a contract: which of them a day knows, and whether their numbers follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from rules_engine.check.amended.amendments import Amendment, read_amendment
from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import Diagnostic
from rules_engine.source import SourceFile, Span
from rules_engine.syntax.parse import parse_contract
from rules_engine.syntax.tree import ContractText
from rules_engine.syntax.writing.format import currency_of


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
