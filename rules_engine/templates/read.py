"""A template as read: its tree with stand-ins, and whatever is wrong with it before any contract is made from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any

from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import Diagnostic, Severity
from rules_engine.record import dataclass
from rules_engine.source import SourceFile, Span
from rules_engine.syntax.actions.given import EXPECTED
from rules_engine.syntax.keywords import built_in
from rules_engine.syntax.parameters import PERIODS, Parameter, StandIn, StandInText, stand_ins
from rules_engine.syntax.parse import parse_contract
from rules_engine.syntax.tree import Block, ContractText, Name, Text
from rules_engine.syntax.writing.pen import reserved
from rules_engine.templates.bands import bands_of
from rules_engine.templates.fill import listed


@dataclass(frozen=True, slots=True)
class Template:
    """A template that can be filled: its file, its tree, and every place where a parameter stands."""

    source: SourceFile
    text: ContractText
    uses: tuple[StandIn, ...]

    @property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters by name, in the order they are declared."""
        return {each.name: each for each in self.text.parameters}


@lru_cache(maxsize=64)
def read_template(source: SourceFile) -> tuple[Template | None, tuple[Diagnostic, ...]]:
    """The template of a file and every finding; None where one of them is an error."""
    text, findings = parse_contract(source)
    if text is None:
        return None, findings
    found = (*findings, *_names(text), *_places(text), *_unused(text), *_blocks(text), *_defaults(text))
    failed = any(each.severity is Severity.ERROR for each in found)
    return (None if failed else Template(source, text, tuple(stand_ins((text.header, text.blocks))))), found


def _names(text: ContractText) -> Iterator[Diagnostic]:
    own = {block.id: block.id_span for block in text.blocks} | dict(_own_columns(text.blocks))
    seen: dict[str, Span] = {}
    for each in text.parameters:
        first = seen.get(each.name) or own.get(each.name)
        if first:
            why = (f"`{each.name}` is declared twice, so a line that names it says two things.",
                   f"“{each.name}”声明了两次，引用它的行有两种含义。")  # fmt: skip
            yield _renamed(each, text, why, first)
        elif each.name in built_in().columns and each.type not in ("text", "texts"):
            why = (f"`{each.name}` is a column of documents; a formula that names it would be read as the parameter.",
                   f"“{each.name}”是单据的列名；公式中写它会被读成参数。")  # fmt: skip
            yield _renamed(each, text, why)
        elif each.name in reserved("en") | reserved("zh") | frozenset(PERIODS):
            why = (f"`{each.name}` is a word of the language.", f"“{each.name}”是合同语言的用词。")
            yield _renamed(each, text, why)
        seen.setdefault(each.name, each.span)


def _own_columns(blocks: tuple[Block, ...]) -> Iterator[tuple[str, Span]]:
    for block in blocks:
        for field in block.fields if block.kind == "documents" else ():
            name = next((item for item in field.items if isinstance(item, Name)), None)
            if field.key == "column" and name is not None:
                yield name.id, name.span


def _renamed(parameter: Parameter, text: ContractText, why: Words, first: Span | None = None) -> Diagnostic:
    other = [(first, ("declared here too", "此处也有声明"))] if first else []
    fix = (f"{parameter.name}_given", f"给定{parameter.name}")
    return diagnostic("SE0294", text.language, [(parameter.span, ("", "")), *other], why, fix)


def _places(text: ContractText) -> Iterator[Diagnostic]:
    for mark in _single_lists((text.header, text.blocks)):
        why = (
            f"`{mark.parameter}` stands for several texts; one place has room for one.",
            f"“{mark.parameter}”是若干文字，此处只能写一个。",
        )
        fix = (f"category in ({mark.parameter})", f"类目 属于 ({mark.parameter})")
        yield diagnostic("SE0295", text.language, [mark.span], why, fix)


def _single_lists(node: Any, among: bool = False) -> Iterator[StandInText]:
    marked = listed(node) if isinstance(node, Name | Text) else None
    if marked is not None:
        if not among:
            yield marked
    elif isinstance(node, tuple):
        for each in node:
            yield from _single_lists(each, True)
    elif isinstance(node, StandInText) and node.type == "texts":
        yield node
    elif is_dataclass(node):
        for part in fields(node):
            yield from _single_lists(getattr(node, part.name))


def _unused(text: ContractText) -> Iterator[Diagnostic]:
    used = {mark.parameter for mark in stand_ins((text.header, text.blocks))}
    for each in text.parameters:
        if each.name not in used:
            why = (
                f"whatever a contract gives for `{each.name}`, its money stays the same.",
                f"无论合同把“{each.name}”写成什么，金额都不变。",
            )
            fix = (
                "delete the parameter, or write its name where its value belongs.",
                "删去该参数，或在应取其值处写上它的名称。",
            )
            yield diagnostic("SE0296", text.language, [each.span], why, fix, Severity.WARNING)


def _defaults(text: ContractText) -> Iterator[Diagnostic]:
    for each in text.parameters:
        if each.type == "bands" and each.default is not None and bands_of(str(each.default)) is None:
            asked = EXPECTED["bands"]
            why = (f"`{each.name}` takes {asked[0]}.", f"“{each.name}”应为{asked[1]}。")
            yield diagnostic("SE0291", text.language, [each.span], why, (f"write {asked[0]}.", f"请写{asked[1]}。"))


def _blocks(text: ContractText) -> Iterator[Diagnostic]:
    for block in text.blocks:
        if block.kind in ("scenario", "end"):
            why = (
                "its amounts hang on the values, which only a contract has.",
                "其金额取决于参数的值，只有具体合同才有。",
            )
            fix = ("write it in a contract that says `from`.", "请写在“套用”该模板的合同中。")
            yield diagnostic("SE0297", text.language, [block.id_span if block.id_span.line else block.span], why, fix)
