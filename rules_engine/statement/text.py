"""Statements for the terminal: plain tables, right in English and Chinese."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rules_engine.settlement.model import Line, Payment, Settlement
from rules_engine.statement.asides import (
    balances,
    exceptions,
    findings,
    left_out,
    measures,
    nothing_due,
    notices,
    receipt,
    unsettled,
)
from rules_engine.statement.capital import capital_amount
from rules_engine.statement.clean import one_line
from rules_engine.statement.layout import heading, language_of, paper_totals, payout_key, schedule, sections, signed
from rules_engine.statement.lifecycle import life_texts, status_key
from rules_engine.statement.naming import goods_text, payee_name, title_text
from rules_engine.statement.numbers import percent_text
from rules_engine.statement.periods import days_text, period_text
from rules_engine.statement.terminal import Pen, Row, ascii_minus, money, table
from rules_engine.statement.words import Words

SHOWN_DOCUMENTS = 6


def render_text(settlement: Settlement, lang: str | None = None, view: str = "platform", colour: bool = False) -> str:
    """The statement as terminal text; `colour` makes headings bold and asides dim."""
    pen = Pen(settlement, Words(language_of(settlement, lang), view), colour)
    blocks = ([line.rstrip() for line in block(pen)] for block in BLOCKS)
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _head(pen: Pen) -> Iterator[str]:
    header, words, period = pen.header, pen.words, pen.settlement.period
    yield pen.bold(f"{words(heading(pen.settlement))} · {words('view')}")
    yield f"{one_line(header.id)}  {one_line(header.title)}"
    rows = [
        (words("platform"), one_line(header.platform)),
        (words("supplier"), f"{one_line(header.supplier)} ({one_line(header.supplier_id)})"),
        (words("period"), f"{period_text(period, words)}  ({days_text(period, words)})"),
    ]
    if pen.settlement.as_of:
        rows.append((words("as_of"), pen.settlement.as_of.isoformat()))
    yield from table(rows, "<<", "")
    yield pen.dim(f"{words('currency_note', currency=one_line(header.currency))}{words.comma}{ascii_minus(words('sign_note'))}")


def _lines(pen: Pen) -> Iterator[str]:
    words = pen.words
    if not pen.settlement.lines:
        yield words("no_lines")
        return
    rows: list[Row] = []
    headings: dict[int, str] = {}
    lives: list[Line | None] = []
    for section in sections(pen.settlement.lines):
        headings[len(rows)] = words("paper." + section.paper)
        rows.extend(_line(pen, line) for line in section.lines)
        rows.append((words("subtotal"), "", "", money(section.subtotal)))
        lives += [*section.lines, None]
    for place, text in enumerate(table(rows, "<<<>")):
        if place in headings:
            yield pen.bold(headings[place])
        yield text
        yield from _life(pen, lives[place])


def _life(pen: Pen, line: Line | None) -> Iterator[str]:
    """What people did with the line, below it."""
    if line is not None:
        yield from (f"    {ascii_minus(text)}" for text in life_texts(line, pen.settlement.period, pen.words))


def _line(pen: Pen, line: Line) -> Row:
    title = title_text(line, pen.words)
    key = status_key(line)
    if key != "status.due":
        title = f"{title} [{pen.words(key)}]"
    return (title, period_text(line.window, pen.words), one_line(line.id), money(signed(line)))


def _totals(pen: Pen) -> Iterator[str]:
    totals, words = pen.settlement.totals, pen.words
    yield pen.bold(words("totals"))
    if pen.settlement.book == "accrual":
        rows = [("accrual_opening", totals.carried_in), ("accrual_net", totals.net), ("accrual_closing", totals.carried_out)]
        yield from table([(words(key), money(value)) for key, value in rows], "<>")
        return
    rows = [("payable", totals.payable), ("receivable", totals.receivable.copy_negate()), ("net", totals.net)]
    moved = (("carried_in", totals.carried_in), ("written_off", totals.written_off), ("carried_out", totals.carried_out))
    rows += [(key, value) for key, value in moved if value]
    rows.append((payout_key(pen.settlement), totals.payout))
    *others, last = table([(words(key), money(value)) for key, value in rows], "<>")
    yield from others
    by = f"  {words('due_date')} {totals.due_date.isoformat()}" if totals.due_date and totals.payout else ""
    yield pen.bold(last) + by
    if words.language == "zh" and pen.header.currency == "CNY":
        yield f"  {words('in_words')}{words.colon}人民币{capital_amount(totals.payout)}"


def _payments(pen: Pen) -> Iterator[str]:
    found = schedule(pen.settlement)
    if found:
        yield pen.bold(pen.words("payments"))
        yield from table([payment_row(item, pen.words) for item in found], "<><")


def _goods(pen: Pen) -> Iterator[str]:
    """What is due in goods, by units or by value; none of it is in the totals."""
    if not pen.settlement.goods:
        return
    yield pen.bold(pen.words("goods"))
    lines = ((line, _line(pen, line)) for line in pen.settlement.goods)
    yield from table([(*row[:3], ascii_minus(goods_text(line, pen.words))) for line, row in lines], "<<<>")


def _payees(pen: Pen) -> Iterator[str]:
    if not pen.settlement.payees:
        return
    words = pen.words
    yield pen.bold(words("payees"))
    rows: list[Row] = [tuple(words(key) for key in ("payee", "receives", "pays"))]
    rows += [(payee_name(item, words), money(item.receives), money(item.pays)) for item in pen.settlement.payees]
    yield from table(rows, "<>>")
    for item in pen.settlement.payees:
        if item.lines:
            yield pen.bold(words("apart", payee=payee_name(item, words)))
            yield from table([_line(pen, line) for line in item.lines], "<<<>")


def _papers(pen: Pen) -> Iterator[str]:
    papers, words = paper_totals(pen.settlement), pen.words
    if not papers.by_vat_rate or pen.settlement.book == "accrual":
        return
    yield pen.bold(words("papers"))
    rows: list[Row] = [tuple(words(key) for key in ("paper", "vat_rate", "net_of_vat", "vat", "gross"))]
    for part in papers.by_vat_rate:
        rate = words("no_vat") if part.rate is None else percent_text(part.rate)
        rows.append((words("paper." + part.paper), rate, money(part.net), money(part.vat), money(part.gross)))
    yield from table(rows, "<>>>>")
    identity = words(
        "identity",
        net=money(pen.settlement.totals.net),
        supplier=money(papers.supplier_invoice),
        platform=money(papers.platform_invoice),
        receipts=money(papers.receipts),
        prepayment=money(papers.prepayment_applied),
    )
    yield f"  {ascii_minus(identity)}"


def payment_row(item: Payment, words: Words) -> Row:
    """The day, the amount and the documents it pays for."""
    names = ", ".join(one_line(name) for name in item.documents[:SHOWN_DOCUMENTS])
    more = len(item.documents) - SHOWN_DOCUMENTS
    return (payment_day(item, words), money(item.amount), f"{names} (+{more})" if more > 0 else names)


def payment_day(item: Payment, words: Words) -> str:
    """The day, or that its invoice has not come."""
    return item.due.isoformat() if item.due else words("not_invoiced")


def _pending(pen: Pen) -> Iterator[str]:
    if pen.settlement.pending:
        yield pen.bold(pen.words("pending"))
        texts = table([_line(pen, line) for line in pen.settlement.pending], "<<<>")
        for text, line in zip(texts, pen.settlement.pending, strict=True):
            yield text
            yield from _life(pen, line)


def _accrual(pen: Pen) -> Iterator[str]:
    """How a settlement brings the accrual book to what is left."""
    if pen.settlement.accrual:
        yield pen.bold(pen.words("accrual"))
        yield from table([_line(pen, line) for line in pen.settlement.accrual], "<<<>")


BLOCKS: tuple[Callable[[Pen], Iterator[str]], ...] = (
    _head, _lines, _totals, _payments, _papers, _goods, _payees, _pending, _accrual, unsettled, findings, exceptions, measures, balances, nothing_due, *left_out, notices, receipt,
)  # fmt: skip
"""The blocks in reading order; an empty one is left out."""
