"""The libraries a batch needs beyond the core, and what to say where they are not installed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError

_LOADED: dict[str, Any] = {}


def pyarrow() -> Any:
    """The library that reads and writes Parquet."""
    return library("pyarrow")


def library(name: str, extra: str = "bulk") -> Any:
    """A library of an extra; raises `ContractError` with what to install."""
    found = _LOADED.get(name)
    if found is not None:
        return found
    try:
        found = _LOADED[name] = import_module(name)
        return found
    except ImportError as error:
        why: Words = (
            f"many contracts are settled through `{name}`, which is not installed.",
            f"批量结算需要 `{name}`，目前没有安装。",
        )
        fix: Words = (f'pip install "settlewright[{extra}]"',) * 2
        raise ContractError([diagnostic("SE0868", "en", (), why, fix)]) from error
