"""The header of a contract: who, when, how it settles. What money depends on must be written."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from decimal import Decimal

from rules_engine.check.meaning.environment import Both, Environment, Refusal
from rules_engine.check.meaning.fields import Fields, among, first, group, items, words
from rules_engine.check.meaning.whole import whole
from rules_engine.check.written.header_policies import demand_policies
from rules_engine.check.written.month_length import EVERY_MONTH_HAS, demand_due_day
from rules_engine.check.written.monthly_credit import demand_readings
from rules_engine.check.written.vat_rates import demand_vat_rates
from rules_engine.core.expressions import Rounding
from rules_engine.core.program import Dated, Header, PayTerm
from rules_engine.source import Span
from rules_engine.syntax.tree import ContractText, DateLiteral, Field, Group, Item, Name, Number, Row, Text, Value, Window, Word
from rules_engine.values.period import WindowSpec

KEYS = (
    "platform", "supplier", "renews", "mode", "signed", "term", "currency", "prices", "settle", "pay", "payout", "late_documents",
    "returns", "rounding", "year_starts", "ranges", "corrections", "source", "note",
)  # fmt: skip
MODES = ("half_up", "half_even", "half_down", "up", "down", "floor", "ceiling")
PLACES = {"on_each_line": "line", "on_each_document_line": "document_line", "on_the_total": "total"}
MONTHS_ON = {"of_that_month": 0, "of_the_next_month": 1, "of_the_month_after_next": 2}
LAST_DAY = 31
REQUIRED: dict[str, tuple[Both, Both]] = {
    "platform": (("nobody is named as the platform.", "没有写明平台。"), ('platform "Northgate Retail Trading Co."', '平台 "北门零售贸易有限公司"')),
    "supplier": (("nobody is named as the supplier.", "没有写明供应商。"), ('supplier S-10023 "Golden Grain Foods Co."', '供应商 S-10023 "金谷食品有限公司"')),
    "term": (("the contract has no first and last day.", "合同没有起止日期。"), ("term 2026-01-01 to 2026-12-31", "期限 2026-01-01 至 2026-12-31")),
    "currency": (("amounts have no currency.", "金额没有币种。"), ("currency CNY", "币种 CNY")),
    "settle": (("it is not said how often statements are made.", "没有写明多久结算一次。"), ("settle monthly", "结算 每月")),
    "pay": (("it is not said when a statement is paid.", "没有写明何时付款。"), ("pay 60 days after statement", "付款 对账后 60 天")),
}  # fmt: skip


def header(text: ContractText, env: Environment) -> Header | None:
    """The header, stand-ins for lines found lacking, so that the blocks are read all the same; None where that cannot be."""
    fields = Fields(text.header, text.span, env)
    fields.allow(KEYS)
    demand(fields, env)
    demand_policies(fields, env)
    try:
        return built(text, Fields((*text.header, *stand_ins(text.span)), text.span, env), env)
    except Refusal:
        return None


def stand_ins(span: Span) -> tuple[Field, ...]:
    """Lines read where none of their key was written; the term has none, every window hangs on it."""
    written: dict[str, tuple[Item, ...]] = {
        "platform": (Text("", span),),
        "supplier": (Text("", span),),
        "currency": (Name("CNY", span),),
        "prices": (Word("include_vat", span), Number(Decimal(13), "percent", span)),
        "settle": (Window("month", span),),
        "pay": (Number(Decimal(60), "days", span), Word("after_statement", span)),
        "payout": (Word("any_amount", span),),
    }
    return tuple(Field(key, items, span) for key, items in written.items())


def demand(fields: Fields, env: Environment) -> None:
    """Report every line that is not written."""
    for key, (why, fix) in REQUIRED.items():
        if not fields.has(key):
            env.note("SE0201", fields.span, why=why, fix=fix)


def built(text: ContractText, fields: Fields, env: Environment) -> Header:
    """The header of lines that are all there."""
    start, end = term(needed(fields, "term"), env)
    supplier = needed(fields, "supplier")
    mode, to, place = rounding(fields.get("rounding"), (Rounding("half_up", Decimal("0.01")), "line"))
    include, vat = prices(needed(fields, "prices"))
    demand_vat_rates(needed(fields, "prices"), vat, (start, end), env)
    payout = needed(fields, "payout")
    least = group(payout, "at_least")
    supplier_name = first(supplier, Name)
    return Header(
        id=text.id,
        title=text.title,
        version="1",
        language=text.language,
        sha256=hashlib.sha256(env.source.text.encode()).hexdigest(),
        platform=texts(fields, "platform"),
        supplier_id=supplier_name.id if supplier_name else "",
        supplier=texts(fields, "supplier"),
        mode=next(iter(words(fields.get("mode"))), "self_operated"),
        signed=next((item.value for item in items(found, DateLiteral)), None) if (found := fields.get("signed")) else None,
        start=start,
        end=end,
        currency=next(item.id for item in items(needed(fields, "currency"), Name)),
        prices_include_vat=include,
        vat=vat,
        settle=settle(needed(fields, "settle"), env),
        pay=pay(needed(fields, "pay"), env),
        minimum_payout=next((item.value for item in items(least, Number)), Decimal(0)) if least else Decimal(0),
        negative_net="invoiced" if "negative_invoiced" in words(payout) else "carried_forward",
        late="not settled" if "are_not_settled" in words(fields.get("late_documents")) else "settle in the period they arrive",
        returns="back_to_sale" if "back_to_the_sale" in words(fields.get("returns")) else "own_period",
        rounding=Rounding(mode, to),
        rounding_place=place,
        year_start=year_start(fields),
        ranges=ranges(fields),
        parties=env.parties,
        file=env.source.name,
        deferrals=counted(payout, "deferrals", 0, env),
        write_off_after=counted(payout, "written_off", 1, env) or 0,
        corrections="reversal" if "by_reversal" in words(fields.get("corrections")) else "net",
        renews=renewed.id if (found := fields.get("renews")) and (renewed := first(found, Name)) else "",
    )


def counted(payout: Field, key: str, least: int, env: Environment) -> int | None:
    """How many deferrals or settlements the payout line allows; None where it does not say."""
    found = group(payout, key)
    return next((whole(item, env, least) for item in items(found, Number)), None) if found else None


def needed(fields: Fields, key: str) -> Field:
    """A field that was demanded before."""
    found = fields.get(key)
    if found is None:
        raise Refusal
    return found


def texts(fields: Fields, key: str) -> str:
    """The quoted text of a line."""
    found = first(needed(fields, key), Text)
    return found.value if found else ""


def term(field: Field, env: Environment) -> tuple[date, date]:
    """The term, made half-open."""
    start, end = (item.value for item in items(field, DateLiteral))
    if end < start:
        env.refuse(
            "SE0209",
            field.span,
            why=(f"the term ends on {end}, before it starts.", f"期限在 {end} 结束，早于开始。"),
            fix=(f"term {end} to {start}", f"期限 {end} 至 {start}"),
        )
    return start, end + timedelta(days=1)


def prices(field: Field) -> tuple[bool, tuple[Dated[Decimal], ...]]:
    """Whether prices include VAT, and the rates in force."""
    include = "include_vat" in words(field)
    single = first(field, Number)
    if single is not None:
        return include, (Dated(single.value / 100),)
    return include, tuple(dated_rate(row) for row in items(field, Row))


def dated_rate(row: Row) -> Dated[Decimal]:
    """One dated VAT rate."""
    amount = row.price.parts[0].amount if isinstance(row.price, Value) else None
    assert isinstance(amount, Number)
    return Dated(amount.value / 100, row.start, row.end + timedelta(days=1) if row.end else None)


def settle(field: Field, env: Environment) -> WindowSpec:
    """How the term is cut into settlements; documents settled one by one stand on the statement of their day."""
    found = first(field, Window)
    if found is None:
        env.each_document = True
        return WindowSpec("day")
    return WindowSpec(found.kind, found.count, found.unit, found.starting_day, found.name)


def pay(field: Field, env: Environment) -> PayTerm:
    """The due date's rule."""
    demand_due_day(field, env)
    number = first(field, Number)
    named = words(field)
    anchor = next((word.removeprefix("after_") for word in named if word.startswith("after_")), "statement")
    if anchor == "monthly_credit":
        demand_readings(field, env)
    day, months = pay_day(group(field, "pay_day"), env)
    roll = {"following_working_day": "following", "preceding_working_day": "preceding"}
    overflow = {"or_last_day": "last_day", "or_first_of_next": "first_of_next"}
    return PayTerm(
        whole(number, env, 0) if number else 0,
        (number.unit if number else "") or "days",
        anchor,
        next((roll[word] for word in named if word in roll), ""),
        next((overflow[word] for word in named if word in overflow), ""),
        day,
        months,
    )


