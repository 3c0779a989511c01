"""Windows of clauses that read each other: the whole windows of the one lie inside those of its reader (kernel rule 15)."""

from __future__ import annotations

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.order import readings
from rules_engine.check.meaning.wording import span_of_time
from rules_engine.core.expressions import Shift
from rules_engine.core.program import Clause, Limit, Program
from rules_engine.values.period import Period, WindowSpec
from rules_engine.values.windows import all_nest, tile


def demand_nesting(program: Program, env: Environment) -> None:
    """Refuse `result of` a clause whose windows are cut by the reader's: no part of its amount belongs to one of them."""
    for reader in program.clauses.values():
        expressions = [item for item in (reader.earn, reader.base, reader.when) if item is not None]
        asked = dict.fromkeys((item.clause, item.shift) for item in readings(iter(expressions), env))
        for name, shift in asked:
            read = program.clauses.get(name)
            if read is not None and not all_nest(tiles(read.period, program), tiles(asked_window(reader, shift), program)):
                report(reader, read, env)
        reduced = dict.fromkeys((item.clause, item.shift) for item in readings(iter(expressions), env) if item.after_limits)
        for name, shift in reduced:
            wide = wider(name, asked_window(reader, shift), program)
            if wide is not None:
                report_limit(reader, name, *wide, env)


def wider(name: str, asked: WindowSpec, program: Program) -> tuple[Limit, WindowSpec] | None:
    """The first limit over a clause that takes off in windows that do not fit into those asked for."""
    for limit in program.limits.values():
        for bound in limit.bounds if name in limit.members else ():
            window = bound.window or program.header.settle
            if bound.side == "most" and not all_nest(tiles(window, program), tiles(asked, program)):
                return limit, window
    return None


def asked_window(reader: Clause, shift: Shift | None) -> WindowSpec:
    """The windows in which a reader asks: its own, or those of the unit it moves by."""
    return WindowSpec(shift.unit) if shift is not None and shift.unit else reader.period


def tiles(period: WindowSpec, program: Program) -> tuple[Period, ...]:
    """The windows over the whole term."""
    header = program.header
    return tuple(tile(period, Period(header.start, header.end), header.settle, header.year_start, header.ranges))


def report(reader: Clause, read: Clause, env: Environment) -> None:
    """Both windows."""
    one, two = (tuple(span_of_time(clause.period, language) for language in ("en", "zh")) for clause in (read, reader))
    env.note(
        "SE0214",
        (reader.span, (f"reads `{read.id}` by {two[0]}", f"按{two[1]}读取“{read.id}”")),
        (read.span, (f"is worked out by {one[0]}", f"按{one[1]}计算")),
        why=(
            f"`{read.id}` has one amount for a whole {one[0]}; no part of it belongs to a single {two[0]}, and it would be read as nothing.",
            f"“{read.id}”按整个{one[1]}得出一个金额，没有哪一部分属于某个{two[1]}，会被读作零。",
        ),
        fix=(f"period {one[0]}", f"周期 {one[1]}"),
    )


def report_limit(reader: Clause, read: str, limit: Limit, window: WindowSpec, env: Environment) -> None:
    """What the limit takes off belongs to no window of the reader."""
    one, two = (tuple(span_of_time(spec, language) for language in ("en", "zh")) for spec in (window, reader.period))
    env.note(
        "SE0214",
        (reader.span, (f"reads `{read}` after limits by {two[0]}", f"按{two[1]}读取“{read}”的限额后金额")),
        (limit.span, (f"takes off by {one[0]}", f"按{one[1]}扣减")),
        why=(
            f"`{limit.id}` takes one amount off for a whole {one[0]}; no part of it belongs to a single {two[0]}. With 60.00 earned in each of two {two[0]}s and 100.00 left by the limit, 120.00 would be read instead of 100.00.",
            f"“{limit.id}”按整个{one[1]}扣减一个金额，没有哪一部分属于某个{two[1]}。两个{two[1]}各得 60.00、限额后只剩 100.00 时，会读成 120.00，而不是 100.00。",
        ),
        fix=(f"period {one[0]}", f"周期 {one[1]}"),
    )
