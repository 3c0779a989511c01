"""A settlement against what a scenario expects of it: only what is named is compared."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import Diagnostic
from rules_engine.diagnostics.suggest import did_you_mean
from rules_engine.settlement.model import Line, Settlement
from rules_engine.source import Span
from rules_engine.syntax.tree import DateLiteral, Field, Group, Name, Negate, Number, Text, Word


def compared(part: Field, settlement: Settlement) -> Iterator[Diagnostic]:
    """The findings of one `settle` part: amounts that differ, lines nobody named where `no other lines` stands."""
    expected = [item for item in part.items if isinstance(item, Group) and item.key == "line"]
    for item in part.items:
        match item:
            case Group(key="line"):
                yield from _line(item, settlement)
            case Group(key="total"):
                yield from _amount("total", item, settlement.totals.net, settlement)
            case Group(key="due"):
                yield from _due(item, settlement)
            case Group(key="payout"):
                yield from _amount("payout", item, settlement.totals.payout, settlement)
            case Word(id="no_other_lines"):
                yield from _others(item.span, {_name(line) for line in expected}, settlement)


def _due(item: Group, settlement: Settlement) -> Iterator[Diagnostic]:
    """A day on which some of the payout falls due: with an amount, that much; without one, all of it."""
    day = next(part.value for part in item.items if isinstance(part, DateLiteral))
    found = {payment.due: payment.amount for payment in settlement.payments}
    if any(isinstance(part, Number) for part in item.items):
        yield from _amount(f"due {day}", item, found.get(day, Decimal(0)), settlement)
    elif set(found) != {day}:
        told = [(f"{amount:,}", str(due) if due else "?") for due, amount in found.items()]
        why = (
            f"not all of the payout falls due on {day}: " + (", ".join(f"{due} {amount}" for amount, due in told) or "nothing is paid"),
            f"并非全部付款于 {day} 到期：" + ("、".join(f"{due} {amount}" for amount, due in told) or "本期无付款"),
        )
        fix = ("write one `due` line for each day, with its amount", "每个付款日写一行“到期”，并写明金额")
        yield diagnostic("SE0811", settlement.program.header.language, [item.span], why, fix)


def _line(item: Group, settlement: Settlement) -> Iterator[Diagnostic]:
    group = _group(item)
    program = settlement.program
    if _name(item) not in {*program.clauses, *program.limits}:
        yield from _figure(item, settlement)
        return
    lines = [line for line in _lines(settlement) if _written_as(line) == _name(item) and group <= {*line.group.values(), line.payee}]
    lines = [line for line in lines if line.kind != "adjustment" or line.group["adjustment"] in group]
    name = " ".join([_name(item), *sorted(group)])
    yield from _amount(name, item, sum((line.amount for line in lines), Decimal(0)), settlement)


def _written_as(line: Line) -> str:
    """The name a clause has in the contract: what an amendment settles under a number of its own is the same clause."""
    return line.clause.partition(".")[0]


def _figure(item: Group, settlement: Settlement) -> Iterator[Diagnostic]:
    known = figures(settlement)
    name = next(part for part in item.items if isinstance(part, Name))
    if name.id in known:
        yield from _amount(name.id, item, known[name.id], settlement)
        return
    names = [*settlement.program.clauses, *settlement.program.limits, *known]
    why = (f"`{name.id}` is no clause, shown measure or total.", f"“{name.id}”不是条款、展示口径或合计。")
    fix = (did_you_mean(name.id, names, "en"), did_you_mean(name.id, names, "zh"))
    yield diagnostic("SE0307", settlement.program.header.language, [name.span], why, fix)


def figures(settlement: Settlement) -> dict[str, Decimal]:
    """What a scenario may ask for beside its lines: totals, papers, VAT and shown measures, by name."""
    totals, papers = settlement.totals, settlement.papers
    named = {
        "payable": totals.payable,
        "receivable": totals.receivable,
        "adjustments": sum((signed(line) for line in settlement.lines if line.kind == "adjustment"), Decimal(0)),
        "carried_in": totals.carried_in,
        "carried_out": totals.carried_out,
        "written_off": totals.written_off,
        "supplier_invoice": papers.supplier_invoice,
        "platform_invoice": papers.platform_invoice,
        "receipts": papers.receipts,
        "prepayment_applied": papers.prepayment_applied,
        "net_of_vat": sum((part.net for part in papers.by_vat_rate), Decimal(0)),
        "vat": sum((part.vat for part in papers.by_vat_rate), Decimal(0)),
    }
    named["accrued"] = sum((item.closing for item in settlement.balances if item.kind == "accrual"), Decimal(0))
    shown = {item.name: item.value for item in settlement.measures_shown if item.value is not None}
    return named | shown


def _amount(name: str, item: Group, actual: Decimal, settlement: Settlement) -> Iterator[Diagnostic]:
    expected = next(_number(part) for part in item.items if isinstance(part, Number | Negate))
    if expected == actual:
        return
    gap = actual - expected
    unsettled = "; ".join(entry.reason for entry in settlement.unsettled if entry.clause == name.split(" ", maxsplit=1)[0])
    why = (
        f"{name}: settled {actual:,}, expected {expected:,}, difference {gap:+,}"
        + (f"; unsettled: {unsettled}" if unsettled else ""),
        f"{name}：结算 {actual:,}，预期 {expected:,}，相差 {gap:+,}" + (f"；未能结算：{unsettled}" if unsettled else ""),
    )
    fix = (f"if the contract is right, write `{name} {actual:,}`", f"如合同无误，请写 `{name} {actual:,}`")
    language = settlement.program.header.language
    yield diagnostic("SE0811", language, [(item.span, (f"gives {actual:,}", f"实际 {actual:,}"))], why, fix)


def signed(line: Line) -> Decimal:
    """What a line adds to the net."""
    return line.amount if line.direction == "payable" else -line.amount


def _others(span: Span, named: set[str], settlement: Settlement) -> Iterator[Diagnostic]:
    others = [line for line in _lines(settlement) if _written_as(line) not in named]
    if not others:
        return
    listed = ", ".join(f"{line.clause} {line.amount:,}" for line in others)
    why = (f"there are other lines: {listed}", f"还有其他行：{listed}")
    fix = ("name them, or leave `no other lines` away", "请写明这些行，或删去“无其他行”")
    yield diagnostic("SE0811", settlement.program.header.language, [span], why, fix)


def _lines(settlement: Settlement) -> tuple[Line, ...]:
    return (*settlement.lines, *(line for payee in settlement.payees for line in payee.lines), *settlement.goods, *settlement.pending)


def _name(item: Group) -> str:
    return next(part.id for part in item.items if isinstance(part, Name))


def _group(item: Group) -> set[str]:
    groups = [part for part in item.items if isinstance(part, Group) and part.key == "group"]
    return {text.value for group in groups for text in group.items if isinstance(text, Text)}


def _number(part: Number | Negate) -> Decimal:
    if isinstance(part, Number):
        return part.value
    return -_number(part.operand) if isinstance(part.operand, Number | Negate) else Decimal(0)
