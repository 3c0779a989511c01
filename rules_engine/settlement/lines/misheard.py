"""What was said of lines and does not fit them: told loudly, settled as written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rules_engine.core.program import Program
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import Diagnostic, Severity
from rules_engine.settlement.lines.lifecycle import Heard, settles
from rules_engine.settlement.lines.naming import Named
from rules_engine.settlement.subtract import Movement


def misheard(program: Program, said: Heard, moving: Iterable[Movement], named: Named) -> Iterator[Diagnostic]:
    """Confirmations of another amount than was computed, and words about lines that do not wait."""
    language = program.header.language
    for movement in moving:
        word = said.words.get(movement.key)
        if word is None or not word.confirmed or word.amount == movement.due or settles(word):
            continue
        line, rest = named.ids[movement.key], movement.due - word.amount
        why: Words = (
            f"{line}: {word.amount:,} was confirmed, {movement.due:,} is computed. {word.amount:,} is posted, {rest:,} goes on waiting.",
            f"{line}：确认 {word.amount:,}，计算为 {movement.due:,}。按 {word.amount:,} 入账，其余 {rest:,} 继续待确认。",
        )
        fix: Words = (
            "confirm the rest, or hand in a `dispute` with the corrected amount before its confirmation: then nothing goes on waiting.",
            "请确认其余金额；或先提交写明更正金额的 异议单，再予确认，差额即不再待确认。",
        )
        yield diagnostic("SE0783", language, (), why, fix, severity=Severity.WARNING)
    for document in said.lost:
        told = str(document.values.get("line") or document.values.get("clause") or "")
        why = (
            f"{document.type} {document.id} ({document.place}) speaks of `{told}`, and no such line waits for a word; nothing is posted for it.",
            f"{document.id}（{document.place}）所指的“{told}”没有待确认的结算行，未作处理。",
        )
        waiting = ", ".join(sorted(named.ids[item.key] for item in said_waiting(named)))
        fix = (f"lines that wait: {waiting or 'none'}.", f"待确认的结算行：{waiting or '无'}。")
        yield diagnostic("SE0784", language, (), why, fix, severity=Severity.WARNING)


def said_waiting(named: Named) -> Iterator[Movement]:
    """The movements that wait for a word."""
    return (item for item in named.moving.values() if item.status == "pending" and item.due)
