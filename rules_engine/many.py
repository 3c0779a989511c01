"""Many contracts from one template: a parameter file with a row a contract, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from rules_engine.beside import amendments_in
from rules_engine.bundle import known_amendments
from rules_engine.core.program import Program
from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic
from rules_engine.diagnostics.suggest import nearest
from rules_engine.followed.way import Ways
from rules_engine.language import build_program, content_hash
from rules_engine.shared import opened, parsed_shared
from rules_engine.source import SourceFile, Span
from rules_engine.syntax.parameters import Plain
from rules_engine.syntax.tree import ContractText
from rules_engine.templates.fill import NoCount
from rules_engine.templates.make import Values, contract_of, no_count, pointed
from rules_engine.templates.read import Template, read_template
from rules_engine.templates.rows import ContractRow, read_rows
from rules_engine.whole import in_order, stops

Answer = TypeVar("Answer")
ID, TITLE, DIGEST = "contract's id", "contract's title", "contract's hash"
"""Names for what a row says of its header; no parameter has a blank in its name."""


class _Built(NamedTuple):
    """The program, what was found while it was checked, and what stands outside the template."""

    program: Program | None
    findings: tuple[Diagnostic, ...]
    about: tuple[Diagnostic, ...]


class ManyContracts(Mapping[str, Program]):
    """The contracts of a parameter file by id. Each is made when it is asked for, and not kept: checked whole, or made again the
    way of one before it where every question the check asks of the values has the same answer. Asking for one that has errors raises
    `ContractError` with all of them."""

    def __init__(
        self,
        template: Template,
        rows: Mapping[str, ContractRow],
        amendments: Mapping[str, Sequence[SourceFile]],
        parameters: str,
        shared: Sequence[SourceFile] = (),
        as_of: date | None = None,
    ) -> None:
        self._template = template
        self._rows = rows
        self._amendments = amendments
        self._parameters = parameters
        self._shared = tuple(shared)
        self._as_of = as_of
        self._files = (*self._shared, template.source)
        self._ways: Ways[_Built] = Ways(self._built)
        self._terms: tuple[dict[str, ContractText] | None, tuple[Diagnostic, ...]] | None = None
        self._answers: dict[Any, Ways[Any]] = {}
        self.warnings = read_template(template.source)[1]

    def __getitem__(self, contract: str) -> Program:
        """The program of a contract."""
        program, findings = self.diagnose(contract)
        if program is None:
            raise ContractError(findings)
        return program

    def __iter__(self) -> Iterator[str]:
        """The ids, in the order of the file."""
        return iter(self._rows)

    def __len__(self) -> int:
        """How many contracts there are."""
        return len(self._rows)

    def __contains__(self, contract: object) -> bool:
        """Whether the file has a row for the contract."""
        return contract in self._rows

    def row(self, contract: str) -> int:
        """The row of a contract in the parameter file."""
        return self._rows[contract].row

    def read_from(self, contract: str) -> tuple[SourceFile, ...]:
        """Everything a contract is read from: its row, the template, shared terms and amendments."""
        row = SourceFile(self._parameters, _written(self._rows[contract]))
        return (row, self._template.source, *self._shared, *self._amendments.get(contract, ()))

    def diagnose(self, contract: str) -> tuple[Program | None, tuple[Diagnostic, ...]]:
        """The program of a contract, None where an error stops it, and every finding, inside the template with the row beside."""
        row = self._rows.get(contract)
        if row is None:
            raise ContractError([self._absent(contract)])
        try:
            return self._made(row)
        except NoCount as fault:
            return None, (no_count(fault, self._template, row.values),)

    def answer(self, contract: str, question: Callable[[Program], Answer]) -> Answer:
        """What a question about a contract's program comes to, told by what it equals: asked of contracts alike, it is worked out
        for few of them. Raises what the question raises, and `ContractError` where there is no program."""
        if self._amendments.get(contract) or contract not in self._rows:
            return question(self[contract])
        ways = self._answers.get(question)
        if ways is None:
            ways = self._answers[question] = Ways(
                lambda values: question(_program(self._built(values))), lambda values: question(_program(self._ways.made(values)))
            )
        answer: Answer = ways.made(self._values(self._rows[contract]))
        return answer

    def _made(self, row: ContractRow) -> tuple[Program | None, tuple[Diagnostic, ...]]:
        amendments = self._amendments.get(row.id, ())
        if amendments:
            found = self._built(self._values(row), SourceFile(self._parameters, _written(row)), amendments)
        else:
            found = self._ways.made(self._values(row))
        told = in_order((*found.about, *pointed(found.findings, self._template, row.values)))
        return (None if stops(told) else found.program), told

    def _values(self, row: ContractRow) -> dict[str, Any]:
        """All that tells one row from another: its parameters and, under names that no parameter has, what its header says."""
        digest = content_hash(SourceFile(self._parameters, _written(row)), (), self._files)
        return {**row.values.plain, ID: row.id, TITLE: row.title or self._template.text.title or row.id, DIGEST: digest}

    def _built(
        self, values: Mapping[str, Any], source: SourceFile | None = None, amendments: Sequence[SourceFile] = ()
    ) -> _Built:
        """The contract of some values, checked whole; one without amendments has the hash that stands among its values."""
        base = self._template.text
        own = ContractText("contract", base.language, values[ID], values[TITLE], (), (), (), base.span)
        given = Values(values, lambda _: base.span, lambda: base.span, values[ID])
        text, refused = self._opened(contract_of(self._template, given, own))
        known, about = known_amendments(text, amendments, self._as_of)
        if stops(about):
            return _Built(None, (), tuple(about))
        program, findings = build_program(text, source or SourceFile(self._parameters, ""), known, self._files)
        if program is not None and source is None:
            program = replace(program, header=replace(program.header, sha256=values[DIGEST]))
        return _Built(program, findings, (*refused, *about))

    def _opened(self, text: ContractText) -> tuple[ContractText, Sequence[Diagnostic]]:
        """The text with the shared terms that the template uses in their places."""
        if not self._shared:
            return text, ()
        if self._terms is None:
            self._terms = parsed_shared(self._template.source.name, self._shared)
        files, found = self._terms
        blocks, more = opened(text, files or {})
        return replace(text, blocks=blocks), (*found, *more)

    def _absent(self, contract: str) -> Diagnostic:
        near = nearest(contract, list(self._rows))
        why = (f"no row of {self._parameters} is of `{contract}`.", f"{self._parameters} 中没有“{contract}”一行。")
        span = Span(self._parameters, 1, 1, 1, 2)
        return diagnostic("SE0834", self._template.text.language, [span], why, (near[0], near[0]) if near else ("", ""))


def _program(found: _Built) -> Program:
    if found.program is None or stops((*found.about, *found.findings)):
        raise ContractError((*found.about, *found.findings))
    return found.program


def read_many(
    template: SourceFile,
    parameters: Path,
    shared: Sequence[SourceFile],
    as_of: date | None,
    read: Callable[[Path], SourceFile],
    given: Sequence[SourceFile],
    named: Callable[[str], str] = str,
) -> ManyContracts:
    """The contracts of a template and a parameter file; amendments are those in the template's folder and those given. `named`: what
    messages call a file."""

    def called(source: SourceFile) -> SourceFile:
        return SourceFile(named(source.name), source.text)

    filling, findings = read_template(called(template))
    if filling is None:
        raise ContractError(findings)
    rows = read_rows(parameters, filling, named(str(parameters)))
    found = amendments_in(Path(template.name), filling.text.language, read, given)
    amendments = {contract: [called(each) for each in of] for contract, of in found.items()}
    return ManyContracts(filling, rows, amendments, named(str(parameters)), [called(each) for each in shared], as_of)


def _written(row: ContractRow) -> str:
    """A row in one way of writing, from which the contract's hash is taken."""
    return "\n".join([row.id, row.title, *(f"{name}={_plain(value)}" for name, value in row.values.plain.items())])


def _plain(value: Plain) -> str:
    return "; ".join(value) if isinstance(value, tuple) else str(value)
