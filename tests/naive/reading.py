"""Terms from the tree: which field says what, by the page that documents the encoding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from rules_engine.syntax import tree
from tests.naive.clauses import clause_terms, limit_terms, reversal_terms
from tests.naive.expressions import number
from tests.naive.fields import after, bracket, days_in, expression_of, first, names_in, rounding, window_of, words
from tests.naive.memory import excepted
from tests.naive.terms import ContractTerms, WindowTerms
from tests.naive.windows import Span

ZERO = Fraction(0)
PLAIN = ("measure", "value", "party", "documents", "scenario", "limit", "counter", "balance", "finding", "except", "reversal")


def contract_terms(text: tree.ContractText) -> ContractTerms:
    """The whole contract."""
    header = text.header
    term = first(header, "term")
    assert term is not None
    start, last = (item.value for item in term.items if isinstance(item, tree.DateLiteral))
    settle_field = first(header, "settle")
    settle = window_of(settle_field.items if settle_field else (), WindowTerms("month")) or WindowTerms("month")
    terms = ContractTerms(
        start=start,
        end=last + timedelta(days=1),
        year_start=year_start(first(header, "year_starts")),
        clauses={},
        limits={},
        measures={block.id: block for block in text.blocks if block.kind == "measure"},
        values={block.id: block for block in text.blocks if block.kind == "value"},
        own_types={block.id: block.id for block in text.blocks if block.kind == "documents"},
        returns="back_to_sale" if "back_to_the_sale" in words(first(header, "returns")) else "own_period",
        vat=vat_rates(first(header, "prices")),
        inclusive="include_vat" in words(first(header, "prices")),
        late="not_settled" if "are_not_settled" in words(first(header, "late_documents")) else "settle",
        negative_net="invoiced" if "negative_invoiced" in words(first(header, "payout")) else "carried",
        minimum_payout=minimum(first(header, "payout"), "at_least") or ZERO,
        deferrals=minimum(first(header, "payout"), "deferrals"),
        write_off=int(minimum(first(header, "payout"), "written_off") or 0),
        settle=settle,
        ranges=ranges(first(header, "ranges")),
        findings={block.id: block for block in text.blocks if block.kind == "finding"},
        balances={block.id: block for block in text.blocks if block.kind == "balance"},
        counters={block.id: block for block in text.blocks if block.kind == "counter"},
        rounding=rounding(first(header, "rounding")),
    )
    for block in text.blocks:
        if block.kind == "limit":
            terms.limits[block.id] = limit_terms(block, terms, settle)
        elif block.kind not in PLAIN:
            terms.clauses[block.id] = clause_terms(block, terms, settle, header)
    remembering(text, terms, settle)
    return terms


def remembering(text: tree.ContractText, terms: ContractTerms, settle: WindowTerms) -> None:
    """Exceptions over the clauses, and clauses that give back what others took."""
    exceptions = [block for block in text.blocks if block.kind == "except"]
    for block in text.blocks:
        over = [each for each in exceptions if block.id in names_in(each, "over")]
        if over:
            others = [
                (
                    each,
                    each_when(each),
                    names_in(each, "outranks"),
                    clause_terms(instead(block, each), terms, settle, text.header).earn,
                )
                for each in over
            ]
            own = terms.clauses[block.id]
            terms.clauses[block.id] = replace(own, earn=excepted(own.earn, others))
        if block.kind == "reversal":
            terms.clauses[block.id] = reversal_terms(block, terms, settle)


def each_when(block: tree.Block) -> tree.Expression:
    """The condition of a block that must have one."""
    found = expression_of(first(block, "when"))
    assert found is not None
    return found


def instead(block: tree.Block, exception: tree.Block) -> tree.Block:
    """The clause with the price of an exception in place of its own."""
    price = tuple(each for each in exception.fields if each.key in ("rate", "amount", "tiers"))
    return replace(block, fields=(*(each for each in block.fields if each.key not in ("rate", "amount", "tiers")), *price))


def ranges(found: tree.Field | None) -> dict[str, Span]:
    """The named ranges of the header, half-open."""
    spans: dict[str, Span] = {}
    for item in found.items if found is not None else ():
        if isinstance(item, tree.Group):
            name = next(each.id for each in item.items if isinstance(each, tree.Name))
            start, last = days_in(item.items)
            spans[name] = (start, last + timedelta(days=1))
    return spans


def year_start(found: tree.Field | None) -> int:
    """The first month of the year."""
    return 1 if found is None else int(number(found.items[0]))  # type: ignore[arg-type]


def minimum(found: tree.Field | None, word: str) -> Fraction | None:
    """A number of the payout line: the smallest amount paid out, how often it may wait, when it is given up."""
    least = None if found is None else bracket(found.items, word)
    return None if least is None else number(least.items[0])  # type: ignore[arg-type]


def vat_rates(found: tree.Field | None) -> list[tuple[Fraction, date | None, date | None]]:
    """Rates with their half-open dates."""
    rates: list[tuple[Fraction, date | None, date | None]] = []
    for item in found.items if found is not None else ():
        if isinstance(item, tree.Number):
            rates.append((number(item), None, None))
        elif isinstance(item, tree.Row) and isinstance(item.price, tree.Value):
            rates.append((number(item.price.parts[0].amount), item.start, after(item.end)))  # type: ignore[arg-type]
    return rates
