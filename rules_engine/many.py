"""Many contracts from one template: a parameter file with a row a contract, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from rules_engine.beside import amendments_in
from rules_engine.bundle import known_amendments
from rules_engine.core.program import Program
from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic
from rules_engine.diagnostics.suggest import nearest
from rules_engine.language import build_program
from rules_engine.shared import opened, parsed_shared
from rules_engine.source import SourceFile, Span
from rules_engine.syntax.parameters import Plain
from rules_engine.syntax.tree import ContractText
from rules_engine.templates.fill import NoCount
from rules_engine.templates.make import contract_of, no_count, pointed
from rules_engine.templates.read import Template, read_template
from rules_engine.templates.rows import ContractRow, read_rows
from rules_engine.whole import in_order, stops


class ManyContracts(Mapping[str, Program]):
    """The contracts of a parameter file by id. Each is made and checked whole when it is asked for, and not kept; asking for one
    that has errors raises `ContractError` with all of them."""

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

    def _made(self, row: ContractRow) -> tuple[Program | None, tuple[Diagnostic, ...]]:
        base = self._template.text
        own = ContractText("contract", base.language, row.id, row.title or base.title or row.id, (), (), (), base.span)
        text, refused = self._opened(contract_of(self._template, row.values, own))
        amendments, about = known_amendments(text, self._amendments.get(row.id, ()), self._as_of)
        if stops(about):
            return None, in_order(about)
        source = SourceFile(self._parameters, _written(row))
        program, findings = build_program(text, source, amendments, (*self._shared, self._template.source))
        told = in_order((*refused, *about, *pointed(findings, self._template, row.values)))
        return (None if stops(told) else program), told

    def _opened(self, text: ContractText) -> tuple[ContractText, Sequence[Diagnostic]]:
        """The text with the shared terms that the template uses in their places."""
        if not self._shared:
            return text, ()
        files, found = parsed_shared(self._template.source.name, self._shared)
        blocks, more = opened(text, files or {})
        return replace(text, blocks=blocks), (*found, *more)

    def _absent(self, contract: str) -> Diagnostic:
        near = nearest(contract, list(self._rows))
        why = (f"no row of {self._parameters} is of `{contract}`.", f"{self._parameters} 中没有“{contract}”一行。")
        span = Span(self._parameters, 1, 1, 1, 2)
        return diagnostic("SE0834", self._template.text.language, [span], why, (near[0], near[0]) if near else ("", ""))


def read_many(
    template: SourceFile,
    parameters: Path,
    shared: Sequence[SourceFile],
    as_of: date | None,
    read: Callable[[Path], SourceFile],
    given: Sequence[SourceFile],
) -> ManyContracts:
    """The contracts of a template and a parameter file; amendments are those in the template's folder and those given."""
    filling, findings = read_template(template)
    if filling is None:
        raise ContractError(findings)
    rows = read_rows(parameters, filling)
    amendments = amendments_in(Path(template.name), filling.text.language, read, given)
    return ManyContracts(filling, rows, amendments, str(parameters), shared, as_of)


def _written(row: ContractRow) -> str:
    """A row in one way of writing, from which the contract's hash is taken."""
    return "\n".join([row.id, row.title, *(f"{name}={_plain(value)}" for name, value in row.values.plain.items())])


def _plain(value: Plain) -> str:
    return "; ".join(value) if isinstance(value, tuple) else str(value)
