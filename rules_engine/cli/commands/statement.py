"""`settle statement`: the statement of one contract of a batch, settled again and found the same."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from rules_engine.bulk.reopen import reopened
from rules_engine.cli.commands.batch import loaded
from rules_engine.cli.commands.run import shown


def run(options: Namespace) -> int:
    """Print the statement or write it to a file; 1 if a line could not be settled."""
    return shown(reopened(Path(options.folder), options.contract, loaded), options, options.output)
