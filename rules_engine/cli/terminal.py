"""What stdout and stderr can show."""

from __future__ import annotations

import os
import sys
from typing import TextIO


def prepare() -> None:
    """Let a console that cannot show a character show a substitute instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def colour(stream: TextIO) -> bool:
    """Whether to write colours: `NO_COLOR` forbids, `FORCE_COLOR` demands, otherwise terminals get them."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def print_result(text: str) -> None:
    """A command's result, in UTF-8 where the stream takes bytes and is no terminal, so that a redirected file is right."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None or sys.stdout.isatty():
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    buffer.write(text.encode("utf-8"))
    buffer.flush()


def note(line: str) -> None:
    """Anything that is not the result."""
    print(line, file=sys.stderr, flush=True)
