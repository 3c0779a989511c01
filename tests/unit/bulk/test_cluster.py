"""A batch on a real cluster: a master and a worker of Spark's own, whose Python does not have our package."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sysconfig import get_paths

import pytest

from rules_engine.bulk.model import DUCKDB
from tests.unit.bulk.shop import ROOT, contents, settled, small

pytestmark = pytest.mark.spark
OURS = ("rules_engine", "settlewright")
SMALL = (
    "spark.driver.host=127.0.0.1", "spark.driver.bindAddress=127.0.0.1", "spark.ui.enabled=false", "spark.executor.memory=512m", "spark.sql.shuffle.partitions=2",
    "spark.sql.codegen.wholeStage=false", "spark.sql.codegen.factoryMode=NO_CODEGEN", "spark.sql.adaptive.enabled=false",
)  # fmt: skip
QUICK = {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
"""What makes a Java that runs for seconds start sooner."""
PATIENCE = 60


@contextmanager
def spark_class(log: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Spark's own, ended with the block; what it says goes to a file."""
    import pyspark

    home = Path(pyspark.__file__).parent
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "PYTHONPATH": "", **QUICK}
    with log.open("wb") as stream, subprocess.Popen([str(home / "bin/spark-class"), *words], stdout=stream, stderr=stream, cwd=log.parent, env=environment) as process:
        try:
            yield process
        finally:
            process.terminate()


def said(log: Path, pattern: str) -> str:
    """The first words of a log that match, once they stand there."""
    until = time.monotonic() + PATIENCE
    while (found := re.search(pattern, log.read_text(encoding="utf-8", errors="replace"))) is None:
        assert time.monotonic() < until, log.read_text(encoding="utf-8", errors="replace")[-2000:]
        time.sleep(0.1)
    return found[0]


def bare_python(folder: Path) -> Path:
    """A Python with every library of this one but ours."""
    (folder / "libraries").mkdir(parents=True)
    for place in dict.fromkeys((get_paths()["purelib"], get_paths()["platlib"])):
        for path in Path(place).iterdir():
            if path.suffix != ".pth" and not path.name.startswith(OURS) and not (folder / "libraries" / path.name).exists():
                (folder / "libraries" / path.name).symlink_to(path)
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH="$PYTHONPATH:{folder}/libraries" exec {sys.executable} -S "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    return python


def test_a_cluster_that_does_not_have_the_package_leaves_the_same_bytes(tmp_path: Path) -> None:
    contracts, documents = small(tmp_path / "in", 3)
    settled(sorted(contracts, key=lambda each: each.path), documents, "2026-02", tmp_path / "here", engine=DUCKDB)
    python = bare_python(tmp_path / "bare")
    assert subprocess.run([python, "-c", "import pyarrow, rules_engine"], capture_output=True, text=True, check=False, cwd="/").stderr.endswith("No module named 'rules_engine'\n")
    master, worker = tmp_path / "master.log", tmp_path / "worker.log"
    with spark_class(master, "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0"):
        url = said(master, r"spark://127\.0\.0\.1:\d+")
        with spark_class(worker, "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--webui-port", "0", "-c", "2", "-m", "1g", "-d", str(tmp_path / "work"), url):
            said(worker, "Successfully registered with master")
            arguments = " ".join([*(f"--conf {setting}" for setting in SMALL), "pyspark-shell"])
            environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYSPARK_PYTHON": str(python), "PYSPARK_SUBMIT_ARGS": arguments, **QUICK}
            command = [sys.executable, "-m", "tests.unit.bulk.on_cluster", url, str(tmp_path)]
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr[-3000:]
    assert re.fullmatch(rf"{url} .*/settlewright_\w+\.zip/rules_engine/__init__\.py\n", done.stdout)
    there, here = contents(tmp_path / "there"), contents(tmp_path / "here")
    names = [json.loads(found.pop("manifest.json")) for found in (there, here)]
    assert there == here
    assert [found.pop("backend") for found in names] == ["spark", "duckdb"]
    assert names[0] == names[1]
    assert "settling where the data are" in json.loads((tmp_path / "there" / "times.json").read_text(encoding="utf-8"))["seconds"]
