"""Statements as one self-contained HTML page: no script, no network, every line opens to its explanation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from rules_engine.record import dataclass
from rules_engine.settlement.model import Exceptional, Line, PayeeTotals, Settlement, UnusedDocument
from rules_engine.statement.balances import columns, rows
from rules_engine.statement.capital import capital_amount
from rules_engine.statement.clean import block, one_line
from rules_engine.statement.explain import brief, explain_line
from rules_engine.statement.layout import (
    Section,
    heading,
    of_later,
    of_period,
    paper_totals,
    payout_key,
    schedule,
    sections,
    signed,
)
from rules_engine.statement.lifecycle import life_texts, status_key
from rules_engine.statement.naming import (
    base_text,
    clause_title,
    control_text,
    direction_text,
    document_name,
    file_name,
    goods_text,
    group_text,
    measure_value,
    paper_text,
    payee_name,
    payee_tag,
)
from rules_engine.statement.numbers import amount_text, percent_text
from rules_engine.statement.periods import days_text, period_text
from rules_engine.statement.reasons import exception_text, flag_text, reason_text
from rules_engine.statement.said import Said
from rules_engine.statement.words import Words

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as the page shows it; every text is for people."""

    id: str
    title: str
    groups: tuple[str, ...]
    window: str
    base: str
    amount: str
    status: str
    status_text: str
    brief: str
    steps: tuple[Said, ...]
    facts: tuple[tuple[str, str], ...]
    clause_text: str
    place: str


@dataclass(frozen=True, slots=True)
class PayeeView:
    """What a payee receives and pays, and its lines that are none of the supplier's."""

    name: str
    receives: str
    pays: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """The lines of one paper under its name."""

    paper: str
    title: str
    lines: tuple[LineView, ...]
    subtotal: str


def render_html(settlement: Settlement, language: str, view: str) -> str:
    """The page in one language for the reader of one side."""
    words = Words(language, view)
    return _template().render(
        words=words,
        settlement=settlement,
        header=settlement.program.header,
        totals=settlement.totals,
        papers=paper_totals(settlement),
        payments=schedule(settlement),
        sections=[_section(section, settlement, words) for section in sections(settlement.lines)],
        pending=[_line(line, settlement, words) for line in settlement.pending],
        goods=[replace(_line(line, settlement, words), amount=goods_text(line, words)) for line in settlement.goods],
        payees=[_payee(item, settlement, words) for item in settlement.payees],
        capitals=_capitals(settlement, words),
        money=amount_text,
        spans=_spans,
        percent=percent_text,
        period=lambda window: period_text(window, words),
        days=lambda window: days_text(window, words),
        place=lambda item: file_name(item.place),
        control=lambda key: control_text(key, settlement.program, words),
        control_value=control_value,
        figure=lambda shown: measure_value(shown, words),
        balance_columns=columns(settlement.balances),
        balance_rows=list(rows(settlement.balances, settlement.program, words)),
        unused=of_period(settlement.unused),
        later=of_later(settlement.unused),
        document=lambda item: document_name(item, settlement.program, words),
        reason=lambda item: reason_text(item.reason, words),
        payout=words("accrual_closing" if settlement.book == "accrual" else payout_key(settlement)),
        heading=words(heading(settlement)),
        exceptions=[(document_name(_as_unused(item), settlement.program, words), item.date.isoformat(), exception_text(item, words)) for item in settlement.exceptions],
        accrual=[_line(line, settlement, words) for line in settlement.accrual],
        clause=lambda name: clause_title(name, settlement.program),
        group=group_text,
    )


def _as_unused(item: Exceptional) -> UnusedDocument:
    return UnusedDocument(item.type, item.id, item.line, item.date, "", item.place)


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("rules_engine.statement"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("statement.html")


def _finalize(value: object) -> object:
    return block(value) if type(value) is str else value


def _spans(texts: Iterable[str]) -> Markup:
    """Short texts of one line each, one span after the other: escaped together, since there may be hundreds."""
    from markupsafe import Markup, escape

    inner = str(escape("\n".join([one_line(text) for text in texts]))).replace("\n", "</span> <span>")
    return Markup(f"<span>{inner}</span> ")  # noqa: S704 - escaped above


def control_value(text: str) -> str:
    """A control total, grouped."""
    return amount_text(Decimal(text)) if _NUMBER.fullmatch(text) else text


def _capitals(settlement: Settlement, words: Words) -> str:
    chinese = words.language == "zh" and settlement.program.header.currency == "CNY"
    return "人民币" + capital_amount(settlement.totals.payout) if chinese and settlement.book != "accrual" else ""


def _section(section: Section, settlement: Settlement, words: Words) -> SectionView:
    lines = tuple(_line(line, settlement, words) for line in section.lines)
    return SectionView(section.paper, words("paper." + section.paper), lines, amount_text(section.subtotal))


def _payee(item: PayeeTotals, settlement: Settlement, words: Words) -> PayeeView:
    lines = tuple(_line(line, settlement, words) for line in item.lines)
    return PayeeView(payee_name(item, words), amount_text(item.receives), amount_text(item.pays), lines)


def _line(line: Line, settlement: Settlement, words: Words) -> LineView:
    steps = explain_line(line, settlement.program, words.language, words.view)
    return LineView(
        id=line.id,
        title=one_line(line.title or line.clause),
        groups=(*(one_line(value) for value in line.group.values()), *payee_tag(line, words)),
        window=period_text(line.window, words),
        base=base_text(line, settlement.program, words),
        amount=amount_text(signed(line)),
        status="pending" if line.status == "pending" else "due" if status_key(line) == "status.due" else "correction",
        status_text="" if status_key(line) == "status.due" else words(status_key(line)),
        brief=" · ".join((brief(line, steps, words), *life_texts(line, settlement.period, words))),
        steps=steps,
        facts=tuple(_facts(line, settlement, words)),
        clause_text=block(line.text).rstrip(),
        place=f"{file_name(line.span.file)}:{line.span.line}" if line.span.line else "",
    )


def _facts(line: Line, settlement: Settlement, words: Words) -> list[tuple[str, str]]:
    facts = [
        (words("window"), days_text(line.window, words)),
        (words("direction"), direction_text(line, settlement.program, words)),
        (words("paper"), paper_text(line, words)),
        (words("documents"), _documents(line, words)),
        (words("line_id"), one_line(line.id)),
    ]
    if line.source:
        facts.append((words("source"), one_line(line.source)))
    if line.corrects:
        facts.append((words("corrects_label"), ", ".join(one_line(name) for name in line.corrects)))
    facts.extend((words("flag"), text) for text in life_texts(line, settlement.period, words))
    facts.extend((words("flag"), flag_text(flag, words)) for flag in line.flags)
    return facts


def _documents(line: Line, words: Words) -> str:
    count = words("used_document") if line.document_count == 1 else words("used_documents", count=line.document_count)
    return f"{count} · SHA-256 {line.documents_sha256[:16]}…" if line.document_count else count
