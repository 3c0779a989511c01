"""The contracts of a template on the command line."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from rules_engine.api import load_many
from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic

if TYPE_CHECKING:
    from rules_engine.many import ManyContracts


def opened(options: Namespace) -> ManyContracts:
    """The contracts of the template named and of `--parameters`."""
    named = [options.contract] if "contract" in options else options.paths
    if len(named) != 1:
        raise ContractError(
            [_one("--parameters belongs to one template; name one PATH", "settle check TEMPLATE --parameters FILE")]
        )
    return load_many(named[0], options.parameters, getattr(options, "as_of", None), options.amendment)


def one(options: Namespace, many: ManyContracts) -> str:
    """The id of the only contract meant."""
    ids = options.ids or list(many)
    if len(ids) != 1:
        raise ContractError([_one(f"{options.parameters} has {len(ids):,} contracts", f"--contract {ids[0]}")])
    return str(ids[0])


def _one(why: str, fix: str) -> Diagnostic:
    return diagnostic("SE0835", "en", why=(why, why), fix=(fix, fix))
