"""A batch on a cluster, in a process of its own: `python -m tests.unit.bulk.on_cluster MASTER FOLDER`. Documents are read and contracts settled there."""

from __future__ import annotations

import sys
from pathlib import Path

from rules_engine.bulk.batch import batch
from rules_engine.bulk.model import SPARK, Cluster, Job
from rules_engine.bulk.spark.session import session
from tests.unit.bulk.shop import loaded, source


def main(master: str, folder: Path) -> None:
    """Settle what stands in `folder/in` into `folder/there`; prints where the work was done and from which files."""
    contracts = [source(path) for path in sorted((folder / "in").glob("*.contract"))]
    batch(Job(tuple(contracts), (str(folder / "in/documents.csv"),), "2026-02", folder / "there", loaded, engine=SPARK, cluster=Cluster(master, most=0, reads=0)))
    context = session(master, 1).sparkContext
    print(context.master, *context.parallelize([0], 1).map(_engine).collect())
    context.stop()


def _engine(_: int) -> str:
    import rules_engine

    return str(rules_engine.__file__)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
