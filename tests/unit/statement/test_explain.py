from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from rules_engine.core.trace import TraceStep
from rules_engine.core.units import Unit
from rules_engine.settlement.model import Line
from rules_engine.statement.explain import explain, explain_line
from tests.unit.statement.samples import lines, number, program, settlement, total


def told(step: TraceStep, language: str = "en", **changes: object) -> list[str]:
    """The lines of a trace under an otherwise plain line."""
    plain = next(line for line in lines("en") if line.clause == "labelling")
    changed = replace(plain, trace=step, **changes)  # type: ignore[arg-type] # fields of a line
    return [said.line() for said in explain_line(changed, program(language), language)][:-1]


def step(op: str, result: str | None, *parts: TraceStep, unit: Unit = Unit.MONEY, label: str = "", **detail: str) -> TraceStep:
    return TraceStep(op, None if result is None else Fraction(result), unit, label, parts, detail)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_whole_explanations(language: str, golden) -> None:  # type: ignore[no-untyped-def] # the fixture's type lives in conftest
    found = settlement(language)
    text = "\n".join(explain(found, line.id, view="supplier") for line in (*found.lines, *found.pending))
    golden.check(f"statement/explanations.{language}.txt", text)


def test_the_worked_example_of_a_guarantee() -> None:
    margin = step("-", "-10", number("70"), number("80"))
    due = step("max", "17", number("0"), step("-", "17", step("*", "7", number("0.10", Unit.PERCENT), number("70")), margin))
    assert told(due) == ["largest of: max(0.00, 10% × 70.00 − (70.00 − 80.00)) = 17.00"]


def test_rounding_and_what_was_posted_are_lines_of_their_own() -> None:
    product = step("*", "144", number("1200"), number("0.12", Unit.PERCENT))
    rounded = step("round", "17.00", step("/", "17", number("34"), number("2", Unit.NUMBER)), mode="half_up", to="0.01")
    assert told(product) == ["amount: 1,200.00 × 12% = 144.00"]
    assert told(rounded) == ["quotient: 34.00 ÷ 2 = 17.00", "rounded half up to 0.01: 17.00"]
    posted = told(rounded, target=Decimal("64.00"), posted=Decimal("96.00"), amount=Decimal("-32.00"))
    assert posted[-1] == "already posted 96.00 → due −32.00"


def test_a_price_is_told_above_its_base() -> None:
    base = total("640", "gmv", ("sale:X/1",))
    price = step("*", "76.8", number("640"), number("0.12", Unit.PERCENT))
    assert told(step("priced", "76.8", base, price)) == [
        "amount: 640.00 × 12% = 76.80",
        "  Sales after the supplier's coupons, before the platform's: sum over 1 document (sales) = 640.00",
    ]


def test_a_price_of_the_whole_base_is_the_base() -> None:
    base, price = total("640", "", ("sale:X/1",)), step("*", "640", number("640"), number("1", Unit.PERCENT))
    assert told(step("priced", "640", base, price)) == ["sum over 1 document (sales): 640.00"]


def test_a_unit_price_of_one_is_still_told() -> None:
    base = total("50", "", ("labelling:L/1",), Unit.QUANTITY)
    price = step("*", "50", TraceStep("constant", Fraction(50), Unit.QUANTITY), number("1", Unit.PRICE))
    assert told(step("priced", "50", base, price))[0] == "amount: 50 × 1.00 per unit = 50.00"


def test_floors_caps_and_unit_prices() -> None:
    parts = step("+", "2.41", step("*", "2.16", number("120"), number("0.018", Unit.PERCENT)), number("0.25"))
    floor = step("max", "2.41", parts, number("0.90"), binds="no", bound="0.9")
    assert told(floor) == ["at least 0.90: max(120.00 × 1.8% + 0.25, 0.90) = 2.41"]
    units = TraceStep("constant", Fraction(4), Unit.NUMBER, detail={"count": "12", "step": "started"})
    assert told(step("*", "112", units, number("28"))) == ["amount: 4 started lots of 12 × 28.00 = 112.00"]


def test_rows_and_bands_are_quoted_or_named_by_their_bounds() -> None:
    band = step("band", "64", step("*", "64", number("6400"), number("0.01", Unit.PERCENT)), lower="1000000", upper="")
    assert told(step("whole", "64", band)) == [
        "tiers, the reached band on all: 64.00",
        "  band above 1,000,000: 6,400.00 × 1% = 64.00",
    ]


