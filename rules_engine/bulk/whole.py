"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path


def written(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a file beside `path`, force it to the disk, and give it its name."""
    temporary = path.with_name(f".{path.name}.tmp")
    write(temporary)
    with temporary.open("rb") as stream:
        os.fsync(stream.fileno())
    temporary.replace(path)


def settle_folder(temporary: Path, target: Path) -> None:
    """Give a finished folder its name: its files and the folder above are forced to the disk; what stood there goes."""
    for place in (*temporary.rglob("*"), temporary):
        _forced(place)
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    temporary.rename(target)
    _forced(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def _forced(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
