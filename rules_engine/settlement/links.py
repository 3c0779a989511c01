"""Documents whose original is not there: reported, never settled on their own (kernel rule 14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rules_engine.documents.model import Document
from rules_engine.engine.reading.facts import Facts
from rules_engine.settlement.targets import Group

ROOTS = ("document", "document_line")


def without_original(lines: Sequence[Document]) -> tuple[Document, ...]:
    """The documents that name an original which none of the lines is."""
    referring = [(line, str(name)) for line in lines if (name := line.values.get("ref_doc_id"))]
    if not referring:
        return ()
    ids = {line.id for line in lines}
    places = {(line.id, line.line) for line in lines}
    return tuple(line for line, name in referring if not _is_there(line, name, ids, places))


def _is_there(line: Document, name: str, ids: set[str], places: set[tuple[str, str]]) -> bool:
    number = line.values.get("ref_line_no")
    return (name, str(number)) in places if number else name in ids


def is_rooted(per: Sequence[str]) -> bool:
    """Whether each document (or line) calculates alone."""
    return any(name in ROOTS for name in per)


def unlinked_roots(facts: Facts, per: tuple[str, ...]) -> frozenset[str]:
    """Where each document calculates alone: the values of that column which are only a return without an original."""
    column = next((name for name in per if name in ROOTS), "")
    if not column:
        return frozenset()
    return frozenset(
        line.id if column == "document" or not line.line else f"{line.id}/{line.line}" for line in facts.unlinked()
    )


def linked_groups(facts: Facts, per: tuple[str, ...], groups: Iterable[Group]) -> Iterable[Group]:
    """The groups without those of unlinked returns."""
    roots = unlinked_roots(facts, per)
    if not roots:
        return groups
    index = next(index for index, name in enumerate(per) if name in ROOTS)
    return (group for group in groups if group[index] not in roots)
