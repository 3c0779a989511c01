"""Explanations: how a line's amount came about, in the reader's language, from documents to the last cent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from rules_engine.core.program import Program
from rules_engine.core.trace import TraceStep
from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic
from rules_engine.diagnostics.suggest import did_you_mean
from rules_engine.settlement.model import Line, Settlement
from rules_engine.statement.clean import one_line
from rules_engine.statement.lifecycle import life_texts
from rules_engine.statement.naming import direction_text, goods_text
from rules_engine.statement.numbers import amount_text, percent_text
from rules_engine.statement.said import Said
from rules_engine.statement.steps import tell
from rules_engine.statement.teller import Teller
from rules_engine.statement.words import Words

_SUM = re.compile("[×÷−+]|m(ax|in)")
_KERNEL_TAIL = ("subtract",)


def explain_line(line: Line, program: Program, language: str, view: str = "platform") -> tuple[Said, ...]:
    """The lines of one settlement line's explanation: base and price, bounds, rounding, what is posted, VAT."""
    words = Words(language, view)
    teller = Teller(program, _phrases(line, program), words, _written(line, program))
    return (*tell(_target(line.trace), teller), *_posted(line, words), *_vat(line, words))


def brief(line: Line, steps: tuple[Said, ...], words: Words) -> str:
    """An explanation in one short formula: the first sum told, with its result, and what was posted before."""
    told = next((said for said in steps if not said.count and _SUM.search(said.formula)), steps[0] if steps else None)
    if told is None:
        return ""
    text = f"{told.formula} = {told.result}" if told.formula else " ".join(part for part in (told.name, told.result) if part)
    return f"{text} · {words('posted_before')} {amount_text(line.posted)}" if line.posted else text


def _phrases(line: Line, program: Program) -> Mapping[str, tuple[str, str]]:
    clause = program.clauses.get(line.clause)
    return clause.phrases if clause else {}


def _written(line: Line, program: Program) -> dict[tuple[str, int], str]:
    """The clause's text, and the texts it replaced, by file and line, blanks run together."""
    clause = program.clauses.get(line.clause)
    return {
        (span.file, span.line + place): one_line(" ".join(row.split()))
        for text, span in (*(clause.earlier if clause else ()), (line.text, line.span))
        for place, row in enumerate(text.splitlines())
    }


def _target(trace: TraceStep) -> TraceStep:
    """What stands below the kernel's subtraction: it is told from the line itself."""
    while trace.op in _KERNEL_TAIL and trace.parts:
        trace = trace.parts[0]
    return trace


def _posted(line: Line, words: Words) -> tuple[Said, ...]:
    if not line.posted and line.amount == line.target:
        return ()
    rest = line.target - line.posted - line.amount
    name = words("posted_due", posted=amount_text(line.posted)) if line.posted else words("collected")
    said = [Said(0, name, "", amount_text(line.amount), "due")]
    if rest:
        said.append(Said(0, words("not_collected", rest=amount_text(rest)), kind="note"))
    return tuple(said)


def _vat(line: Line, words: Words) -> tuple[Said, ...]:
    papers = line.papers
    if papers.vat_rate is None:
        return ()
    text = words(
        "split_vat", rate=percent_text(papers.vat_rate), net=amount_text(papers.net_of_vat), vat=amount_text(papers.vat)
    )
    return (Said(0, text, kind="vat"),)


def explain(settlement: Settlement, line_id: str, lang: str | None = None, view: str = "platform") -> str:
    """One line explained as text. An id that no line has raises `ContractError` with the nearest ids."""
    language = lang or settlement.program.header.language
    line = _find(settlement, line_id, language)
    words = Words(language, view)
    head = [
        f"{one_line(line.id)}  {one_line(line.title)}",
        _how_much(line, settlement, words),
        "",
    ]
    told = [f"{text}" for text in life_texts(line, settlement.period, words)]
    body = [text for said in explain_line(line, settlement.program, language, view) for text in _with_documents(said, words)]
    return "\n".join([*head, *body, *told]) + "\n"


def _how_much(line: Line, settlement: Settlement, words: Words) -> str:
    if line.goods:
        return f"{words('goods.' + line.direction)}{words.colon}{goods_text(replace(line, direction='payable'), words)}"
    return f"{direction_text(line, settlement.program, words)}{words.colon}{amount_text(abs(line.amount))} {settlement.program.header.currency}"


def _with_documents(said: Said, words: Words) -> list[str]:
    """A step and, one level in, the documents it read; how many more there are where not all are named."""
    inner = "  " * (said.depth + 1)
    rest = said.count - len(said.documents)
    more = [inner + words("more_documents", count=rest)] if said.documents and rest > 0 else []
    return [said.line(words.colon), *(inner + text for text in said.documents), *more]


def _find(settlement: Settlement, line_id: str, language: str) -> Line:
    known = {line.id: line for line in (*settlement.lines, *(line for payee in settlement.payees for line in payee.lines), *settlement.goods, *settlement.pending, *settlement.accrual)}
    if line_id not in known:
        raise ContractError([_unknown(line_id, tuple(known), language)])
    return known[line_id]


def _unknown(line_id: str, known: tuple[str, ...], language: str) -> Diagnostic:
    near = did_you_mean(line_id, known, language)
    some = ", ".join(known[:5])
    return diagnostic(
        "SE0809",
        language,
        why=(f"no line of this statement has the id `{one_line(line_id)}`", f"本结算单没有编号为 `{one_line(line_id)}` 的明细"),
        fix=(near or f"take one of: {some}", near or f"可用编号：{some}"),
    )
