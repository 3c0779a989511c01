"""Control totals of the documents a batch was settled from: by file and type in the manifest, by contract and type in a table."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from rules_engine.bulk.missing import library, pyarrow
from rules_engine.bulk.storage.marking import AMOUNTS, totals
from rules_engine.bulk.storage.store import Store, connect

CONTROL = "control.parquet"
ByFile = dict[str, dict[str, dict[str, object]]]


def write_control(store: Store, folder: Path, work: Path) -> ByFile:
    """Leave the table of contracts and types in a folder; gives lines, odd lines and sums by file and type."""
    con, arrow = connect(work), pyarrow()
    found = list(totals(con, store, ("contract", "type")))
    names = [name for name in AMOUNTS if name in store.columns]
    columns = {
        "contract": arrow.array([key[0] for key, _ in found], arrow.string()),
        "type": arrow.array([key[1] for key, _ in found], arrow.string()),
        "lines": arrow.array([total.lines for _, total in found], arrow.int64()),
        "odd": arrow.array([total.odd for _, total in found], arrow.int64()),
    }
    for name in names:
        sums = [total.sums.get(name) for _, total in found]
        columns[name] = arrow.array([None if text is None else Decimal(text) for text in sums], arrow.decimal128(38, 6))
    library("pyarrow.parquet").write_table(arrow.table(columns), folder / CONTROL, compression="zstd", write_page_checksum=True)
    by_file: ByFile = {}
    for (file, kind), total in totals(con, store, ("file", "type")):
        by_file.setdefault(store.files[file], {})[kind or ""] = {"lines": total.lines, "odd": total.odd, **total.sums}
    con.close()
    return by_file
