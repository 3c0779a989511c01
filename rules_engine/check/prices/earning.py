"""Base times price: the fields `on`, `for`, `qualify on`, `baseline` and `rate`, `amount`, `tiers` or `free` as one expression."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NoReturn

from rules_engine.check.days import days_of
from rules_engine.check.meaning.environment import Both, Environment
from rules_engine.check.meaning.expressions import expression
from rules_engine.check.meaning.fields import Fields, group, items, others, words
from rules_engine.check.meaning.scopes import WindowScope
from rules_engine.check.meaning.substitute import restricted
from rules_engine.check.meaning.units import alike
from rules_engine.check.meaning.wording import added, column, lump_written, money, plain, plural, written
from rules_engine.check.prices.along import demand_base
from rules_engine.check.prices.bases import aggregates, feeding_types, filter_of
from rules_engine.check.prices.grouping import GroupFilters, RowFilters
from rules_engine.check.prices.lumps import lump_choice
from rules_engine.check.prices.prices import ladder, price, table
from rules_engine.check.prices.pricing import Pricing
from rules_engine.core.expressions import (
    Aggregate,
    Choice,
    ChoiceRow,
    Compare,
    Constant,
    Expression,
    Ladder,
    MeasureRef,
    Part,
    Parts,
    Price,
    Priced,
    ResultOf,
    Rounding,
    Table,
)
from rules_engine.core.program import DocumentType
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of, walk
from rules_engine.diagnostics.suggest import nearest
from rules_engine.record import dataclass
from rules_engine.source import Span
from rules_engine.syntax import tree

PRICE_KEYS = ("rate", "amount", "tiers", "free")
FIELDS = ("on", "for", "qualify_on", "baseline", *PRICE_KEYS)
WHOLE = Parts((Part("rate", Constant(Decimal(1), Unit.PERCENT)),))


@dataclass(frozen=True, slots=True)
class Earned:
    """What a clause earns, the base it is earned on, and groups that its rows name."""

    earn: Expression
    base: Expression | None
    groups: tuple[tuple[str, ...], ...] = ()


def earning(
    fields: Fields,
    per: tuple[str, ...],
    env: Environment,
    pays: Unit | None = Unit.MONEY,
    each: Rounding | None = None,
    base_key: str = "on",
) -> Earned:
    """The earned amount; `pays` None lets a measure pay whatever its price counts. `base_key` names the field of the base."""
    local = baseline(fields, per, env)
    base = paying_base(fields, per, local, env, base_key)
    qualify = base_of(fields, "qualify_on", per, local, env)
    if base is None and qualify is not None:
        base, qualify = qualify, None
    if base is None:
        return without_base(fields, per, local, env, pays)
    scope = WindowScope(env, per, local)
    unit = pays or (Unit.MONEY if unit_of(base) is Unit.MONEY else Unit.QUANTITY)
    picked = unit_of(qualify) if qualify is not None else unit_of(base)
    pricing = Pricing(scope, unit_of(base), picked, unit, RowFilters(env, base, per), days_of(fields, env))
    found = written_price(fields, pricing)
    demand_base(found, base, qualify, fields, env)
    linear_each = each if each is not None and rounds_each(fields, found, env) else None
    return Earned(Priced(base, found, qualify, linear_each, unit, fields.span), base, pricing.filters.named)


def base_of(
    fields: Fields, key: str, per: tuple[str, ...], local: Mapping[str, Expression], env: Environment
) -> Expression | None:
    """The expression of `on` or `qualify on`, every document of which must have the columns the clause is split by."""
    field = fields.get(key)
    if field is None:
        return None
    base = expression(others(field, tree.Word)[0], WindowScope(env, per, local))  # type: ignore[arg-type]
    split = fields.get("per")
    demand_columns(base, per, split.span if split else field.span, env)
    return base


def demand_columns(base: Expression, per: tuple[str, ...], span: Span, env: Environment) -> None:
    """Refuse a split by a column that some document of the base does not have."""
    for split in per:
        if split in ("document", "document_line", "order"):
            continue
        for kind in feeding_types(base, env):
            if split not in kind.columns:
                env.refuse(
                    "SE0309",
                    span,
                    why=(
                        f"`{plural(kind, 'en')}` have no column `{split}`, so their money belongs to no group.",
                        f"“{plural(kind, 'zh')}”没有“{split}”列，其金额不属于任何一组。",
                    ),
                    fix=other_column(split, kind, env),
                )


def other_column(name: str, kind: DocumentType, env: Environment) -> Both:
    """The column that was probably meant, else the declaration of a new one."""
    near = nearest(name, [column(known, env.language) for known in kind.columns])
    if near:
        return f"per {near[0]}", f"按 {near[0]}"
    return f"documents {plural(kind, 'en')}\n  column {name}", f"单据 {plural(kind, 'zh')}\n  列 {name}"


def paying_base(
    fields: Fields, per: tuple[str, ...], local: Mapping[str, Expression], env: Environment, base_key: str
) -> Expression | None:
    """The base of `on`, restricted by `for`."""
    base = base_of(fields, base_key, per, local, env)
    field = fields.get("for")
    if base is None or field is None:
        return base
    filters = RowFilters(env, base, per)
    names = tuple(items(field, tree.Name))
    bare = bool(names) and len(names) == len(field.items)
    where = filters.names(names, field.span) if bare else filter_of(field.items[0], base, env)  # type: ignore[arg-type]

    def opened(name: str) -> Expression:
        return env.measure(name, field.span).expression

    return restricted(base, where, opened)


def baseline(fields: Fields, per: tuple[str, ...], env: Environment) -> dict[str, Expression]:
    """The clause's own name `baseline`, with what holds where there is none."""
    field = fields.get("baseline")
    if field is None:
        return {}
    found = expression(others(field, tree.Group)[0], WindowScope(env, per))  # type: ignore[arg-type]
    instead = group(field, "else")
    if instead is None:
        if any(isinstance(item, MeasureRef) and item.shift for item in walk(found)) or list(aggregates(found, env)):
            refuse_open_baseline(field, env)
        return {"baseline": found}
    other = expression(instead.items[0], WindowScope(env, per))  # type: ignore[arg-type]
    one, two = alike((found, other), field.span, env)
    return {"baseline": above_zero(Choice((ChoiceRow(one), ChoiceRow(two, if_none=True)), unit_of(one), field.span), two)}


