"""Folders of Parquet files whose names are values: `month=2026-01/part.parquet`."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from rules_engine.bulk.lake.model import Part, Table, refused, same_names
from rules_engine.bulk.missing import library
from rules_engine.documents.sources import IN_FOLDERS

NOTHING = "__HIVE_DEFAULT_PARTITION__"
HIDDEN = ("_", ".")


def is_parted(folder: Path) -> bool:
    """Whether a folder holds folders that are named by values, and no file to be read."""
    inside = list(folder.iterdir())
    values = any(each.is_dir() and "=" in each.name and not each.name.startswith(HIDDEN) for each in inside)
    return values and not any(each.is_file() and each.name.lower().endswith(IN_FOLDERS) for each in inside)


def hive_table(path: str) -> Table:
    """All Parquet files below a folder. Raises `ContractError` for a folder between that is no value, and a file that says a value itself."""
    root, word = Path(path), f"parquet:{path}"
    if not root.is_dir():
        raise refused(word, ("there is no such folder", "没有这个文件夹"), ("give the folder above its parts.", "请指定分区上一级的文件夹。"))
    files = sorted(file for file in root.rglob("*.parquet") if not any(part.startswith(HIDDEN) for part in file.relative_to(root).parts))
    if not files:
        raise refused(word, ("no Parquet file stands below it", "其下没有 Parquet 文件"), ("give the folder above its parts.", "请指定分区上一级的文件夹。"))
    return Table(word, root.as_posix(), tuple(_part(root, file, word) for file in files))


def _part(root: Path, file: Path, word: str) -> Part:
    constants: list[tuple[str, str | None]] = []
    for step in file.relative_to(root).parts[:-1]:
        name, equals, value = step.partition("=")
        if not equals:
            why = (f"the folder `{step}` in it is no value of a column", f"其中的文件夹“{step}”不是某列的值")
            raise refused(word, why, ("name folders as `column=value`, or give this folder by itself.", "文件夹应命名为 `列=值`，或单独给出该文件夹。"))
        constants.append((unquote(name), None if value == NOTHING else unquote(value)))
    twice = same_names(library("pyarrow.parquet").read_schema(file).names, constants)
    if twice:
        why = (f"{file.as_posix()} has a column `{twice[0]}` and stands in a folder that says it too", f"{file.as_posix()} 含有列“{twice[0]}”，其文件夹也写有该列")
        raise refused(word, why, ("leave the column out of the file or out of the folder's name.", "请从文件或文件夹名中去掉该列。"))
    return Part(file, None, tuple(constants))
