"""`settle ingest`: documents become a store that batches settle from."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from rules_engine.bulk.model import SPARK
from rules_engine.bulk.storage.ingesting import Ingested, Taken, ingest
from rules_engine.bulk.storage.storing import Adding, added
from rules_engine.cli.exits import DONE
from rules_engine.cli.files import folder
from rules_engine.cli.terminal import print_result
from rules_engine.documents.faults import several

TOLD = 20
"""Files whose control totals are printed; the store has those of all."""


def run(options: Namespace) -> int:
    """Write the store and say what went into it and what it holds."""
    out = Path(options.out)
    folder(out.parent)
    found = ingest(options.documents, out, instead=options.replace, add=_reader(options))
    print_result("".join(f"{line}\n" for line in _said(found, out)))
    return DONE


def _reader(options: Namespace) -> Adding:
    """Who reads: this machine, or the machines of Spark."""
    if options.engine != SPARK:
        return added
    from rules_engine.bulk.spark.reading import spark_added
    from rules_engine.bulk.spark.session import session

    return partial(spark_added, session(options.master, os.cpu_count() or 1))


def _said(found: Ingested, out: Path) -> Iterator[str]:
    for item in found.taken[:TOLD]:
        yield from _file(item)
    if found.taken[TOLD:]:
        yield f"and {several(len(found.taken) - TOLD, 'more file')}"
    if found.known:
        yield f"known already, byte for byte: {several(len(found.known), 'file')}"
    odd = f"; {several(found.odd, 'row')} not plain, kept as delivered" if found.odd else ""
    yield f"{several(found.rows, 'row')} of {several(found.contracts, 'contract')} in {several(found.months, 'month')}{odd}"
    yield f"written: {out}" if found.taken else f"nothing new for {out}"


def _file(item: Taken) -> Iterator[str]:
    """A file's control totals: its rows by type and what their amounts come to."""
    yield f"{item.path}: {several(sum(total.lines for _, total in item.types), 'row')}, SHA-256 {item.sha256}"
    for kind, total in item.types:
        sums = "".join(f", {name} {text}" for name, text in total.sums.items())
        yield f"  {kind or 'without a type'}: {several(total.lines, 'row')}{sums}"
