"""Lines: their ids, their traces, and the hashes of what they rest on."""

from __future__ import annotations

from rules_engine.core.program import OnAccount, Share
from rules_engine.core.trace import TraceStep
from rules_engine.settlement.reasons import REASONS
from tests.unit.settlement.building import (
    MONTH,
    QUARTER,
    YEAR,
    Account,
    D,
    at_least,
    at_most,
    clause,
    priced,
    program,
    sale,
    total,
)  # fmt: skip


def ops(step: TraceStep) -> list[str]:
    """From the due amount inwards, as far as one thing was done after the other."""
    found = [step.op]
    while len(step.parts) == 1:
        (step,) = step.parts
        found.append(step.op)
    return found


def test_ids_are_readable_unique_and_the_same_again() -> None:
    account = Account(program(clause("c", priced(total(), "10"), per=("category", "sku"))))
    names = (("rice", "1"), ("食用油", "A 1"), ("a/b", "1"), ("a b", "1"), ("", "1"), ("a-b", "c"), ("a", "b-c"))
    account.add(*(sale(f"s{index}", "2026-01-05", "1", category=one, sku=two) for index, (one, two) in enumerate(names)))
    ids = [line.id for line in account.again("2026-01").lines]
    assert len(set(ids)) == len(names)
    assert "c-rice-1-2026-01" in ids
    assert any(name.startswith("c-食用油-A_1~") for name in ids)
    assert ids == [line.id for line in account.again("2026-01").lines]


def test_ids_name_the_run_where_it_is_not_the_window() -> None:
    made = clause("c", priced(total(), "10"), period=QUARTER, on_account=OnAccount("month"))
    account = Account(program(made))
    account.settle("2026-01", sale("a", "2026-01-05", "1"))
    account.settle("2026-Q1", sale("b", "2026-03-05", "1"))
    assert [line.id for done in account.settlements for line in done.lines] == ["c-2026-Q1.2026-01", "c-2026-Q1"]


def test_a_second_run_of_a_period_numbers_its_lines() -> None:
    account = Account(program(clause("c", priced(total(), "10"))))
    account.settle("2026-01", sale("a", "2026-01-05", "1"))
    account.add(sale("b", "2026-01-06", "1"))
    assert [line.id for line in account.again("2026-01").lines] == ["c-2026-01.2"]


def test_a_trace_tells_every_step_from_earning_to_due() -> None:
    bounds = (at_most("90", YEAR), at_most("50", MONTH), at_least("2"))
    made = clause("c", priced(total(), "10"), bounds=bounds, shares=(Share("A", D("0.5")), Share("B", None)))
    account = Account(program(made))
    line = account.settle("2026-01", sale("a", "2026-01-05", "1000")).lines[0]
    assert ops(line.trace)[:4] == ["subtract", "share", "round", "most"]
    assert line.trace.value == D("25.00")
    assert line.trace.detail["posted"] == "0"
    assert (line.unrounded, str(line.base), line.document_count) == ("50", "1000.00", 1)


def test_a_trace_names_what_was_posted_before() -> None:
    account = Account(program(clause("c", priced(total(), "10"))))
    account.settle("2026-01", sale("a", "2026-01-05", "10"))
    line = account.settle("2026-02", sale("b", "2026-01-06", "10", known="2026-02-01")).lines[0]
    assert line.trace.detail == {"posted": "1.00", "target": "2.00", "lines": "c-2026-01"}


def test_hashes_follow_the_documents_and_not_their_order() -> None:
    account = Account(program(clause("c", priced(total(), "10"))))
    account.add(sale("a", "2026-01-05", "10"), sale("b", "2026-01-06", "10"))
    first = account.again("2026-01")
    account.documents.reverse()
    assert account.again("2026-01").receipt == first.receipt
    account.documents[0] = sale("b", "2026-01-06", "11")
    changed = account.again("2026-01")
    assert changed.receipt.documents_sha256 != first.receipt.documents_sha256
    assert changed.lines[0].documents_sha256 == first.lines[0].documents_sha256


def test_control_totals_count_and_add_by_settlement_and_type() -> None:
    account = Account(program(clause("c", priced(total(), "10"))))
    done = account.settle("2026-01", sale("a", "2026-01-05", "10.50"), sale("b", "2026-01-06", "1"))
    assert done.receipt.control_totals == {
        "2026-01 sale documents": "2", "2026-01 sale paid": "11.5", "2026-01 sale supply_amount": "11.5",
    }  # fmt: skip


def test_every_reason_is_worded_in_both_languages() -> None:
    assert all(english and chinese for english, chinese in REASONS.values())
