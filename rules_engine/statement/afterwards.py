"""What was done to an amount after it was earned, in words: bounds, rounding, shares, and what was posted before."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from rules_engine.core.trace import TraceStep
from rules_engine.core.units import Unit
from rules_engine.statement.amounts import value_text
from rules_engine.statement.clean import one_line
from rules_engine.statement.numbers import grouped, percent_text
from rules_engine.statement.words import Words


def is_afterwards(step: TraceStep) -> bool:
    """Whether the step goes on from the one amount below it."""
    return step.op in _NAMES and not step.label and len(step.parts) == 1


def afterwards_name(step: TraceStep, words: Words) -> str:
    """What was done: `rounded half up to 0.01`, `at most 200,000.00 in 2026-01-01..2026-12-31`."""
    return _NAMES[step.op](step, words)


def kind_of(step: TraceStep) -> str:
    """How the line is set: rounding stands out."""
    return "rounded" if step.op == "round" else "step"


def _round(step: TraceStep, words: Words) -> str:
    mode = words("mode." + str(step.detail.get("mode", "half_up")))
    key = "rounded_total" if step.detail.get("place") == "total" else "rounded"
    return words(key, mode=mode, to=step.detail.get("to", "0.01"))


def _bound(step: TraceStep, words: Words) -> str:
    detail = step.detail
    if "members" in detail:
        return _limit(step, words)
    text = f"{words('op.' + step.op)} {_money(detail.get('limit', ''))}"
    if detail.get("window"):
        text += words("within", window=detail["window"])
    if detail.get("used"):
        text += words("used_up", used=_money(detail["used"]))
    return text


def _limit(step: TraceStep, words: Words) -> str:
    """A bound over several clauses: what they come to, the bound, and what is too much or missing."""
    detail = step.detail
    facts = {"members": _money(detail["members"]), "limit": _money(detail.get("limit", "")), "window": detail.get("window", "")}
    return words("limit." + step.op, excess=_money(detail.get("excess", "")), **facts)


def _when(_step: TraceStep, words: Words) -> str:
    return words("condition_false")


def _proportion(step: TraceStep, words: Words) -> str:
    return words("proportion", share=step.detail.get("share", ""), how=words("proportion." + str(step.detail.get("how", ""))))


def _negative(step: TraceStep, words: Words) -> str:
    if "carried" in step.detail:
        return words("negative_carried", carried=_money(step.detail["carried"]))
    return words("negative_zero")


def _against(step: TraceStep, words: Words) -> str:
    """What a balance gave, and of which layers."""
    detail = step.detail
    unit = Unit(detail.get("unit", "money"))
    text = words("taken_from", taken=_counted(detail["taken"], unit), balance=one_line(detail.get("title", detail["balance"])))
    layers = [part.partition(" ") for part in detail.get("layers", "").split("; ") if part]
    if not layers:
        return text
    told = [words("layer_part", since=since, amount=_counted(amount, unit)) for since, _, amount in layers]
    return f"{text} ({words.comma.join(told)})" if words.language == "en" else f"{text}（{'、'.join(told)}）"


def _counted(text: str, unit: Unit) -> str:
    return value_text(Fraction(text), unit, Words("en"))


def _share(step: TraceStep, words: Words) -> str:
    detail = step.detail
    if "payee" in detail:
        share = detail.get("share", "")
        told = words("rest_share") if share == "rest" else percent_text(Fraction(share))
        return words("share_of_payee", share=told, payee=one_line(detail["payee"]))
    if "funder" in detail:
        return _funded(detail["funders"], words)
    if "vat_rate" in detail:
        return (
            words("share_vat", rate=f"{grouped(Fraction(detail['vat_rate']))}%")
            if detail["vat_rate"]
            else words("share_no_vat")
        )
    return words("share_due", share=percent_text(Fraction(detail.get("share", "1"))))


def _funded(funders: str, words: Words) -> str:
    """What each of those who fund an amount bears."""
    parts = (part.partition("=") for part in funders.split())
    return words("funded_parts", parts=words.comma.join(f"{words('funder.' + name)} {_money(amount)}" for name, _, amount in parts))


def _spread(step: TraceStep, words: Words) -> str:
    over, value = one_line(step.detail.get("over", "")), one_line(step.detail.get("value", ""))
    return words("spread_part", over=over.replace("_", " "), value=value)


def _given_back(step: TraceStep, words: Words) -> str:
    """One document of a reversal: its share of what was taken."""
    detail = step.detail
    document = one_line(detail["document"]).partition(":")[2] or one_line(detail["document"])
    numbers = {name: grouped(Fraction(detail[name])) for name in ("quantity", "whole")}
    return words("given_back", document=document, window=detail["window"], taken=_money(detail["taken"]), **numbers)


def _highest(step: TraceStep, words: Words) -> str:
    return words("highest", now=_money(step.detail.get("now", "0")))


def _vat(step: TraceStep, words: Words) -> str:
    return words("vat_added", net=_money(step.detail.get("net", "0")), vat=_money(step.detail.get("vat", "0")))


def _subtract(step: TraceStep, words: Words) -> str:
    return words("posted_due", posted=_money(step.detail.get("posted", "0")))


def _money(text: str) -> str:
    try:
        return value_text(Fraction(text), Unit.MONEY, Words("en"))
    except (ValueError, ZeroDivisionError):
        return one_line(text)


_NAMES: dict[str, Callable[[TraceStep, Words], str]] = {
    "round": _round,
    "most": _bound,
    "least": _bound,
    "when": _when,
    "proportion": _proportion,
    "negative": _negative,
    "against": _against,
    "share": _share,
    "spread": _spread,
    "given_back": _given_back,
    "highest": _highest,
    "vat": _vat,
    "subtract": _subtract,
}
