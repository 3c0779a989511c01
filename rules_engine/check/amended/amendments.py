"""Amendments: later texts replace, add or end clauses by id, each from its effective day on.

What comes out is one contract text in which every clause knows its versions; the checker reads each as it was written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from datetime import date, timedelta

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.wording import word
from rules_engine.core.program import Header
from rules_engine.diagnostics.suggest import nearest
from rules_engine.record import dataclass
from rules_engine.source import SourceFile
from rules_engine.syntax.tree import Block, ContractText, DateLiteral, Field

ONE_DAY = timedelta(days=1)
LONGEST_NUMBER = 10
ADDED = ("measure", "value", "counter", "finding", "party", "documents", "scenario")
"""Declarations an amendment may bring; their names must be new."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """An amendment as read: its text, its file, its number, the day it takes effect and the day it is known."""

    text: ContractText
    source: SourceFile
    number: int
    effective: date
    known: date


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a clause and the file it stands in; in force from `start` (None: from the clause's own first day)."""

    block: Block
    source: SourceFile
    language: str
    start: date | None = None


@dataclass(slots=True)
class Assembled:
    """Blocks in order, the versions of each clause, the day each ended clause ends before."""

    blocks: list[Block]
    versions: dict[str, list[Version]] = field(default_factory=dict)
    ended: dict[str, date] = field(default_factory=dict)
    brought: Mapping[int, Version] = field(default_factory=dict)


def read_amendment(text: ContractText, source: SourceFile) -> Amendment:
    """The dates and the number of an amendment; without `known` it is known on the day it takes effect."""
    days = {line.key: day.value for line in text.header for day in line.items if isinstance(day, DateLiteral)}
    number = text.id.rpartition("/")[2]
    effective = days["effective"]
    return Amendment(
        text,
        source,
        int(number) if number.isdecimal() and len(number) < LONGEST_NUMBER else 0,
        effective,
        days.get("known", effective),
    )


def assemble(
    text: ContractText, source: SourceFile, amendments: Sequence[Amendment], kinds: Collection[str], env: Environment
) -> Assembled:
    """The contract with its amendments, one after the other by number; `kinds` are the words that begin a clause."""
    found = Assembled(list(text.blocks))
    found.versions = {each.id: [Version(each, source, text.language)] for each in text.blocks if each.kind in kinds}
    for amendment in sorted(amendments, key=lambda each: each.number):
        with speaking(env, amendment.source, amendment.text.language):
            demand_day(amendment, env.header, env)
            for block in amendment.text.blocks:
                _apply(block, amendment, kinds, found, env)
    return found


@contextmanager
def speaking(env: Environment, source: SourceFile, language: str) -> Iterator[None]:
    """Findings inside are of that file, in its language."""
    before = env.source, env.language
    env.source, env.language = source, language
    try:
        yield
    finally:
        env.source, env.language = before


def demand_day(amendment: Amendment, header: Header, env: Environment) -> None:
    """Refuse an amendment that takes effect on no day of the term."""
    term = env.signed_term
    if term.contains(amendment.effective):
        return
    line = next(each for each in amendment.text.header if each.key == "effective")
    last = term.last
    env.note(
        "SE0210",
        line.span,
        why=(
            f"{amendment.effective} lies outside the term {header.start} to {last}, so the amendment changes nothing.",
            f"{amendment.effective} 不在期限 {header.start} 至 {last} 之内，补充协议没有效果。",
        ),
        fix=(f"write a day from {header.start} to {last}.", f"请写 {header.start} 至 {last} 之间的日期。"),
    )


def _apply(block: Block, amendment: Amendment, kinds: Collection[str], found: Assembled, env: Environment) -> None:
    if block.kind == "terminated":
        return
    if block.kind == "end":
        _end(block, amendment, found, env)
    elif block.kind == "except" and all(each.id != block.id for each in found.blocks):
        found.blocks.append(from_its_day(block, amendment))
    elif block.kind in ADDED:
        found.blocks.append(block)
    elif block.kind not in kinds:
        refuse_change(block, env)
    elif block.id in found.ended:
        refuse_ended(block, found, env)
    elif block.id in found.versions:
        _replace(block, amendment, found, env)
    else:
        _add(block, amendment, found)


