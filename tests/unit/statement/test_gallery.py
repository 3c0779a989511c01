"""The gallery's statements have the published shape too."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from rules_engine.statement.schema import Statement

ROOT = Path(__file__).parents[3]
EXPECTED = sorted((ROOT / "contracts").glob("*/expected/*.json"))


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_expected_statements_have_the_published_shape(path: Path) -> None:
    schema = json.loads((ROOT / "docs" / "reference" / "statement.schema.json").read_text(encoding="utf-8"))
    data = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(data)
    Statement.model_validate(data)


def test_the_gallery_has_statements() -> None:
    assert EXPECTED
