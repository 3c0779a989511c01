"""Promotions worked out from orders: what they take off, and what must be written with them."""

from __future__ import annotations

from decimal import Decimal
from typing import NoReturn

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.fields import Fields, among, group, items, words
from rules_engine.check.meaning.whole import whole
from rules_engine.check.meaning.wording import added, plain
from rules_engine.check.promotions.order_sets import SETS, set_reduction
from rules_engine.core.order_promotion import Reduction
from rules_engine.source import Span
from rules_engine.syntax.tree import Field, Name, Number, Text

REDUCTIONS = ("reduce", "gift", "redeem", "bundle", *SETS)


def reductions(fields: Fields, env: Environment) -> tuple[Reduction, ...]:
    """What is taken off: steps of one ladder, or one repeated reduction, cut, gift, price or bundle."""
    written = [field for field in fields.fields if field.key in REDUCTIONS]
    found = tuple(set_reduction(fields, field, env) if field.key in SETS else _reduction(field, env) for field in written)
    ladder = all(item.kind in ("money", "percent") and not item.repeats for item in found)
    if len(found) > 1 and not (
        ladder and len({item.counted for item in found}) == 1 and len({item.threshold for item in found}) == len(found)
    ):
        env.refuse(
            "SE0281",
            *(field.span for field in written[:2]),
            why=(
                (
                    "an order of 600.00 and 3 units may reach both, and nothing says which of the two it gets: 100.00 by one, 60.00 by the other,\n"
                    "or 160.00 together."
                ),
                "一笔 600.00、3 件的订单可能同时满足两者，没有写明适用哪一个：按其一 100.00，按另一 60.00，叠加则 160.00。",
            ),
            fix=(
                "steps of one promotion count the same thing at different thresholds; write another promotion for the rest, `after` the first.",
                "同一促销的各档按同一口径、不同门槛书写；其余另写一个促销，并用“先扣”写明先后。",
            ),
        )
    return found


def _reduction(field: Field, env: Environment) -> Reduction:
    number = next(items(field, Number), None)
    reaching = group(field, "reaching") or group(field, "per_full") or group(field, "per_item")
    threshold = next(items(reaching, Number), None) if reaching else None
    most = group(reaching, "up_to_most") or group(field, "up_to_most")
    bound = next(items(most, Number), None) if most else None
    units = bound is not None and (bound.unit == "units" or "repeated" in words(most))
    common: dict[str, object] = {
        "threshold": threshold.value if threshold else Decimal(0),
        "counted": "units" if threshold is not None and threshold.unit == "units" else "money",
        "times": whole(bound, env) if bound is not None and units else None,
        "cap": bound.value if bound is not None and not units else None,
    }
    if group(field, "per_full") is not None and not common["threshold"]:
        refuse_percent_of_steps(field.span, env)
    match field.key:
        case "gift":
            return Reduction("price", Decimal(0), repeats=group(field, "per_full") is not None, **common)  # type: ignore[arg-type]
        case "redeem":
            assert number is not None
            return Reduction("price", number.value, repeats=group(field, "per_full") is not None, **common)  # type: ignore[arg-type]
        case "bundle":
            assert number is not None
            named = tuple(
                item.value if isinstance(item, Text) else item.written or item.id
                for item in field.items
                if isinstance(item, Name | Text)
            )
            return Reduction("bundle", number.value, **common, skus=named)  # type: ignore[arg-type]
        case _:
            return _off(field, number, group(field, "per_full") is not None, common, env)


def _off(field: Field, number: Number | None, repeats: bool, common: dict[str, object], env: Environment) -> Reduction:
    assert number is not None
    percent = number.unit == "percent"
    per_unit = "per_item" in words(field) or group(field, "per_item") is not None
    capped = common["cap"] is not None
    if repeats and (percent or not common["threshold"]):
        refuse_percent_of_steps(field.span, env)
    if per_unit and percent and not capped:
        refuse_percent_of_steps(field.span, env)
    if per_unit and not percent and (capped or common["times"] is not None):
        refuse_bound_of_units(field.span, env)
    amount = number.value / 100 if percent else number.value
    kind = ("unit_percent" if percent else "unit") if per_unit else "percent" if percent else "money"
    return Reduction(kind, amount, repeats=repeats, **common)  # type: ignore[arg-type]


def refuse_percent_of_steps(span: Span, env: Environment) -> NoReturn:
    """A percent is of all that is eligible; it cannot be given once for each full amount or unit."""
    env.refuse(
        "SE0282",
        span,
        why=(
            "a percentage is of the whole order already: 10% of 600.00 is 60.00, and once more for each full 300.00 would be 120.00.",
            "百分比已按整笔订单计算：600.00 的 10% 为 60.00；若每满 300.00 再算一次则为 120.00。",
        ),
        fix=("reduce 10% from 300\n(or `reduce 30 per full 300`)", "满 300 减 10%\n（或“每满 300 减 30”）"),
    )


