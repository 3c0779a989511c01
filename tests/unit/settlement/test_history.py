"""Posted statements: read back strictly, in order, and proven against the documents given."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from rules_engine.core.expressions import Aggregate, Column, Source
from rules_engine.core.program import OnAccount, Papers, Program
from rules_engine.core.units import Unit
from rules_engine.diagnostics.model import ContractError, Severity
from rules_engine.documents.model import Documents
from rules_engine.settlement.past.posted import as_posted, parse_posted
from rules_engine.settlement.settle import settle
from rules_engine.statement.document import document as statement_of
from tests.unit.settlement.building import (
    VAT,
    YEAR,
    Account,
    amounts,
    at_most,
    back,
    clause,
    goods,
    priced,
    program,
    sale,
    total,
    whole,
)  # fmt: skip


def yearly(**changes: Any) -> Program:
    tiers = whole(("1000", "1"), ("2000", "2"))
    plan = {"period": YEAR, "on_account": OnAccount("month"), "papers": Papers("supplier", "cash")}
    return program(goods(), clause("c", priced(total(less="customer_return"), tiers), **{**plan, **changes}), **VAT)


def account(made: Program | None = None) -> Account:
    found = Account(made or yearly())
    found.settle("2026-01", sale("a", "2026-01-05", "1200"))
    found.settle("2026-02", sale("b", "2026-02-05", "500"), back("r", "2026-02-07", "100"))
    return found


def data_of(found: Account, index: int = -1) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(json.dumps(statement_of(found.settlements[index], "en")))
    return record


def codes(error: pytest.ExceptionInfo[ContractError]) -> list[str]:
    return [item.code for item in error.value.diagnostics]


def test_a_statement_reads_back_as_it_was_posted() -> None:
    found = account()
    for index, settlement in enumerate(found.settlements):
        assert parse_posted(data_of(found, index)) == as_posted(settlement)


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        (("schema",), "else/1", "SE0707"),
        (("schema",), None, "SE0707"),
        (("period", "from"), "2026-13-01", "SE0708"),
        (("lines", 0, "amount"), 12.5, "SE0708"),
        (("lines", 0, "amount"), "NaN", "SE0708"),
        (("lines", 0, "group"), [], "SE0708"),
        (("receipt", "control_totals"), "none", "SE0708"),
        (("lines", 0, "amount"), "1.00", "SE0709"),
        (("totals", "net"), "9999.00", "SE0709"),
        (("totals", "payable"), None, "SE0708"),
        (("receipt", "carried_measures", -1, "total"), "NaN", "SE0708"),
        (("receipt", "carried_measures", -1, "total"), "1/0", "SE0708"),
        (("receipt", "carried_measures", -1, "group"), ["rice", "oil"], "SE0708"),
        (("receipt", "carried_measures", 0, "count"), 5, "SE0708"),
        (("totals", "carried_out"), "1.00", "SE0709"),
        (("lines", 0, "papers", "vat"), "1.00", "SE0709"),
    ],
)
def test_an_edited_statement_is_refused(place: tuple[str | int, ...], value: object, code: str) -> None:
    record: Any = data_of(account())
    inner = record
    for part in place[:-1]:
        inner = inner[part]
    inner[place[-1]] = value
    with pytest.raises(ContractError) as error:
        parse_posted(record)
    assert code in codes(error)


@pytest.mark.parametrize("data", [[], None, 5, "x", [{}], {}])
def test_what_is_no_statement_is_refused(data: object) -> None:
    with pytest.raises(ContractError) as error:
        parse_posted(data)
    assert codes(error) == ["SE0707"]


def refused(found: Account, period: str = "2026-03") -> list[str]:
    with pytest.raises(ContractError) as error:
        found.settle(period)
    return codes(error)


def test_a_statement_of_another_contract_is_refused() -> None:
    found = account()
    found.program = yearly()
    found.program = replace(found.program, header=replace(found.program.header, id="T-2"))
    assert refused(found) == ["SE0706", "SE0706"]


def test_the_same_statement_twice_is_refused() -> None:
    found = account()
    found.settlements.append(found.settlements[-1])
    assert refused(found) == ["SE0710"]


def test_a_period_before_a_posted_one_is_refused() -> None:
    assert refused(account(), "2026-01") == ["SE0711"]


@pytest.mark.parametrize("period", ["2025-12", "soon", "2026-13"])
def test_a_period_that_is_none_is_refused(period: str) -> None:
    assert refused(account(), period) == ["SE0704"]


def only(found: Account, first_month: int, **changes: Any) -> Documents:
    return Documents(tuple(line for line in found.documents if line.date.month >= first_month), **changes)


def test_rule_18_carried_sums_replace_earlier_documents() -> None:
    found = account().add(sale("c", "2026-03-05", "800"))
    posted = [as_posted(item) for item in found.settlements]
    short = settle(found.program, only(found, 3), "2026-03", posted)
    whole_run = found.settle("2026-03")
    assert amounts(short) == amounts(whole_run)
    assert short.totals == whole_run.totals
    assert short.receipt.control_totals == whole_run.receipt.control_totals
    posted.append(as_posted(short))
    found.add(sale("d", "2026-04-05", "100"))
    assert amounts(settle(found.program, only(found, 4), "2026-04", posted)) == amounts(found.settle("2026-04"))


def test_rule_18_a_late_document_of_a_carried_period() -> None:
    found = account().add(sale("c", "2026-03-05", "800"), sale("late", "2026-01-20", "300", known="2026-03-02"))
    posted = [as_posted(item) for item in found.settlements]
    given = Documents(tuple(line for line in found.documents if line.id in ("c", "late")))
    assert amounts(settle(found.program, given, "2026-03", posted)) == amounts(found.settle("2026-03"))


def test_rule_18_what_sums_cannot_carry_is_refused_by_name() -> None:
    most = Aggregate("max", Column("paid", Unit.MONEY), (Source("sale", 1),), None, Unit.MONEY)
    found = account(program(goods(), clause("c", priced(most, "10"), period=YEAR, on_account=OnAccount("month")), **VAT))
    posted = [as_posted(item) for item in found.settlements]
    with pytest.raises(ContractError) as error:
        settle(found.program, only(found, 3), "2026-03", posted)
    assert codes(error) == ["SE0713"]
    assert "`c`" in error.value.diagnostics[0].why
    assert "2026-01, 2026-02" in error.value.diagnostics[0].why


def test_rule_18_closed_windows_without_documents_stay_as_posted() -> None:
    most = Aggregate("max", Column("paid", Unit.MONEY), (Source("sale", 1),), None, Unit.MONEY)
    found = account(program(goods(), clause("c", priced(most, "10"), bounds=(at_most("150", YEAR),)), **VAT))
    found.add(sale("c", "2026-03-05", "800"))
    posted = [as_posted(item) for item in found.settlements]
    done = settle(found.program, only(found, 3), "2026-03", posted)
    assert amounts(done) == {"sold 03": "800.00"}
    assert {(item.clause, item.reason) for item in done.nothing_due} == {("c", "cap_used_up")}


def test_rule_18_fewer_documents_than_were_settled_are_refused() -> None:
    found = account()
    found.documents = [line for line in found.documents if line.id != "b"]
    assert refused(found) == ["SE0714"]


def test_rule_18_changed_documents_are_told() -> None:
    found = account()
    found.documents = [sale("b", "2026-02-05", "600") if line.id == "b" else line for line in found.documents]
    done = found.settle("2026-03")
    assert [(item.code, item.severity) for item in done.diagnostics] == [("SE0712", Severity.WARNING)]
    assert amounts(done)["sold 02"] == "100.00"


def test_periods_never_posted_are_settled_now_with_a_notice() -> None:
    found = Account(yearly())
    done = found.settle("2026-02", sale("a", "2026-01-05", "1200"), sale("b", "2026-02-05", "500"))
    assert amounts(done) == {"sold 01": "1200.00", "sold 02": "500.00", "c 01": "17.00"}
    assert {line.status for line in done.lines} == {"due"}
    assert [code for code, _ in done.notices] == ["earlier_periods"]


def test_a_rerun_with_its_own_statement_posts_nothing() -> None:
    found = account()
    again = found.again("2026-02")
    assert not again.lines
    assert again.totals.net == 0


def test_a_statement_missing_before_the_first_is_noticed() -> None:
    found = account()
    del found.settlements[0]
    assert refused(found) == ["SE0705"]


def test_a_statement_missing_between_is_noticed() -> None:
    found = account()
    found.settle("2026-03", sale("c", "2026-03-05", "1"))
    del found.settlements[1]
    assert refused(found, "2026-04") == ["SE0719"]


def test_a_missing_statement_is_noticed_by_what_was_carried_or_posted() -> None:
    found = account()
    posted = [as_posted(item) for item in found.settlements]
    bare = replace(posted[1], control_totals={})
    for broken in (bare, replace(bare, lines=(), carried_in=Decimal(5))):
        with pytest.raises(ContractError) as error:
            settle(found.program, Documents(()), "2026-03", [broken])
        assert codes(error) == ["SE0705"]


def test_months_settled_late_are_no_gap() -> None:
    found = Account(yearly())
    found.settle("2026-02", sale("a", "2026-01-05", "1200"), sale("b", "2026-02-05", "500"))
    found.settle("2026-04", sale("c", "2026-03-05", "10"))
    done = found.settle("2026-05")
    assert not done.lines
    assert [code for code, _ in found.settlements[1].notices] == ["earlier_periods"]
