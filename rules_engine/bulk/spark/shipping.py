"""What travels with the shards that are settled where the data are: the engine itself, and for every shard a kit of all that is not
in the lake (programs, what was posted before, what is known of the documents)."""

from __future__ import annotations

import atexit
import pickle
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from rules_engine.bulk.looking import program_of
from rules_engine.bulk.measures.adding_up import ABOUT
from rules_engine.bulk.missing import library
from rules_engine.bulk.model import ContractSource, Shard
from rules_engine.bulk.remembered import engine
from rules_engine.bulk.storage.store import ABOUT as STORE
from rules_engine.bulk.tables.columns import CARRIED, LINES, POSTED
from rules_engine.bulk.tables.earlier import Earlier
from rules_engine.core.program import Program

PACKAGE = Path(__file__).parents[2]
LEFT_OUT = {".pyc", ".so"}


@dataclass(frozen=True, slots=True)
class Kit:
    """A shard without its places, and the files it is settled from by their places below a folder."""

    shard: Shard
    files: Mapping[str, bytes]
    tables: tuple[str, ...]
    statements: Mapping[str, tuple[str, ...]]

    def unpacked(self, folder: Path) -> Shard:
        """The shard with its files in a folder of this machine."""
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        files = {contract: tuple(folder / name for name in names) for contract, names in self.statements.items()}
        return replace(self.shard, work=folder, store=folder / "store", earlier=Earlier(tuple(folder / name for name in self.tables), files))


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs of a shard by contract, each as it was put away: what loads contracts where their files are not."""

    put_away: Mapping[str, bytes]

    def __call__(self, source: ContractSource, _as_of: date | None) -> Program:
        """The program of a contract, as it was known on the day it was shipped for."""
        found: Program = pickle.loads(self.put_away[source.id])  # noqa: S301 - packed by this very batch
        return found


def kit_of(shard: Shard, about: str) -> bytes:
    """The kit of a shard; `about` is what is known of its contracts, as JSON."""
    assert shard.store is not None
    looked = f"programs/{shard.number:06}.pickle"
    files = {f"store/{STORE}": (shard.store / STORE).read_bytes(), looked: (shard.work / looked).read_bytes(), f"summed/{ABOUT}": about.encode()}
    tables: list[str] = []
    for place, table in enumerate(shard.earlier.tables):
        tables.append(f"earlier/{place}/{table.name}")
        files |= {f"earlier/{place}/{name}": content for name, content in _posted(table, shard)}
    statements: dict[str, tuple[str, ...]] = {}
    for contract, paths in shard.earlier.files.items():
        statements[contract] = tuple(f"statements/{len(statements)}/{number}.json" for number in range(len(paths)))
        files |= {name: path.read_bytes() for name, path in zip(statements[contract], paths, strict=True)}
    programs = Programs({source.id: pickle.dumps(program_of(shard, source), protocol=5) for source in shard.contracts})
    bare = replace(shard, work=Path(), store=None, earlier=Earlier(), load=programs, ask=None, cache=None)
    return pickle.dumps(Kit(bare, files, tuple(tables), statements), protocol=5)


def _posted(table: Path, shard: Shard) -> list[tuple[str, bytes]]:
    """What an earlier batch says of the contracts of a shard."""
    arrow, parquet = library("pyarrow"), library("pyarrow.parquet")
    wanted = [("contract", "in", [source.id for source in shard.contracts])]
    found = []
    for name in (POSTED, LINES, CARRIED):
        path = table.with_name(f"{name}.parquet")
        if path.is_file():
            sink = arrow.BufferOutputStream()
            parquet.write_table(parquet.read_table(path, filters=wanted), sink)
            found.append((path.name, sink.getvalue().to_pybytes()))
    return found


def ship(spark: Any) -> None:
    """Send this very engine to every machine that works for the session, once; machines that join later fetch it too."""
    context = spark.sparkContext
    if context.applicationId in _SHIPPED:
        return
    folder = Path(mkdtemp(prefix="settlewright-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    path = folder / f"settlewright_{engine()}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(PACKAGE.rglob("*")):
            if file.is_file() and file.suffix not in LEFT_OUT:
                archive.write(file, Path(PACKAGE.name) / file.relative_to(PACKAGE))
    context.addPyFile(str(path))
    _SHIPPED.add(context.applicationId)


_SHIPPED: set[str] = set()
"""The applications of Spark that have it."""
