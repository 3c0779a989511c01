"""The first sheet: who, when, the totals and the invoice plan as formulas, each held against what was settled."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rules_engine.settlement.model import Settlement, VatPart
from rules_engine.statement.layout import heading, paper_totals, payout_key
from rules_engine.statement.periods import days_text
from rules_engine.statement.spreadsheet.book import Book, Cell, Formula, Sheet, keeps, places
from rules_engine.statement.spreadsheet.lines import paper_name
from rules_engine.statement.words import Words

Row = tuple[str, str, Decimal]
"""A label, the formula, what it must come to."""


def write_summary(book: Book, settlement: Settlement, words: Words) -> None:
    """The summary. Where a number has more digits than a spreadsheet keeps, values stand in place of formulas, and it is said."""
    sheet = Sheet(book, words("sheet.summary"))
    sheet.widths(42, 18, 18, 18, 14)
    sheet.title(words(heading(settlement)))
    for label, value in _about(settlement, words):
        sheet.write([words(label), value])
    live = _live(settlement)
    if not live:
        sheet.write([words("sheet.values")], italic=True)
    sheet.write([])
    _totals(sheet, settlement, words, live)
    sheet.write([])
    _plan(sheet, settlement, words, live)


def _about(settlement: Settlement, words: Words) -> Iterator[tuple[str, Cell]]:
    header, totals = settlement.program.header, settlement.totals
    yield "contract", " ".join(part for part in (header.title, header.id, header.version) if part)
    yield "platform", header.platform
    yield "supplier", " ".join(part for part in (header.supplier, header.supplier_id) if part)
    yield "period", days_text(settlement.period, words)
    yield "sheet.currency", header.currency
    if settlement.as_of:
        yield "as_of", settlement.as_of
    if totals.due_date and totals.payout:
        yield "due_date", totals.due_date


def _live(settlement: Settlement) -> bool:
    amounts = (number for line in settlement.lines for number in (line.amount, line.papers.net_of_vat, line.papers.vat))
    return bool(settlement.lines) and all(map(keeps, (*amounts, *_numbers(settlement))))


def _numbers(settlement: Settlement) -> tuple[Decimal, ...]:
    sums = settlement.totals
    return sums.payable, sums.receivable, sums.net, sums.carried_in, sums.written_off, sums.carried_out, sums.payout


def _totals(sheet: Sheet, settlement: Settlement, words: Words, live: bool) -> None:
    sums, digits = settlement.totals, max(map(places, _numbers(settlement)))
    sheet.head([words("totals"), words("csv.amount"), words("checked")])
    top = sheet.row + 1
    payable, receivable = (f'ROUND(SUMIFS(amount,direction,"{way}"),{digits})' for way in ("payable", "receivable"))
    rows: list[tuple[str, str, Decimal]] = [
        ("payable", payable, sums.payable),
        ("receivable", receivable, sums.receivable),
        ("net", f"ROUND(B{top}-B{top + 1},{digits})", sums.net),
        ("carried_in", "", sums.carried_in),
        ("written_off", "", sums.written_off),
        ("carried_out", "", sums.carried_out),
        (payout_key(settlement), f"ROUND(B{top + 2}+B{top + 3}-B{top + 4}-B{top + 5},{digits})", sums.payout),
    ]
    for at, (label, formula, value) in enumerate(rows):
        cell: Cell = Formula("=" + formula, value) if formula and live else value
        check = _check(((f"B{top + at}", value),), words) if formula and live else None
        sheet.write([words(label), cell, check], **({"bold": True} if at in (2, len(rows) - 1) else {}))


def _plan(sheet: Sheet, settlement: Settlement, words: Words, live: bool) -> None:
    parts = paper_totals(settlement).by_vat_rate
    if not parts or settlement.book == "accrual":
        return
    sheet.head([words("papers"), words("net_of_vat"), words("vat"), words("gross"), words("checked")])
    for part in parts:
        row, name = sheet.row + 1, paper_name(part.paper, part.rate, words)
        figures = (("net_of_vat", part.net), ("vat", part.vat), ("amount", part.gross))
        cells: list[Cell] = [_share(column, value, part, row) if live else value for column, value in figures]
        check = _check(tuple(zip((f"{letter}{row}" for letter in "BCD"), (part.net, part.vat, part.gross), strict=True)), words)
        sheet.write([name, *cells, check if live else None])


def _share(column: str, value: Decimal, part: VatPart, row: int) -> Formula:
    plus, minus = ("payable", "receivable") if part.paper == "supplier" else ("receivable", "payable")
    sums = (f'SUMIFS({column},paper,$A{row},direction,"{way}")' for way in (plus, minus))
    return Formula(f"=ROUND({'-'.join(sums)},{places(value)})", value)


def _check(pairs: tuple[tuple[str, Decimal], ...], words: Words) -> Formula:
    """Whether cells hold what was settled."""
    same = ",".join(f"{cell}={value:f}" for cell, value in pairs)
    agrees, differs = words("sheet.agrees"), words("sheet.differs")
    return Formula(f'=IF(AND({same}),"{agrees}","{differs}")', agrees)
