"""Documents, columns, parties, values and measures."""

from __future__ import annotations

from decimal import Decimal

from rules_engine.core.units import Unit
from tests.unit.check.checking import codes, program


def test_own_documents() -> None:
    made = program('documents audit "Store audits" on audited_on\n  side  none\n  column  score  number 0 to 100\n')
    kind = made.types["audit"]
    assert (kind.side, kind.clock) == ("none", "audited_on")
    score = kind.columns["score"]
    assert (score.unit, score.low, score.high) == (Unit.NUMBER, Decimal(0), Decimal(100))


def test_own_columns_of_documents_there_are() -> None:
    made = program(
        "documents sales\n  column  remaining_life days\n  column  grade one of A, B\n  column  fresh = remaining_life > 30 days\n"
    )
    columns = made.types["sale"].columns
    assert (columns["remaining_life"].unit, columns["grade"].choices, columns["fresh"].unit) == (
        Unit.DAYS,
        ("A", "B"),
        Unit.YES_NO,
    )


def test_a_column_given_twice() -> None:
    assert codes("documents sales\n  column  paid quantity\n") == ["SE0302"]


def test_a_percent_column_is_bounded_in_percent() -> None:
    column = program("documents sales\n  column  share percent 0 to 100\n").types["sale"].columns["share"]
    assert (column.low, column.high) == (Decimal(0), Decimal(1))


def test_a_value_without_a_number() -> None:
    assert codes("value target\n  starts  1.80\n") == ["SE0256"]


def test_a_priced_measure() -> None:
    measure = program("measure factor\n  amount\n    1.15  from 2026-06-01 until 2026-08-31\n    1     otherwise\n").measures[
        "factor"
    ]
    assert measure.unit is Unit.NUMBER


def test_shown_measures() -> None:
    assert program("measure rate_of_margin show\n  net_sales / cost_of_sales\n").measures["rate_of_margin"].shown


def test_a_column_that_is_there_may_be_named_again_for_what_it_is() -> None:
    own = "documents audits on audited_on\n  column audited_on date\n  column reason one of late, early\n"
    assert program(own).types["audits"].columns["reason"].choices == ("late", "early")
    assert codes(own + "  column sku number\n") == ["SE0302"]
    assert codes(own + "  column score number\n  column score number\n") == ["SE0302"]
