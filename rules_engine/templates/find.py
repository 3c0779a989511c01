"""Which file is the template that a contract names: one in the contract's own folder, found by its first line."""

from __future__ import annotations

import re
from pathlib import Path

from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic
from rules_engine.diagnostics.suggest import nearest
from rules_engine.source import SourceFile, Span
from rules_engine.syntax.heads import Head, head_of

ENDING = ".template"
NAMED = re.compile(r"^[ \t]+(from|套用)[ \t]+([^\W\d]\w*)[ \t]*(?:#.*)?\r?$", re.MULTILINE)
HEAD_BYTES = 64 * 1024


def template_of(source: SourceFile) -> str:
    """The name of the template that a contract's text says it is made from; '' for none."""
    found = NAMED.search(source.text)
    return found.group(2) if found else ""


def template_beside(contract: Path, source: SourceFile) -> Path:
    """The file of the template in the contract's folder; of two with one name, the one in the contract's language."""
    name = template_of(source)
    own = head_of(source.text)
    language = own.language if own else "en"
    heads = {path: head for path in sorted(contract.parent.glob(f"*{ENDING}")) if (head := _head(path))}
    found = [path for path, head in heads.items() if head.kind == "template" and head.id == name]
    found = [path for path in found if heads[path].language == language] or found
    if len(found) == 1 and found[0].resolve().is_relative_to(contract.parent.resolve()):
        return found[0]
    raise ContractError([_refused(source, name, language, [head.id for head in heads.values()], len(found) > 1)])


def absent(source: SourceFile, language: str) -> Diagnostic:
    """The finding for a text that names a template and was given without its folder."""
    why = ("the text was given without its folder.", "给出的文本没有所在文件夹。")
    return diagnostic("SE0831", language, [_line(source)], why, ("give the contract's file.", "请给出合同文件。"))


def _refused(source: SourceFile, name: str, language: str, known: list[str], several: bool) -> Diagnostic:
    if several:
        why = (
            f"the contract's folder has two templates called `{name}`; which one was signed is open.",
            f"合同文件夹中有两个名为“{name}”的模板，不明确以哪个为准。",
        )
        return diagnostic("SE0831", language, [_line(source)], why, ("keep one of them.", "只保留一个。"))
    near = nearest(name, known)
    why = (
        f"no file ending in `{ENDING}` in the contract's folder begins with `template {name}(…)`.",
        f"合同文件夹中没有以“模板 {name}(…)”开头、以 `{ENDING}` 结尾的文件。",
    )
    return diagnostic("SE0831", language, [_line(source)], why, (f"from {near[0]}", f"套用 {near[0]}") if near else ("", ""))


def _line(source: SourceFile) -> Span:
    found = NAMED.search(source.text)
    assert found is not None
    line = source.text.count("\n", 0, found.start(2)) + 1
    column = found.start(2) - source.text.rfind("\n", 0, found.start(2))
    return Span(source.name, line, column, line, column + len(found.group(2)))


def _head(path: Path) -> Head | None:
    try:
        with path.open("rb") as stream:
            return head_of(stream.read(HEAD_BYTES).decode("utf-8-sig", "replace"))
    except OSError:
        return None
