from __future__ import annotations

import ast
import re
from pathlib import Path

from rules_engine.diagnostics.catalogue import AREAS, CATALOGUE

PACKAGE = Path(__file__).parents[3] / "rules_engine"


def test_every_code_has_its_area_and_titles_in_both_languages() -> None:
    for code, (english, chinese) in CATALOGUE.items():
        assert re.fullmatch(r"SE0[1-8]\d\d|SW0[1-9]\d\d|SN10\d\d", code), code
        assert re.search("[a-z]", english), code
        assert re.search("[\u4e00-\u9fff]", chinese), code
        assert not english.endswith("."), code


def test_no_code_is_written_twice() -> None:
    for path in (PACKAGE / "diagnostics" / "codes").glob("*.py"):
        keys = [
            key.value
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Dict)
            for key in node.keys
            if isinstance(key, ast.Constant)
        ]
        assert len(keys) == len(set(keys)), path.name
    assert sum(map(len, AREAS.values())) == len(CATALOGUE)


def test_every_code_the_engine_writes_is_in_the_catalogue() -> None:
    written = {
        (code, path.name)
        for path in PACKAGE.rglob("*.py")
        for code in re.findall(r"\"(S[ENW][01][0-9]\d\d)\"", path.read_text("utf-8"))
    }
    assert sorted((code, name) for code, name in written if code not in CATALOGUE) == []
