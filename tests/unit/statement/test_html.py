from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from rules_engine.settlement.model import Settlement
from rules_engine.statement.render import render
from tests.unit.statement.samples import empty, settlement

VOID = {"meta", "link", "br", "hr", "img", "input", "col"}


class Page(HTMLParser):
    """What a page holds: its tags, unclosed ones, and the text of every cell by its data attribute."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[tuple[str, str, str]] = []
        self._data: tuple[str, str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag not in VOID:
            self.open.append(tag)
        self._data = next(((key, value or "") for key, value in attrs if key.startswith("data-") and key != "data-label"), None)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self._data = None

    def handle_data(self, data: str) -> None:
        if self._data and data.strip():
            self.cells.append((*self._data, data.strip()))

    def amounts(self, kind: str) -> list[tuple[str, Decimal]]:
        """Amounts printed in cells marked `data-kind`, read back."""
        return [(name, read(text)) for key, name, text in self.cells if key == f"data-{kind}"]


def read(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("−", "-"))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("view", ["platform", "supplier"])
def test_whole_page(language: str, view: str, golden) -> None:  # type: ignore[no-untyped-def] # the fixture's type lives in conftest
    golden.check(f"statement/statement.{language}.{view}.html", render(settlement(language), "html", view=view))


@pytest.mark.parametrize("found", [settlement(), settlement("zh"), empty()])
def test_every_element_is_closed(found: Settlement) -> None:
    assert Page(render(found, "html")).open == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_printed_lines_add_to_the_printed_totals(language: str) -> None:
    page = Page(render(settlement(language), "html"))
    pending = {line.id for line in settlement(language).pending}
    printed = [(name, amount) for name, amount in page.amounts("line") if name not in pending]
    totals, subtotals, papers = (dict(page.amounts(kind)) for kind in ("total", "subtotal", "paper"))
    assert sum(amount for _, amount in printed) == totals["net"] == sum(subtotals.values())
    assert totals["payable"] + totals["receivable"] == totals["net"]
    assert totals["net"] + totals["carried_in"] == totals["payout"]
    assert papers["supplier"] - papers["platform"] - papers["receipt"] - papers["prepayment"] == totals["net"]


def test_nothing_but_the_page_itself() -> None:
    text = render(settlement(), "html")
    page = Page(text)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "form", "base"}
    assert not re.search(r"(src|href|action)=\"(?!#)", text)
    assert "url(" not in text
    policy = next(attrs for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'"


def test_every_line_opens_to_clause_sum_and_documents() -> None:
    text = render(settlement(), "html")
    assert text.count("<details>") == len(settlement().lines) + len(settlement().pending)
    for expected in (
        "12%  for rice", "640,220.24 × 12%", "rounded half up to 0.01", "already posted 12,140.00 → due", "sales X-1/1",
        "and 202 more", "grain_oil.contract:41", "Contract 4.1", "reduces the goods invoice",
    ):  # fmt: skip
        assert expected in text


def test_names_are_escaped_wherever_they_stand() -> None:
    evil = "<b onclick='x'>&\"</b>"
    found = settlement()
    line = replace(found.lines[0], title=evil, group={"category": evil}, text=evil, source=evil, id=evil)
    header = replace(found.program.header, title=evil, platform=evil, supplier=evil, supplier_id=evil, id=evil, version=evil)
    dirty = replace(found, program=replace(found.program, header=header), lines=(line,), notices=((evil, evil),))
    assert "<b" not in render(dirty, "html").replace("<body", "")


def test_chinese_capitals_only_for_yuan() -> None:
    found = settlement("zh")
    assert "人民币柒拾陆万玖仟柒佰伍拾贰元肆角捌分" in render(found, "html")
    header = replace(found.program.header, currency="USD")
    assert "人民币" not in render(replace(found, program=replace(found.program, header=header)), "html")


def test_an_accrual_pays_nothing_and_writes_no_capitals() -> None:
    assert "大写金额" not in render(replace(settlement("zh"), book="accrual"), "html")


def test_a_negative_payout_is_paid_by_the_supplier() -> None:
    found = empty()
    owing = replace(found, totals=replace(found.totals, net=Decimal("-5.00"), payout=Decimal("-5.00")))
    assert "To be paid by the supplier" in render(owing, "html")
    assert "To pay to the platform" in render(owing, "html", view="supplier")
