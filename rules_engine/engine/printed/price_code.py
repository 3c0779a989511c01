"""Prices as source: every value and ladder a function of its slice's base `b` and qualifier `q`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from rules_engine.core.expressions import Constant, Ladder, Part, Parts, Price, Priced, Row, Table
from rules_engine.engine.interpreted.cancelling import cancelled
from rules_engine.engine.printed.ladder_code import print_ladder
from rules_engine.engine.printed.shapes import Shape
from rules_engine.engine.printed.table_code import TableCode
from rules_engine.engine.printed.window_code import PARAMETERS, Module
from rules_engine.engine.reading.reach import linear
from rules_engine.engine.reading.source_code import Printed, as_fraction_code
from rules_engine.record import dataclass

ONE = Decimal(1)
UNSURE = Printed("unsure()", "decimal")


def print_priced(module: Module, priced: Priced) -> Printed:
    """A base times a price."""
    key = ("priced", id(priced))
    if key not in module.kinds:
        module.kept.append(priced)
        _add_priced(module, priced, key)
    name, kind = module.kinds[key]
    return Printed(f"{name}({PARAMETERS})", kind)


def _add_priced(module: Module, priced: Priced, key: tuple[object, ...]) -> None:
    base = module.printer.code(priced.base)
    qualifier = None if priced.qualify is None else module.printer.code(priced.qualify)
    shape = Shape(base.kind, qualifier.kind if qualifier else base.kind, qualifier is None, True, priced.base)
    paid = printed_price(module, priced.price, shape) if priced.each is None else _each(module, priced, shape)
    zero = _at_zero(module, priced.price, shape, priced, paid)
    fractions = "fraction" in (paid.kind, zero.kind)
    codes = [as_fraction_code(item) if fractions else item.code for item in (zero, paid)]
    body = f"    b = {base.code}\n    q = {qualifier.code if qualifier else 'b'}\n"
    body += f"    if not b:\n        return {codes[0]}\n    return {codes[1]}\n"
    module.add(key, "p", PARAMETERS, body, "fraction" if fractions else "decimal")


def _at_zero(module: Module, price: Price, shape: Shape, priced: Priced, paid: Printed) -> Printed:
    """What a base of zero earns: the `at zero` price, or what documents that only come to zero together earn one by one."""
    if priced.each is None and isinstance(price, Ladder | Table) and price.at_zero is not None:
        return printed_price(module, price.at_zero, shape)
    if _answers_zero(price):
        return UNSURE
    if cancelled(price, priced.each) is None or linear(module.program, priced.base) is None:
        return Printed("ZERO", "decimal")
    alone = priced.each is not None and isinstance(price, Parts)
    return paid if alone or isinstance(price, Table) else UNSURE


def _answers_zero(price: Price) -> bool:
    """Whether a zero base may earn something."""
    rows = price.rows if isinstance(price, Table) else ()
    return getattr(price, "at_zero", None) is not None or any(_answers_zero(row.price) for row in rows)


def _each(module: Module, priced: Priced, shape: Shape) -> Printed:
    """Rounded document by document: plain proportional prices only, the rest is the reference's."""
    price = priced.price
    if priced.each is None or priced.qualify is not None:
        return UNSURE
    if isinstance(price, Table):
        return _table(module, price, shape, priced)
    ratio = _ratio(module, price)
    if ratio is None:
        return UNSURE
    return Printed(f"e.each({module.printer.bound(priced)}, {ratio.code}, a, x)", "decimal")


def _ratio(module: Module, price: Price) -> Printed | None:
    """What one unit of base earns under a plain price of percents and unit prices."""
    if not isinstance(price, Parts) or price.floor or price.cap:
        return None
    if not price.parts or any(part.kind not in ("rate", "per") or part.step != "exact" for part in price.parts):
        return None
    codes = [_unit_price(module, part) for part in price.parts]
    if any(item.kind != "decimal" for item in codes):
        return None
    return Printed(f"({' + '.join(item.code for item in codes)})", "decimal")


def _unit_price(module: Module, part: Part) -> Printed:
    amount = module.unrestricted(part.amount)
    if part.kind == "rate" or part.count == ONE:
        return amount
    return Printed(f"({as_fraction_code(amount)} / {module.printer.bound(Fraction(part.count))})", "fraction")


def printed_price(module: Module, price: Price, shape: Shape) -> Printed:
    """The source of a price applied to `b` and `q`."""
    match price:
        case Parts():
            name, kind = _parts(module, price, shape)
        case Ladder():
            name, kind = print_ladder(module, price, shape, printed_price)
        case Table():
            return _table(module, price, shape)
        case _:
            assert_never(price)
    return Printed(f"{name}({PARAMETERS}, b, q)", kind) if name else UNSURE


def _table(module: Module, table: Table, shape: Shape, priced: Priced | None = None) -> Printed:
    """A table is split at run time; the price of each row is a function."""
    held = module.readings.get(id(table))
    changes = "" if held is None else held[1].changes
    if changes in ("last", "continue") or not shape.whole:
        return UNSURE
    payer = "platform" if held is None else held[1].payer
    rows = [_row_price(module, price, shape, priced) for price in (row.price for row in table.rows)]
    kind = "fraction" if any(kind == "fraction" for _, kind in rows) else "decimal"
    each = priced.each if priced is not None else None
    alone = frozenset(index for index, row in enumerate(table.rows) if cancelled(row.price, each) is not None)
    code = TableCode(table, payer, shape.expression, shape.same, kind == "fraction", alone, each is not None)
    base = module.function(("base", id(shape.expression)), shape.expression)[0]
    module.kept.append(shape.expression)
    names = module.listed([name for name, _ in rows])
    whens = module.listed([_when(module, row) for row in table.rows])
    return Printed(f"{module.printer.bound(code, 't')}({PARAMETERS}, b, q, {base}, {names}, {whens})", kind)


