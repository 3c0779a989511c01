"""Iceberg tables through `pyiceberg`: the data files of a snapshot, with the names their columns have there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rules_engine.bulk.lake.model import EXTRA, GONE, REWRITE, Part, Table, local, refused
from rules_engine.bulk.missing import library
from rules_engine.diagnostics.build import Words
from rules_engine.diagnostics.model import ContractError
from rules_engine.documents.parquet import text_of

METADATA = "metadata"
NUMBERED = re.compile(r"v?(\d+).*\.metadata\.json")
FIELD = b"PARQUET:field_id"
CATALOG: Words = (
    "say where the catalogue is in `~/.pyiceberg.yaml` or in PYICEBERG_CATALOG__NAME__URI, or give the table's folder: `iceberg:PATH`.",
    "请在 `~/.pyiceberg.yaml` 或 PYICEBERG_CATALOG__名称__URI 中写明目录，或给出表的文件夹：`iceberg:路径`。",
)


def is_iceberg(folder: Path) -> bool:
    """Whether a folder is an Iceberg table."""
    return any((folder / METADATA).glob("*.metadata.json"))


def iceberg_table(name: str, snapshot: int | None) -> Table:
    """The table of a catalogue (`CATALOG.DB.TABLE`), in a folder or of a metadata file, at a snapshot, None for the current one. Raises
    `ContractError` for one whose rows are not just those of its files."""
    word = f"iceberg:{name}"
    table = _opened(name, word)
    current = table.snapshot_by_id(snapshot) if snapshot is not None else table.current_snapshot()
    if current is None:
        why = ("it has no rows yet", "表中还没有数据") if snapshot is None else (f"it has no snapshot {snapshot}", f"没有快照 {snapshot}")
        raise refused(word, why, GONE)
    word = f"{word}@{current.snapshot_id}"
    scan = table.scan(snapshot_id=current.snapshot_id)
    names = {field.field_id: field for field in scan.projection().fields}
    parts = (_part(table, task, names, word) for task in scan.plan_files())
    return Table(word, local_root(table), tuple(sorted(parts, key=lambda part: part.name)))


def local_root(table: Any) -> str:
    """The folder below which the files of a table stand."""
    return str(table.location()).removeprefix("file://")


def _opened(name: str, word: str) -> Any:
    place = Path(name)
    try:
        if place.is_dir() or name.endswith(".json"):
            static = library("pyiceberg.table", EXTRA).StaticTable
            return static.from_metadata((_newest(place) if place.is_dir() else place).absolute().as_uri())
        catalog, _, table = name.partition(".")
        return library("pyiceberg.catalog", EXTRA).load_catalog(catalog).load_table(table)
    except ContractError:
        raise
    except Exception as error:
        said = " ".join(str(error).split())[:200]
        raise refused(word, (f"it cannot be opened: {said}", f"无法打开：{said}"), CATALOG) from error


def _newest(folder: Path) -> Path:
    found = [(int(match[1]), path) for path in (folder / METADATA).glob("*.metadata.json") if (match := NUMBERED.fullmatch(path.name))]
    if not found:
        raise FileNotFoundError(f"{folder} holds no metadata of an Iceberg table")
    return max(found)[1]


def _part(table: Any, task: Any, names: Mapping[int, Any], word: str) -> Part:
    file = task.file
    if task.delete_files:
        raise refused(word, ("some of its rows are deleted beside its files", "其部分行在数据文件之外被删除"), REWRITE)
    if str(file.file_format.value).upper() != "PARQUET":
        raise refused(word, (f"its files are {file.file_format.value}, not Parquet", f"其文件格式为 {file.file_format.value}，不是 Parquet"), REWRITE)
    path = local(file.file_path, word)
    columns = tuple(_columns(path, names))
    held = {name for name, _ in columns}
    missing = {number: field for number, field in names.items() if field.name not in held}
    added = [field.name for field in missing.values() if field.initial_default is not None]
    if added:
        raise refused(word, (f"its column `{added[0]}` was added with a value for rows before", f"列“{added[0]}”在添加时为已有行指定了值"), REWRITE)
    return Part(path, columns, tuple(_constants(table, file, missing)))


def _columns(path: Path, names: Mapping[int, Any]) -> Iterator[tuple[str, str]]:
    """(name in the table, name in the file) of the columns that the table still has; by number, or by name where files have none."""
    fields = list(library("pyarrow.parquet").read_schema(path))
    numbered = any(field.metadata and FIELD in field.metadata for field in fields)
    known = {field.name for field in names.values()}
    for field in fields:
        if not numbered:
            yield from ((field.name, field.name) for _ in range(field.name in known))
        elif (number := int(field.metadata[FIELD])) in names:
            yield names[number].name, field.name


def _constants(table: Any, file: Any, missing: Mapping[int, Any]) -> Iterator[tuple[str, str | None]]:
    """Columns that only the partition knows."""
    identity = library("pyiceberg.transforms", EXTRA).IdentityTransform
    for place, field in enumerate(table.specs()[file.spec_id].fields):
        if field.source_id in missing and isinstance(field.transform, identity):
            value = file.partition[place]
            yield missing[field.source_id].name, None if value is None else text_of(value)
