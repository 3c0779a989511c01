"""Delta tables through `deltalake`: the files of a version and the values of their partitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from rules_engine.bulk.lake.model import EXTRA, GONE, REWRITE, Part, Table, local, refused
from rules_engine.bulk.missing import library, pyarrow
from rules_engine.diagnostics.build import Words
from rules_engine.documents.parquet import text_of
from rules_engine.documents.sources import DELTA

PARTITION = "partition."
PLAIN = frozenset(("timestampNtz", "v2Checkpoint", "vacuumProtocolCheck", "deletionVectors", "columnMapping"))
"""What a table may ask of its readers; the last two as long as nothing comes of them."""


def is_delta(folder: Path) -> bool:
    """Whether a folder is a Delta table."""
    return (folder / DELTA).is_dir()


def delta_table(path: str, version: int | None) -> Table:
    """The table in a folder at a version, None for the newest. Raises `ContractError` for one whose rows are not just those of its files."""
    word = f"delta:{path}"
    found = _opened(path, version, word)
    word = f"{word}@{found.version()}"
    _plain(found, word)
    root = Path(path)
    rows = pyarrow().table(found.get_add_actions(flatten=True)).to_pylist()
    parts = (Part(_file(root, row["path"], word), None, tuple(_constants(row, word))) for row in rows)
    return Table(word, root.as_posix(), tuple(sorted(parts, key=lambda part: part.name)))


def _opened(path: str, version: int | None, word: str) -> Any:
    delta = library("deltalake", EXTRA)
    if not is_delta(Path(path)):
        raise refused(word, (f"{path} is no folder of a Delta table", f"{path} 不是 Delta 表的文件夹"), ("name the folder that holds `_delta_log`.", "请指定含有 `_delta_log` 的文件夹。"))
    try:
        return delta.DeltaTable(path, version=version)
    except Exception as error:
        said = " ".join(str(error).split())[:200]
        shown = word if version is None else f"{word}@{version}"
        raise refused(shown, (f"it cannot be opened: {said}", f"无法打开：{said}"), GONE) from error


def _plain(found: Any, word: str) -> None:
    """Refuse tables whose files hold rows or columns other than the table's."""
    mapping = found.metadata().configuration.get("delta.columnMapping.mode", "none")
    strange = sorted(set(found.protocol().reader_features or ()) - PLAIN)
    why: Words | None = None
    if mapping != "none":
        why = ("its columns are mapped to other names in its files", "其列名在文件中被映射为其他名称")
    elif strange:
        why = (f"it asks its readers for {', '.join(strange)}", f"它要求读取方支持 {'、'.join(strange)}")
    elif _vectors(found):
        why = ("some of its rows are deleted beside its files (deletion vectors)", "其部分行以删除向量的形式在文件之外被删除")
    if why is not None:
        raise refused(word, why, REWRITE)


def _vectors(found: Any) -> bool:
    """Whether rows are deleted beside the files; a list of them that cannot be read is one."""
    try:
        return bool(pyarrow().table(found.deletion_vectors()).num_rows)
    except Exception:  # noqa: BLE001 - whatever keeps the library from saying, the files alone are not the table
        return True


def _file(root: Path, path: str, word: str) -> Path:
    """A file by the place the log names, which is written as in an address."""
    inside = root / unquote(path)
    return inside if inside.is_file() else local(path if "://" in path else inside.as_posix(), word)


def _constants(row: Mapping[str, object], word: str) -> Iterator[tuple[str, str | None]]:
    for name, value in row.items():
        if name.startswith(PARTITION):
            if isinstance(value, float):
                raise refused(word, (f"it is parted by binary floating numbers ({name[len(PARTITION) :]})", "它按二进制浮点数分区"), REWRITE)
            yield name[len(PARTITION) :], None if value is None else text_of(value)
