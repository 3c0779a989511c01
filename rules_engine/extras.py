"""Libraries of the extras: loaded when first needed, and named with what to install where one is missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError

LOADED: dict[str, Any] = {}


def library(name: str, extra: str, why: Words, language: str = "en") -> Any:
    """A library of an extra; raises `ContractError` (SE0868) that says `why`, in which `{name}` is the library."""
    found = LOADED.get(name)
    if found is not None:
        return found
    try:
        found = LOADED[name] = import_module(name)
    except (ImportError, OSError) as error:
        said: Words = (why[0].format(name=name), why[1].format(name=name))
        fix: Words = (f'pip install "settlewright[{extra}]"',) * 2
        raise ContractError([diagnostic("SE0868", language, (), said, fix)]) from error
    return found
