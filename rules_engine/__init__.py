"""Settlewright: a supplier contract and its documents become an itemised, explained settlement statement."""

from __future__ import annotations

from rules_engine.version import __version__

TYPE_CHECKING = False  # as type checkers read it; `typing` itself is not imported, so that `settle --help` stays quick
if TYPE_CHECKING:
    from typing import Any

    from rules_engine.api import (
        ContractError,
        compile,  # noqa: A004 - the arrow's own name, reached as `rules_engine.compile`
        load,
        load_many,
        measure,
        parse,
        read_documents,
        render,
        settle,
    )

__all__ = [
    "ContractError",
    "__version__",
    "compile",
    "load",
    "load_many",
    "measure",
    "parse",
    "read_documents",
    "render",
    "settle",
]


def __getattr__(name: str) -> Any:
    """The public verbs, loaded when first asked for: importing the package alone stays cheap. `check` is `rules_engine.api.check`:
    here the name belongs to the package of the checker."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from rules_engine import api

    return getattr(api, name)
