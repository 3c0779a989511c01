"""`python -m rules_engine` is `settle`."""

from __future__ import annotations

from rules_engine.cli.main import process

process()
