"""`settle ingest`: documents become a store that batches settle from."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from rules_engine.bulk.ingesting import ingest
from rules_engine.cli.exits import DONE
from rules_engine.cli.files import folder
from rules_engine.cli.terminal import print_result
from rules_engine.documents.faults import several


def run(options: Namespace) -> int:
    """Write the store and say what it holds."""
    out = Path(options.out)
    folder(out.parent)
    found = ingest(options.documents, out)
    odd = f"; {several(found.odd, 'row')} not plain, kept as delivered" if found.odd else ""
    print_result(f"{several(found.rows, 'row')} of {several(found.contracts, 'contract')} in {several(found.months, 'month')}{odd}\nwritten: {out}\n")
    return DONE
