"""All codes of all areas in one table."""

from __future__ import annotations

from rules_engine.diagnostics.codes import (
    documents,
    files,
    knowledge,
    lints,
    names,
    settling,
    structure,
    syntax,
    units,
    written,
)

AREAS: dict[str, dict[str, tuple[str, str]]] = {
    "01": syntax.CODES,
    "02": structure.CODES,
    "03": names.CODES,
    "04": units.CODES,
    "05": written.CODES,
    "06": documents.CODES,
    "07": settling.CODES,
    "08": files.CODES,
    "09": lints.CODES,
    "10": knowledge.CODES,
}


def _joined() -> dict[str, tuple[str, str]]:
    joined: dict[str, tuple[str, str]] = {}
    for area, codes in AREAS.items():
        for code, titles in codes.items():
            if code[2:4] != area:
                raise ValueError(f"{code} stands in the area {area}")
            joined[code] = titles
    return joined


CATALOGUE: dict[str, tuple[str, str]] = _joined()
"""Code → (English title, Chinese title). An area's first two digits are its own, so no code can stand in two areas."""


def page(code: str) -> str:
    """The documentation page of a code, from the project's root."""
    return f"docs/reference/errors/{code}.md"
