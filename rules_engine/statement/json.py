"""Statements as JSON: UTF-8, stable key order, LF, one newline at the end."""

from __future__ import annotations

import json
from collections.abc import Mapping


def render_json(document: Mapping[str, object]) -> str:
    """The statement document as JSON text."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
