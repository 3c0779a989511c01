"""The days on which a clause is in force: its `from` and `until` inside the term."""

from __future__ import annotations

from datetime import date, timedelta

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.fields import Fields, first
from rules_engine.check.windows import in_term
from rules_engine.syntax.tree import DateLiteral
from rules_engine.values.period import Period


def days_of(fields: Fields, env: Environment) -> Period:
    """The clause's own days: `from` and `until` inside the term."""
    start, end = day(fields, "from", env) or env.header.start, day(fields, "until", env) or env.header.end
    if end <= start and fields.has("from") and fields.has("until"):
        first_day, last_day = start, end - timedelta(days=1)
        env.note(
            "SE0209",
            (fields.span_of("until"), ("the last day", "最后一天")),
            (fields.span_of("from"), ("the first day", "第一天")),
            why=(
                f"the clause begins on {first_day} and ends on {last_day}: it would never pay.",
                f"条款自 {first_day} 开始，却在 {last_day} 结束，永远不会支付。",
            ),
            fix=(f"from {last_day}\nuntil {first_day}", f"自 {last_day}\n截至 {first_day}"),
        )
    return Period(start, max(start, end))


def day(fields: Fields, key: str, env: Environment) -> date | None:
    """The clause's first day, or the first day after its last."""
    field = fields.get(key)
    found = first(field, DateLiteral) if field else None
    if field is None or found is None:
        return None
    term = env.signed_term
    if not term.contains(found.value):
        env.note(
            "SE0210",
            field.span,
            why=(
                f"{found.value} lies outside the term {term.start} to {term.last}.",
                f"{found.value} 不在期限 {term.start} 至 {term.last} 之内。",
            ),
            fix=in_term(env),
        )
    return found.value if key == "from" else found.value + timedelta(days=1)
