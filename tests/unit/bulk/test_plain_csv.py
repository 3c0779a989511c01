"""Plain CSV files are cut by block into the very cells the reader of all CSV files gives; what is not plain is left to that reader."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet
import pytest

from rules_engine.bulk.storage import plain_csv
from rules_engine.bulk.storage.plain_csv import cut
from rules_engine.documents.faults import Faults
from rules_engine.documents.sources import open_source

pytestmark = pytest.mark.bulk
HEAD = "contract,type,doc_id\n"
PLAIN = {
    "commas": HEAD + "C,sale,1\n,, \nC, a b ,NULL\n",
    "tabs and ends of lines of Windows": "contract\ttype\r\nC\tsale\r\nC,1\tx\r\n",
    "semicolons, no last end of line": "contract;type\nC;sale\nC;nan",
    "a mark and Chinese": "\ufeff合同号,单据类型\nC,销售单\n",
    "a header alone": HEAD,
    "blank lines, which hold no row": HEAD + "C,sale,1\n\nC,sale,2\n\n",
}
OTHERS = {
    "quotation marks": HEAD + 'C,"sale",1\n',
    "a short row": HEAD + "C,sale\n",
    "a long row": HEAD + "C,sale,1,2\n",
    "old ends of lines": HEAD + "C,sale,1\rC,sale,2\n",
    "a long cell": HEAD + "C,sale," + "x" * 70_000 + "\n",
    "letters that may be Chinese in another encoding": "contract,type\nC,é\n",
    "one column": "contract\nC\n",
    "nothing": "",
}


def of_the_other(path: Path) -> tuple[tuple[str, ...], list[tuple[int, tuple[str, ...]]]]:
    reading = open_source(path, Faults("en"))
    assert reading is not None
    batches = list(reading.batches)
    return batches[0].header, [(number, tuple(row)) for batch in batches for number, row in zip(batch.numbers, batch.rows, strict=True)]


@pytest.mark.parametrize("block", [7, 1 << 20])
@pytest.mark.parametrize("name", PLAIN)
def test_plain_files_give_the_same_cells(name: str, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes(PLAIN[name].encode("utf-8"))
    header, rows = of_the_other(path)
    monkeypatch.setattr(plain_csv, "BLOCK", max(block, len(PLAIN[name].splitlines()[0].encode()) + 2))
    assert cut(path, tmp_path / "d.parquet") == header
    found = pyarrow.parquet.read_table(tmp_path / "d.parquet").to_pylist()
    assert [(row["#"], cells) for row in found if any(cells := tuple(list(row.values())[1:]))] == [item for item in rows if any(item[1])]


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_not_plain_is_left_to_the_other_reader(name: str, tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes(OTHERS[name].encode("utf-8"))
    assert cut(path, tmp_path / "d.parquet") is None
    assert not (tmp_path / "d.parquet").exists()


def test_bytes_of_no_encoding_and_a_zero_byte_are_left_to_the_other_reader(tmp_path: Path) -> None:
    for last in ("销售单".encode("gb18030"), b"\xff", b"a\0b"):
        (tmp_path / "d.csv").write_bytes(b"contract,type\nC," + last + b"\n")
        assert cut(tmp_path / "d.csv", tmp_path / "d.parquet") is None
