"""The one shape every clause has: base × price, inside a window, bounded, on a condition, grouped, with its papers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

from rules_engine.check.days import days_of
from rules_engine.check.declared.bounds import bounds
from rules_engine.check.declared.drawing import left_of_base, taken_off
from rules_engine.check.declared.periods import on_account, window_of
from rules_engine.check.header import rounding
from rules_engine.check.meaning.environment import Environment, Refusal
from rules_engine.check.meaning.expressions import condition
from rules_engine.check.meaning.fields import Fields, among, first, of_block, others, words
from rules_engine.check.meaning.scopes import WindowScope
from rules_engine.check.meaning.substitute import without_returns
from rules_engine.check.prices.bases import can_be_negative
from rules_engine.check.prices.changes import written_change
from rules_engine.check.prices.earning import FIELDS, Earned, earning
from rules_engine.check.prices.grouping import demand_each_once, per_columns
from rules_engine.check.prices.sharing import funding, shares, spread
from rules_engine.check.windows import IN_FULL, PROPORTIONS, dues
from rules_engine.check.written.cut_window import demand_proportion
from rules_engine.check.written.each_document import demand_each_alone
from rules_engine.check.written.named_floor import demand_named_floor
from rules_engine.check.written.negative_base import demand_negative, refuse_empty_carry
from rules_engine.check.written.vat_rates import demand_share
from rules_engine.clauses.kind import ClauseKind
from rules_engine.core.expressions import Expression, Rounding
from rules_engine.core.program import Clause, Draw, Papers
from rules_engine.core.units import Unit
from rules_engine.syntax.tree import Block, Name, Number, Text, Word

SHARED = (
    *FIELDS, "per", "against", "spread_over", "spread_by_day", "funded", "period", "at_most", "at_least", *PROPORTIONS, IN_FULL, "when", "paid_by", "to",
    "negative", "due", "invoice", "vat", "from", "until", "changes", "needs_confirmation", "source", "rounding", "note",
)  # fmt: skip
ONE_UNIT = Decimal(1)
RETURNS = ("customer_return", "after_sale_return", "warehouse_return")
PAYERS = ("platform", "supplier")
INVOICES = {"by_supplier": "supplier", "by_platform": "platform", "by_receipt": "receipt", "none": "none"}
TREATMENTS = {"discounts_the_goods_invoice": "invoice_discount", "deducted_in_cash": "cash"}
OWN_INVOICE = ("sop", "sopl")
PASSED_ON = Papers("receipt", "cash", "none")
NEGATIVES = {"turns_round": "turns_round", "counts_as_zero": "zero", "carries_forward": "carry"}


def plain(block: Block, env: Environment, kind: ClauseKind) -> Clause:
    """A clause that is base × price and nothing else."""
    fields = of_block(block, env)
    fields.allow((*SHARED, "returned_fees_kept", *kind.fields))
    per = per_columns(fields)
    with all_said(fields, per, env, kind):
        earned = earning(fields, per, env, pays_in(fields), each=each_rounding(fields, env))
        demand_each_alone(fields, earned.base, env)
        return framed(block, fields, per, fees_kept(earned, env) if fields.has("returned_fees_kept") else earned, env, kind)


def fees_kept(earned: Earned, env: Environment) -> Earned:
    """The charge on what was sold, whatever comes back."""
    def opened(name: str) -> Expression:
        return env.measures[name].expression

    base = None if earned.base is None else without_returns(earned.base, RETURNS, opened)
    return replace(earned, earn=without_returns(earned.earn, RETURNS, opened), base=base)


@contextmanager
def all_said(fields: Fields, per: tuple[str, ...], env: Environment, kind: ClauseKind) -> Iterator[None]:
    """A refusal inside ends the clause, but only after its other fields were read: what is wrong with them is said as well."""
    try:
        yield
    except Refusal:
        for read in (
            lambda: bounds(fields, per, window_of(fields, env), env),
            lambda: gate(fields, per, env),
            lambda: days_of(fields, env),
            lambda: payer(fields, env, kind),
            lambda: spread(fields, per, env),
            lambda: shares(fields, payer(fields, env, kind), env),
            lambda: [dues(field, env) for field in fields.all("due")],
        ):
            with env.field_of():
                read()
        raise


def pays_in(fields: Fields) -> Unit:
    """What the clause's amount counts: units of free goods, or money."""
    return Unit.QUANTITY if fields.has("free") else Unit.MONEY


def settled_in_goods(fields: Fields) -> str:
    """Whether the clause is settled in goods: by units, by value, or '' in money."""
    if fields.has("free"):
        return "units"
    return "value" if among(fields.get("invoice"), ("paid_in_goods",)) else ""


def each_rounding(fields: Fields, env: Environment) -> Rounding | None:
    """The rounding of every document's part, where that is the place of rounding."""
    mode, to, place = rounding(fields.get("rounding"), (env.header.rounding, env.header.rounding_place))
    return Rounding(mode, to) if place == "document_line" and not fields.has("free") and fields.has("on", "qualify_on", "revenue") else None


