"""Reading workbooks back, as they were written and as LibreOffice calculates them."""

from __future__ import annotations

import io
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.needs import OFFICE

ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""
Rows = list[list[Any]]


def read(data: bytes) -> dict[str, Rows]:
    """Every sheet's rows, as the file holds them; rows before the first cell are kept."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def recalculated(books: Mapping[str, bytes]) -> dict[str, dict[str, Rows]]:
    """The books after LibreOffice has calculated every formula anew."""
    assert OFFICE
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "profile" / "user").mkdir(parents=True)
        (folder / "profile" / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE, encoding="utf-8")
        for key, data in books.items():
            (folder / f"{key}.xlsx").write_bytes(data)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        files = sorted(str(path) for path in folder.glob("*.xlsx"))
        command = [OFFICE, profile, "--headless", "--convert-to", "ods", "--outdir", str(folder), *files]
        subprocess.run(command, check=True, capture_output=True, timeout=240)
        return {key: read((folder / f"{key}.ods").read_bytes()) for key in books}
