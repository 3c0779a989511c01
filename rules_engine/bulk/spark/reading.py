"""Documents read where the cluster works: every machine reads some files with the very queries that one machine alone would use, and
sorts some months; what comes back is names and counts.

Spark hands out the work; DuckDB reads. So there is one meaning of a cell, and a store made here has the marks of one made there. Files,
the store and the work folder must be seen under the same paths by all machines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from uuid import uuid4

from rules_engine.bulk.lake.given import BY_NAME, Source, name_of
from rules_engine.bulk.lake.model import Part, refused
from rules_engine.bulk.missing import pyarrow
from rules_engine.bulk.spark.session import told
from rules_engine.bulk.spark.shipping import ship
from rules_engine.bulk.storage.canonical import Table
from rules_engine.bulk.storage.marking import marks_sql
from rules_engine.bulk.storage.naming import Naming, named, names_of
from rules_engine.bulk.storage.staging import Staged, staged
from rules_engine.bulk.storage.store import LINES_FORMAT, Store, connect, executed
from rules_engine.bulk.storage.storing import (
    IDENTITY,
    RAW,
    added,
    coded_of,
    delivered,
    doubled_of,
    next_part,
    rows_of,
    tables_of,
    widened,
    written_down,
)
from rules_engine.bulk.storage.typing_sql import literal
from rules_engine.bulk.tables.earlier import file_hash
from rules_engine.bulk.whole import removed
from rules_engine.diagnostics.build import Words
from rules_engine.diagnostics.model import ContractError, Diagnostic

KNOWN: Words = (
    "name a table that the session knows (`spark.table(NAME)`), with its connector on Spark's class path.",
    "请给出该会话已知的表（`spark.table(表名)`），并将其连接器置于 Spark 的类路径。",
)
ROUNDS = 3
"""Tasks for each core, so that a slow one keeps nobody waiting."""
Item = TypeVar("Item")
Found = TypeVar("Found")


def spark_added(spark: Any, store: Store, given: Sequence[Source], work: Path, origins: Sequence[tuple[str, str]] = ()) -> Store | None:
    """What `added` does, by the machines of a cluster: the store with the documents of more files; None where some file is read by the
    strict reader alone."""
    ship(spark)
    with told():
        return _added(_Cluster(spark), replace(store, folder=store.folder.absolute()), given, work.absolute(), origins)


def large(sources: Sequence[Source], beyond: int) -> bool:
    """Whether documents have more than so many bytes."""
    paths = [source.path if isinstance(source, Part) else source for source in sources if not isinstance(source, str)]
    return sum(path.stat().st_size for path in paths if path.is_file()) > beyond


class _Cluster:
    """Hands work out; the answers come in the order of what was handed out."""

    def __init__(self, spark: Any) -> None:
        self.spark = spark
        self._context = spark.sparkContext
        self.tasks = max(1, ROUNDS * int(self._context.defaultParallelism))

    def each(self, work: Callable[[Item], Found], items: Sequence[Item]) -> list[Found]:
        """What `work` gives for every item."""
        if not items:
            return []
        found: list[Found] = self._context.parallelize(list(items), min(len(items), self.tasks)).map(work).collect()
        return found


def _added(cluster: _Cluster, store: Store, given: Sequence[Source], work: Path, origins: Sequence[tuple[str, str]]) -> Store | None:
    raw, keys = work / RAW, work / "keys"
    for place in (raw, keys, work / "staged", work / "marked", work / "maps", work / "exported"):
        removed(place)
    sources = _staged(cluster, list(_named(cluster.spark, given, work / "exported")), work / "staged")
    if sources is None:
        return None
    con = connect(work)
    wider = widened(store, sources, origins)
    tables = tables_of(con, store, sources)
    if tables is None:
        return None
    naming = _naming(cluster, con, wider, tables, work / "maps")
    wider = replace(wider, types=naming.types)
    cluster.each(partial(read, store=wider, naming=naming, maps=work / "maps", raw=raw), list(_parts(tables, cluster.tasks)))
    months = sorted({path.name for path in raw.glob("*/month=*")})
    if not months:
        return added(store, given, work, origins)
    part = f"{next_part(store):06}.parquet"
    cluster.each(partial(sort, store=wider, raw=raw, marked=work / "marked", part=part), months)
    (wider.folder / "marks").mkdir(exist_ok=True)
    marks = f"SELECT * FROM read_parquet({literal(str(work / 'marked' / '*.parquet'))}) ORDER BY contract NULLS FIRST, type NULLS FIRST, file, month"
    con.execute(f"COPY ({marks}) TO {literal(str(wider.folder / 'marks' / part))} (FORMAT parquet, COMPRESSION zstd)")
    return _concluded(cluster, con, wider, keys)


def _naming(cluster: _Cluster, con: Any, store: Store, tables: Sequence[Table], maps: Path) -> Naming:
    """Number the texts of all tables; what each delivered text means is put where every machine sees it."""
    texts = cluster.each(partial(spell, names=coded_of(store)), list(_parts(tables, cluster.tasks)))
    for name in coded_of(store):
        found = sorted({text for part in texts for text in part[name]})
        con.register(f"found_{name}", pyarrow().table({"raw": pyarrow().array(found, pyarrow().string())}))
    naming = named(con, store, [(name, [f"SELECT raw FROM found_{name}"]) for name in coded_of(store)])
    maps.mkdir(parents=True, exist_ok=True)
    for name in coded_of(store):
        con.execute(f"COPY {naming.map_of(name)} TO {literal(str(maps / f'{name}.parquet'))} (FORMAT parquet)")
    return naming


def _concluded(cluster: _Cluster, con: Any, store: Store, keys: Path) -> Store:
    """The store with what is known of all its lines: documents that may stand twice, and the hash of every file."""
    lines = sorted((store.folder / "lines").rglob("*.parquet"))
    cluster.each(partial(identify, keys=keys, parts=cluster.tasks), lines)
    double = sorted(set(chain.from_iterable(cluster.each(partial(compare, keys=keys), list(range(cluster.tasks))))), key=lambda number: (number is not None, number))
    con.register("double", pyarrow().table({"contract": pyarrow().array(double, pyarrow().int32())}))
    unknown = [path for path in lines if path.relative_to(store.folder).as_posix() not in store.hashes]
    hashes = {path.relative_to(store.folder).as_posix(): digest for path, digest in zip(unknown, cluster.each(file_hash, unknown), strict=True)}
    found = written_down(con, replace(store, hashes={**store.hashes, **hashes}), "SELECT contract FROM double ORDER BY contract NULLS FIRST")
    con.close()
    return found


def _staged(cluster: _Cluster, given: Sequence[Source], folder: Path) -> tuple[Staged, ...] | None:
    found = cluster.each(partial(stage, folder=folder), [(number, name_of(source), _absolute(source)) for number, source in enumerate(given)])
    faults = [item for _, told in found for item in told]
    if faults:
        raise ContractError(faults)
    tables = [tables for tables, _ in found]
    return None if any(each is None for each in tables) else tuple(chain.from_iterable(each or () for each in tables))


def _named(spark: Any, given: Sequence[Source], folder: Path) -> Iterator[Source]:
    """The sources, with files for tables that Spark knows by name. A table has no order: its rows stand in that of all their columns."""
    for number, source in enumerate(given):
        if not isinstance(source, str) or not source.startswith(BY_NAME):
            yield source
            continue
        place = folder / str(number)
        try:
            table = spark.table(source.removeprefix(BY_NAME))
            table.orderBy(*(f"`{name}`" for name in table.columns)).write.parquet(place.as_uri())
        except Exception as error:
            said = next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]
            raise refused(source, (f"Spark does not read it: {said}", f"Spark 无法读取：{said}"), KNOWN) from error
        yield from (Part(path, shown=f"{source}[{part}]") for part, path in enumerate(sorted(place.glob("*.parquet")), start=1))


def _absolute(source: Source) -> Source:
    """A source by a name that means the same on every machine."""
    if isinstance(source, Part):
        return replace(source, path=source.path.absolute())
    return source if isinstance(source, str) else source.absolute()


def _parts(items: Sequence[Item], most: int) -> Iterator[tuple[int, list[Item]]]:
    """The items in so many parts of about one size, numbered."""
    size = -(-len(items) // most)
    yield from ((number, list(items[start : start + size])) for number, start in enumerate(range(0, len(items), size)))


@contextmanager
def database() -> Iterator[Any]:
    """A DuckDB of one task: on one core, spilling to the disk of its own machine."""
    with TemporaryDirectory(prefix="settlewright") as place:
        con = connect(Path(place))
        con.execute("SET threads = 1")
        try:
            yield con
        finally:
            con.close()


def stage(item: tuple[int, str, Source], folder: Path) -> tuple[tuple[Staged, ...] | None, tuple[Diagnostic, ...]]:
    """A file as tables DuckDB can read, called by the name it was given under; or what is wrong with it."""
    number, name, source = item
    try:
        found = staged([source], folder / f"{number:06}-{uuid4().hex}")
    except ContractError as error:
        return None, error.diagnostics
    here = len(name_of(source))
    return None if found is None else tuple(replace(table, name=f"{name}{table.name[here:]}") for table in found), ()


def spell(part: tuple[int, list[Table]], names: Sequence[str]) -> dict[str, list[str]]:
    """The texts that some tables have in columns of which the store has numbers, as they were delivered."""
    found: dict[str, list[str]] = {}
    with database() as con:
        for name in names:
            every = " UNION ".join(delivered(part[1], name))
            found[name] = [row[0] for row in executed(con, f"SELECT raw FROM ({every}) WHERE raw IS NOT NULL")] if every else []
    return found


def read(part: tuple[int, list[Table]], store: Store, naming: Naming, maps: Path, raw: Path) -> None:
    """Write canonical rows of some tables into a folder a month. A task that runs twice leaves its rows once."""
    number, tables = part
    own = raw / f".{number:06}-{uuid4().hex}"
    own.mkdir(parents=True)
    rows, shown = rows_of(store, tables, naming)
    with database() as con:
        for name in coded_of(store):
            con.execute(f"CREATE VIEW {naming.map_of(name)} AS SELECT * FROM read_parquet({literal(str(maps / f'{name}.parquet'))})")
        month = "coalesce(strftime(date, '%Y-%m'), 'odd') AS month"
        executed(con, f"COPY (SELECT {shown}, {month} FROM ({rows})) TO {literal(str(own))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, PARTITION_BY (month), OVERWRITE)")
    _settled(own, raw / f"{number:06}")


def sort(month: str, store: Store, raw: Path, marked: Path, part: str) -> None:
    """One month's lines and marks, on some machine."""
    target = store.folder / "lines" / month / part
    target.parent.mkdir(parents=True, exist_ok=True)
    marked.mkdir(parents=True, exist_ok=True)
    with database() as con:
        own = target.with_name(f".{part}-{uuid4().hex}")
        rows = f"SELECT * FROM read_parquet({literal(str(raw / '*' / month / '*.parquet'))}, hive_partitioning = false) ORDER BY contract, date, file, row"
        executed(con, f"COPY ({rows}) TO {literal(str(own))} ({LINES_FORMAT})")
        own.replace(target)
        for name in coded_of(store):
            con.execute(f"CREATE VIEW {names_of(name)} AS SELECT code, text FROM {store.names(name)}")
        own = marked / f".{month}-{uuid4().hex}"
        lines = f"read_parquet({literal(str(target))}, hive_partitioning = false)"
        executed(con, f"COPY ({marks_sql(store, lines)}) TO {literal(str(own))} (FORMAT parquet, COMPRESSION zstd)")
        own.replace(marked / f"{month.replace('=', '-')}.parquet")


