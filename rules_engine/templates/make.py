"""A contract made from a template: values for its parameters, header lines and clauses of its own over the template's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import Diagnostic, Place, Severity
from rules_engine.diagnostics.suggest import nearest
from rules_engine.record import dataclass
from rules_engine.source import Span
from rules_engine.syntax.actions.given import EXPECTED, plain_value
from rules_engine.syntax.lexemes import Refusal
from rules_engine.syntax.parameters import Plain
from rules_engine.syntax.tree import Block, ContractText, Field, Group, Name
from rules_engine.templates.bands import bands_of
from rules_engine.templates.fill import NoCount, filled
from rules_engine.templates.read import Template

NEAR = 4
"""Parameters of one place that a finding shows; of a longer block only whose values they are."""


@dataclass(frozen=True, slots=True)
class Values:
    """What one contract gives: value and place by parameter, and the place of the contract itself."""

    plain: Mapping[str, Plain]
    place: Callable[[str], Span]
    owner: Callable[[], Span]
    contract: str


def template_named(tree: ContractText) -> Field | None:
    """The line that names the contract's template."""
    return next((field for field in tree.header if field.key == "from_template"), None)


def made(tree: ContractText, template: Template) -> tuple[ContractText | None, Values | None, tuple[Diagnostic, ...]]:
    """The whole contract of a text that says `from`, the values it gave, and what is wrong with them."""
    line = template_named(tree)
    assert line is not None
    findings: list[Diagnostic] = []
    groups = [item for item in line.items if isinstance(item, Group)]
    values = _given(groups, template, tree, findings)
    findings.extend(_missing(values, template, line, tree))
    if findings:
        return None, values, tuple(findings)
    try:
        return contract_of(template, values, tree), values, ()
    except NoCount as fault:
        return None, values, (no_count(fault, template, values),)


def contract_of(template: Template, values: Values, own: ContractText) -> ContractText:
    """The template filled, with the header lines and blocks of `own` in the place of those of the same name. Raises `NoCount`
    where a value is no count."""
    base = template.text
    written = {field.key for field in own.header}
    header = (*own.header, *(filled(field, values.plain) for field in base.header if field.key not in written))
    kept = tuple(field for field in header if field.key != "from_template")
    theirs = [filled(block, values.plain) for block in base.blocks]
    return replace(own, header=kept, blocks=_merged(theirs, own.blocks), parameters=())


def _merged(theirs: Sequence[Block], own: Sequence[Block]) -> tuple[Block, ...]:
    """The template's blocks, each replaced by the contract's of the same name; the rest of the contract's behind them."""
    named = {block.id: block for block in own if block.id}
    taken = {block.id for block in theirs if block.id in named}
    return (*(named.get(block.id, block) for block in theirs), *(block for block in own if block.id not in taken))


def _given(groups: Sequence[Group], template: Template, tree: ContractText, findings: list[Diagnostic]) -> Values:
    known = template.parameters
    plain = {name: each.default for name, each in known.items() if each.default is not None}
    spans: dict[str, Span] = {}
    for group in groups:
        name, *items = group.items
        assert isinstance(name, Name)
        if name.id in spans:
            findings.append(_twice(name, spans[name.id], tree.language))
        elif name.id not in known:
            findings.append(_unknown(name, known, tree.language))
        spans[name.id] = group.span
        if name.id in known:
            try:
                plain[name.id] = value = plain_value(known[name.id], items)
                if known[name.id].type == "bands" and bands_of(str(value)) is None:
                    findings.append(_refused(name.id, group.span, template, tree.language))
            except Refusal:
                findings.append(_refused(name.id, group.span, template, tree.language))
    line = template_named(tree)
    return Values(plain, lambda each: spans.get(each, known[each].span), lambda: line.span if line else tree.span, tree.id)


def _twice(name: Name, first: Span, language: str) -> Diagnostic:
    why = (f"`{name.id}` has two values; which one counts is open.", f"“{name.id}”有两个值，以哪个为准不明确。")
    return diagnostic("SE0203", language, [name.span, first], why, ("keep one of them.", "只保留一个。"))


def _unknown(name: Name, known: Mapping[str, object], language: str) -> Diagnostic:
    near = nearest(name.id, list(known))
    listed = ", ".join(known)
    why = (f"the template's parameters are {listed}.", f"模板的参数有：{listed}。")
    return diagnostic("SE0293", language, [name.span], why, (near[0], near[0]) if near else ("", ""))


def _refused(name: str, span: Span, template: Template, language: str) -> Diagnostic:
    parameter = template.parameters[name]
    asked = EXPECTED[parameter.type]
    places = [(span, ("", "")), (parameter.span, ("declared here", "在此声明"))]
    why = (f"`{name}` takes {asked[0]}.", f"“{name}”应为{asked[1]}。")
    return diagnostic("SE0291", language, places, why, (f"write {asked[0]}.", f"请写{asked[1]}。"))


def _missing(values: Values, template: Template, line: Field, tree: ContractText) -> Iterator[Diagnostic]:
    for each in template.text.parameters:
        if each.name not in values.plain and values.place(each.name) == each.span:
            asked = EXPECTED[each.type]
            places = [(line.items[0].span, ("", "")), (each.span, ("declared here", "在此声明"))]
            why = (f"the template asks for `{each.name}`, {asked[0]}.", f"模板需要“{each.name}”：{asked[1]}。")
            yield diagnostic("SE0292", tree.language, places, why, _example(each.name, asked))


def _example(name: str, asked: tuple[str, str]) -> tuple[str, str]:
    examples = [words.split("`")[1] if "`" in words else "" for words in asked]
    return f"{name}  {examples[0]}", f"{name}  {examples[1]}"


def no_count(fault: NoCount, template: Template, values: Values) -> Diagnostic:
    """The finding for a value that should count whole steps."""
    why = (
        f"`{fault.name}` counts whole steps here; {values.plain[fault.name]} is no whole number from 1.",
        f"此处的“{fault.name}”应为从 1 起的整数，不能是 {values.plain[fault.name]}。",
    )
    found = diagnostic("SE0117", template.text.language, [fault.span], why, ("write a whole number.", "请写整数。"))
    return pointed([found], template, values)[0]


def pointed(findings: Sequence[Diagnostic], template: Template, values: Values) -> tuple[Diagnostic, ...]:
    """Findings inside the template, each with the place that gave the values it stands on."""
    return tuple(_pointed(each, template, values) for each in findings)


def _pointed(finding: Diagnostic, template: Template, values: Values) -> Diagnostic:
    inside = [place.span for place in finding.places if place.span.file == template.source.name]
    if not inside or finding.severity is Severity.NOTE:
        return finding
    names = dict.fromkeys(mark.parameter for mark in template.uses if any(_holds(span, mark.span) for span in inside))
    known = {place.span for place in finding.places}
    given = [name for name in names if values.place(name) not in known] if len(names) <= NEAR else []
    chinese = finding.language == "zh"
    added = [Place(values.place(name), _said(name, values, chinese)) for name in given]
    if all(place.span.file == template.source.name for place in added):
        owner = f"合同 {values.contract} 在此套用" if chinese else f"contract {values.contract} is made here"
        added.append(Place(values.owner(), owner))
    return replace(finding, places=(*finding.places, *added))


def _said(name: str, values: Values, chinese: bool) -> str:
    return f"“{name}”的值，合同 {values.contract}" if chinese else f"`{name}` of contract {values.contract}"


def _holds(span: Span, inner: Span) -> bool:
    return span.file == inner.file and span.line <= inner.line <= span.end_line
