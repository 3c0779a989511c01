"""Many rows by one column are looked up: the same rows as by trying each, and no limit to how many there are."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product

import pytest

from rules_engine.core.expressions import Compare, Expression, Logic, Priced, Row, Table
from rules_engine.engine.interpreted.interpreter import Interpreter
from rules_engine.engine.printed.compiler import compile_program
from rules_engine.engine.reading import row_index
from rules_engine.engine.reading.facts import Facts, gather
from rules_engine.engine.reading.masks import mask_of, mask_text, rows_of
from rules_engine.engine.reading.row_index import row_mask
from tests.unit.engine.building import asking, clause, document, is_text, no_results, program, rate, text, total

PAID = total("paid", "sale")
MAY = date(2026, 5, 1)
YEAR = asking("2026-01-01", "2027-01-01")


def either(*names: str) -> Expression:
    return Logic("or", tuple(is_text("category", name) for name in names))


ROWS = (
    *(Row(rate(str(number)), is_text("category", f"c{number}")) for number in range(10)),
    Row(rate("11"), is_text("category", "c1"), end=MAY),
    Row(rate("12"), is_text("category", "c1"), start=MAY),
    Row(rate("13"), either("c2", "c3", "c2")),
    Row(rate("14"), Logic("and", (is_text("category", "c4"), is_text("brand", "x")))),
    Row(rate("15"), is_text("brand", "y")),
    Row(rate("16"), Logic("or", (is_text("category", "c5"), is_text("brand", "x")))),
    Row(rate("17"), Compare("!=", text("category"), text("brand"))),
    Row(rate("18"), start=MAY),
    Row(rate("19"), otherwise=True),
)


def facts() -> Facts:
    cells = product(("", "c1", "c2", "c4", "c5", "c9", "other"), ("", "x", "y", "c1"), ("2026-04-30", "2026-05-01"))
    sales = [
        document("sale", f"D{number}", day, paid="1", **{name: value for name, value in (("category", category), ("brand", brand)) if value})
        for number, (category, brand, day) in enumerate(cells)
    ]
    return gather(program(clause(Priced(PAID, Table(ROWS, "all")))), sales)


@pytest.mark.parametrize("dated", [True, False])
def test_looked_up_rows_are_the_tried_ones(dated: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    held = facts()
    looked_up = row_mask(ROWS, held.indexes.reader, dated)
    with monkeypatch.context() as patch:
        patch.setattr(row_index, "MANY", len(ROWS) + 1)
        tried = row_mask(ROWS, held.indexes.reader, dated)
    records = [record for record, _ in held.contributions(PAID, YEAR, ())]
    assert len(records) == 56
    assert [rows_of(looked_up(record)) for record in records] == [rows_of(tried(record)) for record in records]


def test_only_rows_that_ask_for_more_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[int] = []
    plain = row_index._tried

    def counted(rows: object, *others: object) -> object:
        left.append(len(rows))  # type: ignore[arg-type]
        return plain(rows, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(row_index, "_tried", counted)
    row_mask(ROWS, facts().indexes.reader, True)
    assert left == [6]


def test_fifteen_thousand_rows() -> None:
    table = Table((*(Row(rate("2"), is_text("category", f"c{number}")) for number in range(15_000)), Row(rate("1"), otherwise=True)))
    earn = Priced(PAID, table)
    made = program(clause(earn))
    found = gather(made, [document("sale", f"D{number}", "2026-03-01", paid="100", category=name) for number, name in enumerate(("c0", "c14999", "none"))])
    expected = Fraction(5)
    assert compile_program(made).bind(found).evaluate(earn, YEAR, no_results).value == expected
    assert Interpreter(made, found).evaluate(earn, YEAR, no_results).value == expected


@pytest.mark.parametrize("bits", [(0,), (3, 5), (0, 14_999), (20_000,)])
def test_a_mask_is_read_back_from_its_text(bits: tuple[int, ...]) -> None:
    mask = sum(1 << bit for bit in bits)
    assert mask_of(mask_text(mask)) == mask
    assert rows_of(mask) == bits
    assert mask_text(5) == "5"
