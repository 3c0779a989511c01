"""Documents from any database SQLAlchemy speaks to: one query, its columns named like a file's headers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from rules_engine.documents.batches import CHUNK, Batch, Reading
from rules_engine.documents.faults import Faults
from rules_engine.record import dataclass

PREFIX = "sql:"
BETWEEN = "::"


@dataclass(frozen=True, slots=True)
class Query:
    """`name` is what messages print: never the address, which may hold a password."""

    name: str
    url: str
    statement: str


def is_query(text: str) -> bool:
    """Whether an argument is `sql:URL::SELECT …`."""
    return text.startswith(PREFIX) and BETWEEN in text


def query_text(text: str) -> Query:
    """The query in `sql:URL::SELECT …`."""
    url, _, statement = text.removeprefix(PREFIX).partition(BETWEEN)
    return Query("sql query", url.strip(), statement.strip())


def query_file(data: bytes, name: str, faults: Faults) -> Query | None:
    """The query in a `.sql.toml` file: `url_env` names the environment variable with the address, `query` is the SELECT."""
    import tomllib

    try:
        found = tomllib.loads(data.decode("utf-8"))
    except ValueError as fault:
        reason = str(fault)
        faults.add("SE0612", name, (f"not TOML: {reason}", f"不是 TOML：{reason}"), fix=_SHAPE)
        return None
    variable, statement = found.get("url_env"), found.get("query")
    if not isinstance(variable, str) or not isinstance(statement, str):
        faults.add("SE0617", name, ("`url_env` and `query` must be texts", "`url_env` 与 `query` 须为文本"), fix=_SHAPE)
        return None
    url = os.environ.get(variable)
    if not url:
        text = (f"the environment variable `{variable}` is not set", f"未设置环境变量 `{variable}`")
        faults.add(
            "SE0617", name, text, fix=(f"set `{variable}` to the database's address", f"请将 `{variable}` 设为数据库地址")
        )
        return None
    return Query(name, url, statement)


_SHAPE = ('url_env = "SETTLE_DATABASE"\nquery = "select … from …"',) * 2


def read_query(query: Query, faults: Faults) -> Reading:
    """The query's rows, read in a transaction that is rolled back. Row 1 is the first record."""
    digest = sha256(query.statement.encode())
    return Reading(query.name, digest.hexdigest, _batches(query, faults, digest))


def _batches(query: Query, faults: Faults, digest: Any) -> Iterator[Batch]:
    try:
        import sqlalchemy
    except ModuleNotFoundError:
        text = ("`sqlalchemy` is not installed", "未安装 `sqlalchemy`")
        fix = ("install it with `pip install 'settlewright[sql]'`", "请运行 `pip install 'settlewright[sql]'`")
        faults.add("SE0619", query.name, text, fix=fix)
        return
    try:
        engine = sqlalchemy.create_engine(query.url)
        with engine.connect() as connection:
            result = connection.execution_options(stream_results=True).execute(sqlalchemy.text(query.statement))
            header, first = tuple(result.keys()), 1
            while rows := result.fetchmany(CHUNK):
                batch = _batch(header, rows, first)
                digest.update(repr(batch.rows).encode())
                yield batch
                first += len(rows)
            if first == 1:
                yield Batch(header, (), ())
    except (sqlalchemy.exc.SQLAlchemyError, ImportError) as fault:
        _refuse(fault, query, faults)


def _batch(header: tuple[str, ...], rows: Sequence[Sequence[object]], first: int) -> Batch:
    marked: dict[tuple[int, int], tuple[str, str]] = {}
    texts: list[list[str]] = []
    for number, row in enumerate(rows, first):
        texts.append([_text(cell) for cell in row])
        marked.update({(number, at): (mark, str(cell)) for at, cell in enumerate(row) if (mark := _mark(cell))})
    return Batch(header, texts, range(first, first + len(rows)), {}, marked)


def _mark(cell: object) -> str:
    if isinstance(cell, float):
        return "floating"
    return "" if cell is None or isinstance(cell, str | int | Decimal | date) else "nested"


def _text(cell: object) -> str:
    match cell:
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case Decimal():
            return format(cell, "f")
        case datetime():
            return cell.isoformat(" ")
        case int():
            return str(cell)
        case date():
            return cell.isoformat()
        case _:
            return ""


def _refuse(fault: Exception, query: Query, faults: Faults) -> None:
    """Say that the query failed without printing its address."""
    cause = getattr(fault, "orig", None) or fault
    reason = next(iter(str(cause).splitlines()), "")[:200].replace(query.url, "…")
    for secret in _secrets(query.url):
        reason = reason.replace(secret, "…")
    kind = type(cause).__name__
    text = (f"{kind}: {reason}", f"{kind}：{reason}")
    faults.add(
        "SE0617", query.name, text, fix=("try the query in the database's own client", "请先在数据库客户端中试运行该查询")
    )


def _secrets(url: str) -> list[str]:
    """Parts of an address that must not be printed."""
    login = url.partition("//")[2].rpartition("@")[0]
    return [part for part in (login, login.partition(":")[2]) if part]
