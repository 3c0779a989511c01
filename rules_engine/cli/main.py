"""The entry of `settle`: picks the command, and sees to it that nothing but plain words ever reaches a user."""

from __future__ import annotations

import gc
import os
import sys

from rules_engine.cli.exits import INTERRUPTED, PIPE_CLOSED, UNUSABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

RUBBISH = 200_000
"""New objects after which Python looks for rubbish; its own 700 are soon made."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 done, 1 findings, 2 usage or environment (130 interrupted, 141 the reader went away)."""
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv))
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        _say("settle: interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return PIPE_CLOSED
    except OSError as error:
        _forget_output()
        return _environment(error)
    except Exception as error:  # noqa: BLE001 - the one place that keeps a traceback from a user
        return _crash(error)


def _run(words: list[str]) -> int:
    from rules_engine.cli.parser import parse_words

    options = parse_words(words)
    if isinstance(options, int):
        return options
    from importlib import import_module

    from rules_engine.cli.terminal import prepare
    from rules_engine.diagnostics.model import ContractError

    prepare()
    command = import_module(f"rules_engine.cli.commands.{options.command}")
    try:
        return int(command.run(options))
    except ContractError as error:
        from rules_engine.cli.findings import report

        return report(error.diagnostics)


def _environment(error: OSError) -> int:
    where = f"{error.filename}: " if error.filename else ""
    _say(f"settle: {where}{error.strerror or error}")
    return UNUSABLE


def _crash(error: Exception) -> int:
    if os.environ.get("SETTLE_DEBUG"):
        raise error
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else "?"  # noqa: PTH119 - stays import-free
    said = " ".join(str(error).split())[:200]
    _say(f"settle: internal error, please report it: {type(error).__name__} in {where}: {said} (SETTLE_DEBUG=1 shows more)")
    return UNUSABLE


def _say(line: str) -> None:
    try:
        print(line, file=sys.stderr, flush=True)
    except (OSError, ValueError):
        _forget_output()


def _forget_output() -> None:
    """Point stdout at nothing, so that closing it at exit cannot complain again."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except OSError:
        return


def process() -> NoReturn:
    """`main` as a process of its own. What it loads stays until its end: searching it for rubbish, in between and once more when
    Python takes it down, was a fifth of a small command."""
    gc.set_threshold(RUBBISH)
    code = main()
    if "duckdb" not in sys.modules:  # its module prints whatever is not cleared away at the end
        gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    process()
