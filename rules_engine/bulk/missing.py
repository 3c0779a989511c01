"""The libraries a batch needs beyond the core."""

from __future__ import annotations

from typing import Any

from rules_engine import extras
from rules_engine.diagnostics.build import Words

WHY: Words = (
    "many contracts are settled through `{name}`, which is not installed.",
    "批量结算需要 `{name}`，目前没有安装。",
)


def pyarrow() -> Any:
    """The library that reads and writes Parquet."""
    return library("pyarrow")


def library(name: str, extra: str = "bulk") -> Any:
    """A library of an extra; raises `ContractError` with what to install."""
    return extras.library(name, extra, WHY)