def _replace(block: Block, amendment: Amendment, found: Assembled, env: Environment) -> None:
    first = found.versions[block.id][0].block
    if block.kind != first.kind:
        before, now = word(first.kind, "en"), word(block.kind, "en")
        env.note(
            "SE0218",
            (block.id_span, ("its new text", "新文本")),
            (first.id_span, ("its first text", "原文本")),
            why=(
                f"`{block.id}` is a {before} and cannot become a {now}: what was posted under it has other papers.",
                f"“{block.id}”是{word(first.kind, 'zh')}，不能改为{word(block.kind, 'zh')}：已入账部分的票据不同。",
            ),
            fix=(f"end {block.id}\n(and add the new clause under another name)", f"终止 {block.id}\n（另取名称新增条款）"),
        )
        return
    found.versions[block.id].append(Version(block, amendment.source, amendment.text.language, amendment.effective))


def _add(block: Block, amendment: Amendment, found: Assembled) -> None:
    """A clause of its own, from the effective day unless it says from when."""
    block = from_its_day(block, amendment)
    found.blocks.append(block)
    found.versions[block.id] = [Version(block, amendment.source, amendment.text.language)]


def from_its_day(block: Block, amendment: Amendment) -> Block:
    """The block in force from the effective day, unless it says from when itself."""
    if any(each.key == "from" for each in block.fields):
        return block
    start = Field("from", (DateLiteral(amendment.effective, block.id_span),), block.id_span)
    return replace(block, fields=(*block.fields, start))


def _end(block: Block, amendment: Amendment, found: Assembled, env: Environment) -> None:
    """The clause as if it had said `until` the day before; what the ending says of cut windows joins its text."""
    if block.id not in found.versions:
        near = nearest(block.id, list(found.versions))
        listed = ", ".join(found.versions)
        env.note(
            "SE0307",
            block.id_span,
            why=(f"no clause is called `{block.id}`; there are {listed}.", f"没有名为“{block.id}”的条款；现有：{listed}。"),
            fix=(f"end {near[0]}", f"终止 {near[0]}") if near else ("", ""),
        )
        return
    if block.id in found.ended:
        refuse_ended(block, found, env)
        return
    day = found.ended[block.id] = amendment.effective
    until = Field("until", (DateLiteral(day - ONE_DAY, block.id_span),), block.id_span)
    extra = (until, *block.fields) if day > env.header.start else block.fields
    for at, version in enumerate(found.versions[block.id]):
        kept = tuple(each for each in version.block.fields if each.key != "until" or day <= env.header.start)
        ended = replace(version.block, fields=(*kept, *extra))
        found.versions[block.id][at] = replace(version, block=ended)
        found.blocks = [ended if each is version.block else each for each in found.blocks]


def refuse_ended(block: Block, found: Assembled, env: Environment) -> None:
    """A clause that ended stays ended."""
    day = found.ended[block.id]
    env.note(
        "SE0218",
        block.id_span,
        why=(
            f"`{block.id}` ends before {day} by an earlier block; its key is closed.",
            f"“{block.id}”已由前面的条文在 {day} 前终止，不能再改。",
        ),
        fix=(f"add it under a new name, `{block.id}_2`.", f"以新名称新增，例如“{block.id}_2”。"),
    )


def refuse_change(block: Block, env: Environment) -> None:
    """Blocks that act on whole windows cannot begin in the middle of one."""
    env.note(
        "SE0218",
        block.id_span if block.id_span.line else block.span,
        why=(
            f"an amendment brings clauses and declarations; a `{word(block.kind, 'en')}` acts on windows as a whole and has no first day.",
            f"补充协议可新增、变更或终止条款；“{word(block.kind, 'zh')}”按整个期间生效，没有起始日。",
        ),
        fix=(
            (f"add `{block.id}_2` and end what takes from `{block.id}`; an amount that changes can be a dated `value`.", f"新增“{block.id}_2”并终止抵用“{block.id}”的条款；会变更的金额可写成按日期的“数值”。")
            if block.kind == "balance"
            else ("write the bound into the clause.", "把限额写在条款内。")
        ),
    )
