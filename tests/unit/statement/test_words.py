from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import rules_engine.statement
from rules_engine.statement.words import PHRASES, Words

FOLDER = Path(rules_engine.statement.__file__).parent
USED = re.compile(r"""words\(\s*["']([a-z_.]+)["']\s*[,)]""")


def test_every_phrase_is_there_in_both_languages_with_the_same_values() -> None:
    for key, (english, chinese) in PHRASES.items():
        assert key.endswith(".") or english, key
        assert chinese, key
        assert _fields(english) >= _fields(chinese) - {"month", "place"} or "period" in key, key


def _fields(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


def test_every_phrase_that_is_asked_for_exists() -> None:
    asked = {
        key for path in FOLDER.rglob("*") if path.suffix in (".py", ".html") for key in USED.findall(path.read_text("utf-8"))
    }
    assert asked
    assert {key for key in asked if not key.endswith(".")} <= set(PHRASES)


def test_the_supplier_s_side_has_its_own_words() -> None:
    assert Words("en")("payout") != Words("en", "supplier")("payout")
    assert Words("zh", "supplier")("net") == Words("zh")("net")


def test_an_unknown_key_is_readable() -> None:
    assert Words("en")("op.some_new_thing") == "some new thing"
