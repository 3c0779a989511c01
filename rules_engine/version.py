"""The engine's version, as packages, statements and `settle --version` give it."""

from __future__ import annotations

__version__ = "0.1.0"