@pytest.mark.parametrize(
    ("after", "text"),
    [
        (step("most", "35", number("55"), limit="90", window="2026", used="55"), "at most 90.00 in 2026, of which 55.00 was used before: 35.00"),
        (step("least", "620", number("410"), limit="620", window="2026-Q1"), "at least 620.00 in 2026-Q1: 620.00"),
        (
            step("most", "33.33", TraceStep("limit", Fraction(50), Unit.MONEY), limit="100", members="150", excess="50.00", window="2026-01"),
            "the clauses together 150.00, at most 100.00 in 2026-01: 50.00 too much, this clause's share: 33.33",
        ),
        (
            step("least", "640", TraceStep("limit", Fraction(640), Unit.MONEY), limit="730", members="90", window="2026-Q1"),
            "the clauses together 90.00, at least 730.00 in 2026-Q1: missing: 640.00",
        ),
        (step("proportion", "33", number("90"), share="11/30", how="days"), "for 11/30 of the window by days: 33.00"),
        (step("negative", "0", number("-5"), policy="zero"), "a negative amount counts as zero: 0.00"),
        (step("negative", "0", number("-5"), policy="carry", carried="-3"), "a negative amount is carried forward, −3.00 from before: 0.00"),
        (step("share", "35", number("100"), payee="D-20", share="7/20"), "35% for D-20: 35.00"),
        (step("share", "30", number("100"), payee="D-21", share="rest"), "the rest for D-21: 30.00"),
        (step("share", "40", number("100"), vat_rate="13"), "the part at VAT 13%: 40.00"),
        (step("share", "40", number("100"), share="2/5"), "of which 40% is due so far: 40.00"),
        (step("spread", "0.04", number("0.10"), over="brand", value="Lark"), "the part of brand Lark: 0.04"),
        (step("highest", "286", number("266"), now="266"), "the highest so far stays, now it would be 266.00: 286.00"),
        (step("when", "0", number("5"), held="no"), "the condition does not hold: 0.00"),
        (step("vat", "113", number("100"), net="100", vat="13"), "with VAT: 100.00 + 13.00: 113.00"),
    ],
)  # fmt: skip
def test_what_is_done_afterwards(after: TraceStep, text: str) -> None:
    assert told(after)[-1] == text


def test_conditions() -> None:
    condition = TraceStep(
        "and",
        True,
        Unit.YES_NO,
        "",
        (step(">", None, number("1200"), number("1000")), step("=", None, number("1"), number("1"))),
    )
    assert told(condition) == ["all of: (1,200.00 > 1,000.00) and (1.00 = 1.00) = yes"]


def test_an_unknown_step_is_still_readable() -> None:
    (line,) = told(TraceStep("quantum_leap", Fraction(3), None, "", (), {"some_fact": "9"}))
    assert line == "quantum leap: some fact 9 = 3"


def test_missing_values_say_so() -> None:
    assert told(step("/", None, number("1"), number("0")), "zh") == ["商: 1.00 ÷ 0.00 = 缺少"]


def test_documents_are_named_with_their_amounts() -> None:
    detail = {"count": "5", "over": "sale, -customer_return", "amounts": "120 -20.5 7"}
    read = TraceStep(
        "sum", Fraction("106.5"), Unit.MONEY, "", (), detail, ("sale:A/1", "customer_return:R/1", "customer_return:R/2")
    )
    plain = next(line for line in lines("en") if line.clause == "labelling")
    (said, *_) = explain_line(replace(plain, trace=read), program("en"), "en")
    assert said.name == "sum over 5 documents (sales − customer returns)"
    assert said.documents == ("sales A/1 = 120.00", "customer returns R/1 = −20.50", "R/2 = 7.00")


def test_what_was_told_once_is_not_repeated() -> None:
    gmv = total("10", "gmv", ("sale:X/1",))
    text = told(
        step("-", "0", step("-", "5", gmv, number("5"), label="reached"), step("-", "5", gmv, number("5"), label="guaranteed"))
    )
    assert sum("Sales after" in line for line in text) == 1


def test_hidden_characters_in_names_are_spelt_out() -> None:
    found = settlement()
    line: Line = replace(found.lines[0], title="\x1b[2J")
    assert "\x1b" not in explain(replace(found, lines=(line,)), line.id)
