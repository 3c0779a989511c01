"""From a tree to its text, in either language: one layout, comments kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rules_engine.syntax.keywords import keywords
from rules_engine.syntax.tree import Comment, ContractText, DateLiteral, Name
from rules_engine.syntax.writing.blocks import block, fields
from rules_engine.syntax.writing.parameters import template_head
from rules_engine.syntax.writing.pen import Pen
from rules_engine.syntax.writing.prices import Written


def format_contract(tree: ContractText, language: str | None = None) -> str:
    """The contract's text in its own language or another ('en', 'zh').

    Keywords and built-in names are translated, own names, titles and comments stay. Reading the text again gives the same
    tree up to spans; formatting it again gives the same text.
    """
    pen = Pen(keywords(language or tree.language), _declared(tree), currency_of(tree))
    header = _contract(pen, tree) if tree.kind in ("contract", "template") else [_first_line(pen, tree)]
    parts = [header, *(block(pen, each) for each in tree.blocks)]
    lines = [line for part in parts for line in (*part, _GAP)][:-1]
    return "\n".join(_with_comments(lines, tree.comments)) + "\n"


def _contract(pen: Pen, tree: ContractText) -> list[Written]:
    plain = [Written(0, f"{pen.word('contract')} {_named(pen, tree)}", tree.span.line)]
    return [*(template_head(pen, tree) if tree.kind == "template" else plain), *fields(pen, tree.header, "contract")]


def _first_line(pen: Pen, tree: ContractText) -> Written:
    """The one line that begins an amendment or shared terms."""
    days = [
        f"{pen.word(field.key)} {day.value}" for field in tree.header for day in field.items if isinstance(day, DateLiteral)
    ]
    return Written(
        0, " ".join([pen.word(tree.kind), *([_named(pen, tree)] if tree.id or tree.title else []), *days]), tree.span.line
    )


def _named(pen: Pen, tree: ContractText) -> str:
    return " ".join([*([tree.id] if tree.id else []), *([pen.text(tree.title)] if tree.title else [])])


_GAP = Written(-1, "", 0)


def _declared(tree: ContractText) -> frozenset[str]:
    return frozenset(each.id for each in tree.blocks if each.kind != "documents")


def currency_of(tree: ContractText) -> str:
    """The currency of the header."""
    found = (item.id for field in tree.header if field.key == "currency" for item in field.items if isinstance(item, Name))
    return next(found, "CNY")


def _text(line: Written) -> str:
    return "  " * max(line.depth, 0) + line.text


def _with_comments(lines: Sequence[Written], comments: Iterable[Comment]) -> list[str]:
    """Lines with their comments: behind the line they stood behind, else before the line they stood before."""
    last = {line.line: at for at, line in enumerate(lines) if line.line}
    behind: dict[int, list[str]] = {}
    before: dict[int, list[str]] = {}
    after: dict[int, list[str]] = {}
    for comment in comments:
        if comment.line in last:
            behind.setdefault(last[comment.line], []).append(comment.text)
            continue
        at, inside = _place(lines, comment)
        if inside:
            after.setdefault(at, []).append("  " * lines[at].depth + comment.text)
        else:
            indent = "  " * max(lines[at].depth, 0) if at < len(lines) else ""
            before.setdefault(at, []).append(indent + comment.text)
    found: list[str] = []
    for at, line in enumerate(lines):
        found.extend(before.get(at, ()))
        found.append("  ".join([_text(line), *behind.get(at, ())]) if line.text else "")
        found.extend(after.get(at, ()))
    return [*found, *before.get(len(lines), ())]


def _place(lines: Sequence[Written], comment: Comment) -> tuple[int, bool]:
    """Where a comment on a line of its own goes: before a line, or (True) after one of the block it was indented in."""
    following = next((at for at, line in enumerate(lines) if line.line > comment.line), len(lines))
    earlier = [at for at in range(following) if lines[at].line]
    outside = following == len(lines) or lines[following].depth == 0
    if earlier and comment.column > 1 and outside and lines[earlier[-1]].depth > 0:
        return earlier[-1], True
    return following, False
