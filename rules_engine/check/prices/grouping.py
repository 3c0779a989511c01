"""`per`: the columns a clause is split by, and how bare names of rows are read against them."""

from __future__ import annotations

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.expressions import condition
from rules_engine.check.meaning.fields import Fields
from rules_engine.check.meaning.scopes import WindowScope
from rules_engine.check.meaning.wording import column
from rules_engine.check.prices.bases import feeding_types, filter_of
from rules_engine.check.prices.pricing import Filters
from rules_engine.core.expressions import Column, Compare, Constant, Expression, Logic
from rules_engine.core.units import Unit
from rules_engine.source import Span
from rules_engine.syntax import tree

COLUMNS = {"contract": (), "promotion": ("campaign",)}


def per_columns(fields: Fields) -> tuple[str, ...]:
    """The columns of `per`; `contract` is none."""
    field = fields.get("per")
    if field is None:
        return ()
    named = (item for item in field.items if isinstance(item, tree.Name | tree.Word))
    return tuple(dict.fromkeys(each for name in named for each in COLUMNS.get(name.id, (name.id,))))


def demand_each_once(fields: Fields) -> None:
    """Refuse a column that stands twice in `per`: one of the two was meant to be another."""
    field = fields.get("per")
    named = [item for item in field.items if isinstance(item, tree.Name)] if field else []
    for at, name in enumerate(named):
        first = next((other for other in named[:at] if other.id == name.id), None)
        if first is not None:
            fields.env.note(
                "SE0203",
                name.span,
                first.span,
                why=(
                    f"`{name.written or name.id}` twice splits no further than once; another column may have been meant.",
                    f"“{name.written or name.id}”写了两次，与写一次结果相同；可能本应是另一列。",
                ),
                fix=("keep one of them, or name the other column.", "只保留一个，或写出另一列。"),
            )


def one_of(split: Expression, names: tuple[tree.Name, ...], span: Span) -> Expression:
    """The column is one of the names."""
    tests = tuple(Compare("=", split, Constant(name.written or name.id, Unit.TEXT, name.span), name.span) for name in names)
    return tests[0] if len(tests) == 1 else Logic("or", tests, span)


class NamedRows(Filters):
    """Bare names belong to the one column the clause is split by; the names seen are its groups."""

    of = ""

    def __init__(self, env: Environment, per: tuple[str, ...]) -> None:
        self.env = env
        self.per = per
        self.seen: dict[tuple[str, ...], None] = {}

    @property
    def named(self) -> tuple[tuple[str, ...], ...]:
        """The groups that rows name."""
        return tuple(self.seen)

    def yes_no(self, name: tree.Name) -> bool:
        """Whether the name is a yes/no column of what is priced."""
        return bool(name.of)

    def names(self, names: tuple[tree.Name, ...], span: Span) -> Expression:
        """`for rice, oil`; a yes/no column stands bare, as in every condition."""
        if len(names) == 1 and self.yes_no(names[0]):
            if len(self.per) == 1:
                self.refuse_two_readings(names[0])
            return self.where(names[0])
        if len(self.per) != 1:
            word = names[0].written or names[0].id
            self.env.refuse(
                "SE0301",
                span,
                why=(
                    f"`{word}` is a bare name, and the clause is not split by exactly one column, so it is not said whose name it is.",
                    f"“{word}”是不带列名的名称，而条款没有恰好按一列拆分，无法确定它属于哪一列。",
                ),
                fix=(f"per category\n(or `for category = {word}`)", f"按 类目\n（或“限 类目 = {word}”）"),
            )
        self.seen.update({(name.written or name.id,): None for name in names})
        return one_of(Column(self.per[0], Unit.TEXT, self.of, span), names, span)

    def refuse_two_readings(self, name: tree.Name) -> None:
        """A bare name that is a yes/no column and may be one of the groups as well."""
        word, per = name.written or name.id, self.per[0]
        english, chinese = column(per, "en"), column(per, "zh")
        self.env.refuse(
            "SE0301",
            name.span,
            why=(
                f"`{word}` is a yes/no column of the documents, and it may be one of the names in `{english}` too; the two price other documents.",
                f"“{word}”是单据的“是/否”列，也可能是“{chinese}”中的一个名称；两种读法适用的单据不同。",
            ),
            fix=(
                f"for {word} = yes\n(or `for {english} = {word}`)",
                f"限 {word} = 是\n（或“限 {chinese} = {word}”）",
            ),
        )


class RowFilters(NamedRows):
    """Filters over the documents that feed a base."""

    def __init__(self, env: Environment, base: Expression, per: tuple[str, ...]) -> None:
        super().__init__(env, per)
        self.base = base

    def yes_no(self, name: tree.Name) -> bool:
        """Whether every document that feeds the base has it as a yes/no column."""
        types = feeding_types(self.base, self.env)
        return bool(types) and all(name.id in kind.columns and kind.columns[name.id].unit is Unit.YES_NO for kind in types)

    def where(self, node: tree.Expression) -> Expression:
        """`for category = rice`."""
        return filter_of(node, self.base, self.env)


class GroupFilters(NamedRows):
    """Filters of an amount without a base: conditions on the group itself."""

    of = "group"

    def where(self, node: tree.Expression) -> Expression:
        """`for category = rice`, where the clause is split by category."""
        match node:
            case tree.Comparison(left=tree.Name(id=split), op="=", right=tree.Name() as name) if (split,) == self.per:
                self.seen[(name.written or name.id,)] = None
        return condition(node, WindowScope(self.env, self.per))
