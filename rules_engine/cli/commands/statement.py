"""`settle statement`: the statement of one contract of a batch, settled again and found the same."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from rules_engine.bulk.reopen import reopened
from rules_engine.bulk.replaying import Replay
from rules_engine.cli.commands.batch import loaded
from rules_engine.cli.commands.run import shown
from rules_engine.cli.exits import DONE
from rules_engine.cli.terminal import print_result


def run(options: Namespace) -> int:
    """Print the statement or write it to a file, or one line explained; 1 if a line could not be settled."""
    if options.line:
        from rules_engine.statement.explain import explain

        with Replay(Path(options.folder), loaded) as replay:
            print_result(explain(replay.line(options.contract, options.line), options.line, options.lang))
        return DONE
    return shown(reopened(Path(options.folder), options.contract, loaded), options, options.output)
