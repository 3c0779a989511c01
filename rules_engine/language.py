"""The composition root of the front half: the one place that knows every clause kind, and the order of the passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from importlib import import_module

from rules_engine.check.amended.amendments import Amendment, Assembled, Version, assemble, speaking
from rules_engine.check.amended.parting import (
    changed,
    demand_one_payer,
    demand_unread,
    may_part,
    members,
    parted,
    refuse_parted,
)
from rules_engine.check.amended.termination import terminated
from rules_engine.check.amended.versions import joined
from rules_engine.check.declared.answers import declare_finding
from rules_engine.check.declared.balances import keep_groups
from rules_engine.check.declared.computed import compute_columns
from rules_engine.check.declared.declarations import declare_documents, declare_names
from rules_engine.check.declared.exceptions import excepted, over
from rules_engine.check.declared.limits import limit
from rules_engine.check.declared.limits_together import demand_together
from rules_engine.check.declared.reversals import reversal
from rules_engine.check.header import header
from rules_engine.check.meaning.environment import Environment, Refusal
from rules_engine.check.meaning.order import order
from rules_engine.check.meaning.wording import word
from rules_engine.check.written.program import WRITTEN
from rules_engine.clauses.kind import ClauseKind
from rules_engine.core.program import Clause, Header, Limit, Program
from rules_engine.diagnostics.model import Diagnostic
from rules_engine.source import SourceFile
from rules_engine.syntax.tree import Block, ContractText

CLAUSES: tuple[ClauseKind, ...] = tuple(
    import_module(f"rules_engine.clauses.{name}").CLAUSE
    for name in (
        "goods",
        "returns",
        "deduction",
        "margin_protection",
        "composite_margin",
        "rebate",
        "promotion",
        "commitment",
        "minimum_guarantee",
        "fee",
        "deposit",
        "prepayment",
        "charge",
        "allowance",
        "penalty",
        "freight",
        "commission",
        "price_protection",
    )
)
"""Every clause kind, a line each: the module of that name brings the rest."""

KINDS = {kind.name: kind for kind in CLAUSES}


def build_program(
    text: ContractText, source: SourceFile, amendments: Sequence[Amendment] = (), shared: Sequence[SourceFile] = ()
) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """The program of a parsed contract with its amendments and what it uses of `shared`, or None, with every finding sorted by place."""
    env = Environment(text.language, source)
    env.sources = {each.name: each for each in shared}
    env.header_span = next((field.span for field in text.header if field.key == "pay"), text.span)
    env.frame = header(text, env)
    if env.frame is None:
        return None, env.findings.sorted()
    env.frame = terminated(whole_header(env.frame, source, amendments, shared), amendments, env)
    found = assemble(text, source, amendments, KINDS, env)
    declare_names(tuple(found.blocks), env)
    for block in found.blocks:
        if block.kind == "finding" and env.measure_blocks.get(block.id) is block:
            with env.field_of():
                declare_finding(block, env)
    for block in found.blocks:
        if block.kind == "documents":
            with env.field_of():
                declare_documents(block, env)
    compute_columns([block for block in found.blocks if block.kind == "documents" and env.plural(block.id) is not None], env)
    program = assembled(found, env)
    if program is not None:
        for demand in WRITTEN:
            demand(program, env)
    return (None if env.findings.failed else program), env.findings.sorted()


def whole_header(frame: Header, source: SourceFile, amendments: Sequence[Amendment], shared: Sequence[SourceFile]) -> Header:
    """The header of a contract that is more than one file: its hash is that of all of them."""
    if not amendments and not shared:
        return frame
    ordered = sorted(amendments, key=lambda each: each.number)
    return replace(
        frame,
        sha256=content_hash(source, [each.source for each in ordered], shared),
        version=str(1 + max((each.number for each in amendments), default=0)),
        amended=tuple((each.effective, each.known) for each in ordered),
    )


def content_hash(source: SourceFile, amendments: Sequence[SourceFile], shared: Sequence[SourceFile]) -> str:
    """The hash of a contract that is more than one file."""
    texts = (source.text, *(each.text for each in amendments), *(each.text for each in shared))
    digests = "".join(sha256(text.encode()).hexdigest() for text in texts)
    return sha256(digests.encode()).hexdigest()


def assembled(text: Assembled, env: Environment) -> Program | None:
    """Every measure, clause and limit elaborated, each refusal noted; None where one was."""
    for name, block in env.measure_blocks.items():
        with env.field_of():
            env.measure(name, block.id_span)
    for name, block in env.value_blocks.items():
        with env.field_of():
            env.value(name, block.id_span)
    for name, block in env.counter_blocks.items():
        with env.field_of():
            env.counter(name, block.id_span)
    for name, block in env.balance_blocks.items():
        with env.field_of():
            env.balance(name, block.id_span)
    clauses = elaborated(text, env)
    keep_groups(clauses, env)
    for block in text.blocks:
        if block.kind == "reversal" and env.clause_blocks.get(block.id) is block:
            with env.field_of():
                clauses[block.id] = reversal(block, clauses, env)
    limits: dict[str, Limit] = {}
    for block in text.blocks:
        if block.kind == "limit":
            with env.field_of():
                limits[block.id] = members(limit(block, clauses, env), env.parted)
    demand_unread(env.parted, clauses, limits, env)
    demand_one_payer(limits, clauses, env)
    with env.field_of():
        demand_together(limits, env)
    if env.findings.failed:
        return None
    try:
        sequence = order(clauses, limits, env)
    except Refusal:
        return None
    return Program(env.header, env.types, env.measures, clauses, limits, sequence, env.counters, env.balances, env.changing)


def elaborated(text: Assembled, env: Environment) -> dict[str, Clause]:
    """The clauses by id, in the order of the file."""
    clauses: dict[str, Clause] = {}
    for block in text.blocks:
        kind = KINDS.get(block.kind)
        if kind is not None and env.clause_blocks.get(block.id) is block:
            with env.field_of():
                clauses.update((part.id, part) for part in under_all_texts(block, kind, text, env))
        elif kind is None and block.kind not in DECLARATIONS:
            env.note(
                "SE0216",
                block.id_span,
                why=(
                    f"blocks of `{word(block.kind, 'en')}` are not settled yet; leaving it out would pay other money than is written.",
                    f"暂不支持“{word(block.kind, 'zh')}”；若忽略它，金额会与合同不同。",
                ),
                fix=("delete the block, or settle it by hand.", "删去该段，或另行人工结算。"),
            )
    return with_exceptions(clauses, text, env)


def with_exceptions(clauses: dict[str, Clause], text: Assembled, env: Environment) -> dict[str, Clause]:
    """Every clause with the exceptions over it."""
    written = [block for block in text.blocks if block.kind == "except"]
    for name, found in over(written, clauses, env).items():
        version = text.versions[name][-1]
        kind = KINDS[version.block.kind]

        def read(block: Block, kind: ClauseKind = kind) -> Clause:
            return kind.elaborate(block, env, kind)

        with env.field_of():
            refuse_parted(name, version.block, found, env)
            clauses[name] = excepted(clauses[name], version.block, found, read, env)
    return clauses


def under_all_texts(block: Block, kind: ClauseKind, text: Assembled, env: Environment) -> list[Clause]:
    """The clause, each later text from its day on, in as many parts as its texts need; one that was ended has no day after its end."""
    first, *later = text.versions[block.id]
    clause, parts = elaborate(first, kind, env), list[Clause]()
    for number, version in enumerate(later, start=2):
        with speaking(env, version.source, version.language):
            assert version.start is not None
            new = elaborate(version, kind, env)
            if changed(clause, new) and may_part(clause, new, version.start, env):
                before, clause = parted(clause, new, version.start, number)
                parts.append(before)
            else:
                clause = joined(clause, replace(new, id=clause.id), version.start, version.block, env)
    end = text.ended.get(block.id)
    found = [*parts, clause]
    if parts:
        env.parted[block.id] = tuple(part.id for part in found)
    return found if end is None else [replace(part, end=max(part.start, min(part.end, end))) for part in found]


def elaborate(version: Version, kind: ClauseKind, env: Environment) -> Clause:
    """One text of a clause."""
    with speaking(env, version.source, version.language):
        return kind.elaborate(version.block, env, kind)


DECLARATIONS = ("documents", "party", "value", "measure", "counter", "balance", "scenario", "limit", "finding", "except", "reversal")