def above_zero(found: Choice, instead: Expression) -> Expression:
    """The baseline where there is something to grow from; a baseline of zero is as good as none."""
    rows = (
        ChoiceRow(found, when=Compare(">", found, Constant(Decimal(0), found.unit), found.span)),
        ChoiceRow(instead, otherwise=True),
    )
    return Choice(rows, found.unit, found.span)


def refuse_open_baseline(field: tree.Field, env: Environment) -> None:
    """A baseline read from documents must say what holds without them."""
    env.refuse(
        "SE0513",
        field.span,
        why=(
            (
                "in the first year there are no documents to take the baseline from. With 640,000.00 bought and 3% on growth: read as zero, all of it\n"
                "is growth and 19,200.00 is due; read as missing, nothing is. 19,200.00 lies between the two."
            ),
            "第一年没有可作基准的单据。采购 640,000.00、增长部分返 3%：\n若视为零，全部采购都是增长，应付 19,200.00；若视为缺失则不付。两者相差 19,200.00。",
        ),
        fix=added(
            field.span,
            (", else 640,000", ", 否则 64万"),
            ("baseline purchases of previous year, else 640,000", "基准 采购额 上年, 否则 64万"),
            env,
        ),
    )


def without_base(
    fields: Fields, per: tuple[str, ...], local: Mapping[str, Expression], env: Environment, pays: Unit | None
) -> Earned:
    """An `amount` that multiplies nothing: rows pick by group, date and condition."""
    field = fields.get("amount") or fields.get("rate")
    if field is None:
        env.refuse(
            "SE0201",
            fields.span,
            why=("neither a base nor an amount is written, so nothing can be computed.", "既没有基数也没有金额，无从计算。"),
            fix=("on sum of supply_amount over sales", "基数 合计 供货金额 取自 销售单"),
        )
    filters = GroupFilters(env, per)
    pricing = Pricing(WindowScope(env, per, local), None, None, pays or Unit.NUMBER, filters, days_of(fields, env))
    amount = lump_choice(field, pricing)
    if per and not filters.named and not any(isinstance(item, MeasureRef | Aggregate | ResultOf) for item in walk(amount)):
        refuse_unnamed_groups(field, per, env)
    return Earned(amount, None, filters.named)


