"""A session of Apache Spark in which a batch may be added up: there, and exact.

Whatever the machine or the cluster is set to stays as it is. A session without ANSI mode answers NULL where a sum is too long: it
is refused.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rules_engine.bulk.missing import library
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic

EXTRA = "spark"
ANSI = "spark.sql.ansi.enabled"
LOCAL = {
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "4",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}
"""Settings of a session on this machine alone, where nothing else says otherwise."""


def session(master: str, workers: int) -> Any:
    """The session that runs already, or a new one: on `master`, on what Spark was started with, or on `workers` cores of this
    machine. Raises `ContractError` where there is no Spark, no Java, no way to the cluster, or no ANSI mode."""
    if "pyspark" not in sys.modules and java() is None:
        raise ContractError([_no_java()])
    sql = library("pyspark.sql", EXTRA)
    library("sqlglot", EXTRA)
    running = sql.SparkSession.getActiveSession()
    found = running if running is not None else _started(sql, master, workers)
    try:
        exact({ANSI: found.conf.get(ANSI)})
    except ContractError:
        if running is None:
            found.stop()
        raise
    return found


def exact(settings: Mapping[str, str | None]) -> None:
    """Raise `ContractError` where a sum that is too long would become nothing instead of stopping."""
    if str(settings.get(ANSI)).lower() != "true":
        raise ContractError([_inexact()])


def _started(sql: Any, master: str, workers: int) -> Any:
    where = master
    try:
        given = _given()
        where = master or given.get("spark.master", "") or f"local[{workers}]"
        builder = sql.SparkSession.builder.appName("settlewright").master(where).config("spark.ui.showConsoleProgress", "false")
        if where.startswith("local"):
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
            for name, value in LOCAL.items():
                builder = builder if given.contains(name) else builder.config(name, value)
        found = builder.getOrCreate()
    except Exception as error:
        raise ContractError([unreachable(where, error)]) from error
    found.sparkContext.setLogLevel("ERROR")
    return found


def _given() -> Any:
    """What Spark was started with: its file of defaults, `spark-submit`, `PYSPARK_SUBMIT_ARGS`."""
    pyspark = library("pyspark", EXTRA)
    pyspark.SparkContext._ensure_initialized()  # noqa: SLF001 - before that, settings are not there to be read
    return pyspark.SparkConf()


def java() -> str | None:
    """The Java that Spark would be started with; None where there is none."""
    home = os.environ.get("JAVA_HOME")
    if home:
        place = Path(home) / "bin" / "java"
        return str(place) if place.is_file() else None
    return shutil.which("java")


@contextmanager
def told() -> Iterator[None]:
    """What Spark stops with becomes a finding; what is ours stays as it is."""
    errors = library("pyspark.errors", EXTRA).PySparkException, library("py4j.protocol", EXTRA).Py4JError
    try:
        yield
    except errors as error:
        raise ContractError([stopped(error)]) from error


def stopped(error: Exception) -> Diagnostic:
    """Spark stopped in the middle of a batch; `error` is what it said."""
    said = next(iter(str(error).strip().splitlines()), type(error).__name__)[:300]
    why: Words = (
        f"Spark stopped before the documents were added up: {said} Nothing was written; what is finished is kept.",
        f"Spark 在汇总单据前停止：{said} 尚未写出结果，已完成的部分保留。",
    )
    fix: Words = ("look at Spark's own log, then run the same command again; it goes on from there.", "请查看 Spark 日志后重新运行同一命令，将从中断处继续。")
    return diagnostic("SE0884", "en", (), why, fix)


def _no_java() -> Diagnostic:
    home = os.environ.get("JAVA_HOME")
    why: Words = (
        f"Apache Spark runs on Java; JAVA_HOME is {home}, where there is none." if home else "Apache Spark runs on Java, and this machine has no `java`.",
        f"Apache Spark 需要 Java；JAVA_HOME 为 {home}，其中没有 Java。" if home else "Apache Spark 需要 Java，本机没有 `java` 命令。",
    )
    fix: Words = (
        "install Java 17 or 21 (`apt-get install default-jre-headless`), or settle with --engine duckdb: the cents are the same.",
        "请安装 Java 17 或 21（`apt-get install default-jre-headless`），或使用 --engine duckdb，结果相同。",
    )
    return diagnostic("SE0881", "en", (), why, fix)


def _inexact() -> Diagnostic:
    why: Words = (
        f"`{ANSI}` is off in this session: a sum that is too long would become nothing, and what it pays would be left out in silence.",
        f"当前会话关闭了 `{ANSI}`：过长的合计会变成空值，相应金额会无声漏付。",
    )
    fix: Words = (f"start Spark with `--conf {ANSI}=true`.", f"请以 `--conf {ANSI}=true` 启动 Spark。")
    return diagnostic("SE0882", "en", (), why, fix)


def unreachable(master: str, error: Exception) -> Diagnostic:
    """No session could be started; `error` is what Spark said."""
    said = next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]
    why: Words = (f"no session could be started on `{master}`: {said}", f"无法在“{master}”上启动会话：{said}")
    fix: Words = ("check --master and that the cluster answers.", "请检查 --master 以及集群是否可用。")
    return diagnostic("SE0883", "en", (), why, fix)
