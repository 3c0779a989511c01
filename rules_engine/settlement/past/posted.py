"""Reading a statement back: every field checked, and its sums done again, before it counts as posted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic
from rules_engine.settlement.model import Balance, BalanceLayer, CarriedMeasure, Lifecycle
from rules_engine.settlement.past.statements import DIRECTIONS, SCHEMA, PostedLine, PostedPending, PostedStatement, as_posted
from rules_engine.settlement.targets import NOTHING
from rules_engine.values.period import Period

__all__ = ["PostedLine", "PostedStatement", "as_posted", "parse_posted"]

AMOUNT = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,20})?")
TOTAL = re.compile(r"-?[0-9]+(\.[0-9]+|/[1-9][0-9]*)?")
Record = Mapping[str, object]
T = TypeVar("T")


class _FieldError(Exception):
    """A field is absent or not what it must be."""

    def __init__(self, where: str, expected: str) -> None:
        super().__init__(where)
        self.where, self.expected = where, expected


def parse_posted(data: object) -> PostedStatement:
    """A statement (JSON as read) as posted. Raises `ContractError`: not a statement, a broken field, or sums that do not add
    up because it was edited."""
    if not isinstance(data, Mapping):
        raise ContractError([_no_statement(None, "en")])
    language, statement = _language(data), read_statement(data)
    try:
        edited = [*_line_sums(statement, language), *_totals(statement, data, language)]
    except _FieldError as error:
        raise ContractError([_broken(error, language)]) from error
    if edited:
        raise ContractError(edited)
    return statement


def read_statement(data: Record) -> PostedStatement:
    """A statement as posted, its sums taken as they stand. Raises `ContractError`: not a statement, a broken field."""
    language = _language(data)
    if data.get("schema") != SCHEMA:
        raise ContractError([_no_statement(data.get("schema"), language)])
    try:
        return _statement(data)
    except _FieldError as error:
        raise ContractError([_broken(error, language)]) from error


def _language(data: Record) -> str:
    contract = data.get("contract")
    return "zh" if isinstance(contract, Mapping) and contract.get("language") == "zh" else "en"


def _statement(data: Record) -> PostedStatement:
    contract, receipt, totals = _record(data, "contract"), _record(data, "receipt"), _record(data, "totals")
    control = _record(receipt, "control_totals")
    return PostedStatement(
        _text(contract, "id"),
        _text(contract, "sha256"),
        _period(data, "period"),
        None if data.get("as_of") is None else _date(data, "as_of"),
        _text(data, "currency"),
        tuple(_each(data, "lines", _line)),
        _amount(totals, "carried_in"),
        _amount(totals, "carried_out"),
        {key: _text(control, key) for key in control},
        tuple(_each(receipt, "carried_measures", _carried)),
        tuple(_each(data, "balances", _balance)),
        tuple(_each(data, "notices", lambda notice: _text(notice, "code"))),
        _amount(totals, "payout"),
        _written_off(totals),
        tuple(_each(data, "pending", _pending)) if "pending" in data else (),
        _others(data),
        _text(data, "book") if "book" in data else "settled",
        tuple(_each(data, "accrual", _line)) if "accrual" in data else (),
    )


def _written_off(totals: Record) -> Decimal:
    """Only a statement that wrote something off says so."""
    return _amount(totals, "written_off") if "written_off" in totals else NOTHING


def _others(data: Record) -> tuple[PostedLine, ...]:
    """The lines of payees and those in goods; only a statement with several parties, or with goods, has them."""
    goods = tuple(_each(data, "goods", _line)) if "goods" in data else ()
    if "payees" not in data:
        return goods
    return (*(line for lines in _each(data, "payees", lambda payee: _each(payee, "lines", _line)) for line in lines), *goods)


def _line(data: Record) -> PostedLine:
    papers, group, direction = _record(data, "papers"), _record(data, "group"), _text(data, "direction")
    if direction not in DIRECTIONS:
        raise _FieldError("direction", " | ".join(DIRECTIONS))
    return PostedLine(
        _text(data, "id"), _text(data, "clause"), _text(data, "kind"), _text(data, "title"),
        tuple((column, _text(group, column)) for column in group), _period(data, "window"), _text(data, "payee"), direction,
        _amount(data, "amount"), _amount(papers, "net_of_vat"), _amount(papers, "vat"),
        None if papers.get("vat_rate") is None else _amount(papers, "vat_rate"),
        _text(papers, "invoice_by"), _text(papers, "treatment"), _amount(data, "target"), _amount(data, "posted"),
        _texts(data, "flags"),
        _text(data, "payer") if "payer" in data else "",
    )  # fmt: skip


def _pending(data: Record) -> PostedPending:
    return PostedPending(_text(data, "id"), _texts(data, "flags"), _lifecycle(data) if "lifecycle" in data else None)


def _lifecycle(data: Record) -> Lifecycle:
    life = _record(data, "lifecycle")
    days = (_date(life, name) if name in life else None for name in ("on", "since"))
    on, since = days
    stated = _amount(life, "stated") if "stated" in life else None
    by, reason = (_text(life, name) if name in life else "" for name in ("by", "reason"))
    return Lifecycle(_amount(life, "computed"), stated, by, on, reason, since)


def _texts(data: Record, name: str) -> tuple[str, ...]:
    items = data.get(name, ())
    if not isinstance(items, Sequence) or isinstance(items, str) or not all(isinstance(item, str) for item in items):
        raise _FieldError(name, '["…"]')
    return tuple(map(str, items))


def _carried(data: Record) -> CarriedMeasure:
    window, key, total, count = _period(data, "window"), _text(data, "key"), _text(data, "total"), data.get("count")
    series, runs, _ = key.partition("#")
    if not isinstance(count, int) or isinstance(count, bool) or (count > 0) != bool(runs):
        raise _FieldError("count", "1" if runs else "0")
    if TOTAL.fullmatch(total) is None:
        raise _FieldError("total", '"1234.50"')
    group = data.get("group")
    columns = [column for part in series.split("|")[1:2] for column in part.split(",") if column] if runs else []
    if not isinstance(group, Sequence) or len(group) != len(columns) or not all(isinstance(item, str) for item in group):
        raise _FieldError("group", json.dumps(["…"] * len(columns), ensure_ascii=False))
    return CarriedMeasure(key, tuple(map(str, group)), window.start, window.end, total, count)


def _balance(data: Record) -> Balance:
    opening, added, used, closing = (_amount(data, name) for name in ("opening", "added", "used", "closing"))
    expired = _amount(data, "expired") if data.get("expired") is not None else NOTHING
    columns = _record(data, "group") if data.get("group") is not None else {}
    group = {column: _text(columns, column) for column in columns}
    if closing != opening + added - used - expired:
        raise _FieldError("closing", str(opening + added - used - expired))
    layers = tuple(_each(data, "layers", _layer)) if data.get("layers") is not None else ()
    return Balance(_text(data, "kind"), _text(data, "name"), opening, added, used, closing, expired, group, layers=layers)


def _layer(data: Record) -> BalanceLayer:
    added, used, left = (_amount(data, name) for name in ("added", "used", "left"))
    until = None if data.get("until") is None else _date(data, "until") + timedelta(days=1)
    return BalanceLayer(_date(data, "since"), until, added, used, left, data.get("expired") is True)


def _each(data: Record, name: str, read: Callable[[Record], T]) -> list[T]:
    items = data.get(name)
    if not isinstance(items, Sequence) or isinstance(items, str):
        raise _FieldError(name, "[…]")
    found = []
    for index, item in enumerate(items):
        if not isinstance(item, Mapping):
            raise _FieldError(f"{name}[{index}]", "{…}")
        try:
            found.append(read(item))
        except _FieldError as error:
            raise _FieldError(f"{name}[{index}].{error.where}", error.expected) from error
    return found


def _record(data: Record, name: str) -> Record:
    value = data.get(name)
    if not isinstance(value, Mapping):
        raise _FieldError(name, "{…}")
    return value


def _text(data: Record, name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise _FieldError(name, '"…"')
    return value


def _amount(data: Record, name: str) -> Decimal:
    value = _text(data, name)
    if AMOUNT.fullmatch(value) is None:
        raise _FieldError(name, '"1234.50"')
    return Decimal(value)


def _date(data: Record, name: str) -> date:
    try:
        return date.fromisoformat(_text(data, name))
    except ValueError as error:
        raise _FieldError(name, '"2026-03-31"') from error


def _period(data: Record, name: str) -> Period:
    days = _record(data, name)
    start, last = _date(days, "from"), _date(days, "to")
    if last < start:
        raise _FieldError(f"{name}.to", f'"{start.isoformat()}"')
    return Period(start, last + timedelta(days=1))


def _line_sums(statement: PostedStatement, language: str) -> list[Diagnostic]:
    return [
        _edited(f"{line.id}: net_of_vat + vat", line.net_of_vat + line.vat, line.amount, language)
        for line in (*statement.lines, *statement.others)
        if line.net_of_vat + line.vat != line.amount
    ]


def _totals(statement: PostedStatement, data: Record, language: str) -> list[Diagnostic]:
    """The sums of a statement, done again from its lines."""
    totals = _record(data, "totals")
    written = {name: _amount(totals, name) for name in ("payable", "receivable", "net", "carried_in", "payout", "carried_out")}
    sums = {name: sum((line.amount for line in statement.lines if line.direction == name), NOTHING) for name in DIRECTIONS}
    checks = [
        ("payable", sums["payable"], written["payable"]),
        ("receivable", sums["receivable"], written["receivable"]),
        ("payable − receivable", sums["payable"] - sums["receivable"], written["net"]),
        ("net + carried_in", written["net"] + written["carried_in"], written["payout"] + written["carried_out"] + _written_off(totals)),
    ]
    return [_edited(name, found, stated, language) for name, found, stated in checks if found != stated]


def _no_statement(schema: object, language: str) -> Diagnostic:
    told = schema if isinstance(schema, str) else "?"
    why: Words = (f"its schema is {told!r}, not {SCHEMA!r}.", f"其 schema 为 {told!r}，应为 {SCHEMA!r}。")
    fix: Words = (
        "give the JSON that `settle run --format json` wrote.", "请提供 `settle run --format json` 生成的 JSON 文件。"
    )  # fmt: skip
    return diagnostic("SE0707", language, (), why, fix)


def _broken(error: _FieldError, language: str) -> Diagnostic:
    why: Words = (
        f"`{error.where}` is absent or malformed; expected {error.expected}.",
        f"字段 `{error.where}` 缺失或格式不对，应为 {error.expected}。",
    )
    fix: Words = ("give the statement as it was written, unedited.", "请提供未经改动的原始结算单。")
    return diagnostic("SE0708", language, (), why, fix)


def _edited(name: str, found: Decimal, stated: Decimal, language: str) -> Diagnostic:
    why: Words = (
        f"{name} comes to {found}, the statement says {stated}: {abs(found - stated)} apart.",
        f"{name} 计算为 {found}，结算单写的是 {stated}，相差 {abs(found - stated)}。",
    )
    fix: Words = ("give the statement as it was written, unedited.", "请提供未经改动的原始结算单。")
    return diagnostic("SE0709", language, (), why, fix)
