"""Formulas written out, with no more brackets than they need."""

from __future__ import annotations

from typing import assert_never

from rules_engine.syntax.tree import (
    Aggregate,
    Binary,
    Call,
    Comparison,
    Conditional,
    DateLiteral,
    DateShift,
    Expression,
    Gathered,
    IfNone,
    Logical,
    Membership,
    Moved,
    Name,
    Negate,
    Number,
    ResultOf,
    Rounded,
    ShareOf,
    Text,
    TimeBetween,
    ValueAt,
    WorkingDayOn,
    YesNo,
)
from rules_engine.syntax.writing.pen import Pen

ANY, EITHER, BOTH, DENIED, COMPARED, SUM, PRODUCT, UNARY, PRIMARY, ATOM = range(10)
_OPS = {"count": "count_over", "latest": "latest", "earliest": "earliest", "count_distinct": "count_of_distinct"}


def level(node: Expression) -> int:
    """How tightly an expression holds together: ANY loosest, ATOM tightest."""
    match node:
        case Conditional() | IfNone():
            return ANY
        case Logical(op="or"):
            return EITHER
        case Logical(op="and"):
            return BOTH
        case Logical():
            return DENIED
        case Comparison() | Membership():
            return COMPARED
        case Binary(op="+" | "-") | DateShift():
            return SUM
        case Binary():
            return PRODUCT
        case Negate():
            return UNARY
        case ShareOf():
            return PRIMARY
        case Aggregate(bracketed=False):
            return ANY
        case _:
            return ATOM


def expression(pen: Pen, node: Expression, least: int = ANY) -> str:
    """The expression, bracketed if it holds less tightly than `least`."""
    text = _written(pen, node)
    return text if level(node) >= least else f"({text})"


def _written(pen: Pen, node: Expression) -> str:
    match node:
        case Number():
            return pen.number(node)
        case Text():
            return pen.text(node)
        case DateLiteral():
            return node.value.isoformat()
        case YesNo():
            return pen.word("yes" if node.value else "no")
        case Name(of="window"):
            return pen.word(node.id)
        case Name():
            return _name(pen, node)
        case Negate():
            return f"-{expression(pen, node.operand, UNARY)}"
        case Binary():
            return _binary(pen, node)
        case Comparison():
            return f"{expression(pen, node.left, SUM)} {node.op} {_right(pen, node.right)}"
        case Membership():
            word = pen.word("not_in" if node.negated else "in")
            return f"{expression(pen, node.left, SUM)} {word} ({', '.join(_right(pen, each, ANY) for each in node.options)})"
        case Logical():
            return _logical(pen, node)
        case Gathered():
            count = f" {node.count} {pen.word('among')}" if node.count else ""
            how = "至少" if node.count and pen.chinese else pen.word(node.how)
            return f"{how}{count} ({', '.join(expression(pen, each) for each in node.operands)})"
        case Call():
            return f"{pen.word(node.function)}({', '.join(expression(pen, each) for each in node.arguments)})"
        case _:
            return _phrase(pen, node)


def _phrase(
    pen: Pen,
    node: Conditional
    | IfNone
    | Rounded
    | ShareOf
    | Moved
    | ResultOf
    | ValueAt
    | TimeBetween
    | DateShift
    | WorkingDayOn
    | Aggregate,
) -> str:
    match node:
        case Conditional():
            parts = (expression(pen, each) for each in (node.condition, node.then, node.otherwise))
            return " ".join(f"{pen.word(word)} {part}" for word, part in zip(("if", "then", "else"), parts, strict=True))
        case IfNone():
            return if_none(pen, node, EITHER)
        case Rounded():
            mode = f" {pen.word(node.mode)}" if node.mode else ""
            return f"{pen.word('round')} {expression(pen, node.operand, SUM)} {pen.word('to')} {node.to:f}{mode}"
        case ShareOf():
            return _share(pen, node)
        case Moved():
            return f"{pen.name(node.measure)} {_move(pen, node.how, node.unit, node.count)}"
        case ResultOf():
            after = f" {pen.word('after_limits')}" if node.after_limits else ""
            shift = f" {_move(pen, *node.shift)}" if node.shift else ""
            return f"{pen.word('result_of')} {pen.written(node.clause)}{after}{shift}"
        case ValueAt():
            return f"{pen.name(node.value)} {pen.word('at')} {expression(pen, node.at, ATOM)}"
        case TimeBetween():
            return _between(pen, node)
        case DateShift():
            return _shift(pen, node)
        case WorkingDayOn():
            word = "first_working_day_on_or_after" if node.side == "after" else "last_working_day_on_or_before"
            return f"{pen.word(word)} {expression(pen, node.day, ATOM)}"
        case Aggregate():
            return _aggregate(pen, node)
        case _:
            assert_never(node)


