"""Statements for the terminal: plain tables, right in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from rules_engine.diagnostics.width import padded, width
from rules_engine.settlement.model import Balance, Line, Settlement, UnusedDocument
from rules_engine.statement.capital import capital_amount
from rules_engine.statement.clean import one_line
from rules_engine.statement.layout import language_of, paper_totals, payout_key, sections, signed
from rules_engine.statement.naming import (
    balance_name,
    clause_title,
    document_name,
    file_name,
    group_text,
    measure_value,
    title_text,
)
from rules_engine.statement.numbers import amount_text, percent_text
from rules_engine.statement.periods import days_text, period_text
from rules_engine.statement.reasons import reason_text
from rules_engine.statement.words import Words

Row = Sequence[str]


def render_text(settlement: Settlement, lang: str | None = None, view: str = "platform", colour: bool = False) -> str:
    """The statement as terminal text; `colour` makes headings bold and asides dim."""
    writer = _Writer(settlement, Words(language_of(settlement, lang), view), colour)
    blocks = [list(block) for block in writer.blocks()]
    return "\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks if block) + "\n"


def money(value: Decimal) -> str:
    """An amount with an ASCII minus, which every console can print."""
    return amount_text(value).replace("−", "-")


def table(rows: Sequence[Row], aligned: str, indent: str = "  ") -> Iterator[str]:
    """Rows in columns; `aligned` has `<` or `>` for each column."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(aligned))]
    for row in rows:
        cells = (padded(cell, size, right=side == ">") for cell, side, size in zip(row, aligned, widths, strict=True))
        yield indent + "  ".join(cells)


