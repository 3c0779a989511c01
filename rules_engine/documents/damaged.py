"""Why a binary file cannot be read, as the child process tells it."""

from __future__ import annotations

Item = dict[str, object] | list[str]
"""What the child writes: a table's beginning, a row, a mark, a fault or the end."""


class Damaged(Exception):
    """The file cannot be read: a code of the documents area and the reason in (English, Chinese)."""

    def __init__(self, code: str, english: str, chinese: str) -> None:
        super().__init__(english)
        self.item: Item = {"fault": code, "en": english, "zh": chinese}
