"""Statements as PDF/A: the printed page of the HTML statement, tagged for screen readers, its JSON attached."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, time
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, NoReturn

from rules_engine.diagnostics.build import Words
from rules_engine.extras import library
from rules_engine.settlement.model import Settlement
from rules_engine.statement.document import document
from rules_engine.statement.html import render_html
from rules_engine.statement.json import render_json
from rules_engine.statement.numbers import last_day

VARIANT = "pdf/a-3a"
WHY: Words = (
    "PDF is written through `{name}` and Pango; one of them is not installed.",
    "PDF 由 `{name}` 与 Pango 写出，目前缺少其中之一。",
)


def render_pdf(settlement: Settlement, language: str, view: str) -> bytes:
    """The file's bytes, dated by the statement. The attached `statement.json` is what other systems read and `--posted` takes.
    Raises `ContractError` where WeasyPrint or Pango is not installed (extra `pdf`)."""
    weasyprint = library("weasyprint", "pdf", WHY, language)
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # the page's rules for screens are no news
    record = render_json(document(settlement, language))
    day = datetime.combine(last_day(settlement.period), time(), UTC)
    attached = weasyprint.Attachment(
        string=record,
        name="statement.json",
        description="the statement as data",
        created=day,
        modified=day,
        relationship="Data",
    )
    page = render_html(settlement, language, view).replace("</style>", f"{_style()}</style>", 1)
    printed = weasyprint.HTML(string=page, url_fetcher=_refused)
    identifier = sha256(record.encode()).digest()
    return bytes(printed.write_pdf(attachments=[attached], pdf_variant=VARIANT, pdf_identifier=identifier))


@lru_cache(maxsize=1)
def _style() -> str:
    return files("rules_engine.statement").joinpath("templates", "pdf.css").read_text("utf-8")


def _refused(url: str, *_args: Any, **_kwargs: Any) -> NoReturn:
    """A statement needs nothing from outside itself."""
    raise ValueError(f"a statement reads nothing from {url}")