def identify(lines: Path, keys: Path, parts: int) -> None:
    """Put the identities of a file's lines down, each in its part."""
    place = keys / f"{lines.parent.name.replace('=', '-')}-{lines.stem}"
    own = place.with_name(f".{place.name}-{uuid4().hex}")
    own.mkdir(parents=True)
    with database() as con:
        rows = f"SELECT contract, {IDENTITY} AS h FROM read_parquet({literal(str(lines))}, hive_partitioning = false)"
        executed(con, f"COPY (SELECT *, h % {parts} AS part FROM ({rows})) TO {literal(str(own))} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (part), OVERWRITE)")
    _settled(own, place)


def compare(part: int, keys: Path) -> list[int | None]:
    """The contracts in which an identity of one part stands more than once."""
    files = sorted(keys.glob(f"*/part={part}/*.parquet"))
    if not files:
        return []
    with database() as con:
        listed = ", ".join(literal(str(path)) for path in files)
        return [row[0] for row in executed(con, doubled_of(f"SELECT contract, h FROM read_parquet([{listed}], hive_partitioning = false)"))]


def _settled(own: Path, place: Path) -> None:
    """Give a folder its name, unless another run of the same task has done so."""
    if place.exists():
        removed(own)
        return
    try:
        own.rename(place)
    except OSError:
        if not place.exists():
            raise
        removed(own)


