"""Marketing commitment: spend that was promised and not made, domain.md §3.4.

due = max(0, rate × base − counted spend)
"""

from __future__ import annotations

from rules_engine.check.amounts import amount_of, lacking
from rules_engine.check.declared.credits import Credit, after_credits
from rules_engine.check.declared.periods import window_of
from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.fields import of_block, words
from rules_engine.check.prices.earning import Earned, earning
from rules_engine.check.prices.grouping import per_columns
from rules_engine.check.written.guarantee import demand_guarantee_period
from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import SHARED, each_rounding, framed
from rules_engine.core.expressions import Expression, Step
from rules_engine.core.program import Clause, Papers
from rules_engine.syntax.tree import Block

PHRASES = {
    "committed": ("committed spend", "承诺投放"),
    "counted": ("spend that counts", "计入投放"),
    "credit_used": ("spend that counts, with what was left before", "计入投放（含前期余额）"),
    "owed": ("spend not made", "未完成投放"),
    "missing": ("spend not made", "未完成投放"),
}


def elaborate(block: Block, env: Environment, kind: ClauseKind) -> Clause:
    """The clause; what of the spend counts is written with it."""
    fields = of_block(block, env)
    fields.allow((*SHARED, *kind.fields))
    demand_guarantee_period(fields, env)
    per = per_columns(fields)
    promised = earning(fields, per, env, each=each_rounding(fields, env))
    field = fields.get("counted")
    if field is None:
        env.refuse(
            "SE0514",
            fields.span,
            why=(
                (
                    "a commitment of 100,000.00 is met by 100,000.00 of spend if all of it counts, and by 142,857.14 if 70% counts:\n"
                    "42,857.14 lies between the two."
                ),
                "承诺投放 100,000.00：全部计入时投 100,000.00 即可，按 70% 计入则要投 142,857.14，相差 42,857.14。",
            ),
            fix=("counted 100% of ad_spend", "计入 推广投入 的 100%"),
        )
    counted = amount_of(field, per, env)
    owed: Expression = lacking("missing", Step("committed", promised.earn), Step("counted", counted))
    if not words(field):
        return framed(block, fields, per, Earned(owed, promised.base, promised.groups), env, kind)
    owed, draws = after_credits(block, Step("committed", promised.earn), [Credit(field, counted)], per, window_of(fields, env), env)
    return framed(block, fields, per, Earned(owed, promised.base, promised.groups), env, kind, draws)


CLAUSE = ClauseKind(
    "commitment",
    ("Marketing commitment", "投放承诺"),
    "supplier",
    Papers("platform", "cash", "contract"),
    elaborate,
    ("counted",),
    PHRASES,
)
