"""A statement as a later period takes it, parted among the tables of a batch, and put together again.

What the table of lines says of a line and the table of carried sums of a sum is not said twice: the rest is small JSON, with the
few fields of single lines that the table would not give back letter by letter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from rules_engine.settlement.model import Settlement
from rules_engine.settlement.papers import smallest_unit
from rules_engine.statement.document import document, heads

KEPT = ("schema", "contract", "period", "as_of", "currency", "totals", "payees", "goods", "pending", "accrual", "balances", "notices", "book")
UNREAD = ("explanation", "trace", "source", "documents", "base", "unrounded", "unrounded_exact")
"""What a line of a statement says for readers only."""
PLAIN = ("id", "clause", "kind", "payee", "direction", "status")
PENDING = "pending"
Record = dict[str, Any]
CarriedRow = tuple[str, str, str, date, date, str, int]


def parted(settlement: Settlement, rows: Sequence[Mapping[str, Any]]) -> str:
    """The rest of a statement as JSON. `rows` are its lines as the table of lines has them."""
    header = settlement.program.header
    found = document(settlement, header.language, told=False)
    lines = found["lines"]
    assert isinstance(lines, list)
    titles: dict[str, str] = {}
    odd: dict[str, Record] = {}
    places = _places(header.currency)
    for line, row in zip(lines, rows, strict=True):
        titles.setdefault(f"{line['clause']} {line['kind']}", line["title"])
        again = _line(row, places, titles)
        said = _stripped(line)
        differing = {name: value for name, value in said.items() if again.get(name) != value}
        if differing:
            odd[line["id"]] = differing
    return _text(found, titles, odd)


def common(settlement: Settlement) -> Record:
    """What is kept alike of every statement of contracts of one shape without lines."""
    found, own = document(settlement, settlement.program.header.language, told=False), heads(settlement)
    return {name: _stripped(found[name]) for name in KEPT if name in found and name not in own}


def kept_text(alike: Record, settlement: Settlement, titles: Mapping[str, str]) -> str:
    """The same of a statement whose lines are all as their table says; it is given without them. `alike`: what is `common`."""
    return _written({**alike, **heads(settlement)}, settlement.receipt.control_totals, titles, {})


def _text(found: Record, titles: Mapping[str, str], odd: Mapping[str, Record]) -> str:
    return _written({name: _stripped(found[name]) for name in KEPT if name in found}, found["receipt"]["control_totals"], titles, odd)


def _written(rest: Record, control: Mapping[str, str], titles: Mapping[str, str], odd: Mapping[str, Record]) -> str:
    whole = {**rest, "receipt": {"control_totals": control}, "titles": titles, **({"odd": odd} if odd else {})}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def together(text: str, lines: Iterable[Mapping[str, Any]], carried: Iterable[CarriedRow]) -> Record:
    """The statement again, as far as a later period reads it. One that was kept whole is given as it is."""
    rest: Record = json.loads(text)
    if "titles" not in rest:
        return rest
    titles, odd, places = rest.pop("titles"), rest.pop("odd", {}), _places(rest["currency"])
    rest["lines"] = [
        {**_line(row, places, titles), **odd.get(row["line_id"], {})} for row in lines if row["status"] != PENDING
    ]
    rest["receipt"]["carried_measures"] = [_carried(row) for row in carried]
    return rest


def carried_rows(settlement: Settlement) -> Iterator[CarriedRow]:
    """The sums a statement carries, as rows of their table."""
    contract = settlement.program.header.id
    for item in settlement.receipt.carried_measures:
        last = date.fromordinal(item.end.toordinal() - 1)
        yield contract, item.key, as_json(item.group), item.start, last, item.total, item.count


def as_json(value: Mapping[str, str] | tuple[str, ...]) -> str:
    """Small facts as JSON text, in their order."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _carried(row: CarriedRow) -> Record:
    _, key, group, start, last, total, count = row
    return {"key": key, "group": json.loads(group), "window": _days(start, last), "total": total, "count": count}


def _line(row: Mapping[str, Any], places: int, titles: Mapping[str, str]) -> Record:
    """A line of a statement from its row."""
    found: Record = {name: row[name] for name in PLAIN if name != "id"}
    amounts = {name: _amount(row[name], places) for name in ("target", "posted", "amount")}
    papers = {
        "invoice_by": row["invoice_by"],
        "treatment": row["treatment"],
        "vat_rate": None if row["vat_rate"] is None else _amount(row["vat_rate"], 0),
        "net_of_vat": _amount(row["net_of_vat"], places),
        "vat": _amount(row["vat"], places),
    }
    group, flags, corrects = (json.loads(row[name]) for name in ("group", "flags", "corrects"))
    return {
        "id": row["line_id"], **found, **amounts, "papers": papers, "group": group, "flags": flags, "corrects": corrects,
        "window": _days(row["window_from"], row["window_to"]), "title": titles.get(f"{row['clause']} {row['kind']}"),
    }  # fmt: skip


def _amount(value: Decimal, places: int) -> str:
    """Plain digits, at least as many decimals as the currency has."""
    whole, _, part = format(value, "f").partition(".")
    part = part.rstrip("0").ljust(places, "0")
    text = f"{whole}.{part}" if part else whole
    return text.removeprefix("-") if not value else text


def _places(currency: str) -> int:
    return -int(smallest_unit(currency).as_tuple().exponent)


def _days(start: date, last: date) -> Record:
    return {"from": start.isoformat(), "to": last.isoformat()}


def _stripped(value: Any) -> Any:
    """The same data, its lines without what only readers read."""
    if isinstance(value, dict):
        line = "explanation" in value and "trace" in value
        return {name: _stripped(item) for name, item in value.items() if not (line and name in UNREAD)}
    return [_stripped(item) for item in value] if isinstance(value, list) else value
