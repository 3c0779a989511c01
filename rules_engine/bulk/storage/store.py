"""Documents as canonical Parquet: read once, checked, and quick to add up.

A store is a folder: `lines/month=…/` hold the lines sorted by contract and day, with whole numbers for the texts that contracts
group and filter by; `names/` the texts of those numbers; `marks/` counts, sums and a mark of the content by contract, type and
file; `store.json` what it is made of and the SHA-256 of every file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from rules_engine.bulk.missing import library
from rules_engine.bulk.storage.typing_sql import literal
from rules_engine.bulk.tables.earlier import file_hash
from rules_engine.bulk.whole import written
from rules_engine.core.builtin import DIMENSIONS
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError

TWICE = "twice/contracts.parquet"
"""Below the folder of a store: the contracts in which a document may stand twice."""
ABOUT = "store.json"
SCHEMA = "settlewright/store/4"
CODED = ("contract", "type", *DIMENSIONS)
"""Text columns of which the lines hold whole numbers."""
LINES_FORMAT = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, PARQUET_VERSION v2"
"""How files of lines are written: differences of whole numbers packed before they are compressed, smaller and quicker to write and to read."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A file that was put into a store: its path, the SHA-256 of its bytes, and the numbers of its tables."""

    path: str
    sha256: str
    tables: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of canonical documents. `columns` are the built-in columns that some file has, `own` the headers of all others, kept as texts in
    the columns own0, own1, …; `files` are the names rows are told of by, `headers` those of each file, as it has them; `types` the texts of the column `type` by number; `hashes` the SHA-256
    of every file of the store by its place."""

    folder: Path
    columns: tuple[str, ...]
    own: tuple[str, ...]
    files: tuple[str, ...]
    types: tuple[str, ...]
    hashes: Mapping[str, str] = field(default_factory=dict)
    origins: tuple[Origin, ...] = ()
    headers: tuple[tuple[str, ...], ...] = ()

    @property
    def parts(self) -> list[Path]:
        """Every file of the store, in a fixed order."""
        return [self.folder / ABOUT, *(self.folder / name for name in sorted(self.hashes))]

    @property
    def lines(self) -> str:
        """The files of lines, as DuckDB names them."""
        return self.files_of("lines", "union_by_name = true, hive_partitioning = false")

    @property
    def marks(self) -> str:
        """The files of marks, as DuckDB names them."""
        return self.files_of("marks", "union_by_name = true")

    @property
    def spelt(self) -> str:
        """The lines with texts for their codes, as an SQL table."""
        coded = [name for name in CODED if f"names/{name}.parquet" in self.hashes]
        texts = ", ".join(f"n_{name}.text AS {name}" for name in coded)
        joins = " ".join(f"LEFT JOIN {self.names(name)} n_{name} ON l.{name} = n_{name}.code" for name in coded)
        return f"(SELECT l.* EXCLUDE ({', '.join(coded)}), {texts} FROM {self.lines} l {joins})"

    def names(self, column: str) -> str:
        """The texts of a coded column, as DuckDB names them: code, text."""
        return f"read_parquet({literal(str(self.folder / 'names' / f'{column}.parquet'))})"

    def type_code(self, name: str) -> int:
        """The number of a type; one that no line has if the store does not know it."""
        return self.types.index(name) if name in self.types else -1

    def files_of(self, kind: str, options: str) -> str:
        """The files below one folder of the store, as DuckDB names them."""
        listed = ", ".join(literal(str(self.folder / name)) for name in sorted(self.hashes) if name.startswith(f"{kind}/"))
        return f"read_parquet([{listed}], {options})"


MEMORY = ("250MB", "360MB", "1GB", "4GB")
"""What a database may hold in memory: the least first; more for a query that came to its end for want of it."""
INGESTING = 1
"""The place in MEMORY at which putting documents into a store begins."""


def executed(con: Any, query: str) -> list[Any]:
    """Run a query and give its rows; again with more memory if it has too little, and only then. Raises what the last try raises."""
    wanting = library("duckdb").OutOfMemoryException
    for memory in MEMORY[1:]:
        try:
            return list(con.execute(query).fetchall())
        except wanting:
            con.execute(f"SET memory_limit = '{memory}'")
    return list(con.execute(query).fetchall())


def connect(work: Path, memory: str = MEMORY[0]) -> Any:
    """A DuckDB that spills into `work`, fetches nothing and holds a bounded part of the memory."""
    duckdb = library("duckdb")
    work.mkdir(parents=True, exist_ok=True)
    options = {"temp_directory": str(work / "spill"), "autoinstall_known_extensions": False, "autoload_known_extensions": False}
    found = duckdb.connect(":memory:", config=options)
    found.execute(
        f"SET preserve_insertion_order = false; SET enable_progress_bar = false; SET memory_limit = '{memory}'; SET partitioned_write_flush_threshold = 10000"
    )
    return found


def opened(folder: Path) -> Store | None:
    """The store in a folder; None where there is none. Raises `ContractError` for one that is damaged or of another version."""
    try:
        text = (folder / ABOUT).read_text(encoding="utf-8")
    except (OSError, ValueError):
        if (folder / ABOUT).is_file():
            raise damaged(folder / ABOUT) from None
        return None
    try:
        about = json.loads(text)
    except ValueError:
        raise damaged(folder / ABOUT) from None
    if not isinstance(about, dict) or about.get("schema") != SCHEMA or about.get("sha256") != _digest(about):
        raise damaged(folder / ABOUT)
    origins = tuple(Origin(item["path"], item["sha256"], tuple(item["tables"])) for item in about["origins"])
    return Store(
        folder, tuple(about["columns"]), tuple(about["own"]), tuple(about["files"]), tuple(about["types"]), about["hashes"], origins,
        tuple(map(tuple, about["headers"])),
    )  # fmt: skip


def verified(store: Store) -> dict[Path, str]:
    """The SHA-256 of every file of a store; raises `ContractError` for one that is not as it was written."""
    found = {}
    for path in store.parts:
        digest = file_hash(path) if path.is_file() else ""
        if path.name != ABOUT and digest != store.hashes[path.relative_to(store.folder).as_posix()]:
            raise damaged(path)
        found[path] = digest
    return found


def concluded(store: Store) -> Store:
    """Write down what a store is made of: only now it is one."""
    names = sorted(path.relative_to(store.folder).as_posix() for path in store.folder.rglob("*.parquet"))
    hashes = {name: store.hashes.get(name) or file_hash(store.folder / name) for name in names}
    origins = [asdict(item) for item in store.origins]
    about = {
        "schema": SCHEMA, "columns": store.columns, "own": store.own, "files": store.files, "types": store.types,
        "hashes": hashes, "origins": origins, "headers": store.headers,
    }  # fmt: skip
    text = json.dumps({**about, "sha256": _digest(about)}, ensure_ascii=False, indent=1)
    written(store.folder / ABOUT, lambda place: place.write_text(text, encoding="utf-8"))
    found = opened(store.folder)
    assert found is not None
    return found


def _digest(about: Mapping[str, object]) -> str:
    """A hash of all that store.json says but of the hash itself."""
    said = {name: value for name, value in about.items() if name != "sha256"}
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def damaged(path: Path) -> ContractError:
    """A file of a store that is not as it was written."""
    why: Words = (
        f"{path} is not as `settle ingest` wrote it: changed, cut short, gone, or of another version. Amounts read from it would be wrong.",
        f"{path} 与 `settle ingest` 写入时不同（被改动、截断、丢失或版本不同），据此得出的金额会有误。",
    )
    fix: Words = ("remove the store and ingest its documents again.", "请删除该存储库并重新导入单据。")
    return ContractError([diagnostic("SE0873", "en", (), why, fix)])


def own_column(store: Store, name: str) -> str | None:
    """The store's column that holds a contract's own column, None where no file has it."""
    for place, header in enumerate(store.own):
        if header.strip() == name or header.strip().lower() == name:
            return f"own{place}"
    return None


def own_columns(store: Store) -> Iterator[str]:
    """The names under which the texts of other headers stand."""
    return (f"own{place}" for place in range(len(store.own)))
