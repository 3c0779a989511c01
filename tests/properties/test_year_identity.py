"""A year settled period by period, in larger steps or once at its end comes to the same cents, key by key.

Late documents, returns, a correction weeks later and an amendment known late are thrown in. What is taken only out of a
positive net (deposits, prepayments) follows the nets of the runs and is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from hypothesis import given, settings, strategies as st

from rules_engine.settlement.model import Settlement
from tests.naive.keys import Key
from tests.naive.run import heard
from tests.naive.windows import Span
from tests.properties.pipeline import Contract, amended_contract, by_key, checked, contract, run, told
from tests.strategies.amending import amended
from tests.strategies.contracts import contracts
from tests.strategies.documents import Row, families, rows
from tests.strategies.memory import UNSPOKEN, remembered
from tests.strategies.terms import written

many = settings(max_examples=min(1_500, max(10, settings().max_examples // 2)))
MADE = st.one_of(
    contracts().map(contract), written().map(checked), remembered(UNSPOKEN).map(checked), amended().map(lambda texts: amended_contract(*texts)),
)  # fmt: skip


def steps(periods: Sequence[Span], size: int) -> list[Span]:
    """The same days in larger periods; the last one takes what is left."""
    groups = [periods[at : at + size] for at in range(0, len(periods), size)]
    return [(group[0][0], group[-1][1]) for group in groups]


def corrected(found: Sequence[Row], after: int) -> tuple[Row, ...]:
    """The documents, and a cancelled first sale booked again at another price, both known some days later."""
    sale = next((row for row in found if row["type"] == "sale"), None)
    if sale is None:
        return tuple(found)
    later = {"known_on": heard(sale) + timedelta(days=after)}
    link = {"ref_doc_id": sale["doc_id"], "ref_line_no": sale["line_no"]}
    again = {**sale, "doc_id": "AGAIN", "paid": sale["paid"] + Fraction(1), **later}
    return (*found, {**sale, **link, "type": "customer_return", "doc_id": "GONE", **later}, again)


def of_the_year(made: Contract, settled: Sequence[Settlement]) -> dict[Key, Fraction]:
    """What every key came to over all runs."""
    total: dict[Key, Fraction] = {}
    for each in settled:
        for key, (amount, _) in by_key(each).items():
            total[key] = total.get(key, Fraction(0)) + amount
    clauses = made.program.clauses
    cumulative = {key: amount for key, amount in total.items() if key[0] not in clauses or clauses[key[0]].collect == "in_full"}
    return {key: amount for key, amount in cumulative.items() if amount}


@many
@given(st.data(), st.integers(0, 45), st.integers(2, 4))
def test_a_year_is_the_same_by_month_by_quarter_or_at_once(data: st.DataObject, after: int, size: int) -> None:
    made = data.draw(MADE)
    drawn = rows(made.periods[0][0], made.periods[-1][1], families=families(made.text), most=10)
    found = corrected(data.draw(drawn), after)
    small, large, whole = (
        of_the_year(made, run(made, found, periods))
        for periods in (made.periods, steps(made.periods, size), steps(made.periods, len(made.periods)))
    )
    assert small == large == whole, told(made, found, made.periods[-1])
