"""What rules on retailers and suppliers say of a text."""

from __future__ import annotations

import pytest

from rules_engine.api import notes
from rules_engine.diagnostics.model import Severity
from tests.unit.check.checking import HEADS, findings, program
from tests.unit.check.knowledge.noting import codes, why


@pytest.mark.parametrize(
    ("fee", "language"),
    [
        ('fee f "Opening of a new store"\n  amount 5,000\n  due 2026-09-01\n', "en"),
        ('fee barcode "Codes"\n  amount 5,000\n  due 2026-09-01\n', "en"),
        ("费用 进场费\n  金额 5,000\n  支付 2026-09-01\n", "zh"),
        ('费用 f "店面装修"\n  金额 5,000\n  支付 2026-09-01\n', "zh"),
    ],
)
def test_fees_that_may_not_be_charged(fee: str, language: str) -> None:
    (found,) = findings(fee, language)
    assert (found.code, found.severity) == ("SW0906", Severity.WARNING)
    note = '  note "staff at the door"\n' if language == "en" else '  备注 "促销员"\n'
    assert findings(fee + note, language) == ()


def test_other_fees() -> None:
    assert findings('fee labelling "Labelling at the warehouse"\n  amount 50\n  due 2026-09-01\n') == ()


def test_a_rebate_short_of_its_first_target() -> None:
    text = "rebate v\n  on sold\n  period year\n  tiers marginal\n    up to 1,000 {0}\n    over 1,000 2%\n"
    assert codes(text.format("none")) == []
    assert "short of the first target of 1,000.00 `v` already pays up to 10.00" in why(text.format("1%"), "SN1013")


def test_a_fee_by_percentage() -> None:
    assert codes("fee service\n  on sold\n  rate 2%\n") == ["SN1014"]
    assert codes("fee service\n  on sum of quantity over sales\n  rate 0.05 per unit\n") == []
    assert codes("fee service\n  on sum of amount over fixed_fees\n") == []


def test_one_note_names_every_fee_of_a_platform_that_buys() -> None:
    fees = "".join(f"fee {name}\n  on sold\n  rate 2%\n\n" for name in ("a", "b", "c"))
    assert codes(fees) == ["SN1014"]
    assert "so are 2 more" in why(fees, "SN1014")
    head = HEADS["en"].replace("  signed ", "  mode       marketplace\n  signed ")
    assert notes(program(fees, head=head)) == ()


def test_sources_and_waiting() -> None:
    goods = "goods g\n  on sum of supply_amount over sales\n"
    assert why(goods, "SN1015") == "1 of 1 clauses name no place in the signed paper: g."
    assert "up to 90 days" in why(goods, "SN1016")
