"""A floor for each of some groups: a group without documents is owed it too, so the contract has to name the groups."""

from __future__ import annotations

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.fields import Fields, items
from rules_engine.check.meaning.wording import column, money, plain, word, written
from rules_engine.syntax.tree import Number

DOCUMENTS = frozenset(("order", "order_id", "document", "document_line"))
"""Columns whose values are documents themselves: those there are."""


def demand_named_floor(fields: Fields, per: tuple[str, ...], groups: tuple[tuple[str, ...], ...], env: Environment) -> None:
    """Refuse `at least` for each group of a clause whose rows name none."""
    if not per or groups or not DOCUMENTS.isdisjoint(per):
        return
    for field in fields.all("at_least"):
        number = next(iter(items(field, Number)), None)
        if number is None:
            continue
        floor = number.value
        line, price = written(field.span, env), fields.get("rate")
        group = (column(per[0], "en"), column(per[0], "zh"))
        inline = written(price.span, env) if price else word("rate", env.language)
        env.note(
            "SE0201",
            field.span,
            why=(
                (
                    f"nothing says for which {group[0]} at least {money(floor)} is owed: for one without documents it is {money(floor)} or\n"
                    f"nothing, {money(floor)} between the two."
                ),
                f"没有写明哪些{group[1]}至少应付 {money(floor)}：没有单据的{group[1]}应付 {money(floor)} 还是零，相差 {money(floor)}。",
            ),
            fix=(
                f"name them in rows: rate\n    10%  for A, B\n(or, owed only where there is a base, on the price itself: `{inline} at least {plain(floor)}` without `{line}`)",
                f"逐行写明：点位\n    10%  限 甲, 乙\n（或只在有基数时适用，写在价格上：“{inline} 下限 {plain(floor)}”，并删去“{line}”）",
            ),
        )
