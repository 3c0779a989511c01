"""A column or type is written in files as it is in contracts."""

from __future__ import annotations

from rules_engine.core.builtin import COLUMN_NAMES, TYPE_NAMES
from rules_engine.syntax.keywords import built_in


def test_what_contracts_call_a_column_is_a_header_in_files() -> None:
    spellings = built_in().columns
    assert {word: COLUMN_NAMES.get(word) for word in spellings} == dict(spellings)


def test_what_contracts_call_a_document_type_is_a_type_in_files() -> None:
    assert {word for word in built_in().types if word not in TYPE_NAMES} == set()