def if_none(pen: Pen, node: IfNone, least: int) -> str:
    """`X if there is none Y`."""
    return f"{expression(pen, node.operand, least)} {pen.word('if_there_is_none')} {expression(pen, node.otherwise, least)}"


def _name(pen: Pen, node: Name) -> str:
    if node.of == "this":
        return f"{pen.word('this')} {pen.name(node)}"
    if node.of in ("opening_of", "closing_of"):
        return f"{pen.word(node.of)} {pen.written(node)}"
    return f"{pen.name(node)} {pen.word('of_original')}" if node.of else pen.name(node)


def _right(pen: Pen, node: Expression, least: int = SUM) -> str:
    """The right side of a comparison, where a bare name may be a text and is never translated."""
    return pen.written(node) if isinstance(node, Name) and not node.of else expression(pen, node, least)


def _binary(pen: Pen, node: Binary) -> str:
    loose = node.op in "+-"
    left = expression(pen, node.left, SUM if loose else PRODUCT)
    return f"{left} {node.op} {expression(pen, node.right, PRODUCT if loose else UNARY)}"


def _logical(pen: Pen, node: Logical) -> str:
    if node.op == "not":
        return f"{pen.word('not')} {expression(pen, node.operands[0], DENIED)}"
    least = BOTH if node.op == "or" else DENIED
    return f" {pen.word(node.op)} ".join(expression(pen, each, least) for each in node.operands)


def _share(pen: Pen, node: ShareOf) -> str:
    if pen.chinese:
        return f"{expression(pen, node.of, ATOM)} {pen.word('de')} {pen.number(node.share)}"
    return f"{pen.number(node.share)} {pen.word('of')} {expression(pen, node.of, PRIMARY)}"


def _move(pen: Pen, how: str, unit: str, count: int) -> str:
    match how:
        case "previous":
            return pen.word(f"previous_{unit}")
        case "so_far":
            return pen.word(f"{unit}_so_far")
        case "same_of_last_year":
            return pen.word(f"same_{unit}_of_last_year")
        case "before":
            return f"{pen.word('in_the')} {count} {pen.unit(f'{unit}s', count)} {pen.word('before')}"
        case _:
            return pen.word("all_earlier_years")


def _between(pen: Pen, node: TimeBetween) -> str:
    basis = node.basis.replace("/", "_")
    word = pen.word(f"years_{basis}_from" if basis else f"{node.unit}_from")
    mode = "" if node.mode == "exact" else f"{pen.word(node.mode)} " + (f"{node.count} " if node.count != 1 else "")
    return f"{mode}{word} {expression(pen, node.start, ATOM)} {pen.word('to')} {expression(pen, node.end, ATOM)}"


def _shift(pen: Pen, node: DateShift) -> str:
    sign = "-" if node.count < 0 else "+"
    overflow = f" {pen.word(f'or_{node.overflow}')}" if node.overflow else ""
    count = abs(node.count)
    return f"{expression(pen, node.start, SUM)} {sign} {count} {pen.unit(node.unit, count)}{overflow}"


def _aggregate(pen: Pen, node: Aggregate) -> str:
    inside = Pen(pen.words, pen.declared, pen.currency, in_documents=True)
    parts = [pen.word(_OPS.get(node.op, f"{node.op}_of"))]
    if node.item is not None:
        least = ANY if isinstance(node.item, Conditional) else SUM
        parts += [expression(inside, node.item, least), pen.word("over")]
    parts.append(", ".join(pen.type_name(each) for each in node.over))
    if node.less:
        parts += [pen.word("less"), ", ".join(pen.type_name(each) for each in node.less)]
    if node.where is not None:
        parts += [pen.word("where"), expression(inside, node.where, EITHER)]
    text = " ".join(parts)
    return f"({text})" if node.bracketed else text
