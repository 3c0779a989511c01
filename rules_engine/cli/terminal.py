"""What stdout and stderr can show."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError

NOT_TEXT: Words = ("this format is no text; a terminal cannot show it.", "该格式不是文本，终端无法显示。")
TO_FILE: Words = ("write it to a file: -o statement.xlsx (or .pdf)", "请写入文件：-o statement.xlsx（或 .pdf）")


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


def print_result(result: str | bytes) -> None:
    """A command's result, in UTF-8 where the stream takes bytes and is no terminal, so that a redirected file is right. Raises
    `ContractError` for bytes that would fill a terminal."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None or sys.stdout.isatty():
        if isinstance(result, bytes):
            raise ContractError([diagnostic("SE0803", "en", why=NOT_TEXT, fix=TO_FILE)])
        sys.stdout.write(result)
        return
    sys.stdout.flush()
    buffer.write(result.encode("utf-8") if isinstance(result, str) else result)
    buffer.flush()


def note(line: str) -> None:
    """Anything that is not the result."""
    print(line, file=sys.stderr, flush=True)
