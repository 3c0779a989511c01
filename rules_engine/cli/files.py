"""Finding contracts and writing results whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from rules_engine.beside import is_contract
from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import ContractError


def contracts(paths: Sequence[str]) -> list[Path]:
    """The contract files named, and those below the folders named, in a fixed order."""
    found: dict[Path, None] = {}
    for name in paths:
        place = Path(name)
        inside = [each for each in sorted(place.rglob("*.contract")) if is_contract(each)] if place.is_dir() else [place]
        if not inside:
            why = f"{name} holds no file that ends in .contract"
            raise ContractError([diagnostic("SE0806", "en", why=(why, why), fix=("start one with `settle init DIR`",) * 2)])
        found.update(dict.fromkeys(inside))
    return list(found)


def write(path: str | Path, content: str | bytes) -> None:
    """Write bytes, or text as UTF-8, so that a reader sees the old file or the new one, never half."""
    target, data = Path(path), content.encode("utf-8") if isinstance(content, str) else content
    try:
        if target.exists() and not target.is_file():
            with target.open("wb") as stream:  # a device or a pipe is written as it is
                stream.write(data)
            return
        _replace(target, data)
    except OSError as error:
        why = f"{target}: {error.strerror or error}"
        raise ContractError([diagnostic("SE0803", "en", why=(why, why))]) from error


def _replace(target: Path, data: bytes) -> None:
    import tempfile

    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(_mode(target))
        Path(temporary).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, or those a new file gets here."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def folder(path: str | Path) -> Path:
    """The folder `path`, made if need be."""
    place = Path(path)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = f"{place}: {error.strerror or error}"
        raise ContractError([diagnostic("SE0803", "en", why=(why, why))]) from error
    return place
