"""Bands given as one text: `up to 1,000 none; over 1,000 2%`, read by the contract's own grammar."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any

from rules_engine.diagnostics.model import Severity
from rules_engine.source import SourceFile, Span
from rules_engine.syntax.keywords import LANGUAGES, keywords
from rules_engine.syntax.parse import parse_contract
from rules_engine.syntax.tree import Band, Ladder

_PARTED = re.compile(r"\s*[;；]\s*")


@lru_cache(maxsize=4096)
def bands_of(text: str) -> tuple[Band, ...] | None:
    """The bands of a text in either language, parted by semicolons; None where it holds none, or anything else."""
    lines = [part for part in _PARTED.split(text.strip()) if part]
    if not lines or any("\n" in line or "#" in line for line in lines):
        return None
    return next((found for language in LANGUAGES if (found := _read(lines, language)) is not None), None)


def _read(lines: list[str], language: str) -> tuple[Band, ...] | None:
    words = keywords(language)
    head = f'{words.spelling("TERMS")} "-"\n\n{words.spelling("VALUE")} bands\n  {words.spelling("TIERS")} {words.spelling("WHOLE")}\n'
    tree, findings = parse_contract(SourceFile("bands", head + "".join(f"    {line}\n" for line in lines)))
    if tree is None or any(each.severity is Severity.ERROR for each in findings) or len(tree.blocks) != 1:
        return None
    ladders = [item for field in tree.blocks[0].fields for item in field.items if isinstance(item, Ladder)]
    found = ladders[0].bands if len(ladders) == 1 and len(tree.blocks[0].fields) == 1 else ()
    return found if len(found) == len(lines) and all(band.style != "bands" for band in found) else None


def placed(node: Any, span: Span) -> Any:
    """The node as if all of it stood at one place: where the parameter does."""
    if isinstance(node, Span):
        return span
    if isinstance(node, tuple):
        return tuple(placed(each, span) for each in node)
    if is_dataclass(node) and not isinstance(node, type):
        return replace(node, **{part.name: placed(getattr(node, part.name), span) for part in fields(node)})
    return node
