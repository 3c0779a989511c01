"""From what a caller names to something that can be read: files, folders and queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from rules_engine.documents.batches import Batch, Reading, hashed
from rules_engine.documents.csv_reader import read_csv
from rules_engine.documents.faults import Faults
from rules_engine.documents.isolated import read_isolated
from rules_engine.documents.jsonl import read_jsonl
from rules_engine.documents.sql import is_query, query_file, query_text, read_query

FILE_LIMIT = 2 * 1024**3

TEXT_FORMATS: dict[str, Callable[[bytes, str, Faults], Iterator[Batch]]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_csv,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
}
BINARY_FORMATS = {".xlsx": "xlsx", ".parquet": "parquet"}
QUERY_SUFFIX = ".sql.toml"
IN_FOLDERS = (".csv", ".tsv", ".jsonl", ".ndjson", ".xlsx", ".parquet", QUERY_SUFFIX)
DELTA = "_delta_log"
"""What a folder holds that is a Delta table."""
READABLE = "CSV, JSON Lines (.jsonl), XLSX, Parquet, .sql.toml"


def sources_in(given: Sequence[str | Path], faults: Faults) -> Iterator[str | Path]:
    """Queries and files named, with folders opened in order of name."""
    for item in given:
        if isinstance(item, str) and is_query(item):
            yield item
            continue
        path = Path(item)
        if not path.is_dir():
            yield path
            continue
        if (path / DELTA).is_dir():
            _refuse_table(path, faults)
            continue
        inside = sorted(entry for entry in path.iterdir() if entry.name.lower().endswith(IN_FOLDERS) and entry.is_file())
        if not inside:
            _refuse(path, faults, ("the folder holds no documents", "文件夹中没有单据文件"))
        yield from inside


def open_source(source: str | Path, faults: Faults) -> Reading | None:
    """Start reading; None where that is not possible, which `faults` then says."""
    if isinstance(source, str):
        return read_query(query_text(source), faults)
    if not source.is_file():
        absent = ("there is no such file", "没有这个文件") if not source.exists() else ("not a regular file", "不是普通文件")
        _refuse(source, faults, absent)
        return None
    try:
        return _opened(source, faults)
    except OSError as fault:
        reason = fault.strerror or type(fault).__name__
        _refuse(source, faults, (f"it cannot be read: {reason}", f"无法读取：{reason}"))
        return None


def _opened(path: Path, faults: Faults) -> Reading | None:
    name, lower = path.as_posix(), path.name.lower()
    if path.stat().st_size > FILE_LIMIT:
        faults.add("SE0613", name, ("larger than 2 GiB", "超过 2 GiB"), fix=("split the file", "请拆分文件"))
        return None
    if lower.endswith(QUERY_SUFFIX):
        query = query_file(path.read_bytes(), name, faults)
        return read_query(query, faults) if query else None
    suffix = Path(lower).suffix
    if suffix in BINARY_FORMATS:
        return Reading(name, lambda: _hash(path), read_isolated(BINARY_FORMATS[suffix], path, name, faults))
    if suffix in TEXT_FORMATS:
        data = path.read_bytes()
        return Reading(name, hashed(data), TEXT_FORMATS[suffix](data, name, faults))
    _refuse(path, faults, (f"`{suffix or path.name}` is no format that is read", f"不支持的格式“{suffix or path.name}”"))
    return None


def _hash(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _refuse_table(path: Path, faults: Faults) -> None:
    """Of the files of a Delta table some are deleted, which only its log says: read one by one they would be paid again."""
    text = ("the folder is a Delta table; its files hold deleted rows too", "该文件夹是 Delta 表，其文件中含有已删除的行")
    fix = ("settle it with `settle batch`, which reads its log", "请用 `settle batch` 结算，它会读取该表的日志")
    faults.add("SE0611", path.as_posix(), text, fix=fix)


def _refuse(path: Path, faults: Faults, text: tuple[str, str]) -> None:
    faults.add("SE0611", path.as_posix(), text, fix=(f"give a file or folder: {READABLE}", f"请给出文件或文件夹：{READABLE}"))
