"""`settle explain`: one line of a statement down to its clause, numbers, rounding and documents."""

from __future__ import annotations

from argparse import Namespace

from rules_engine.cli.commands.run import settled
from rules_engine.cli.exits import DONE
from rules_engine.cli.terminal import print_result


def run(options: Namespace) -> int:
    """Print the explanation of the line asked for; an id that no line has is an error naming the nearest ones."""
    from rules_engine.statement.explain import explain

    print_result(explain(settled(options), options.line, options.lang))
    return DONE
