"""A table of a lake at one version: the Parquet files it is made of, and what each of them does not say itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlparse

from rules_engine.bulk.tables.earlier import file_hash
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError

EXTRA = "lake"
NO_WAY: Words = ("", "")


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a table. `columns`: what the table calls which column of the file, None where all have their own names;
    `constants`: columns that the file does not hold, with the value they have in all its rows; `shown`: what messages print where it
    is not the path."""

    path: Path
    columns: tuple[tuple[str, str], ...] | None = None
    constants: tuple[tuple[str, str | None], ...] = ()
    shown: str = ""

    @property
    def name(self) -> str:
        """What messages print."""
        return self.shown or self.path.as_posix()


@dataclass(frozen=True, slots=True)
class Table:
    """A table at a version: `word` names both, so that it is found again; `root` is the folder below which its files stand, of any version."""

    word: str
    root: str
    parts: tuple[Part, ...]

    def digest(self) -> str:
        """SHA-256 over the bytes of all files and what the table says of them."""
        said = (f"{part.name} {file_hash(part.path)} {part.columns} {part.constants}" for part in self.parts)
        return sha256("\n".join(said).encode()).hexdigest()


def local(place: str, word: str) -> Path:
    """The file a table names; raises `ContractError` where this machine has no such file."""
    parsed = urlparse(place)
    path = Path(unquote(parsed.path)) if parsed.scheme == "file" else Path(place)
    if parsed.scheme not in ("", "file"):
        raise refused(word, (f"its files stand at {parsed.scheme}://, which this machine has no path to", f"其文件位于 {parsed.scheme}://，本机没有对应路径"), ELSEWHERE)
    if not path.is_file():
        raise refused(word, (f"{path}, which it is made of, is not there", f"组成该表的文件 {path} 不存在"), GONE)
    return path


def refused(word: str, why: Words, fix: Words) -> ContractError:
    """A table that is not read, and the way out."""
    english = f"`{word}`: {why[0]}."
    return ContractError([diagnostic("SE0885", "en", (), (english, f"“{word}”：{why[1]}。"), fix)])


ELSEWHERE: Words = (
    "mount the store as a folder, or let Spark read the table: `settle ingest --engine spark --documents table:NAME`.",
    "请将该存储挂载为文件夹，或由 Spark 读取：`settle ingest --engine spark --documents table:表名`。",
)
BY_SPARK: Words = (
    "put it into a store first: `settle ingest --engine spark --documents table:NAME --out STORE`, then settle from STORE.",
    "请先导入存储库：`settle ingest --engine spark --documents table:表名 --out 存储库`，再从存储库结算。",
)
GONE: Words = ("name a version that is still kept, as `…@VERSION`.", "请指定仍保留的版本，写作 `…@版本`。")
REWRITE: Words = (
    "let the table's own engine write it anew (Delta: `REORG TABLE … APPLY (PURGE)`; Iceberg: `CALL system.rewrite_data_files`), or let Spark read it: `settle ingest --engine spark --documents table:NAME`.",
    "请用该表自身的引擎重写（Delta：`REORG TABLE … APPLY (PURGE)`；Iceberg：`CALL system.rewrite_data_files`），或由 Spark 读取：`settle ingest --engine spark --documents table:表名`。",
)


def same_names(names: Sequence[str], constants: Sequence[tuple[str, str | None]]) -> list[str]:
    """The columns that a file holds and its folder or table gives as well."""
    held = {name.lower() for name in names}
    return [name for name, _ in constants if name.lower() in held]
