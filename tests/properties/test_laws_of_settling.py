"""Laws 1, 2 and 3 of the architecture, and what the domain says of nets and payouts, on generated contracts and documents."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings, strategies as st

from rules_engine.documents.model import Documents
from rules_engine.documents.read import from_rows
from rules_engine.settlement.model import Line, Settlement
from rules_engine.settlement.past.posted import as_posted
from rules_engine.settlement.settle import settle
from rules_engine.values.period import Period
from tests.naive.run import Mark, heard
from tests.properties.pipeline import Contract, amounts, built, checked, contract, documents, enough, run, summed, told
from tests.strategies import build as b, printer
from tests.strategies.contracts import contracts
from tests.strategies.documents import Row, families, rows, texts
from tests.strategies.frame import MEASURES, TERMS, Frame, header
from tests.strategies.memory import UNSPOKEN, remembered
from tests.strategies.terms import written as text_of_a_contract

many = settings(max_examples=min(1_500, settings().max_examples))

CHANGE = date(2026, 2, 10)


@st.composite
def cases(draw: st.DrawFn, only: tuple[str, ...] = ()) -> tuple[Contract, tuple[Row, ...]]:
    """A contract with documents: made as a tree, or, where no kinds are asked for, as often written as text, some with memory."""
    source = "trees" if only else draw(st.sampled_from(("trees", "texts", "memory")))
    if source == "trees":
        made = contract(draw(contracts(only)))
    else:
        made = checked(draw(text_of_a_contract() if source == "texts" else remembered(UNSPOKEN)))
    return made, draw(rows(made.periods[0][0], made.periods[-1][1], families=families(made.text)))


def total(amounts_of: list[Decimal]) -> Decimal:
    """A sum of amounts."""
    return sum(amounts_of, Decimal(0))


def waits(written: Contract, line: Line) -> bool:
    """Whether the line takes less than is due because the net leaves no more (a deposit kept back from settlements)."""
    clause = written.program.clauses.get(line.clause)
    return clause is not None and clause.collect == "within_net" and 0 <= line.amount < line.target - line.posted


@many
@given(cases())
def test_law_1_lines_add_to_totals_and_papers_to_the_net(case: tuple[Contract, tuple[Row, ...]]) -> None:
    written, found = case
    for settled in run(written, found, enough(written, found)):
        sums, papers = settled.totals, settled.papers
        payable = total([line.amount for line in settled.lines if line.direction == "payable"])
        receivable = total([line.amount for line in settled.lines if line.direction == "receivable"])
        assert (sums.payable, sums.receivable, sums.net) == (payable, receivable, payable - receivable)
        assert sums.net == papers.supplier_invoice - papers.platform_invoice - papers.receipts - papers.prepayment_applied
        assert all(line.papers.net_of_vat + line.papers.vat == line.amount for line in settled.lines)
        assert all(line.amount == line.target - line.posted or waits(written, line) for line in settled.lines)
        for paper, amount in (
            ("supplier", papers.supplier_invoice),
            ("platform", papers.platform_invoice),
            ("receipt", papers.receipts),
        ):
            assert total([part.gross for part in papers.by_vat_rate if part.paper == paper]) == amount
        assert all(part.net + part.vat == part.gross for part in papers.by_vat_rate)


@many
@given(cases())
def test_payouts_and_the_closing_balance_are_all_nets_together(case: tuple[Contract, tuple[Row, ...]]) -> None:
    written, found = case
    settled = run(written, found, enough(written, found))
    nets, payouts = total([each.totals.net for each in settled]), total([each.totals.payout for each in settled])
    given_up = total([each.totals.written_off for each in settled])
    assert payouts + settled[-1].totals.carried_out + given_up == nets
    for before, after in itertools.pairwise(settled):
        assert after.totals.carried_in == before.totals.carried_out


@many
@given(cases(), st.randoms(use_true_random=False))
def test_law_2_the_order_of_documents_is_no_news(case: tuple[Contract, tuple[Row, ...]], random: object) -> None:
    written, found = case
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    periods = enough(written, found)
    for left, right in zip(run(written, found, periods), run(written, shuffled, periods), strict=True):
        assert plain(left) == plain(right), told(written, found, periods[-1])


def plain(settled: Settlement) -> object:
    """What a settlement says, without where documents were read."""
    lines = [(line.id, line.amount, line.target, line.status, line.documents_sha256, line.papers) for line in settled.lines]
    return lines, settled.totals, settled.papers


MOST_PERIODS = 30


@many
@given(st.lists(st.booleans(), min_size=MOST_PERIODS, max_size=MOST_PERIODS), cases())
def test_law_2_split_runs_come_to_the_same_cents(kept: list[bool], case: tuple[Contract, tuple[Row, ...]]) -> None:
    written, found = case
    periods = enough(written, found)
    assert len(periods) <= MOST_PERIODS
    merged, start = [], periods[0][0]
    for place, period in enumerate(periods):
        if kept[place] or period == periods[-1]:
            merged.append((start, period[1]))
            start = period[1]
    split, whole = (cumulative(written, summed(run(written, found, each))) for each in (periods, merged))
    assert split == whole, told(written, found, periods[-1])


def cumulative(written: Contract, sums: dict[Mark, Fraction]) -> dict[Mark, Fraction]:
    """Without what is taken only out of a positive net: that follows the nets of the runs."""
    clauses = written.program.clauses
    return {mark: amount for mark, amount in sums.items() if mark[0] not in clauses or clauses[mark[0]].collect == "in_full"}


@many
@given(cases())
def test_law_2_running_again_adds_no_line(case: tuple[Contract, tuple[Row, ...]]) -> None:
    written, found = case
    periods = enough(written, found)
    settled = run(written, found, periods)
    again = settle(
        written.program, documents(found, written.program), Period(*periods[-1]), [as_posted(each) for each in settled[:-1]]
    )
    assert plain(again) == plain(settled[-1])
    shifted = Period(periods[-1][1], periods[-1][1].replace(day=28))
    later = [row for row in found if heard(row) >= periods[-1][1]]
    if not later and shifted.start < shifted.end:
        after = settle(written.program, documents(found, written.program), shifted, [as_posted(each) for each in settled])
        assert not amounts(after) or closes(written, shifted), told(written, found, periods[-1])


def closes(written: Contract, period: Period) -> bool:
    """Whether a window may close in the period: a settlement of the contract ends in it."""
    return any(period.start < end <= period.end for _, end in written.periods)


@many
@given(cases())
def test_importing_a_file_twice_settles_it_once(case: tuple[Contract, tuple[Row, ...]]) -> None:
    written, found = case
    texts_of = [texts(row) for row in found]
    once, twice = from_rows(texts_of, written.program), from_rows([*texts_of, *texts_of], written.program)
    assert len(twice.duplicates) == len(found)
    period = Period(*enough(written, found)[-1])
    assert plain(settle(written.program, once, period)) == plain(settle(written.program, twice, period))


def signed_only(written: Contract, marks: Iterable[Mark]) -> list[Mark]:
    """The lines of clauses whose bases count returns against sales, document by document rounding left aside."""
    if "document line" in written.text:
        return []
    return [mark for mark in marks if mark[0].startswith("guarantee") or nets_returns(clause_text(written, mark[0]))]


def nets_returns(clause: str) -> bool:
    """Whether a clause pays on a base that nets returns, and shares nothing by a weight that does not."""
    return "  on gmv\n" in clause and "spread over" not in clause


def reversed_by(sale: Row, identifier: str, **changes: object) -> Row:
    """The return of a whole sale."""
    link = {"ref_doc_id": sale["doc_id"], "ref_line_no": sale["line_no"]}
    return {**sale, **link, "type": "customer_return", "doc_id": identifier, **changes}


SIGNED = ("points", "guarantee")


@many
@given(cases(SIGNED), st.data())
def test_law_3_cancelled_and_booked_again_is_untouched(case: tuple[Contract, tuple[Row, ...]], data: st.DataObject) -> None:
    """Weeks later a sale is reversed as of its own day and booked again under another number."""
    written, found = case
    sales = [row for row in found if row["type"] == "sale"]
    if not sales:
        return
    sale = data.draw(st.sampled_from(sales))
    later = {"known_on": heard(sale) + timedelta(days=data.draw(st.integers(0, 60)))}
    again = {**sale, "doc_id": "AGAIN", **later}
    periods = enough(written, (*found, again))
    before = summed(run(written, found, periods))
    after = summed(run(written, (*found, reversed_by(sale, "GONE", **later), again), periods))
    marks = signed_only(written, dict.fromkeys((*before, *after)))
    assert [before.get(mark) for mark in marks] == [after.get(mark) for mark in marks], told(written, found, periods[-1])


@many
@given(cases(SIGNED), st.data())
def test_selling_and_returning_at_once_leaves_every_clause_as_it_was(
    case: tuple[Contract, tuple[Row, ...]], data: st.DataObject
) -> None:
    written, found = case
    sales = [row for row in found if row["type"] == "sale"]
    if not sales:
        return
    sale = {**data.draw(st.sampled_from(sales)), "doc_id": "EXTRA"}
    periods = enough(written, found)
    before, after = (
        summed(run(written, found, periods)),
        summed(run(written, (*found, sale, reversed_by(sale, "BACK")), periods)),
    )
    marks = signed_only(written, dict.fromkeys((*before, *after)))
    assert [before.get(mark) for mark in marks] == [after.get(mark) for mark in marks], told(written, found, periods[-1])


def clause_text(written: Contract, clause: str) -> str:
    """The clause as written."""
    return next((block for block in written.text.split("\n\n") if f" {clause}\n" in block), "")


def batches(given_documents: Documents) -> Documents:
    """Every purchase batch split in two halves under the same number."""
    lines = []
    for line in given_documents.lines:
        if line.type != "purchase_batch":
            lines.append(line)
            continue
        half = {
            name: value / 2 if isinstance(value, Decimal) and name != "vat" else value for name, value in line.values.items()
        }
        lines += [replace(line, line="1a", values=half), replace(line, line="1b", values=half)]
    return replace(given_documents, lines=tuple(lines))


@many
@given(cases(("bonus",)))
def test_splitting_an_order_into_batches_changes_nothing(case: tuple[Contract, tuple[Row, ...]]) -> None:
    written, found = case
    if "document line" in written.text:
        return
    whole = documents(found, written.program)
    period = Period(*enough(written, found)[-1])
    left, right = settle(written.program, whole, period), settle(written.program, batches(whole), period)
    assert amounts(left) == amounts(right), told(written, found, (period.start, period.end))


def test_a_text_checked_twice_settles_alike() -> None:
    """The second program of one text reads its tables as the first one does: here by the last day's price."""
    dated = (b.row(b.value(b.rate_part("12")), end=CHANGE), b.row(b.value(b.rate_part("1")), start=CHANGE + timedelta(days=1)))
    fields = (b.field("on", b.name("turnover")), b.field("rate", *dated), b.field("period", b.window("quarter")))
    points = b.block("deduction", "points", *fields, b.field("changes", b.word("last_days")))
    text = printer.contract(
        b.contract("G-2", header(Frame(*TERMS[0], "quarter", False, False), "half_up", "0.01", "13"), *MEASURES, points)
    )
    sale = {
        "type": "sale",
        "doc_id": "D",
        "line_no": "1",
        "date": CHANGE,
        "paid": Fraction(100),
        "platform_coupon": Fraction(0),
    }
    settled = []
    for _ in range(2):
        _, program = built(text)
        settled.append(settle(program, documents([sale], program), "2026-Q1").totals.receivable)
    assert settled == [Decimal("1.00"), Decimal("1.00")]
