"""Scenarios for batches: a contract under an id of its own, with its amendments and its documents, the same for the same number."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st

from rules_engine.api import SourceFile, format as formatted
from rules_engine.bulk.columnar.reasons import Alone
from rules_engine.bulk.columnar.shape import card_of
from rules_engine.bulk.measures.needs import needs_of
from rules_engine.bulk.storage.canonical import column_of
from rules_engine.values.period import Period
from tests.properties.pipeline import checked
from tests.strategies import build as b, printer
from tests.strategies.amending import amended
from tests.strategies.contracts import MAKERS as OF_TREES, contracts, levied, limit
from tests.strategies.documents import families as families_of, rows, texts
from tests.strategies.drawn import drawn
from tests.strategies.frame import MEASURES, frames
from tests.strategies.gallery import Cells, disturbed, shown
from tests.strategies.memory import MEMORIES, remembered
from tests.strategies.terms import MAKERS, Maker, echoed, limited, written
from tests.strategies.windowed import windowed
from tests.strategies.written import MODES, PLAIN_HEADER, Sheet, sheets, text_of

CONTRACT = re.compile(r"^(contract|合同) \S+", re.MULTILINE)
RATE = re.compile(r"^(  rate |    (?:up to|over|below|from) [\d.,]+ +)([\d.]+)%", re.MULTILINE)
PLAIN = ("sale", "sale", "sale", "sale", "receipt", "sent_back", "spend", "labelling", "return")
AMENDMENT = re.compile(r"^(amendment|补充协议) [^/\s]+/", re.MULTILINE)


@dataclass(frozen=True)
class Scenario:
    """A contract's files by name, its own first, and its documents; `origin` says where it comes from."""

    id: str
    origin: str
    files: tuple[tuple[str, str], ...]
    rows: tuple[Cells, ...]


def scenario(number: int, twin: int = 0) -> Scenario:
    """The scenario of a number; twins have one text and documents of their own."""
    chance = Random(f"scenario {number}")
    origin = ORIGINS[number % len(ORIGINS)]
    files, found, said = origin(number, twin, chance)
    name = f"N-{number:05}-{twin}"
    return Scenario(name, said, tuple((path, _named(text, name)) for path, text in files), tuple(found))


def _named(text: str, name: str) -> str:
    text = CONTRACT.sub(lambda found: f"{found[1]} {name}", text, count=1)
    return AMENDMENT.sub(lambda found: f"{found[1]} {name}/", text, count=1)


Made = tuple[Sequence[tuple[str, str]], Sequence[Cells], str]


