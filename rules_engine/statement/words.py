"""The words of a statement in English and Chinese. One phrase a key; `{name}` takes a value."""

from __future__ import annotations

from functools import lru_cache

from rules_engine.statement.phrases import explaining, general, workbook

PHRASES: dict[str, tuple[str, str]] = {**general.PHRASES, **explaining.PHRASES, **workbook.PHRASES}


@lru_cache(maxsize=8)
def _phrases(chinese: bool, view: str) -> dict[str, str]:
    """Every phrase for one reader."""
    own = {key.removesuffix(f"@{view}"): pair for key, pair in PHRASES.items() if key.endswith(f"@{view}")}
    return {key: pair[chinese] for key, pair in {**PHRASES, **own}.items()}


class Words:
    """Phrases in one language, for one reader: a key that exists as `key@supplier` is worded from the supplier's side."""

    def __init__(self, language: str, view: str = "platform") -> None:
        self.language = "zh" if language == "zh" else "en"
        self.view = view
        self._phrases = _phrases(self.language == "zh", view)

    def has(self, key: str) -> bool:
        """Whether the table knows the key."""
        return key in PHRASES

    def __call__(self, key: str, **values: object) -> str:
        """The phrase; a key the table does not know is printed as it is, underscores opened."""
        phrase = self._phrases.get(key)
        if phrase is None:
            return key.rpartition(".")[2].replace("_", " ")
        return phrase.format(**values) if values else phrase

    @property
    def colon(self) -> str:
        """What stands between a name and what is said of it."""
        return "：" if self.language == "zh" else ": "

    @property
    def comma(self) -> str:
        """What stands between the items of a list."""
        return "，" if self.language == "zh" else ", "
