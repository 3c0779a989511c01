"""What is often written in the language's place, and how the language says it."""

from __future__ import annotations

from rules_engine.diagnostics.build import Words
from rules_engine.syntax.keywords import Keywords
from rules_engine.syntax.lexemes import Lexeme

_OPERATORS = frozenset(("PLUS", "MINUS", "STAR", "SLASH"))
_UNLESS = ("waived", "unless", "except", "除非", "免除", "免收")
_AGGREGATES = ("SUM_OF", "MIN_OF", "MAX_OF", "AVERAGE_OF", "LATEST", "EARLIEST", "COUNT_OVER", "COUNT_OF_DISTINCT")


def bare_aggregate(lexeme: Lexeme, before: str, expected: frozenset[str], words: Keywords) -> Words | None:
    """What to write where an aggregate shares its line with something else, so that its word was read as a name."""
    begun = (before, f"{before} {lexeme.text}") if "NL" in expected else ()
    found = next((word for terminal in _AGGREGATES if (word := words.spelling(terminal)) in begun), None)
    if found is None:
        return None
    return (f"put the aggregate in brackets: `({found} …)`", f"聚合要加括号：`({found} …)`")


def hint(lexeme: Lexeme, before: str, expected: frozenset[str], words: Keywords) -> Words | None:
    """A fix for a well-known slip; `before` is the word that stands before the lexeme."""
    if lexeme.type in _OPERATORS and "WHERE" in expected:
        word = words.spelling("SUM_OF")
        return (f"put the aggregate in brackets: `({word} …) {lexeme.text} …`", f"聚合要加括号：`({word} …) {lexeme.text} …`")
    if lexeme.type == "WHERE":
        word = words.spelling("FOR")
        return (
            f"only an aggregate has `where`; restrict a clause with a line of its own, `{word} category = rice`",
            f"只有聚合可用 `其中`；限制条款请另写一行 `{word} 类目 = 大米`",
        )
    if lexeme.text in ("per", "every", "each", "a", "按", "每") and "IN_EACH_YEAR" in expected:
        word = words.spelling("IN_EACH_YEAR")
        return (f"a bound's window is written `{word}`", f"界限的周期写作 `{word}`")
    if lexeme.text in _UNLESS and "WHEN" in expected:
        word, no = words.spelling("WHEN"), words.spelling("NOT")
        return (f"say when it is due: `{word} {no} (…)`", f"写明何时应付：`{word} {no} (…)`")
    if lexeme.type == "ALONG":
        tiers = f"{words.spelling('TIERS')} {words.spelling('MARGINAL')} {words.spelling('ALONG')}"
        return (f"write it behind the reading of the ladder: `{tiers} NAME`", f"写在阶梯的读法之后：`{tiers} 名称`")
    if before == "of" and {"LPAR", "NL"} <= expected:
        return ("put the conditions in brackets: `all of (…, …)`", "")
    if before and "NL" in expected and lexeme.type in words.examples:
        example = words.examples[lexeme.type]
        return (f"begin a line of its own below with it, for example `{example}`", f"另起一行书写，例如 `{example}`")
    if lexeme.type == "NAME" and before.isidentifier() and expected & {"NL", "STRING", "COMMA"}:
        joined = f"{before}_{lexeme.text}" if before.isascii() else before + lexeme.text
        return (f"names are single words: write `{joined}`", f"名称是一个词：写成 `{joined}`")
    return None
