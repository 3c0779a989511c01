"""JSON Lines: one object a line; numbers are taken as the text that was written, never as binary floating numbers."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from itertools import islice

from rules_engine.documents.batches import CHUNK, COLUMN_LIMIT, Batch
from rules_engine.documents.csv_reader import refuse_encoding, refuse_width
from rules_engine.documents.encoding import Undecodable, detect
from rules_engine.documents.faults import Faults, shorten

DEPTH_LIMIT = 64
TRUE, FALSE = "true", "false"


class _Unfit(ValueError):
    """Why a line is no flat object, in (English, Chinese)."""

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(english)
        self.words = (english, chinese)


def read_jsonl(data: bytes, name: str, faults: Faults) -> Iterator[Batch]:
    """The objects of a JSON Lines file as rows of text; lines that are none go to `faults`."""
    encoding = detect(data)
    if isinstance(encoding, Undecodable) or encoding == "gb18030":
        not_utf8 = Undecodable(0, ("JSON Lines is written in UTF-8", "JSON Lines 须为 UTF-8 编码"))
        refuse_encoding(encoding if isinstance(encoding, Undecodable) else not_utf8, name, faults)
        return
    lines = enumerate(io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="\n"), 1)
    while chunk := list(islice(lines, CHUNK)):
        objects = [(number, _object(line, number, name, faults)) for number, line in chunk]
        batch = as_batch([(number, found) for number, found in objects if found is not None])
        if len(batch.header) > COLUMN_LIMIT:
            refuse_width(len(batch.header), name, faults)
            return
        if batch.rows:
            yield batch


def as_batch(objects: list[tuple[int, dict[str, str]]]) -> Batch:
    """Numbered objects as one table; its header is every key in order of appearance."""
    keys: dict[str, None] = {}
    for _, found in objects:
        keys.update(dict.fromkeys(found))
    header = tuple(keys)
    return Batch(header, [[found.get(key, "") for key in header] for _, found in objects], [number for number, _ in objects])


def _object(line: str, number: int, name: str, faults: Faults) -> dict[str, str] | None:
    if not line.strip():
        return None
    try:
        return _parsed(line)
    except _Unfit as unfit:
        words = unfit.words
    except json.JSONDecodeError as fault:
        words = (f"not JSON at character {fault.pos + 1}", f"第 {fault.pos + 1} 个字符处不是 JSON")
    except (ValueError, RecursionError):
        words = ("not JSON", "不是 JSON")
    shown = shorten(line.strip())
    text = (f"line {number}: `{shown}`", f"第 {number} 行：`{shown}`")
    fix = (
        'one object a line, such as {"type": "sale", "paid": "70.00"}',
        '每行一个对象，例如 {"type": "sale", "paid": "70.00"}',
    )
    faults.add("SE0612", name, text, row=number, why=words, fix=fix)
    return None


def _parsed(line: str) -> dict[str, str]:
    if line.count("[") + line.count("{") > DEPTH_LIMIT and _depth(line) > DEPTH_LIMIT:
        raise _Unfit(f"nested deeper than {DEPTH_LIMIT}", f"嵌套超过 {DEPTH_LIMIT} 层")
    found = _DECODER.decode(line)
    if not isinstance(found, _Pairs):
        raise _Unfit("not an object", "不是对象")
    texts = {key: _text(value) for key, value in found}
    if len(texts) != len(found):
        raise _Unfit("one name is written twice", "同一名称出现两次")
    return texts


def _depth(line: str) -> int:
    deepest = depth = 0
    for character in line:
        depth += (character in "[{") - (character in "]}")
        deepest = max(deepest, depth)
    return deepest


def _text(value: object) -> str:
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return TRUE if value else FALSE
        case _:
            raise _Unfit("a value is a list or an object; a row is flat", "值为列表或对象；每行应为平面结构")


class _Pairs(list[tuple[str, object]]):
    """An object as it was written, names in order and possibly twice."""


_DECODER = json.JSONDecoder(object_pairs_hook=_Pairs, parse_float=str, parse_int=str, parse_constant=str)
