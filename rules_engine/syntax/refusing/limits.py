"""What a file may not exceed, checked before anything is read."""

from __future__ import annotations

import re

from rules_engine.diagnostics.model import Diagnostic
from rules_engine.source import SourceFile, Span
from rules_engine.syntax.refusing.findings import finding

FILE_BYTES = 1024 * 1024
LEXEMES = 200_000
_PIECE = re.compile(r"\w+|[^\w\s]")


def too_large(source: SourceFile, language: str) -> Diagnostic | None:
    """A finding if the file is over 1 MiB or over 200,000 words and signs."""
    size = len(source.text) if source.text.isascii() else len(source.text.encode("utf-8", "replace"))
    place = Span(source.name, 1, 1, 1, 2)
    if size > FILE_BYTES:
        why = (
            f"the file has {size:,} bytes; a contract may have {FILE_BYTES:,}",
            f"文件有 {size:,} 字节；合同最多 {FILE_BYTES:,} 字节",
        )
        return finding("SE0108", language, place, why, _SPLIT)
    if len(source.text) > LEXEMES and (pieces := sum(1 for _ in _PIECE.finditer(source.text))) > LEXEMES:
        why = (
            f"the file has {pieces:,} words and signs; a contract may have {LEXEMES:,}",
            f"文件有 {pieces:,} 个词和符号；合同最多 {LEXEMES:,} 个",
        )
        return finding("SE0108", language, place, why, _SPLIT)
    return None


_SPLIT = ("split the contract, or move repeated rates to one table", "请拆分合同，或将重复的费率移到一张表中")