def refuse_bound_of_units(span: Span, env: Environment) -> NoReturn:
    """An amount for each unit is as much as it says; what bounds it would bound the order."""
    env.refuse(
        "SE0282",
        span,
        why=(
            "200.00 off each unit is 200.00 for every one: at most 500.00 would bound the order of three, at 500.00, or each unit, at 600.00.",
            "每件减 200.00 即每件都减 200.00；“最多 500.00”若限整单，三件减 500.00，若限每件，三件减 600.00。",
        ),
        fix=("reduce 200 per unit\n(a percentage may be bounded: `reduce 15% per unit, at most 500`)", "每件 减 200\n（百分比才可封顶：“每件 减 15%, 最多 500”）"),
    )


def refuse_base(span: Span, env: Environment) -> NoReturn:
    """Orders are judged line by line, on what each line costs."""
    env.refuse(
        "SE0283",
        span,
        why=(
            "an order is judged on what its lines cost, so the base is one sum of money over sales; a formula or a count has no lines to reduce.",
            "订单按各行的价格判定，因此基数须是对销售单的一个金额合计；算式或计数没有可减的行。",
        ),
        fix=("on sum of list_amount over sales less customer_returns", "基数 合计 标价金额 取自 销售单 减 客退单"),
    )


def refuse_unknown_promotion(name: Name, env: Environment) -> NoReturn:
    """Only another promotion worked out from orders has a reduction of its own for every line."""
    env.refuse(
        "SE0284",
        name.span,
        why=(
            f"`{name.id}` is no other promotion with a reduction of its own, so nothing says what it takes off a line.",
            f"“{name.id}”不是另一个自带减免的促销，无法得知它从各行减去多少。",
        ),
        fix=("name a promotion that has `reduce`, `gift`, `redeem`, `bundle`, `buy` or `any`.", "写出带有“减”“满赠”“换购”“捆绑”“买”或“任选”的促销。"),
    )


def demand_counting(field: Field, env: Environment) -> bool:
    """Whether excluded lines count towards the threshold; it must be written."""
    word = among(field, ("counted_towards_the_threshold", "not_counted_towards_the_threshold"))
    if not word:
        env.refuse(
            "SE0592",
            field.span,
            why=(
                (
                    "an order of 150.00 with 60.00 of excluded goods: counted it reaches 199.00 and is reduced by 100.00, not counted it is not.\n"
                    "100.00 lies between the readings."
                ),
                "订单 150.00 外加除外商品 60.00：计入门槛则达到 199.00，减 100.00；不计入则不减。两者相差 100.00。",
            ),
            fix=added(
                field.span,
                (", counted towards the threshold", ", 计入门槛"),
                ("excluded category = gold, not counted towards the threshold", "除外 类目 = 黄金, 不计入门槛"),
                env,
            ),
        )
    return word == "counted_towards_the_threshold"


def demand_return_policy(fields: Fields, env: Environment) -> str:
    """What a return of part of an order does to the reduction of the rest; it must be written."""
    field = fields.get("returned_orders")
    if field is None:
        env.refuse(
            "SE0591",
            fields.span,
            why=(
                (
                    "100.00 off an order of 129.00 and 70.00, of which the 70.00 come back: kept, 64.82 of the reduction stand for the rest;\n"
                    "recomputed, 129.00 no longer earn any, and 64.82 come back too. 64.82 lies between the readings."
                ),
                "订单 129.00 与 70.00，减 100.00，其中 70.00 退货：保留则其余商品仍享 64.82；\n重算则 129.00 不再达到门槛，64.82 一并收回。两者相差 64.82。",
            ),
            fix=(
                "returned orders recompute\n(or `returned orders keep`, or `returned orders claw back`)",
                "部分退货 重算\n（或“部分退货 保留”，或“部分退货 追回”）",
            ),
        )
    return words(field)[0]


def demand_funding(fields: Fields, env: Environment) -> None:
    """Who bears how much of the reduction; it must be written."""
    if fields.has("funded"):
        return
    amount = next(
        (number.value for field in fields.all("reduce") for number in items(field, Number) if number.unit != "percent"),
        Decimal(100),
    )
    env.refuse(
        "SE0593",
        fields.span,
        why=(
            f"it is not said who bears the reduction: of {plain(amount)} the supplier owes all, or 60% of it, or nothing.",
            f"没有写明优惠由谁承担：{plain(amount)} 中供应商可能全部承担、承担 60% 或不承担。",
        ),
        fix=("funded supplier 60%, rest platform", "承担 供应商 60%, 其余归 平台"),
    )
