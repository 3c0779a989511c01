"""What the system refuses in the middle of a batch: said by name, with what to do; nothing is half written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rules_engine.bulk.pool import lost
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic

OUT_OF_MEMORY = "OutOfMemory"


@contextmanager
def told(out: Path) -> Iterator[None]:
    """Turn a full disk, a folder that cannot be written and memory that is not there into findings."""
    try:
        yield
    except MemoryError as error:
        raise ContractError([lost()]) from error
    except OSError as error:
        raise ContractError([refused(out, _said(error))]) from error
    except Exception as error:
        if not type(error).__module__.endswith("duckdb"):
            raise
        if OUT_OF_MEMORY in type(error).__name__:
            raise ContractError([lost()]) from error
        if "IO" not in type(error).__name__:
            raise
        raise ContractError([refused(out, str(error))]) from error


def _said(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}"


def refused(out: Path, said: str) -> Diagnostic:
    """The system would not read or write a file."""
    short = " ".join(said.split())[:300]
    why: Words = (
        f"{short}. Nothing was written to {out}; what is finished is kept beside it.",
        f"{short}。{out} 未被改动，已完成的部分保留在其旁边。",
    )
    fix: Words = (
        "make room or name another folder, then run the same command again; it goes on from there.",
        "请腾出空间或另指定文件夹，再运行同一命令，将从中断处继续。",
    )
    return diagnostic("SE0803", "en", (), why, fix)
