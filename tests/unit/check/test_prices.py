"""Prices against the unit of their base: percentages, unit prices, lumps, formulas and ladders in core form."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rules_engine.core.expressions import Constant, Ladder, Parts, Priced, Table
from tests.unit.check.checking import codes, only, program


def earn(text: str) -> Priced:
    found = program(text).clauses["c"].earn
    assert isinstance(found, Priced)
    return found


def value(amount: object) -> object:
    assert isinstance(amount, Constant)
    return amount.value


@pytest.mark.parametrize(
    ("base", "price", "kinds"),
    [
        ("sold", "12%", ["rate"]),
        ("sold", "12% plus 100", ["rate", "lump"]),
        ("sold", "3.4% plus 0.20 per document", ["rate", "per_document"]),
        ("units_sold", "0.05 per unit", ["per"]),
        ("units_sold", "28 per started 12 units", ["per"]),
        ("sold", "none", []),
    ],
)
def test_parts(base: str, price: str, kinds: list[str]) -> None:
    found = earn(f"fee c\n  on    {base}\n  rate  {price}\n  negative turns round\n").price
    assert isinstance(found, Parts)
    assert [part.kind for part in found.parts] == kinds


def test_floor_and_cap_bind_the_sum() -> None:
    found = earn("fee c\n  on    sold\n  rate  3.4% plus 0.20 at least 0.65 at most 8.50\n").price
    assert isinstance(found, Parts)
    assert found.floor is not None
    assert found.cap is not None
    assert (value(found.floor.parts[0].amount), value(found.cap.parts[0].amount)) == (Decimal("0.65"), Decimal("8.50"))


@pytest.mark.parametrize(
    ("base", "price", "code"),
    [
        ("units_sold", "5%", "SE0405"),
        ("sold", "0.05 per unit", "SE0409"),
        ("sold", "3% at least 9 at most 8", "SE0213"),
        ("sold", "units_sold", "SE0407"),
        ("sold", "if units_sold then 3% else 4%", "SE0406"),
        ("sold", "0.05", "SE0410"),
        ("units_sold", "12,000 / 24", "SE0410"),
        ("sold", "sold - 7,300", "SE0410"),
        ("sold", "2% * (sold / 100,000)", "SE0410"),
        ("sold", "if units_sold > 5 then 2% * sold else 3%", "SE0410"),
    ],
)
def test_prices_that_pay_nothing(base: str, price: str, code: str) -> None:
    assert codes(f"fee c\n  on    {base}\n  rate  {price}\n  negative turns round\n") == [code]


def test_a_percentage_without_a_base() -> None:
    assert only("fee c\n  amount  5%\n  period  month\n").code in ("SE0405", "SE0407")


def test_a_price_per_unit_without_a_base() -> None:
    assert codes("fee c\n  amount  0.05 per unit\n  period  month\n") == ["SE0409"]


def test_a_base_of_units_needs_a_price() -> None:
    assert codes("fee c\n  on    units_sold\n") == ["SE0201"]


@pytest.mark.parametrize(
    ("base", "said"),
    [("sum of quantity over sales", "counts units"), ("count over sales", "counts units"), ("sum of weight over sales", "plain number")],
)
def test_a_base_without_a_price_says_what_the_base_is(base: str, said: str) -> None:
    column = "documents sales\n  column weight number\n\n"
    assert said in only(f"{column}fee c\n  on    {base}\n  negative turns round\n").why


def test_a_base_of_money_passes_through_whole() -> None:
    found = earn("goods c\n  on    sold\n").price
    assert isinstance(found, Parts)
    assert value(found.parts[0].amount) == 1


@pytest.mark.parametrize(
    ("bands", "includes", "bounds"),
    [
        (("up to 1,000  none", "over 1,000  1%"), "upper", [(None, 1000), (1000, None)]),
        (("below 1,000  none", "from 1,000  1%"), "lower", [(None, 1000), (1000, None)]),
        (("from 0  none", "from 1,000  1%"), "lower", [(0, 1000), (1000, None)]),
    ],
)
def test_bands_join(bands: tuple[str, ...], includes: str, bounds: list[tuple[int | None, int | None]]) -> None:
    rows = "".join(f"    {band}\n" for band in bands)
    found = earn(f"rebate c\n  on      sold\n  period  year\n  tiers   marginal\n{rows}").price
    assert isinstance(found, Ladder)
    assert found.includes == includes
    ends = [tuple(None if edge is None else value(edge) for edge in (band.lower, band.upper)) for band in found.bands]
    assert ends == bounds


def test_dated_ladders_are_rows() -> None:
    text = (
        "rebate c\n  on      sold\n  period  quarter\n"
        "  tiers   whole until 2026-06-30\n    below 1,000  none\n    from  1,000  1%\n"
        "  tiers   whole from 2026-07-01\n    below 1,000  none\n    from  1,000  2%\n"
    )
    found = earn(text).price
    assert isinstance(found, Table)
    assert [row.start is None for row in found.rows] == [True, False]


def test_two_prices_for_one_base() -> None:
    assert codes("fee c\n  on      sold\n  rate    12%\n  amount  100\n") == ["SE0203"]


def test_two_rates_for_one_base() -> None:
    assert codes("fee c\n  on      sold\n  rate    12%\n  rate    15%\n") == ["SE0203"]


def test_bare_names_need_one_column() -> None:
    found = only("deduction c\n  on      sold\n  rate\n    12%  for rice\n    11%  otherwise\n")
    assert found.code == "SE0301"
    assert "for category = rice" in found.fix


def test_a_fixed_amount_for_each_group_names_its_groups() -> None:
    text = "fee c\n  per     category\n  period  month\n"
    found = only(f"{text}  amount  1,000\n")
    assert (found.code, "for two of them 2,000.00, for none 0.00" in found.why) == ("SE0201", True)
    assert codes(f"{text}  amount\n    1,000  for rice, oil\n") == []
    assert codes(f"{text}  amount  max(0, net_sales - 100)\n") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("value v\n  up to 10  5% plus 3\n  over 10  2\n", "SE0402"),
        ("value v\n  none  until 2026-05-31\n  5     from 2026-06-01\n", "SE0402"),
        ("value v\n  5  until 2026-05-31\n  6  from 2026-06-01\n\nmeasure m\n  v at units_sold\n", "SE0202"),
        ("fee c\n  on    sold\n  rate\n    5%  at zero\n", "SE0201"),
        ("rebate c\n  on      sold\n  period  year\n  tiers   whole\n    at zero  5\n", "SE0201"),
        ("fee c\n  amount\n    whole\n      up to 3  4\n      over 3  5\n  period  month\n", "SE0201"),
        ("documents sales\n  column  x = result of c\n\nfee c\n  on    sold\n  rate  1%\n", "SE0304"),
        ("documents sales\n  column  x = sold in the previous month\n", "SE0304"),
    ],
)
def test_numbers_where_they_cannot_stand(text: str, code: str) -> None:
    assert codes(text) == [code]