def refuse_unnamed_groups(field: tree.Field, per: tuple[str, ...], env: Environment) -> NoReturn:
    """A fixed amount for each of some groups, and nothing that says which groups there are."""
    once = lump_written(field) or Decimal(1_000)
    group = (column(per[0], "en"), column(per[0], "zh"))
    env.refuse(
        "SE0201",
        field.span,
        why=(
            f"the amount counts no documents, so nothing says for which {group[0]} it is owed: for two of them {money(once * 2)}, for none 0.00.",
            f"该金额不按单据计，没有写明适用于哪些{group[1]}：两个则为 {money(once * 2)}，一个也没有则为 0.00。",
        ),
        fix=(f"amount\n  {plain(once)} for A, B", f"金额\n  {plain(once)} 限 甲, 乙"),
    )


def written_price(fields: Fields, pricing: Pricing) -> Price:
    """The one price of the block; a base of money without a price passes through whole."""
    env = pricing.scope.env
    found = [item for item in fields.fields if item.key in PRICE_KEYS]
    if len({item.key for item in found}) > 1:
        env.refuse(
            "SE0203",
            *(item.span for item in found[:2]),
            why=("two prices for one base leave it open which one counts.", "一个基数写了两种价格，无法确定以哪个为准。"),
            fix=("keep one of them, or join the parts with `plus`.", "只留一种，或用“加”连接。"),
        )
    if not found:
        if pricing.base is not Unit.MONEY:
            refuse_unpriced(fields.span, pricing.base, env)
        return WHOLE
    if found[0].key == "tiers":
        return tiers(found, pricing)
    return rows_price(found[0], pricing)


def refuse_unpriced(span: Span, base: Unit | None, env: Environment) -> NoReturn:
    """A base that is no money, and no price for it."""
    why = ("the base counts units, and no price says what one is worth.", "基数是数量，但没有写单价。")
    fix = ("rate 0.05 per unit", "点位 每件 0.05")
    if base is Unit.NUMBER:
        why = ("the base is a plain number, and no price says what one is worth.", "基数是普通数字，但没有写单价。")
        fix = (
            "rate 0.05 per unit\n(or, where its numbers are money, write so: `6.50 CNY`)",
            "点位 每件 0.05\n（如其中的数字本是金额，请写明：“6.50 CNY”）",
        )
    if base is Unit.PRICE:
        why = ("the base is money per unit, and nothing says how many units there are.", "基数是单价，没有写明数量。")
        fix = ("on sum of quantity * unit_price over sales", "基数 合计 数量 * 单价 取自 销售单")
    env.refuse("SE0201", span, why=why, fix=fix)


def tiers(found: list[tree.Field], pricing: Pricing) -> Price:
    """One ladder, or several dated ones as rows."""
    written = [item for field in found for item in items(field, tree.Ladder)]
    if len(written) == 1 and written[0].start is None and written[0].end is None:
        return ladder(written[0], pricing)
    rows = tuple(
        tree.Row(item, (), None, None, item.start, item.end, otherwise=False, at_zero=False, span=item.span) for item in written
    )
    return table(rows, "exactly_one", pricing, found[0].span)


def rows_price(field: tree.Field, pricing: Pricing) -> Price:
    """An inline value, or rows with an optional way of picking."""
    named = words(field)
    if "to_be_agreed" in named:
        return Parts((), span=field.span)
    rows = tuple(items(field, tree.Row))
    if not rows:
        single = next(item for item in field.items if isinstance(item, tree.Value | tree.ValueIf))
        return multiplying(field, price(single, pricing), pricing)
    picks = {"all_that_match": "all", "first_that_matches": "first"}
    pick = next((picks.get(word, word) for word in named), "exactly_one")
    return multiplying(field, table(rows, pick, pricing, field.span), pricing)


