"""What things on a statement are called: lines with their group, clauses by title, measures in their unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction

from rules_engine.core.builtin import BUILTIN_TYPES, COLUMNS_ZH, TYPES_ZH
from rules_engine.core.program import Program
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of
from rules_engine.settlement.lines.payees import is_suppliers
from rules_engine.settlement.model import Balance, BalanceLayer, Line, PayeeTotals, ShownMeasure, UnusedDocument
from rules_engine.statement.amounts import number_text, value_text
from rules_engine.statement.clean import one_line
from rules_engine.statement.numbers import grouped
from rules_engine.statement.words import Words


def title_text(line: Line, words: Words) -> str:
    """A line's title with its group and its payee: `Base deduction points · oil`."""
    payee = "".join(f" · {name}" for name in payee_tag(line, words))
    return f"{one_line(line.title or line.clause)}{group_text(line.group)}{payee}"


def payee_tag(line: Line, words: Words) -> tuple[str, ...]:
    """Who gets a line of a clause that names its payees; nothing for the others."""
    return (party_text(line.payee, words),) if line.payee else ()


def party_text(party: str, words: Words) -> str:
    """A party by its id, or the side it is."""
    return words(f"funder.{party}") if words.has(f"funder.{party}") else one_line(party)


def file_name(place: str) -> str:
    """A place without its folders, so that a statement is the same wherever its files lie."""
    return re.split(r"[/\\]", place)[-1]


def goods_text(line: Line, words: Words) -> str:
    """How much a line in goods is: units, or money's worth, signed by who gives them."""
    amount = line.amount if line.direction == "payable" else -line.amount
    return words("goods." + line.goods, amount=value_text(amount, Unit.QUANTITY if line.goods == "units" else Unit.MONEY, words))


def payee_name(item: PayeeTotals, words: Words) -> str:
    """A payee as the contract names it: id and title, or the side it is."""
    title = "" if words.has(f"funder.{item.party}") else one_line(item.title)
    return party_text(item.party, words) + (f" · {title}" if title else "")


def direction_text(line: Line, program: Program, words: Words) -> str:
    """Which way the money goes; a negative amount goes back."""
    known = {"", "platform", "supplier", *program.header.parties}
    payer = line.payer or ("platform" if line.direction == "payable" else "supplier")
    if line.payee in known and not is_suppliers(payer, line.payee):
        back = ".back" if line.amount < 0 else ""
        return words(f"direction.apart{back}", payer=one_line(payer), payee=one_line(line.payee or "platform"))
    return words(f"direction.{line.direction}{'.back' if line.amount < 0 else ''}")


def paper_text(line: Line, words: Words) -> str:
    """Who invoices a line and how it is paid; what is payable stands on the invoice, what is not reduces it."""
    papers = line.papers
    on_it = papers.treatment == "invoice_discount" and line.direction == "payable"
    treatment = words("treatment.goods" if on_it else "treatment." + papers.treatment)
    return f"{words('paper.' + papers.invoice_by)} · {treatment}"


def base_text(line: Line, program: Program, words: Words) -> str:
    """A line's base in the unit of its clause; nothing where there is none."""
    if line.base is None:
        return ""
    clause = program.clauses.get(line.clause)
    unit = unit_of(clause.base) if clause and clause.base else Unit.MONEY
    return number_text(line.base, unit, words)


def group_text(group: Mapping[str, str]) -> str:
    """The group's values behind a dot each; nothing for the whole contract."""
    return "".join(f" · {one_line(value) or '–'}" for value in group.values())


def clause_title(clause: str, program: Program) -> str:
    """The title of a clause or limit, else its id."""
    known = program.clauses.get(clause) or program.limits.get(clause)
    return one_line((known.title if known else "") or clause)


def document_name(item: UnusedDocument, program: Program, words: Words) -> str:
    """A document as `sales X-77/1`."""
    line = f"/{one_line(item.line)}" if item.line else ""
    return f"{type_name(item.type, program, words)} {one_line(item.id)}{line}"


def control_text(key: str, program: Program, words: Words) -> str:
    """What a control total counts: its period, document type and column in words."""
    period, _, rest = key.partition(" ")
    kind, found, column = rest.rpartition(" ")
    if not found:
        return one_line(key)
    return f"{one_line(period)} · {type_name(kind, program, words)} · {column_name(column, words)}"


def column_name(name: str, words: Words) -> str:
    """A column as people call it; `documents` counts them."""
    if name == "documents":
        return words("documents")
    if words.language == "zh" and name in COLUMNS_ZH:
        return COLUMNS_ZH[name][0]
    return one_line(name).replace("_", " ")


def type_name(name: str, program: Program, words: Words) -> str:
    """A document type as people call it: the contract's plural, or its Chinese name."""
    if words.language == "zh" and name in TYPES_ZH:
        return TYPES_ZH[name][0]
    known = program.types.get(name) or BUILTIN_TYPES.get(name)
    return one_line(known.plural if known else name).replace("_", " ")


def measure_value(shown: ShownMeasure, words: Words) -> str:
    """A shown figure in its unit; not applicable where there is none."""
    if shown.value is None:
        return words("not_applicable")
    unit = Unit(shown.unit) if shown.unit in tuple(Unit) else None
    if unit is Unit.PERCENT:
        return grouped(Fraction(shown.value) * 100, 0, 4).rstrip("…") + "%"
    return number_text(shown.value, unit, words)


def balance_name(item: Balance, program: Program, words: Words) -> str:
    """The kind of balance and the title of its clause."""
    kind = words("balance." + item.kind)
    declared = program.balances.get(item.name)
    title = one_line(declared.title) if declared else clause_title(item.name, program) if item.name else kind
    return (kind if title == kind else f"{kind} · {title}") + group_text(item.group)


def layer_name(layer: BalanceLayer, words: Words) -> str:
    """A layer by its days: `from 2026-03-31 until 2026-12-31`."""
    if layer.until is None:
        return words("layer", since=layer.since)
    return words("layer_ended" if layer.expired else "layer_until", since=layer.since, until=layer.until - timedelta(days=1))