def framed(
    block: Block,
    fields: Fields,
    per: tuple[str, ...],
    earned: Earned,
    env: Environment,
    kind: ClauseKind,
    draws: tuple[Draw, ...] = (),
    **changes: Any,
) -> Clause:
    """The clause around what it earns: window, bounds, condition, papers and everything the kernel does with them."""
    mode, to, place = rounding(fields.get("rounding"), (env.header.rounding, env.header.rounding_place))
    earned, behind = left_of_base(earned, fields, block.id, env)
    period = window_of(fields, env)
    when, once = gate(fields, per, env)
    days = days_of(fields, env)
    fixed = earned.base is None and kind.collect == "in_full"
    demand_each_once(fields)
    demand_named_floor(fields, per, earned.groups, env)
    if fixed:
        demand_proportion(fields, period, days, env)
    refuse_empty_carry(fields.get("negative"), earned.earn, env)
    if earned.base is not None and not fields.has("negative"):
        demand_negative(fields, earned.earn, can_be_negative(earned.base, env), env)
    settings: dict[str, Any] = {
        "id": block.id,
        "kind": block.kind,
        "title": block.title or kind.title[env.language == "zh"],
        "payer": (paid_by := payer(fields, env, kind)),
        "earn": earned.earn,
        "base": earned.base,
        "per": per,
        "groups": earned.groups if earned.base is None or fields.has("at_least") else (),
        "period": period,
        "on_account": on_account(fields, per, earned.base, env),
        "bounds": bounds(fields, per, period, env),
        "rounding": Rounding("down", ONE_UNIT) if fields.has("free") and not fields.has("rounding") else Rounding(mode, to),
        "rounding_place": place,
        "papers": papers(fields, preset_papers(kind, env.header.mode), env),
        "start": days.start,
        "end": days.end,
        "when": when,
        "once_reached": once,
        "negative": NEGATIVES.get(among(fields.get("negative"), NEGATIVES), "turns_round"),
        "proportion": cut_window(fields, fixed, env),
        "spread": spread(fields, per, env),
        "shares": shares(fields, paid_by, env),
        "funding": funding(fields, paid_by, env),
        "due": dues(found, env) if (found := fields.get("due")) else (),
        "changes": written_change(fields, earned, env),
        "needs_confirmation": fields.has("needs_confirmation"),
        "collect": kind.collect,
        "source": text_of(fields, "source"),
        "phrases": kind.phrases,
        "notices": notices(fields),
        "text": written_text(block, env),
        "span": block.span,
        "draws": (*draws, *behind, *taken_off(fields, per, period, env)),
    }
    return Clause(**{**settings, "goods": settled_in_goods(fields), **changes})


def cut_window(fields: Fields, fixed: bool, env: Environment) -> str:
    """How a cut window scales the clause; a termination says it for a fixed amount that says nothing itself."""
    written = next((how for key, how in PROPORTIONS.items() if fields.has(key)), "")
    return written or (PROPORTIONS.get(env.cut_answer, "") if fixed and not fields.has(IN_FULL) else "")


def payer(fields: Fields, env: Environment, kind: ClauseKind) -> str:
    """Who pays: the kind's preset or `paid by`; what a party pays to the platform moves no money of the supplier's."""
    field = fields.get("paid_by")
    name = first(field, Name) if field else None
    if name is None:
        if kind.payer:
            return kind.payer
        env.refuse(
            "SE0201",
            fields.span,
            why=(
                "it is not said who pays: 100.00 paid by the supplier lowers the payout by 100.00, paid by the platform it raises it by 100.00.",
                "没有写明由谁支付：供应商支付 100.00 则付款减少 100.00，平台支付则增加 100.00。",
            ),
            fix=("paid by supplier", "付款方 供应商"),
        )
    if name.id in PAYERS:
        return name.id
    if name.id not in env.parties:
        env.refuse(
            "SE0308",
            name.span,
            why=(f"no party is called `{name.id}`.", f"没有名为“{name.id}”的参与方。"),
            fix=(f'party {name.id} "…"', f'参与方 {name.id} "…"'),
        )
    return name.id


def gate(fields: Fields, per: tuple[str, ...], env: Environment) -> tuple[Expression | None, bool]:
    """The condition of `when`, and whether once reached it stays."""
    field = fields.get("when")
    if field is None:
        return None, False
    written = others(field, Word)[0]
    return condition(written, WindowScope(env, per)), "once_reached_stays" in words(field)  # type: ignore[arg-type]


def preset_papers(kind: ClauseKind, mode: str) -> Papers:
    """What the kind presets; where the merchant invoices the customer itself (SOP, SOPL), the platform only passes its money on."""
    return PASSED_ON if mode in OWN_INVOICE and kind.name in ("goods", "returns") else kind.papers


def papers(fields: Fields, preset: Papers, env: Environment) -> Papers:
    """Who invoices and how it is paid, as written or preset."""
    field = fields.get("invoice")
    if settled_in_goods(fields):
        return Papers("none", "in_goods", "none")
    by = INVOICES.get(among(field, INVOICES), preset.invoice_by)
    treatment = TREATMENTS.get(among(field, TREATMENTS), preset.treatment if by == preset.invoice_by else "cash")
    vat: str | Decimal = preset.vat
    if by in ("receipt", "none"):
        vat = "none"
    elif field is not None and by != preset.invoice_by and preset.vat == "none":
        vat = "contract"
    rate = fields.get("vat")
    if rate is not None:
        number = first(rate, Number)
        demand_share(number, rate, env)
        vat = number.value / 100 if number else "none"
    return Papers(by, treatment, vat)


def text_of(fields: Fields, key: str) -> str:
    """The quoted text of a field, or ''."""
    field = fields.get(key)
    found = first(field, Text) if field else None
    return found.value if found else ""


def notices(fields: Fields) -> tuple[str, ...]:
    """Flags for the statement: an amount that is still to be agreed."""
    agreed = any("to_be_agreed" in words(item) for item in fields.fields if item.key in ("rate", "amount", "free"))
    return ("amount_to_be_agreed",) if agreed else ()


def written_text(block: Block, env: Environment) -> str:
    """The block as the file has it."""
    return "\n".join(env.lines(block.span)).rstrip()
