"""A contract that an amendment ends before its time: its term is cut, and with it every window that goes on behind the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from rules_engine.check.amended.amendments import Amendment, speaking
from rules_engine.check.meaning.environment import Environment
from rules_engine.core.program import Header
from rules_engine.syntax.tree import Block, DateLiteral
from rules_engine.values.period import Period

ONE_DAY = timedelta(days=1)


def terminated(frame: Header, amendments: Sequence[Amendment], env: Environment) -> Header:
    """The header of a contract that the last of its amendments to say so ends before its time."""
    ending = [(each, block) for each in sorted(amendments, key=lambda each: each.number) for block in _endings(each)]
    if not ending:
        return frame
    amendment, block = ending[-1]
    last = next(item.value for item in block.fields[0].items if isinstance(item, DateLiteral))
    if not Period(frame.start, frame.end - ONE_DAY).contains(last):
        with speaking(env, amendment.source, amendment.text.language):
            _refuse(frame, block, env)
        return frame
    env.terminated_at = block.fields[0].span
    env.cut_answer = next((field.key for field in block.fields[1:]), "")
    return replace(frame, end=last + ONE_DAY, written_end=frame.end)


def _endings(amendment: Amendment) -> list[Block]:
    return [block for block in amendment.text.blocks if block.kind == "terminated"]


def _refuse(frame: Header, block: Block, env: Environment) -> None:
    first, last = frame.start, frame.end - 2 * ONE_DAY
    env.note(
        "SE0210",
        block.fields[0].span,
        why=(
            f"the contract can end before its time on a day from {first} to {last}.",
            f"提前终止日须在 {first} 至 {last} 之间。",
        ),
        fix=(f"terminated {last}", f"提前终止 {last}"),
    )