def _when(module: Module, row: Row) -> str:
    if row.when is None:
        return "None"
    module.kept.append(row.when)
    return module.function(("when", id(row.when)), row.when)[0]


@dataclass(frozen=True, slots=True)
class PlainRow:
    """A row that pays one number a unit of its base: so many of them need no source of their own."""

    rate: Decimal

    def __call__(self, _evaluator: object, _asking: object, _results: object, _inside: object, base: Decimal, _qualifier: object) -> Decimal:
        """What the base earns."""
        return base * self.rate


def plain_rate(price: Price) -> Decimal | None:
    """The one number that a price pays a unit of its base; None for any other price."""
    if not isinstance(price, Parts) or len(price.parts) != 1 or price.floor is not None or price.cap is not None:
        return None
    part = price.parts[0]
    whole = part.kind == "rate" or (part.kind == "per" and part.count == ONE and part.step == "exact")
    amount = part.amount.value if whole and isinstance(part.amount, Constant) else None
    return amount if isinstance(amount, Decimal) else None


def _row_price(module: Module, price: Price, shape: Shape, priced: Priced | None) -> tuple[str, str]:
    key = ("row", id(price), *shape.key, priced is not None)
    if key not in module.kinds:
        module.kept.append(price)
        plain = plain_rate(price) if priced is None and shape.base == "decimal" else None
        if plain is not None:
            module.kinds[key] = (module.printer.bound(PlainRow(plain)), "decimal")
            return module.kinds[key]
        printed = printed_price(module, price, shape) if priced is None else _each(module, replace(priced, price=price), shape)
        module.add(key, "w", f"{PARAMETERS}, b, q", f"    return {printed.code}\n", printed.kind)
    return module.kinds[key]


def _parts(module: Module, parts: Parts, shape: Shape) -> tuple[str, str]:
    key = ("parts", id(parts), *shape.key)
    if key not in module.kinds:
        module.kept.append(parts)
        lines, amounts = _amount_lines(module, parts)
        whole = [_part(module, part, item, shape) for item, part in zip(amounts, parts.parts, strict=True)]
        signed = [item for item, part in zip(whole, parts.parts, strict=True) if part.kind in ("rate", "per")]
        bounds = [_bound(module, bound, shape) for bound in (parts.floor, parts.cap)]
        fractions = any(item.kind == "fraction" for item in (*whole, *(bound for bound in bounds if bound)))
        body = "".join(lines)
        if len(signed) < len(whole) or any(bounds):
            body += f"    if b < 0:\n        return {_sum(signed, fractions)}\n"
        body += f"    v = {_sum(whole, fractions)}\n"
        for test, bound in zip(("<", ">"), bounds, strict=True):
            if bound is not None:
                limit = as_fraction_code(bound) if fractions else bound.code
                body += f"    m = {limit}\n    if v {test} m:\n        v = m\n"
        module.add(key, "v", f"{PARAMETERS}, b, q", body + "    return v\n", "fraction" if fractions else "decimal")
    return module.kinds[key]


def _amount_lines(module: Module, parts: Parts) -> tuple[list[str], list[Printed]]:
    lines, amounts = [], []
    for index, part in enumerate(parts.parts):
        printed = module.unrestricted(part.amount)
        lines.append(f"    n{index} = {printed.code}\n")
        amounts.append(Printed(f"n{index}", printed.kind))
    return lines, amounts


def _bound(module: Module, bound: Parts | None, shape: Shape) -> Printed | None:
    if bound is None:
        return None
    name, kind = _parts(module, bound, shape)
    return Printed(f"{name}({PARAMETERS}, b, q)", kind)


def _sum(items: Sequence[Printed], fractions: bool) -> str:
    codes = [as_fraction_code(item) if fractions else item.code for item in items]
    return " + ".join(codes) if codes else ("FZERO" if fractions else "ZERO")


def _part(module: Module, part: Part, amount: Printed, shape: Shape) -> Printed:
    match part.kind:
        case "rate":
            return _product("b", shape.base, amount)
        case "per":
            return _per(module, part, amount, shape)
        case "per_document":
            shared = module.printer.bound(shape.expression)
            return _product(f"e.document_count({shared}, a, x)", "decimal", amount)
        case _:
            return amount


def _per(module: Module, part: Part, amount: Printed, shape: Shape) -> Printed:
    if part.step != "exact":
        units = f"{part.step}(b, {module.printer.bound(part.count)})"
        module.printer.names.update(started=started, full=full)
        return _product(units, "decimal", amount)
    if part.count == ONE:
        return _product("b", shape.base, amount)
    base = Printed(f"(F(b) / {module.printer.bound(Fraction(part.count))})", "fraction")
    return _product(base.code, base.kind, amount)


def _product(base: str, kind: str, amount: Printed) -> Printed:
    if "fraction" not in (kind, amount.kind):
        return Printed(f"{base} * {amount.code}", "decimal")
    left = f"F({base})" if kind == "decimal" else base
    return Printed(f"{left} * {as_fraction_code(amount)}", "fraction")


def started(base: Decimal | Fraction, count: Decimal) -> Decimal:
    """Units begun, with the sign of the base."""
    units, rest = divmod(abs(Fraction(base)), Fraction(count))
    return Decimal(units + (rest > 0)) * (1 if base >= 0 else -1)


def full(base: Decimal | Fraction, count: Decimal) -> Decimal:
    """Whole units, with the sign of the base."""
    return Decimal(abs(Fraction(base)) // Fraction(count)) * (1 if base >= 0 else -1)
