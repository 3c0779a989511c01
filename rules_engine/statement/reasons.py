"""Why something is not on a statement, in words: the machine words of kernel and facts, spelt out."""

from __future__ import annotations

from rules_engine.core.builtin import COLUMNS_ZH
from rules_engine.settlement.model import Exceptional
from rules_engine.settlement.reasons import REASONS
from rules_engine.statement.clean import one_line
from rules_engine.statement.words import Words


def reason_text(reason: str, words: Words) -> str:
    """The reason in the reader's language; one already worded is printed as it is."""
    if reason in REASONS:
        return REASONS[reason][words.language == "zh"]
    kind, _, rest = reason.partition(":")
    if kind == "where" and rest:
        return words("reason.where", column=one_line(rest))
    key = f"reason.{rest}" if kind == "documents_at_fault" else f"reason.{reason}"
    return words(key) if words.has(key) else one_line(reason)


def exception_text(item: Exceptional, words: Words) -> str:
    """Why a document is to be looked at."""
    column = COLUMNS_ZH.get(item.column, (item.column,))[0] if words.language == "zh" else item.column.replace("_", " ")
    facts = {"sold": f"{item.sold:,}", "returned": f"{item.returned:,}", "original": one_line(item.original), "column": column}
    return words(f"exception.{item.code}", **facts)


def flag_text(flag: str, words: Words) -> str:
    """A flag of a line in words."""
    return words("flag." + flag) if words.has("flag." + flag) else one_line(flag).replace("_", " ")
