"""Shared terms: `use "rates/categories.terms"` reads declarations from a file below the contract's folder, and from nowhere else."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path, PurePosixPath

from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic
from rules_engine.diagnostics.suggest import nearest
from rules_engine.record import dataclass
from rules_engine.source import SourceFile
from rules_engine.syntax.heads import USES
from rules_engine.syntax.parse import parse_contract
from rules_engine.syntax.tree import Block, ContractText

DEEPEST = 8
MOST = 64
SHARED = ("measure", "value", "party", "documents", "use")
STRANGE = re.compile(r"[\x00-\x1f\x7f\\:*?<>|~$%]")

Reader = Callable[[Path, str], SourceFile]


@dataclass(slots=True)
class _Reading:
    """Files read so far below `root`, and what was refused."""

    root: Path
    shown: Path
    read: Reader
    found: dict[str, SourceFile] = field(default_factory=dict)
    findings: list[Diagnostic] = field(default_factory=list)


def read_shared(contract: Path, source: SourceFile, read: Reader) -> tuple[SourceFile, ...]:
    """Every file that the contract uses, directly or through another one; raises `ContractError` with all that is refused.
    `read(place, name)` reads one regular file that stands inside the folder."""
    if not USES.search(source.text):
        return ()
    reading = _Reading(contract.parent.resolve(), contract.parent, read)
    _follow(reading, source, ())
    if reading.findings:
        raise ContractError(reading.findings)
    return tuple(reading.found.values())


def _follow(reading: _Reading, source: SourceFile, chain: tuple[str, ...]) -> None:
    text, _ = parse_contract(source)
    for block in text.blocks if text else ():
        if block.kind == "use" and len(reading.found) <= MOST:
            _use(reading, text, block, chain)  # type: ignore[arg-type]


def _use(reading: _Reading, text: ContractText, block: Block, chain: tuple[str, ...]) -> None:
    name = block.title
    fault = strange(name) or _looped(name, chain) or _outside(reading, name)
    if fault:
        reading.findings.append(_refused(text, block, *fault))
        return
    if name in reading.found:
        return
    place = reading.root.joinpath(name).resolve()
    if not place.exists():
        reading.findings.append(_missing(reading, text, block))
        return
    try:
        reading.found[name] = reading.read(place, str(reading.shown / name))
    except ContractError as error:
        reading.findings.extend(error.diagnostics)
        return
    _follow(reading, reading.found[name], (*chain, name))


def strange(name: str) -> tuple[str, str] | None:
    """Why a name is no plain path below a folder, in both languages; None where it is one."""
    path = PurePosixPath(name)
    if not name or len(name.encode("utf-8", "replace")) > 255 or STRANGE.search(name) or "//" in name:
        return (
            "it is no plain file name: letters, digits, dots, dashes and single `/` between folders",
            "它不是普通文件名：只可用文字、数字、点、短横线，以单个 `/` 分隔文件夹",
        )
    if path.is_absolute():
        return "it begins at the root of the machine", "它从机器的根目录开始"
    if ".." in path.parts or "." in name.split("/"):
        return "it leads out of a folder with `..` or stays in it with `.`", "它用 `..` 或 `.` 指向上级或本级文件夹"
    return None


def _looped(name: str, chain: tuple[str, ...]) -> tuple[str, str] | None:
    if name in chain:
        shown = " → ".join((*chain, name))
        return f"the files use each other in a circle: {shown}", f"文件循环引用：{shown}"
    if len(chain) >= DEEPEST:
        return (
            f"it is the {len(chain) + 1}th file in a row that uses another; at most {DEEPEST}",
            f"连续引用已到第 {len(chain) + 1} 层，最多 {DEEPEST} 层",
        )
    return None


def _outside(reading: _Reading, name: str) -> tuple[str, str] | None:
    """Whether the name stands for something that is not a file below the folder, links followed."""
    try:
        place = reading.root.joinpath(name).resolve()
        if not place.is_relative_to(reading.root):
            return "it is a link that leads out of the contract's folder", "它是指向合同文件夹之外的链接"
        if place.exists() and not stat.S_ISREG(place.stat().st_mode):
            return "it is no regular file", "它不是普通文件"
    except (OSError, RuntimeError, ValueError):
        return "it cannot be followed to a file", "无法定位到文件"
    return None


def _refused(text: ContractText, block: Block, english: str, chinese: str) -> Diagnostic:
    why = (
        f"`{block.title}`: {english}. A contract reads shared terms from its own folder only.",
        f"`{block.title}`：{chinese}。合同只从自己的文件夹读取共用条款。",
    )
    fix = ('use "rates/categories.terms"', '引用 "rates/categories.terms"')
    return diagnostic("SE0815", text.language, block.id_span, why, fix)


def _missing(reading: _Reading, text: ContractText, block: Block) -> Diagnostic:
    beside = (each.relative_to(reading.root).as_posix() for each in sorted(reading.root.rglob("*.terms"))[:MOST])
    near = nearest(block.title, list(beside))
    why = (f"the contract's folder has no `{block.title}`.", f"合同文件夹中没有“{block.title}”。")
    return diagnostic(
        "SE0802", text.language, block.id_span, why, (f'use "{near[0]}"', f'引用 "{near[0]}"') if near else ("", "")
    )


def parsed_shared(contract: str, shared: Sequence[SourceFile]) -> tuple[dict[str, ContractText] | None, tuple[Diagnostic, ...]]:
    """The trees of the files that the contract of that name uses, by the name they are used by, and every finding; None where
    one cannot be read."""
    folder = Path(contract).parent
    files: dict[str, ContractText] = {}
    found: list[Diagnostic] = []
    for each in shared:
        text, findings = parse_contract(each)
        found.extend(findings)
        if text is None:
            return None, tuple(found)
        files[Path(each.name).relative_to(folder).as_posix()] = text
    return files, tuple(found)


def opened(contract: ContractText, files: Mapping[str, ContractText]) -> tuple[tuple[Block, ...], list[Diagnostic]]:
    """The contract's blocks with those of the files it uses in the place of each `use`, every file once; `files` by the name
    they are used by."""
    findings: list[Diagnostic] = []
    return tuple(_opened(contract, files, set(), findings)), findings


def _opened(
    text: ContractText, files: Mapping[str, ContractText], seen: set[str], findings: list[Diagnostic]
) -> Iterator[Block]:
    for block in text.blocks:
        if text.kind == "terms" and block.kind not in SHARED:
            findings.append(_no_declaration(text, block))
        elif block.kind != "use":
            yield block
        elif block.title not in files:
            findings.append(_refused(text, block, "the text was given without its folder", "给出的文本没有所在文件夹"))
        elif files[block.title].kind != "terms":
            findings.append(_refused(text, block, "its first line is not `terms`", "其首行不是“共用条款”"))
        elif block.title not in seen:
            seen.add(block.title)
            yield from _opened(files[block.title], files, seen, findings)


def _no_declaration(text: ContractText, block: Block) -> Diagnostic:
    why = (
        "a shared file declares numbers, measures, parties and documents; what is owed stands in the contract that is signed.",
        "共用文件只声明数值、口径、参与方和单据；应付什么须写在所签合同中。",
    )
    fix = ("move the block into the contract.", "把该段移到合同中。")
    return diagnostic("SE0816", text.language, block.id_span if block.id_span.line else block.span, why, fix)