def pay_day(written: Group | None, env: Environment) -> tuple[int, int]:
    """The fixed day of the month and how many months on; 31 is the last day."""
    if written is None:
        return 0, 0
    number, months = first(written, Number), MONTHS_ON[words(written)[0]]
    if number is None:
        return LAST_DAY, months
    if not 1 <= number.value <= EVERY_MONTH_HAS:
        env.refuse(
            "SE0271",
            number.span,
            why=(
                f"not every month has a day {number.value}; a payment of that month would be due on no day, or on one that is guessed.",
                f"并非每个月都有 {number.value} 日；该月的付款日无法确定。",
            ),
            fix=("pay on the last day of the next month", "付款 次月 最后一日"),
        )
    return whole(number, env), months


def rounding(field: Field | None, default: tuple[Rounding, str]) -> tuple[str, Decimal, str]:
    """Mode, multiple and place of a rounding line; what is not written is `default`."""
    if field is None:
        return default[0].mode, default[0].to, default[1]
    number = first(field, Number)
    place = next((PLACES[word] for word in words(field) if word in PLACES), default[1])
    return among(field, MODES) or default[0].mode, number.value if number else default[0].to, place


def year_start(fields: Fields) -> tuple[int, int]:
    """Month and day on which the contract's year starts."""
    field = fields.get("year_starts")
    if field is None:
        return (1, 1)
    month, day = (int(item.value) for item in items(field, Number))
    return (month, day)


def ranges(fields: Fields) -> dict[str, tuple[date, date]]:
    """Named ranges, made half-open."""
    found = {}
    for field in fields.all("ranges"):
        for bracket in items(field, Group):
            name = first(bracket, Name)
            start, end = (item.value for item in items(bracket, DateLiteral))
            if name is not None:
                found[name.id] = (start, end + timedelta(days=1))
    return found
