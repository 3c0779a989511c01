"""What the grammar would have taken at a place, in words."""

from __future__ import annotations

from collections.abc import Iterable

from rules_engine.syntax.keywords import Keywords

MOST = 6
_CLASSES = {
    "NAME": ("a name", "名称"),
    "NUMBER": ("a number", "数字"),
    "PERCENT": ("a percentage", "百分数"),
    "STRING": ("a quoted text", "引号内的文字"),
    "DATE": ("a date", "日期"),
    "ID": ("an identifier", "编号"),
    "MONTH_DAY": ("a day such as 05-10", "日期如 05-10"),
    "PERIOD_TEXT": ("a period such as 2026-03", "期间如 2026-03"),
    "TABLE_ROW": ("a table row in | |", "表格行 | |"),
    "NL": ("the end of the line", "行末"),
    "INDENT": ("indented rows below", "下方缩进的内容"),
}
_SIGNS = {
    "COMMA": "`,`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "EQ": "`=`",
}
_OPERATORS = frozenset(["PLUS", "MINUS", "STAR", "SLASH"])
_COMPARISONS = frozenset(["EQ", "NE", "LT", "LE", "GT", "GE"])
_HIDDEN = frozenset(("DEDENT", "$END", "MONEY"))


def spellings(kinds: Iterable[str], words: Keywords) -> list[str]:
    """The keywords among terminals, as written in this language."""
    wanted = frozenset(kinds)
    return [written for kind, written in words.spellings.items() if kind in wanted and written]


def _commonest_first(found: list[str], words: Keywords) -> list[str]:
    """Words that begin an example line before the others."""
    common = [words.spelling(kind) for kind in words.examples]
    return sorted(found, key=lambda word: common.index(word) if word in common else len(common))


def in_words(kinds: frozenset[str], words: Keywords) -> str:
    """`a name, a number or `per``: at most six ways on, then an ellipsis. '' if nothing can be named."""
    chosen = 1 if words.language == "zh" else 0
    found = [names[chosen] for kind, names in _CLASSES.items() if kind in kinds]
    if kinds & _OPERATORS >= _OPERATORS:
        found.append("`+` `-` `*` `/`")
    if kinds & _COMPARISONS >= _COMPARISONS:
        found.append(("a comparison", "比较")[chosen])
    else:
        found.extend(sign for kind, sign in _SIGNS.items() if kind in kinds)
    keywords = _commonest_first(spellings(kinds - _HIDDEN, words), words)
    found.extend(f"`{word}`" for word in keywords)
    shown = found[:MOST] if len(found) > MOST + 1 else found
    more = len(found) > len(shown)
    if words.language == "zh":
        return "、".join(shown) + (" 等" if more else "")
    if more:
        return ", ".join(shown) + ", …"
    return ", ".join(shown[:-1]) + (" or " if len(shown) > 1 else "") + "".join(shown[-1:])
