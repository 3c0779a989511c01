"""Statements as PDF: what is printed, what is attached, the same bytes each time."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rules_engine import extras
from rules_engine.diagnostics.model import ContractError
from rules_engine.statement.render import render
from tests.unit.statement.samples import settlement

pytestmark = [pytest.mark.pdf, pytest.mark.filterwarnings("ignore:.*sRGB2014:pytest.PytestUnraisableExceptionWarning")]
ROOT = Path(__file__).parents[3]
WRITE = """
import hashlib
from rules_engine import extras
from rules_engine.diagnostics.model import ContractError
from rules_engine.statement.render import render
from tests.unit.statement.samples import settlement
print(hashlib.sha256(render(settlement(), "pdf")).hexdigest())
"""


def opened(data: bytes) -> Any:
    from pypdf import PdfReader

    return PdfReader(io.BytesIO(data))


@pytest.mark.parametrize(("language", "payout"), [("en", "To pay to the supplier"), ("zh", "本期应付款")])
def test_the_file_holds_the_statement_and_its_data(language: str, payout: str) -> None:
    found = settlement(language)
    pdf = opened(render(found, "pdf"))
    text = "".join(page.extract_text() for page in pdf.pages)
    assert payout in text
    assert f"{found.totals.payout:,}" in text
    assert pdf.attachments["statement.json"] == [render(found, "json").encode()]
    assert pdf.root_object["/MarkInfo"]["/Marked"]
    assert pdf.root_object["/Lang"] == ("zh-CN" if language == "zh" else "en")
    metadata = pdf.root_object["/Metadata"].get_data().decode()
    assert 'pdfaid:part="3"' in metadata or "<pdfaid:part>3<" in metadata


def test_two_processes_write_the_same_bytes() -> None:
    def written(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        return subprocess.run([sys.executable, "-c", WRITE], env=environment, check=True, capture_output=True, text=True).stdout

    assert written("1") == written("2")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("format", "name"), [("pdf", "weasyprint"), ("xlsx", "xlsxwriter")])
def test_a_format_whose_library_is_missing_says_what_to_install(language: str, format: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: A002
    monkeypatch.setattr(extras, "LOADED", {})
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ContractError) as caught:
        render(settlement(language), format)
    (finding,) = caught.value.diagnostics
    assert (finding.code, finding.language) == ("SE0868", language)
    assert f"settlewright[{format}]" in finding.fix