def _every(number: int, twin: int, chance: Random) -> Made:
    """All makers of clauses in one contract."""
    return _drawn(drawn(whole_tree() if number // len(ORIGINS) % 2 else whole_text(), f"{number}"), (), number, twin)


@st.composite
def whole_tree(draw: Callable[..., Any]) -> str:
    """A contract with every clause that trees are made of."""
    frame, header = draw(frames())
    clauses = [maker(draw, frame, f"{stem}{place}") for place, (stem, maker) in enumerate(OF_TREES)]
    return printer.contract(b.contract("G-1", header, *MEASURES, *clauses, *levied(draw, clauses), *limit(draw, frame, clauses)))


@st.composite
def whole_text(draw: Callable[..., Any]) -> str:
    """A contract with every clause that is written as text, and one on price cuts."""
    sheet, header = draw(sheets())
    clauses = {f"{stem}{place}": maker(draw, sheet, f"{stem}{place}") for place, (stem, maker) in enumerate(MAKERS)}
    return text_of(header, [*clauses.values(), *MEMORIES["cut"](draw, "cut"), *echoed(draw, clauses), *limited(draw, clauses)])


def _tree(number: int, twin: int, chance: Random) -> Made:
    return _drawn(drawn(contracts().map(printer.contract), f"{number}"), (), number, twin)


def _written(number: int, twin: int, chance: Random) -> Made:
    return _drawn(drawn(windowed() if number // len(ORIGINS) % 2 else written(), f"{number}"), (), number, twin)


def _remembered(number: int, twin: int, chance: Random) -> Made:
    return _drawn(drawn(remembered(), f"{number}"), (), number, twin)


def _amended(number: int, twin: int, chance: Random) -> Made:
    text, amendment = drawn(amended(), f"{number}")
    return _drawn(text, (amendment,), number, twin)


def _even(number: int, twin: int, chance: Random) -> Made:
    """Several clauses, each of which columns serve."""
    sheet = Sheet(date(2026, 1, 1), date(2026, 12, 31), "monthly", "")
    header = PLAIN_HEADER.replace("half up", chance.choice(MODES)).replace("include", chance.choice(("include", "exclude")))
    found: list[str] = []
    for place in range(30):
        stem, maker = chance.choice(MAKERS)
        name = f"{stem}{place}"
        clause = drawn(made(maker, sheet, name), f"{number} {place}")
        if len(found) < 2 + number // len(ORIGINS) % 4 and served(text_of(header, [clause])):
            found.append(clause)
    return _drawn(text_of(header, found), (), number, twin, even=True)


def chance_of(number: int) -> str:
    """The currency of a contract: most often one with cents."""
    return ("CNY", "CNY", "CNY", "CNY", "JPY", "CNY", "KWD")[number % 7]


@st.composite
def made(draw: Callable[..., object], maker: Maker, sheet: Sheet, name: str) -> str:
    """A clause of a maker."""
    return maker(draw, sheet, name)


def served(text: str) -> bool:
    """Whether columns serve a contract."""
    try:
        card_of(checked(text).program)
    except Alone:
        return False
    return True


def _drawn(text: str, amendments: Sequence[str], number: int, twin: int, *, even: bool = False) -> Made:
    """Twins differ in rates and documents; some have plain documents only, which are added up and settled over columns."""
    periods = checked(text).periods
    calm = even or twin % 2 == 1
    families = PLAIN if calm else families_of(text)
    found = drawn(rows(periods[0][0], periods[-1][1], most=18, families=families), f"{number} {twin}")
    if calm:
        read = needs_of(checked(text).program, Period(*periods[0]), None).types
        cents = even or number % 3 != 1
        found = tuple(
            {name: Fraction(int(value * 100), 100) if cents and isinstance(value, Fraction) else value for name, value in {**row, "vat": None}.items()}
            for row in found if row["type"] in read and not (even and twin % 4 and row.get("ref_doc_id"))
        )
    own = Random(f"rates {number} {twin}")
    text = RATE.sub(lambda rate: f"{rate[1]}{Decimal(rate[2]) * own.choice((1, 1, 2, 3))}%", text) if twin else text
    text = re.sub(r"( currency +)CNY", rf"\1{'CNY' if even else chance_of(number)}", text, count=1)
    language = "zh" if number % 3 == 0 else "en"
    files = [("own.contract", text), *((f"{place}.amendment", each) for place, each in enumerate(amendments, start=1))]
    said = [(name, formatted(SourceFile(name, each), language)) for name, each in files]
    return said, [texts(row) for row in found], f"drawn {number}"


def _gallery(number: int, twin: int, chance: Random) -> Made:
    each = chance.choice(shown())
    own = Random(f"{number} {twin}")
    table = own.choice(each.tables)
    return [(name, _changed(text, chance) if place == 0 else text) for place, (name, text) in enumerate(each.files)], disturbed(table, own), str(each.path)


def _changed(text: str, chance: Random) -> str:
    """Now and then another policy in the header."""
    for before, after in CHANGES:
        if chance.random() < 0.1:
            text = re.sub(before, after, text, count=1)
    return text


CHANGES = (
    (r"half up to 0.01 on each line", "half even to 0.01 on each line"), (r"half up to 0.01 on each line", "half up to 1 on each line"), (r"half up to 0.01 on each line", "down to 0.001 on each line"),
    (r"in their own period", "back to the sale"), (r"back to the sale", "in their own period"), (r"include VAT 13%", "exclude VAT 13%"), (r"include VAT 13%", "include VAT 6%"),
    (r"any amount, negative carried forward", "at least 25, negative carried forward"), (r"any amount, negative carried forward", "any amount, negative invoiced"),
    (r"settle in the period they arrive", "are not settled"), (r"( settle +)monthly$", r"\1quarterly"), (r"( settle +)monthly$", r"\1half-monthly"),
    (r"( currency +)CNY", r"\1JPY"), (r"( currency +)CNY", r"\1KWD"), (r"( pay +)60 days after statement", r"\1on day 25 of the next month"),
)  # fmt: skip

ORIGINS: tuple[Callable[[int, int, Random], Made], ...] = (_every, _gallery, _even, _tree, _gallery, _remembered, _written, _amended)


def lay_out(scenarios: Iterable[Scenario], folder: Path) -> tuple[list[Path], list[Path]]:
    """The contracts' files, a folder each, and the documents of all of them, shuffled, in as few files as say a column by one name."""
    paths = []
    sheets: list[tuple[dict[str, str], list[Cells]]] = []
    for each in scenarios:
        place = folder / each.id
        for name, text in each.files:
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text, encoding="utf-8")
        paths.append(place / each.files[0][0])
        headers = {column_of(column) or column: column for row in each.rows for column in ("contract", *row)}
        fitting = (sheet for sheet in sheets if all(sheet[0].get(name, header) == header for name, header in headers.items()))
        known, rows = next(fitting, ({}, []))
        if not known:
            sheets.append((known, rows))
        known.update(headers)
        rows += [{"contract": each.id, **row} for row in each.rows]
    return paths, [_sheet(folder / f"documents-{number}.csv", list(known.values()), rows) for number, (known, rows) in enumerate(sheets)]


def _sheet(path: Path, columns: Sequence[str], rows: list[Cells]) -> Path:
    Random(len(rows)).shuffle(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path