class _Writer:
    """Writes the blocks of one statement; every block is a list of lines, empty blocks are left out."""

    def __init__(self, settlement: Settlement, words: Words, colour: bool) -> None:
        self.settlement = settlement
        self.words = words
        self.colour = colour

    def blocks(self) -> Iterator[Iterable[str]]:
        yield self.head()
        yield self.lines()
        yield self.totals()
        yield self.papers()
        yield self.pending()
        yield self.unsettled()
        yield self.measures()
        yield self.balances()
        yield self.nothing_due()
        yield self.left_out("unused", self.settlement.unused)
        yield self.left_out("duplicates", self.settlement.duplicates)
        yield self.notices()
        yield self.receipt()

    def bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.colour else text

    def dim(self, text: str) -> str:
        return f"\x1b[2m{text}\x1b[0m" if self.colour else text

    def head(self) -> Iterator[str]:
        header, words = self.settlement.program.header, self.words
        yield self.bold(f"{words('statement')} · {words('view')}")
        yield f"{one_line(header.id)}  {one_line(header.title)}"
        rows = [
            (words("platform"), one_line(header.platform)),
            (words("supplier"), f"{one_line(header.supplier)} ({one_line(header.supplier_id)})"),
            (words("period"), f"{period_text(self.settlement.period, words)}  ({days_text(self.settlement.period, words)})"),
        ]
        if self.settlement.as_of:
            rows.append((words("as_of"), self.settlement.as_of.isoformat()))
        yield from table(rows, "<<", "")
        yield self.dim(f"{words('currency_note', currency=header.currency)}{words.comma}{words('sign_note')}")

    def lines(self) -> Iterator[str]:
        words = self.words
        if not self.settlement.lines:
            yield words("no_lines")
            return
        rows: list[Row] = []
        marks: dict[int, str] = {}
        for section in sections(self.settlement.lines):
            marks[len(rows)] = words("paper." + section.paper)
            rows.extend(self._line(line) for line in section.lines)
            rows.append((words("subtotal"), "", "", money(section.subtotal)))
        for place, text in enumerate(table(rows, "<<<>")):
            if place in marks:
                yield self.bold(marks[place])
            yield text

    def _line(self, line: Line) -> Row:
        title = title_text(line)
        if line.status != "due":
            title = f"{title} [{self.words('status.' + line.status)}]"
        return (title, period_text(line.window, self.words), one_line(line.id), money(signed(line)))

    def totals(self) -> Iterator[str]:
        totals, words = self.settlement.totals, self.words
        yield self.bold(words("totals"))
        rows = [(words("payable"), money(totals.payable)), (words("receivable"), money(totals.receivable.copy_negate()))]
        rows.append((words("net"), money(totals.net)))
        if totals.carried_in:
            rows.append((words("carried_in"), money(totals.carried_in)))
        if totals.carried_out:
            rows.append((words("carried_out"), money(totals.carried_out)))
        rows.append((words(payout_key(self.settlement)), money(totals.payout)))
        *others, last = table(rows, "<>")
        yield from others
        by = f"  {words('due_date')} {totals.due_date.isoformat()}" if totals.due_date and totals.payout else ""
        yield self.bold(last) + by
        if words.language == "zh" and self.settlement.program.header.currency == "CNY":
            yield f"  {words('in_words')}{words.colon}人民币{capital_amount(totals.payout)}"

    def papers(self) -> Iterator[str]:
        papers, words = paper_totals(self.settlement), self.words
        if not papers.by_vat_rate:
            return
        yield self.bold(words("papers"))
        rows: list[Row] = [tuple(words(key) for key in ("paper", "vat_rate", "net_of_vat", "vat", "gross"))]
        for part in papers.by_vat_rate:
            rate = words("no_vat") if part.rate is None else percent_text(part.rate)
            rows.append((words("paper." + part.paper), rate, money(part.net), money(part.vat), money(part.gross)))
        yield from table(rows, "<>>>>")
        yield "  " + words(
            "identity",
            net=money(self.settlement.totals.net),
            supplier=money(papers.supplier_invoice),
            platform=money(papers.platform_invoice),
            receipts=money(papers.receipts),
            prepayment=money(papers.prepayment_applied),
        ).replace("−", "-")

    def pending(self) -> Iterator[str]:
        if self.settlement.pending:
            yield self.bold(self.words("pending"))
            yield from table([self._line(line) for line in self.settlement.pending], "<<<>")

    def unsettled(self) -> Iterator[str]:
        if not self.settlement.unsettled:
            return
        yield self.bold(self.words("unsettled"))
        for item in self.settlement.unsettled:
            name = f"{clause_title(item.clause, self.settlement.program)}{group_text(item.group)}"
            yield f"  {name}  {period_text(item.window, self.words)}{self.words.colon}{reason_text(item.reason, self.words)}"
            for missing in item.missing:
                yield f"    {self.words('missing')}{self.words.colon}{one_line(missing)}"
        for finding in self.settlement.diagnostics:
            yield f"  {finding.code} {one_line(finding.title)}{self.words.colon}{one_line(finding.why)} {one_line(finding.fix)}"

    def measures(self) -> Iterator[str]:
        if self.settlement.measures_shown:
            yield self.bold(self.words("measures"))
            yield from table(
                [
                    (
                        one_line(shown.title or shown.name),
                        period_text(shown.window, self.words),
                        measure_value(shown, self.words).replace("−", "-"),
                    )
                    for shown in self.settlement.measures_shown
                ],
                "<<>",
            )

    def balances(self) -> Iterator[str]:
        words = self.words
        if not self.settlement.balances:
            return
        yield self.bold(words("balances"))
        rows: list[Row] = [tuple(words(key) for key in ("balance", "opening", "added", "used", "closing"))]
        rows.extend(self._balance(item) for item in self.settlement.balances)
        yield from table(rows, "<>>>>")

    def _balance(self, item: Balance) -> Row:
        amounts = (item.opening, item.added, item.used, item.closing)
        return (balance_name(item, self.settlement.program, self.words), *map(money, amounts))

    def nothing_due(self) -> Iterator[str]:
        if self.settlement.nothing_due:
            yield self.bold(self.words("nothing_due"))
            for item in self.settlement.nothing_due:
                name = f"{clause_title(item.clause, self.settlement.program)}{group_text(item.group)}"
                yield f"  {name}  {period_text(item.window, self.words)}{self.words.colon}{reason_text(item.reason, self.words)}"

    def left_out(self, heading: str, documents: Sequence[UnusedDocument]) -> Iterator[str]:
        if documents:
            yield self.bold(self.words(heading))
            yield from table(
                [
                    (
                        document_name(item, self.settlement.program, self.words),
                        item.date.isoformat(),
                        reason_text(item.reason, self.words),
                        one_line(file_name(item.place)),
                    )
                    for item in documents
                ],
                "<<<<",
            )

    def notices(self) -> Iterator[str]:
        if self.settlement.notices:
            yield self.bold(self.words("notices"))
            for _, text in self.settlement.notices:
                yield f"  {one_line(text)}"

    def receipt(self) -> Iterator[str]:
        words, receipt = self.words, self.settlement.receipt
        count = words("documents_count", read=self.settlement.documents_read, used=self.settlement.documents_used)
        yield self.dim(f"{words('documents')}{words.colon}{count}")
        yield self.dim(f"{words('contract_hash')} {receipt.contract_sha256}")
        yield self.dim(f"{words('documents_hash')} {receipt.documents_sha256}")
        yield self.dim(f"{words('engine')} {receipt.engine} · {words('calendar')} {receipt.calendar}")
