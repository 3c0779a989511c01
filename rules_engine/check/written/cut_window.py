"""An amount or a bound whose window the clause covers only in part: the whole of it or a share."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from rules_engine.check.meaning.environment import Both, Environment
from rules_engine.check.meaning.fields import Fields, words
from rules_engine.check.meaning.wording import lump_written, money, written
from rules_engine.check.windows import IN_FULL, PROPORTIONS
from rules_engine.core.expressions import Aggregate, Constant, Expression, MeasureRef, ResultOf
from rules_engine.core.walk import walk
from rules_engine.source import Span
from rules_engine.syntax.tree import Field
from rules_engine.values.period import Period, WindowSpec
from rules_engine.values.windows import tile, whole

TERMINATION: Both = (
    "below `terminated`, for everything that says nothing itself: proportionally by days\n(or `in full`)",
    "在“提前终止”之下，对未另行写明的条款一并写明：按天折算\n（或“不折算”）",
)
ANSWERS = (*PROPORTIONS, IN_FULL)
EXAMPLE = Decimal(3_000)


def demand_proportion(fields: Fields, spec: WindowSpec, days: Period, env: Environment) -> None:
    """Refuse an amount that multiplies nothing in a window that the clause covers only in part, unless one answer is written."""
    answers = [fields.all(key)[0] for key in ANSWERS if fields.has(key)]
    if len(answers) > 1:
        env.note(
            "SE0203",
            *(field.span for field in answers[:2]),
            why=("two ways to treat a cut window leave it open which one counts.", "写了两种折算方式，无法确定以哪个为准。"),
            fix=("delete one of the two lines.", "删去其中一行。"),
        )
    if not (answers or env.cut_answer) and (cut := first_cut(spec, days, env)):
        report(fields.span, lump_written(fields.get("amount")) or EXAMPLE, *cut, ("", ""), env)


def demand_bound_proportion(field: Field, amount: Expression, spec: WindowSpec, days: Period, env: Environment) -> None:
    """Refuse a fixed bound whose window is cut, unless one answer stands on its line."""
    measured = any(isinstance(item, MeasureRef | Aggregate | ResultOf) for item in walk(amount))
    if measured or env.cut_answer or set(words(field)) & set(ANSWERS):
        return
    if cut := first_cut(spec, days, env):
        fixed = amount.value if isinstance(amount, Constant) and isinstance(amount.value, Decimal) else EXAMPLE
        line = written(field.span, env)
        report(field.span, fixed, *cut, (f"{line}, ", f"{line}, "), env)


def first_cut(spec: WindowSpec, days: Period, env: Environment) -> tuple[Period, Period] | None:
    """The first window that is shorter than its calendar one, with that; None where there is none."""
    header = env.header
    if spec.kind == "rolling" or days.start >= days.end or (spec.kind == "term" and header.written_end is None):
        return None
    days = days.cut(Period(header.start, header.end)) or days
    if spec.kind == "term":
        return (days, env.signed_term) if days != env.signed_term else None
    for window in tile(spec, days, header.settle, header.year_start, header.ranges):
        full = whole(spec, window, days, header.settle, header.year_start, header.ranges)
        if window != full:
            return window, full
    return None


def report(span: Span, amount: Decimal, window: Period, full: Period, line: Both, env: Environment) -> None:
    """Both readings of the amount in the cut window."""
    last = window.end - timedelta(days=1)
    days, all_days = (window.end - window.start).days, (full.end - full.start).days
    share = (amount * days / all_days).quantize(Decimal("0.01"))
    ended = env.terminated_at
    env.note(
        "SE0516",
        span,
        *([(ended, ("terminated here", "在此提前终止"))] if ended.line else []),
        why=(
            (
                f"{window.start} to {last} is {days} of the {all_days} days of its window: {money(amount)} holds in full, or as\n"
                f"{money(share)} by days. {money(amount - share)} lies between the two."
            ),
            (
                f"{window.start} 至 {last} 只是该期间 {all_days} 天中的 {days} 天：{money(amount)} 或全额适用，或按天折算为\n"
                f"{money(share)}，相差 {money(amount - share)}。"
            ),
        ),
        fix=(
            TERMINATION
            if ended.line
            else (f"{line[0]}proportionally by days\n(or `{line[0]}in full`)", f"{line[1]}按天折算\n（或“{line[1]}不折算”）")
        ),
    )
