"""Libraries of the extras, and what to say where one is not installed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError


def library(name: str, extra: str, language: str = "en") -> Any:
    """A library of an extra; raises `ContractError` with what to install."""
    try:
        return import_module(name)
    except (ImportError, OSError) as error:
        why: Words = (
            f"this format is written through `{name}`, which is not installed or lacks a system library ({error}).",
            f"该格式由 `{name}` 写出，目前没有安装，或缺少系统库（{error}）。",
        )
        fix: Words = (f'pip install "settlewright[{extra}]"',) * 2
        raise ContractError([diagnostic("SE0868", language, (), why, fix)]) from error
