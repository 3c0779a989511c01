"""Files and folders that appear whole or not at all, and a place that one run at a time writes to."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError

HERE = -100
"""AT_FDCWD: names are taken as they are."""
EXCHANGE = 2
"""RENAME_EXCHANGE: two names change places at once."""


def written(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a file beside `path`, force it to the disk, and give it its name."""
    temporary = path.with_name(f".{path.name}.tmp")
    write(temporary)
    with temporary.open("rb") as stream:
        os.fsync(stream.fileno())
    temporary.replace(path)


def settle_folder(temporary: Path, target: Path) -> None:
    """Give a finished folder its name: its files and the folder above are forced to the disk; what stood there goes. Where the
    system can, the two change places in one step; else there is a moment with neither, the old one under another name."""
    for place in (*temporary.rglob("*"), temporary):
        _forced(place)
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists() and not _exchanged(temporary, target):
        target.rename(old)
    if not target.exists():
        temporary.rename(target)
    _forced(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def removed(place: Path) -> None:
    """Take a folder away: at once under its name, then file by file, so that nobody meets half of it."""
    trash = place.with_name(f"{place.name}.gone")
    shutil.rmtree(trash, ignore_errors=True)
    if place.is_dir():
        place.rename(trash)
        shutil.rmtree(trash, ignore_errors=True)


def _exchanged(first: Path, second: Path) -> bool:
    """Let two names change places; False where the system cannot."""
    if sys.platform != "linux":
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(rename(HERE, os.fsencode(first), HERE, os.fsencode(second), EXCHANGE) == 0)


def _forced(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def place_of(out: Path) -> Path:
    """The folder itself where `out` is a link to it. Raises `ContractError` for one that cannot be replaced as a whole."""
    place = out.resolve() if out.is_symlink() else out
    if place.is_mount():
        why: Words = (
            f"{out} is where another device is mounted; a folder there cannot appear as a whole.",
            f"{out} 是另一设备的挂载点，无法整体替换该文件夹。",
        )
        raise ContractError([diagnostic("SE0803", "en", (), why, ("name a folder inside it.", "请指定其中的一个文件夹。"))])
    return place


@contextmanager
def held(out: Path) -> Iterator[None]:
    """Keep others from writing to `out` meanwhile; raises `ContractError` if somebody does. The system lets go of the place when
    the process ends, however it ends."""
    try:
        import fcntl
    except ImportError:  # a system without such locks
        yield
        return
    path = out.with_name(f".{out.name}.lock")
    handle = _locked(path, fcntl)
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(handle)


def _locked(path: Path, fcntl: object) -> int:
    lock, flags = fcntl.flock, fcntl.LOCK_EX | fcntl.LOCK_NB  # type: ignore[attr-defined]
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            lock(handle, flags)
        except OSError:
            os.close(handle)
            why: Words = (
                f"another run is writing to {path.name[1:].removesuffix('.lock')} at this moment; two at once would undo each other.",
                f"另一个进程正在写入 {path.name[1:].removesuffix('.lock')}；同时运行会互相覆盖。",
            )
            fix: Words = ("wait until it has ended, or name another folder with --out.", "请等待其结束，或用 --out 指定其他文件夹。")
            raise ContractError([diagnostic("SE0874", "en", (), why, fix)]) from None
        with suppress(OSError):
            if os.fstat(handle).st_ino == path.stat().st_ino:
                return handle
        os.close(handle)
