"""Many contracts packed into one batch: cases of the gallery of one period, and generated contracts, each with its documents."""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import strategies as st

from rules_engine.bulk.model import ContractSource
from rules_engine.bulk.storage.canonical import column_of
from rules_engine.bulk.storage.splitting import contract_column
from rules_engine.cli.cases import CaseRun, read_case
from rules_engine.cli.commands.batch import contract_sources
from tests.properties.pipeline import checked
from tests.strategies import printer
from tests.strategies.contracts import contracts
from tests.strategies.documents import FAMILIES, MORE, rows, texts
from tests.strategies.drawn import drawn
from tests.strategies.terms import written
from tests.unit.bulk.shop import ROOT, source

CASES = sorted((ROOT / "contracts").rglob("case.toml"))


@dataclass(frozen=True)
class Pack:
    """Contracts, the files of their documents, and what was posted before; `expected` is the golden statement by contract."""

    contracts: list[ContractSource] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)
    expected: dict[str, Path] = field(default_factory=dict)


def gallery(period: str, folder: Path) -> Pack:
    """Every case whose last run settles this period from files of its own; of two cases with one contract id the first."""
    pack, known = Pack(), set[str]()
    folder.mkdir(parents=True)
    for path in CASES:
        run = read_case(path).runs[-1]
        if run.period == period and run.as_of is None and run.parameters is None and run.book == "settled":
            (found,) = contract_sources([str(run.contract)])
            if found.id not in known and _by_itself(run, found.id):
                known.add(found.id)
                pack.contracts.append(found)
                pack.documents.extend(_with_contract(run, found.id, folder))
                pack.posted.extend(map(str, run.posted))
                if run.expected is not None:
                    pack.expected[found.id] = run.expected
    return pack


def periods() -> list[str]:
    """The periods that some case of the gallery settles by itself."""
    runs = [read_case(path).runs[-1] for path in CASES]
    plain = [run for run in runs if run.as_of is None and run.parameters is None and run.book == "settled"]
    return sorted({run.period for run in plain for found in contract_sources([str(run.contract)]) if _by_itself(run, found.id)})


def _by_itself(run: CaseRun, contract: str) -> bool:
    """Whether the case rests on no other contract's statements, and its files have the day of every row."""
    posted = {json.loads(path.read_text(encoding="utf-8"))["contract"]["id"] for path in run.posted}
    headers = [path.read_text(encoding="utf-8-sig").partition("\n")[0].split(",") for path in run.documents]
    return posted <= {contract} and all(any(column_of(name) == "date" for name in header) for header in headers)


def _with_contract(run: CaseRun, contract: str, folder: Path) -> Iterable[str]:
    """The files of a case, each row naming its contract."""
    for number, path in enumerate(run.documents):
        header, *lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
        at = contract_column(tuple(header))
        target = folder / f"{contract}-{number}.csv"
        full = lines if at is not None else [[contract, *line] for line in lines]
        kept = [[*line[:at], line[at].strip() or contract, *line[at + 1 :]] for line in full] if at is not None else full
        _written(target, header if at is not None else ["contract", *header], kept)
        yield str(target)


def generated(count: int, folder: Path, number: int) -> Pack:
    """Drawn contracts under ids of their own, the documents of all of them in one file; the same for the same number."""
    pack, found = Pack(), list[Mapping[str, str]]()
    folder.mkdir(parents=True)
    for place in range(count):
        text = drawn(st.one_of(contracts().map(printer.contract), written()), f"{number} {place}")
        periods = checked(text).periods
        documents = drawn(rows(periods[0][0], periods[-1][1], families=MORE if "audits" in text else FAMILIES), f"{number} {place}")
        found.extend({"contract": f"G-{place:03}", **texts(row)} for row in documents)
        path = folder / f"{place:03}.contract"
        path.write_text(re.sub(r"^contract \S+", f"contract G-{place:03}", text, count=1), encoding="utf-8")
        pack.contracts.append(source(path))
    columns = list(dict.fromkeys(column for row in found for column in row))
    random.Random(number).shuffle(found)
    _written(folder / "documents.csv", columns, [[row.get(column, "") for column in columns] for row in found])
    pack.documents.append(str(folder / "documents.csv"))
    return pack


LARGE = """contract LONG-64 "Large"
  platform  "P"
  supplier  S-1 "S"
  term      2026-01-01 to 2026-12-31
  currency  CNY
  prices    include VAT 13%
  settle    monthly
  pay       30 days after statement
  late documents  settle in the period they arrive
  returns   in their own period
  rounding  half up to 0.01 on each line
  payout    any amount, negative carried forward

measure turnover
  sum of paid over sales

deduction points "Points"
  on turnover
  rate 1%
"""


def large(folder: Path) -> Pack:
    """A contract whose sum has more than 64 bits."""
    pack = Pack()
    folder.mkdir(parents=True)
    path = folder / "large.contract"
    path.write_text(LARGE, encoding="utf-8")
    pack.contracts.append(source(path))
    lines = [["LONG-64", "sale", f"S-{number}", "2026-01-05", "999999999999.99"] for number in range(12)]
    _written(folder / "documents.csv", ["contract", "type", "doc_id", "date", "paid"], lines)
    pack.documents.append(str(folder / "documents.csv"))
    return pack


def _written(path: Path, header: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(lines)
