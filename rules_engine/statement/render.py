"""One verb for all formats: a settlement becomes text, JSON, CSV or an HTML page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, overload

from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic
from rules_engine.settlement.model import Settlement
from rules_engine.statement.layout import language_of
from rules_engine.uncollected import uncollected

FORMATS = ("text", "json", "csv", "html", "xlsx", "pdf")
TextFormat = Literal["text", "json", "csv", "html"]
BinaryFormat = Literal["xlsx", "pdf"]
VIEWS = ("platform", "supplier")
LANGUAGES = ("en", "zh")


@overload
def render(settlement: Settlement, format: TextFormat = "text", lang: str | None = None, view: str = "platform", colour: bool = False) -> str: ...
@overload
def render(settlement: Settlement, format: BinaryFormat, lang: str | None = None, view: str = "platform", colour: bool = False) -> bytes: ...
@overload
def render(settlement: Settlement, format: str, lang: str | None = None, view: str = "platform", colour: bool = False) -> str | bytes: ...
def render(
    settlement: Settlement,
    format: str = "text",  # noqa: A002 - the promised name of the argument
    lang: str | None = None,
    view: str = "platform",
    colour: bool = False,
) -> str | bytes:
    """The statement in one format, in the contract's language or in `lang`, for the reader of `view`; bytes for `xlsx`, `pdf`.

    `colour` counts for text only; JSON and CSV are the same in both views. What is not offered raises `ContractError`.
    """
    language = language_of(settlement, lang)
    for given, known, what in ((format, FORMATS, "format"), (view, VIEWS, "view"), (language, LANGUAGES, "language")):
        if given not in known:
            raise ContractError([_refused(given, known, what, language)])
    with uncollected():
        return _RENDERERS[format](settlement, language, view, colour)


def _text(settlement: Settlement, language: str, view: str, colour: bool) -> str:
    from rules_engine.statement.text import render_text

    return render_text(settlement, language, view, colour)


def _json(settlement: Settlement, language: str, _view: str, _colour: bool) -> str:
    from rules_engine.statement.document import document
    from rules_engine.statement.json import render_json

    return render_json(document(settlement, language))


def _csv(settlement: Settlement, language: str, _view: str, _colour: bool) -> str:
    from rules_engine.statement.csv import render_csv

    return render_csv(settlement, language)


def _html(settlement: Settlement, language: str, view: str, _colour: bool) -> str:
    from rules_engine.statement.html import render_html

    return render_html(settlement, language, view)


def _xlsx(settlement: Settlement, language: str, view: str, _colour: bool) -> bytes:
    from rules_engine.statement.spreadsheet.render import render_xlsx

    return render_xlsx(settlement, language, view)


def _pdf(settlement: Settlement, language: str, view: str, _colour: bool) -> bytes:
    from rules_engine.statement.pdf import render_pdf

    return render_pdf(settlement, language, view)


_RENDERERS: dict[str, Callable[[Settlement, str, str, bool], str | bytes]] = {
    "text": _text, "json": _json, "csv": _csv, "html": _html, "xlsx": _xlsx, "pdf": _pdf,
}  # fmt: skip
_CHINESE = {"format": "格式", "view": "视角", "language": "语言"}


def _refused(given: str, known: tuple[str, ...], what: str, language: str) -> Diagnostic:
    offered = ", ".join(known)
    return diagnostic(
        "SE0814",
        language,
        why=(f"a statement has no {what} `{given}`", f"结算单没有{_CHINESE[what]} `{given}`"),
        fix=(f"take one of: {offered}", f"可选：{offered}"),
    )
