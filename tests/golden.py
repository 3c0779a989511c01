"""The one golden mechanism: a text is compared with a committed file, or written into it with `--update-goldens`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from rules_engine.version import __version__

FOLDER = Path(__file__).parent / "goldens"
REDACTED: Mapping[str, str] = {
    re.escape(str(Path(__file__).parents[1])): "<project>",
    re.escape(f"settlewright {__version__}"): "settlewright <version>",
    r"/tmp/[\w./-]+": "<temporary>",
}


class Goldens:
    """Compares texts with files below tests/goldens and remembers which files were used."""

    def __init__(self, update: bool) -> None:
        self.update = update
        self.used: set[str] = set()

    def check(self, name: str, text: str) -> None:
        """Fail unless `text`, with paths and versions blanked, is what the file `name` holds."""
        path = FOLDER / name
        self.used.add(path.relative_to(FOLDER).as_posix())
        seen = redacted(text)
        if self.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(seen, encoding="utf-8", newline="\n")
        assert path.is_file(), f"{name} is missing: run with --update-goldens to write it"
        assert seen == path.read_text(encoding="utf-8"), f"{name} differs: look, then run with --update-goldens"


def redacted(text: str) -> str:
    """`text` without what changes from machine to machine."""
    for pattern, word in REDACTED.items():
        text = re.sub(pattern, word, text)
    return text
