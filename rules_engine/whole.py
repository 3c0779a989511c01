"""A contract's whole text: what its file says, with its template filled and the shared terms it uses in their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from rules_engine.bundle import known_amendments, not_alone
from rules_engine.core.program import Program
from rules_engine.diagnostics.model import Diagnostic, Severity
from rules_engine.language import build_program
from rules_engine.record import dataclass
from rules_engine.shared import opened, parsed_shared
from rules_engine.source import SourceFile
from rules_engine.syntax.parse import parse_contract
from rules_engine.syntax.tree import ContractText
from rules_engine.templates.find import absent
from rules_engine.templates.make import Values, made, pointed, template_named
from rules_engine.templates.read import Template, read_template

Sources = tuple[SourceFile, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """The text, None where it cannot be read; every finding so far; the template and the values, if it is made from one."""

    text: ContractText | None
    findings: tuple[Diagnostic, ...]
    template: Template | None = None
    values: Values | None = None

    def told(self, findings: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Findings, those inside the template with the place that gave the values."""
        return pointed(findings, self.template, self.values) if self.template and self.values else tuple(findings)


@lru_cache(maxsize=64)
def whole_text(source: SourceFile, shared: Sources, template: SourceFile | None) -> Whole:
    """The whole text of a contract file with the files it uses and the template it names."""
    filling, about = read_template(template) if template else (None, ())
    files, found = parsed_shared(source.name, shared)
    if files is None or (template and filling is None):
        return Whole(None, (*about, *found))
    texts = (*files.values(), *([filling.text] if filling else []))
    names = [block.id for text in texts for block in text.blocks if block.kind != "documents"]
    tree, findings = parse_contract(source, names)
    before = (*about, *found, *findings)
    if tree is not None and tree.kind == "template":
        return Whole(tree, read_template(source)[1])
    if tree is None or tree.kind != "contract":
        return Whole(tree, before)
    values: Values | None = None
    if filling and template_named(tree):
        text, values, refused = made(tree, filling)
        if text is None:
            return Whole(None, (*before, *refused))
        tree = text
    elif template_named(tree):
        return Whole(None, (*before, absent(source, tree.language)))
    blocks, more = opened(tree, files)
    return Whole(replace(tree, blocks=blocks), (*before, *more), filling, values)


def built(
    source: SourceFile, amendments: Sources, shared: Sources, template: SourceFile | None
) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """The program of a contract with everything that goes with it, and every finding sorted by place."""
    whole = whole_text(source, shared, template)
    tree = whole.text
    if tree is None or stops(whole.findings):
        return None, in_order(whole.findings)
    if tree.kind != "contract":
        return None, in_order((*whole.findings, not_alone(tree)))
    known, _ = known_amendments(tree, amendments, None)
    program, more = build_program(tree, source, known, (*shared, *([template] if template else [])))
    together = in_order((*whole.findings, *whole.told(more)))
    return (None if stops(together) else program), together


def stops(findings: Sequence[Diagnostic]) -> bool:
    """Whether one of the findings is an error."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def in_order(findings: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each finding once, by place."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: finding.order))
