"""Settlewright: a supplier contract and its documents become an itemised, explained settlement statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from rules_engine.api import (
        ContractError,
        check,
        compile,
        load,
        measure,
        parse,
        read_documents,
        render,
        settle,
    )

__all__ = ["ContractError", "check", "compile", "load", "measure", "parse", "read_documents", "render", "settle"]


def __getattr__(name: str) -> Any:
    """The public verbs, loaded when first asked for: importing the package alone stays cheap."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from rules_engine import api

    return getattr(api, name)
