"""The header: lines that must be there, policies that decide money, dates in order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rules_engine.api import check
from rules_engine.source import SourceFile
from tests.unit.check.checking import HEADS, LANGUAGES, codes, offered, only, program


def without(start: str, language: str = "en") -> str:
    return "".join(line for line in HEADS[language].splitlines(keepends=True) if not line.startswith(f"  {start}"))


REQUIRED = {
    "en": ("platform", "supplier", "term", "currency", "settle", "pay "),
    "zh": ("平台", "供应商", "期限", "币种", "结算", "付款"),
}
POLICIES = {
    "en": {"prices": "SE0504", "payout": "SE0510", "late documents": "SE0511", "returns": "SE0512", "rounding": "SE0515"},
    "zh": {"价格": "SE0504", "打款": "SE0510", "迟到单据": "SE0511", "退货": "SE0512", "取整": "SE0515"},
}


@pytest.mark.parametrize(("language", "start"), [(each, start) for each in LANGUAGES for start in REQUIRED[each]])
def test_a_line_the_header_cannot_do_without(language: str, start: str) -> None:
    head = without(start, language)
    found = only("", language, head)
    assert found.code == "SE0201"
    assert codes("", language, head + f"  {offered(found)}\n") == []


@pytest.mark.parametrize(
    ("language", "start", "code"), [(each, start, code) for each in LANGUAGES for start, code in POLICIES[each].items()]
)
def test_a_policy_that_decides_money(language: str, start: str, code: str) -> None:
    head = without(start, language)
    found = only("", language, head)
    assert found.code == code
    assert codes("", language, head + f"  {offered(found)}\n") == []


@pytest.mark.parametrize(
    ("start", "amount"),
    [("prices", "14.69"), ("payout", "15,000.00"), ("late documents", "900.00"), ("returns", "210.00"), ("rounding", "0.01")],
)
def test_the_money_between_the_readings(start: str, amount: str) -> None:
    assert amount in only("", "en", without(start)).why


def test_everything_missing_is_said_at_once() -> None:
    assert sorted(codes("", "en", 'contract T-1 "x"\n')) == [
        *["SE0201"] * 6, "SE0504", "SE0510", "SE0511", "SE0512", "SE0515",
    ]  # fmt: skip


@pytest.mark.parametrize("tail", ["payout     any amount", "rounding   half up to 0.01"])
def test_half_a_policy_is_none(tail: str) -> None:
    head = without(tail.split(maxsplit=1)[0]) + f"  {tail}\n"
    assert only("", "en", head).code == {"payout": "SE0510", "rounding": "SE0515"}[tail.split(maxsplit=1)[0]]


def test_a_term_that_ends_before_it_begins() -> None:
    found = only("", "en", HEADS["en"].replace("2026-01-01 to 2026-12-31", "2026-12-31 to 2026-01-01"))
    assert (found.code, found.fix) == ("SE0209", "term 2026-01-01 to 2026-12-31")


def test_a_payment_term_in_months_says_what_the_31st_becomes() -> None:
    head = HEADS["en"].replace("60 days after statement", "2 months after month end")
    assert only("", "en", head).code == "SE0519"
    assert codes("", "en", head.replace("month end", "month end or last day")) == []


def test_a_long_payment_term_is_a_warning() -> None:
    head = HEADS["en"].replace("60 days", "61 days")
    assert codes("", "en", head) == ["SW0902"]
    assert program("", "en", head).header.pay.count == 61


def test_the_header_as_data() -> None:
    header = program("", "en").header
    assert (header.id, header.supplier_id, header.currency) == ("T-1", "S-10001", "CNY")
    assert (header.start, header.end, header.signed) == (date(2026, 1, 1), date(2027, 1, 1), date(2025, 12, 22))
    assert (header.prices_include_vat, header.vat[0].value) == (True, Decimal("0.13"))
    assert (header.settle.kind, header.rounding_place, header.negative_net) == ("month", "line", "carried_forward")


def test_both_languages_give_one_header() -> None:
    english, chinese = program("", "en").header, program("", "zh").header
    same = ("start", "end", "currency", "vat", "settle", "pay", "late", "returns", "rounding", "rounding_place", "negative_net")
    assert [getattr(english, name) for name in same] == [getattr(chinese, name) for name in same]


def with_rates(rates: str, language: str = "en") -> str:
    return HEADS[language].replace(" 13%\n", f"{rates}\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_prices_without_a_rate(language: str) -> None:
    found = only("", language, with_rates("", language))
    assert found.code == "SE0504"
    assert "3.67" in found.why
    assert codes("", language, without("prices" if language == "en" else "价格", language) + f"  {offered(found)}\n") == []


@pytest.mark.parametrize("include", ["include", "exclude"])
def test_the_rate_offered_keeps_the_basis_written(include: str) -> None:
    head = with_rates("").replace("include VAT", f"{include} VAT")
    assert offered(only("", "en", head)) == f"prices {include} VAT 13%"


@pytest.mark.parametrize(
    ("rates", "code", "days"),
    [
        ("\n    17% until 2026-01-31\n    13% from 2026-03-01", "SE0205", "2026-02-01 to 2026-02-28"),
        ("\n    13% from 2026-02-01", "SE0205", "2026-01-01 to 2026-01-31"),
        ("\n    13% until 2026-11-30", "SE0205", "2026-12-01 to 2026-12-31"),
        ("\n    17% until 2026-03-31\n    13% from 2026-02-01", "SE0204", "2026-02-01"),
    ],
)
def test_one_rate_on_every_day_of_the_term(rates: str, code: str, days: str) -> None:
    found = only("", "en", with_rates(rates))
    assert found.code == code
    assert days in found.why


def test_rates_that_meet() -> None:
    assert codes("", "en", with_rates("\n    17% until 2026-01-31\n    13% from 2026-02-01")) == []


BLOCKS = "goods sold\n  on sum of supply_amuont over sales\n\nrebate year\n  on purchase\n  rate 1%\n"


def test_a_header_that_lacks_lines_hides_nothing_below_it() -> None:
    lacking = without("currency").replace(" 13%", "").replace("  pay        60 days after statement\n", "")
    assert codes(BLOCKS, "en", lacking) == ["SE0201", "SE0201", "SE0504", *codes(BLOCKS)]
    assert len(codes(BLOCKS)) == 2


def test_without_a_term_the_blocks_are_not_read() -> None:
    assert codes(BLOCKS, "en", without("term")) == ["SE0201"]


@pytest.mark.parametrize(
    ("mode", "papers"),
    [
        ("FBP", ("supplier", "invoice_discount", "contract")),
        ("LBP", ("supplier", "invoice_discount", "contract")),
        ("SOP", ("receipt", "cash", "none")),
        ("sopl", ("receipt", "cash", "none")),
    ],
)
def test_a_marketplace_mode_presets_the_papers_of_goods(mode: str, papers: tuple[str, str, str]) -> None:
    text = HEADS["en"].replace("  signed", f"  mode  {mode}\n  signed") + "\ngoods sold\n  on sum of paid over sales\n"
    found = check(SourceFile("t.contract", text)).clauses["sold"].papers
    assert (found.invoice_by, found.treatment, found.vat) == papers
    written = check(SourceFile("t.contract", text + "  invoice by supplier\n")).clauses["sold"].papers
    assert (written.invoice_by, written.vat) == ("supplier", "contract")
