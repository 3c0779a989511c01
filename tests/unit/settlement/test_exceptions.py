"""Returns that do not fit their sale are named, once."""

from __future__ import annotations

from rules_engine.settlement.model import Settlement
from tests.unit.settlement.building import Account, back, goods, program, sale


def named(done: Settlement) -> list[tuple[str, str]]:
    return [(item.code, item.id) for item in done.exceptions]


def test_a_return_larger_than_its_sale() -> None:
    account = Account(program(goods()))
    sold = sale("s", "2026-01-05", "100", quantity="10")
    first = back("r1", "2026-01-06", "60", ref_doc_id="s", quantity="6")
    second = back("r2", "2026-01-07", "40", ref_doc_id="s", quantity="5")
    assert named(account.settle("2026-01", sold, first)) == []
    late = back("r3", "2026-02-07", "1", ref_doc_id="s", quantity="1")
    found = Account(program(goods())).settle("2026-01", sold, first, second)
    assert [(item.code, item.id, item.column, str(item.sold), str(item.returned)) for item in found.exceptions] == [
        ("return_larger_than_sale", "r2", "quantity", "10", "11")
    ]
    assert named(account.settle("2026-02", back("r4", "2026-02-06", "40", ref_doc_id="s", quantity="4"), late)) == [
        ("return_larger_than_sale", "r3")
    ]
    assert named(account.settle("2026-03")) == []


def test_a_return_without_a_sale_where_others_name_one() -> None:
    alone = Account(program(goods()))
    assert named(alone.settle("2026-01", sale("s", "2026-01-05", "100"), back("r", "2026-01-06", "10"))) == []
    account = Account(program(goods()))
    linked = back("a", "2026-01-07", "10", ref_doc_id="s")
    found = account.settle("2026-01", sale("s", "2026-01-05", "100"), linked, back("r", "2026-01-06", "10"))
    assert named(found) == [("unlinked_return", "r")]


def test_an_original_that_is_not_there_and_a_return_after_the_end() -> None:
    account = Account(program(goods()))
    assert named(account.settle("2026-12", back("r", "2026-12-06", "10", ref_doc_id="x"))) == [("unknown_original", "r")]
    assert named(account.settle("2027-01", back("q", "2027-01-06", "10"))) == [("return_after_end", "q")]
