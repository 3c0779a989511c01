"""What is worked out once for a user, not once a process: kept in the user's cache folder, which may be deleted at any time.

A name holds what the thing was made from and by what, so that it is never met again when either has changed. What is read is
checked against a sum over its bytes; whatever is wrong with it, it is made again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from zlib import crc32

from rules_engine.version import __version__

SUM = 4
"""Bytes of the sum in front of what is kept."""


def folder() -> Path | None:
    """The folder, made if need be; None where there is none to write to."""
    return _usable(os.environ.get("SETTLEWRIGHT_CACHE") or os.environ.get("XDG_CACHE_HOME") or "~/.cache")


@cache
def _usable(root: str) -> Path | None:
    try:
        place = Path(root).expanduser() / "settlewright"
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (OSError, RuntimeError):
        return None
    return place if os.access(place, os.W_OK) else None


def wanted() -> Path | None:
    """The folder; None where `SETTLE_NO_CACHE` is set, or where there is none to write to."""
    return None if os.environ.get("SETTLE_NO_CACHE") else folder()


def checked() -> Path | None:
    """The folder in it of what this engine made of contracts; None where there is none, where `SETTLE_NO_CACHE` is set, and where the
    engine's files cannot be listed: then nothing would tell one engine from another."""
    place = wanted()
    try:
        return place / "checked" / engine() if place else None
    except OSError:
        return None


def digest(parts: Iterable[bytes]) -> str:
    """A name for something made from `parts` by this Python."""
    from hashlib import sha256

    made = sha256(sys.version.encode())
    for part in parts:
        made.update(b"%d:" % len(part))
        made.update(part)
    return made.hexdigest()[:40]


@cache
def engine() -> str:
    """A name for what works things out: this Python, and the names, sizes and times of change of the engine's files and grammars."""
    root = os.path.dirname(__file__)  # noqa: PTH120 - a thousand paths a start
    grammars = os.path.join(os.path.dirname(root), "grammars")  # noqa: PTH118, PTH120
    return digest([__version__.encode(), *_stamps(root), *(_stamps(grammars) if os.path.isdir(grammars) else ())])  # noqa: PTH112


def _stamps(place: str) -> Iterator[bytes]:
    with os.scandir(place) as entries:
        found = sorted(entries, key=lambda each: each.name)
    for entry in found:
        if entry.is_dir():
            yield from _stamps(entry.path) if entry.name != "__pycache__" else ()
        else:
            status = entry.stat()
            yield f"{entry.name} {status.st_size} {status.st_mtime_ns}".encode()


def read(path: Path) -> bytes | None:
    """What is kept under a name; None if there is nothing, or it is spoilt."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return data[SUM:] if len(data) > SUM and crc32(data[SUM:]).to_bytes(SUM) == data[:SUM] else None


def keep(path: Path, data: bytes) -> None:
    """Written whole or not at all; another process may be doing the same. A folder that cannot be written is done without."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary.write_bytes(crc32(data).to_bytes(SUM) + data)
        temporary.replace(path)
    except OSError:
        return