def multiplying(field: tree.Field, found: Price, pricing: Pricing) -> Price:
    """A `rate` that is money alone is refused: it would be paid once, however large the base is."""
    if field.key == "rate" and pricing.pays is Unit.MONEY:
        for part in _alternatives(found):
            if part.parts and all(item.kind in ("lump", "formula") for item in part.parts):
                refuse_lump_rate(field, part, pricing)
    return found


def _alternatives(found: Price) -> Iterator[Parts]:
    """The values among which rows or conditions pick."""
    if isinstance(found, Parts):
        yield found
    elif isinstance(found, Table):
        yield from (part for row in found.rows for part in _alternatives(row.price))


def refuse_lump_rate(field: tree.Field, part: Parts, pricing: Pricing) -> NoReturn:
    """Money behind `rate`: a price per unit, a share or a fixed amount, which are far apart."""
    env = pricing.scope.env
    span = part.span if part.span.line else field.items[0].span
    one = written(span, env)
    if any(isinstance(item, MeasureRef | Aggregate | ResultOf) for each in part.parts for item in walk(each.amount)):
        refuse_money_rate(span, env)
    counts = pricing.base is not Unit.MONEY
    times = (f"{one} for each unit", f"每件 {one}") if counts else (f"{one} for each 1 of it", f"每 1 元 {one}")
    env.refuse(
        "SE0410",
        field.span,
        why=(
            f"{one} multiplies nothing: on a base of 100 it would be {one}, paid once, or a hundred times as much, {times[0]}.",
            f"{one} 没有乘以基数：基数为 100 时，可能只付一次 {one}，也可能{times[1]}，相差百倍。",
        ),
        fix=(
            f"rate {one} per unit\n(or, paid once, `amount {one}`)" if counts else f"rate 5%\n(or, paid once, `amount {one}`)",
            f"费率 每件 {one}\n（只付一次则写“金额 {one}”）" if counts else f"费率 5%\n（只付一次则写“金额 {one}”）",
        ),
    )


def refuse_money_rate(span: Span, env: Environment) -> NoReturn:
    """A formula of money behind `rate`, most often a share of a target that is written as a plain number."""
    env.refuse(
        "SE0410",
        span,
        why=(
            (
                "this is an amount of money and multiplies nothing: it would be paid as it is, whatever the base. Money over a plain number\n"
                "stays money: 95,000.00 over a target of 100,000 is 0.95 of money, over a target of 100,000 CNY it is the share 0.95."
            ),
            "这是金额，没有乘以基数，会原样支付。金额除以不带单位的数仍是金额：\n95,000.00 除以目标 100,000 得 0.95 元，除以目标 100,000元 才得比率 0.95。",
        ),
        fix=(
            "write the target as money, `100,000 CNY`\n(or, where the amount itself is due, `amount …`)",
            "把目标写成金额“100,000元”\n（若应付的就是该金额，则写“金额 …”）",
        ),
    )


def rounds_each(fields: Fields, found: Price, env: Environment) -> bool:
    """Whether every document's part can be rounded by itself; a ladder prices the sum, not the document."""
    linear = _linear(found)
    if not linear:
        env.refuse(
            "SE0515",
            fields.span,
            why=(
                (
                    "this price is worked out on the sum of all documents, so no document line has an amount of its own to round:\n"
                    "three documents of 0.15 at 10% are 0.06 rounded one by one and 0.05 rounded together."
                ),
                "这个价格按全部单据的合计计算，单张单据没有可取整的金额：三张 0.15 按 10%，逐单取整为 0.06，合计取整为 0.05。",
            ),
            fix=("rounding half up to 0.01 on each line", "取整 四舍五入 至 0.01 每行"),
        )
    return linear


def _linear(found: Price) -> bool:
    match found:
        case Parts():
            return (
                found.floor is None
                and found.cap is None
                and all(part.kind in ("rate", "per", "per_document") for part in found.parts)
            )
        case Table():
            return all(_linear(row.price) for row in found.rows)
        case Ladder():
            return bool(found.along)
