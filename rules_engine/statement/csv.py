"""Statements as CSV: one row a line, cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
import re

from rules_engine.settlement.model import Line, Settlement
from rules_engine.statement.clean import one_line
from rules_engine.statement.document import unrounded_text
from rules_engine.statement.numbers import decimal_text, last_day
from rules_engine.statement.words import Words

_FORMULA = re.compile(r"""(^|[,;|"'\t\r\n])(\s*)(?=[=+\-@＝＋－＠\t\r\n])""")
COLUMNS = (
    "id", "clause", "kind", "title", "group", "from", "to", "payee", "direction", "status", "base", "unrounded", "target",
    "posted", "amount", "invoice_by", "treatment", "vat_rate", "net_of_vat", "vat", "documents", "corrects", "reference",
    "computed", "stated", "by", "on", "reason", "since", "account",
)  # fmt: skip
BYTE_ORDER_MARK = "\ufeff"


def render_csv(settlement: Settlement, language: str, guard: bool = True) -> str:
    """The lines, then the pending ones, then those of each payee's own account, which move no money of the supplier's. `guard` puts an apostrophe where a spreadsheet would read a formula: turn it off for
    machines only. Chinese files begin with a byte order mark, without which spreadsheets misread them."""
    words = Words(language)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([words("csv." + column) for column in COLUMNS])
    for line in (*settlement.lines, *settlement.pending):
        writer.writerow([*_cells(line, guard), ""])
    for line in settlement.goods:
        writer.writerow([*_cells(line, guard), f"goods:{line.goods}"])
    for payee in settlement.payees:
        for line in payee.lines:
            writer.writerow([*_cells(line, guard), _text(payee.party, guard)])
    return (BYTE_ORDER_MARK if language == "zh" else "") + out.getvalue()


def _cells(line: Line, guard: bool) -> list[str]:
    papers = line.papers
    group = "; ".join(f"{key}={value}" for key, value in line.group.items())
    texts = (line.id, line.clause, line.kind, line.title, group)
    ends = (line.window.start.isoformat(), last_day(line.window).isoformat())
    numbers = (line.target, line.posted, line.amount)
    return [
        *(_text(text, guard) for text in texts),
        *ends,
        *(_text(text, guard) for text in (line.payee, line.direction, line.status)),
        "" if line.base is None else decimal_text(line.base),
        unrounded_text(line.unrounded),
        *(decimal_text(number) for number in numbers),
        papers.invoice_by,
        papers.treatment,
        "" if papers.vat_rate is None else decimal_text(papers.vat_rate),
        decimal_text(papers.net_of_vat),
        decimal_text(papers.vat),
        str(line.document_count),
        _text(" ".join(line.corrects), guard),
        _text(line.source, guard),
        *_life(line, guard),
    ]


def _life(line: Line, guard: bool) -> list[str]:
    life = line.lifecycle
    if life is None:
        return [""] * 6
    stated = "" if life.stated is None else decimal_text(life.stated)
    on, since = (day.isoformat() if day else "" for day in (life.on, life.since))
    return [decimal_text(life.computed), stated, _text(life.by, guard), on, _text(life.reason, guard), since]


def _text(text: str, guard: bool) -> str:
    return guarded(one_line(text)) if guard else text


def guarded(text: str) -> str:
    """The text with an apostrophe before every character a spreadsheet could start a formula with."""
    return _FORMULA.sub(r"\1'\2", text)
