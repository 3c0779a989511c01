"""What is often written in the language's place, and how the language says it."""

from __future__ import annotations

from rules_engine.diagnostics.build import Words
from rules_engine.syntax.keywords import Keywords
from rules_engine.syntax.lexemes import Lexeme

_OPERATORS = frozenset(("PLUS", "MINUS", "STAR", "SLASH"))
_UNLESS = ("waived", "unless", "except", "除非", "免除", "免收")
_MOVING = frozenset(
    (
        *(f"PREVIOUS_{unit}" for unit in ("DAY", "WEEK", "MONTH", "QUARTER", "HALF_YEAR", "YEAR")),
        *(f"{unit}_SO_FAR" for unit in ("WEEK", "MONTH", "QUARTER", "HALF_YEAR", "YEAR")),
        *("ALL_EARLIER_YEARS", "IN_THE"),
    )
)
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
    return _reading(lexeme, before, expected, words) or _elsewhere(lexeme, before, expected, words)


def _reading(lexeme: Lexeme, before: str, expected: frozenset[str], words: Keywords) -> Words | None:
    """Slips in what is read: a missing value, a moved sum, a word of the language taken for a name."""
    if lexeme.type == "IF_THERE_IS_NONE" and before:
        return (f"put it in brackets: `({before} {lexeme.text} …)`", f"加括号：`({before} {lexeme.text} …)`")
    if lexeme.type in _MOVING and "WHERE" in expected:
        word = words.spelling("MEASURE")
        return (
            f"only a measure moves: put the sum under `{word} NAME`, and write `NAME {lexeme.text}`",
            f"只有口径可以移动期间：把合计写在 `{word} 名称` 之下，再写 `名称 {lexeme.text}`",
        )
    if before in (words.spelling("STARTED"), words.spelling("FULL")) and "HOURS_FROM" in expected:
        return (
            f"`{before}` is a word of the language (`{before} 12 {words.spelling('HOURS_FROM')} …`): give the column another name",
            f"“{before}”是语言的词（`{before} 12 {words.spelling('HOURS_FROM')} …`）：列请改用其他名称",
        )
    return None


def _elsewhere(lexeme: Lexeme, before: str, expected: frozenset[str], words: Keywords) -> Words | None:
    """Words that begin a line of their own, conditions without brackets, names of two words."""
    if before == "of" and {"LPAR", "NL"} <= expected:
        return ("put the conditions in brackets: `all of (…, …)`", "")
    if before and "NL" in expected and lexeme.type in words.examples:
        example = words.examples[lexeme.type]
        return (f"begin a line of its own below with it, for example `{example}`", f"另起一行书写，例如 `{example}`")
    if lexeme.type == "NAME" and before.isidentifier() and expected & {"NL", "STRING", "COMMA"}:
        joined = f"{before}_{lexeme.text}" if before.isascii() else before + lexeme.text
        titled = ("; a title stands in quotes", "；标题要加引号") if "STRING" in expected else ("", "")
        return (f"names are single words: write `{joined}`{titled[0]}", f"名称是一个词：写成 `{joined}`{titled[1]}")
    return None
