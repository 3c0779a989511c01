"""One amount shared: among payees, over groups, over days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.unit.check.checking import codes, only, program

PARTIES = 'party dealer D-20 "Orchard Trading"\n\nparty agent D-21 "Agents"\n\n'


def commission(payees: str) -> str:
    return f"{PARTIES}commission c\n  on    sold\n  rate  2%\n  paid by supplier to {payees}\n"


@pytest.mark.parametrize(
    ("payees", "shares"),
    [
        ("dealer", [("dealer", None)]),
        ("dealer 60%, agent 40%", [("dealer", "0.6"), ("agent", "0.4")]),
        ("dealer 35%, agent 15%, rest platform", [("dealer", "0.35"), ("agent", "0.15"), ("platform", None)]),
    ],
)
def test_payees(payees: str, shares: list[tuple[str, str | None]]) -> None:
    found = program(commission(payees)).clauses["c"].shares
    assert [(item.party, item.share) for item in found] == [(name, Decimal(each) if each else None) for name, each in shares]


@pytest.mark.parametrize(
    ("payees", "why"),
    [
        ("dealer 60%, agent 30%", "the shares add up to 90%: of 1,000.00, 100.00 has no owner."),
        ("dealer 60%, agent 50%", "the shares add up to 110%: of 1,000.00, 100.00 is given away twice."),
        ("dealer 60%, agent 50%, rest platform", "the shares add up to 110%: of 1,000.00, 100.00 is given away twice."),
    ],
)
def test_shares_that_are_no_whole(payees: str, why: str) -> None:
    found = only(commission(payees))
    assert (found.code, found.why) == ("SE0215", why)


def test_a_payee_nobody_declared() -> None:
    found = only(commission("broker"))
    assert (found.code, found.fix) == ("SE0308", 'party broker "…"')


def test_shares_of_a_due_date() -> None:
    text = "fee c\n  amount  1,000\n  due     40% 2026-05-10, 60% 2026-11-10\n"
    assert [(item.share, item.day) for item in program(text).clauses["c"].due] == [
        (Decimal("0.4"), date(2026, 5, 10)),
        (Decimal("0.6"), date(2026, 11, 10)),
    ]
    assert codes(text.replace("60%", "50%")) == ["SE0215"]


def test_spread_by_day() -> None:
    found = program("fee c\n  amount  1,000\n  spread by day from 2026-03-01 to 2026-03-31\n").clauses["c"].spread
    assert found is not None
    assert (found.start, found.end) == (date(2026, 3, 1), date(2026, 4, 1))
    assert codes("fee c\n  amount  1,000\n  spread by day from 2026-03-31 to 2026-03-01\n") == ["SE0209"]


def test_spread_by_weight() -> None:
    found = program("fee c\n  amount  1,000\n  period  month\n  spread over category by net_sales\n").clauses["c"].spread
    assert found is not None
    assert (found.by, found.over) == ("weight", "category")


def test_a_weight_whose_documents_lack_the_groups() -> None:
    found = only("fee c\n  amount  1,000\n  period  month\n  spread over shop by net_sales\n")
    assert (found.code, "`shop`" in found.why) == ("SE0309", True)


def test_what_the_platform_pays_may_go_to_a_party() -> None:
    found = program(commission("dealer").replace("by supplier", "by platform")).clauses["c"]
    assert (found.payer, found.shares[0].party) == ("platform", "dealer")


def test_a_party_that_pays_says_whom() -> None:
    assert codes(f"{PARTIES}fee f paid by agent\n  amount  100\n  period  month\n") == ["SE0595"]
    assert program(f"{PARTIES}fee f paid by agent to platform\n  amount  100\n  period  month\n").clauses["f"].payer == "agent"


def test_a_limit_is_over_money_of_others_too_and_a_floor_needs_the_same_payees() -> None:
    text = commission("dealer").replace("by supplier", "by platform")
    assert codes(f"{text}\nlimit l\n  of       c\n  at most  5 in each year\n") == []
    other = text.split("\n\n")[-1].replace("commission c", "commission d").replace("dealer", "agent")
    both = f"{text}\n{other}\nlimit l\n  of c, d\n"
    assert codes(f"{both}  at most  5 in each year\n") == []
    assert codes(f"{both}  at least  5 in each year\n") == ["SE0202"]


@pytest.mark.parametrize(
    ("funders", "code"),
    [
        ("supplier 60%, rest platform", []),
        ("supplier 60%, platform 30%", ["SE0215"]),
        ("platform 60%, rest government", ["SE0594"]),
    ],
)
def test_who_funds(funders: str, code: list[str]) -> None:
    assert codes(f"charge c paid by supplier\n  on    sold\n  rate  2%\n  funded  {funders}\n") == code


@pytest.mark.parametrize(
    ("payees", "found"), [("dealer 60%, rest agent", []), ("dealer 60%, agent 20%, third 10%, rest platform", ["SW0915"])]
)
def test_more_than_two_levels_are_a_warning(payees: str, found: list[str]) -> None:
    assert codes(f'party third D-22 "Third"\n\n{commission(payees)}') == found
