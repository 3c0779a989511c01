"""Which encoding a text file has, found by strict decoding; a file that is only nearly right is refused, never mangled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
COMMON_SHARE = 80
"""Percent of the non-ASCII characters that must be everyday simplified Chinese before GB18030 is believed."""


@dataclass(frozen=True, slots=True)
class Undecodable:
    """`offset` counts bytes from 0; `reason` is in (English, Chinese)."""

    offset: int
    reason: tuple[str, str]


def detect(data: bytes) -> str | Undecodable:
    """'utf-8', 'utf-8-sig' or 'gb18030', or the first byte that fits none of them."""
    if data[:2] in UTF16_MARKS:
        return Undecodable(0, ("this is UTF-16", "文件是 UTF-16 编码"))
    zero = data.find(b"\0")
    if zero >= 0:
        return Undecodable(zero, ("a zero byte: UTF-16 or not a text file", "出现零字节：可能是 UTF-16，或不是文本文件"))
    start = len(UTF8_MARK) if data.startswith(UTF8_MARK) else 0
    bad = first_bad(data[start:] if start else data, "utf-8")
    if bad is None:
        return "utf-8-sig" if start else "utf-8"
    if start:
        return Undecodable(start + bad, ("the file says UTF-8, this byte is not", "文件声明为 UTF-8，但此字节不是"))
    return _chinese(data, bad)


def first_bad(data: bytes, encoding: str) -> int | None:
    """The offset of the first byte that is not of the encoding."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError as fault:
        return fault.start
    return None


def _chinese(data: bytes, not_utf8: int) -> str | Undecodable:
    bad = first_bad(data, "gb18030")
    if bad is not None:
        return Undecodable(max(bad, not_utf8), ("neither UTF-8 nor GB18030", "既不是 UTF-8，也不是 GB18030"))
    if any(_is_utf8_chinese(line) for line in data.splitlines()):
        return Undecodable(not_utf8, ("most is UTF-8, this byte is not: two encodings are mixed or a character is cut",
                                      "其余部分是 UTF-8，此字节不是：混用了两种编码或字符被截断"))  # fmt: skip
    counted = Counter(data.decode("gb18030"))
    foreign = Counter({character: count for character, count in counted.items() if not character.isascii()})
    if _share(foreign, "gb2312") < COMMON_SHARE or (_big5(data) and _everyday(foreign) < COMMON_SHARE):
        return Undecodable(
            not_utf8, ("neither UTF-8 nor plain GB18030, perhaps Big5", "既不是 UTF-8，也不像 GB18030，可能是 Big5")
        )
    return "gb18030"


def _is_utf8_chinese(line: bytes) -> bool:
    if line.isascii():
        return False
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as fault:
        text = line[: fault.start].decode("utf-8") if fault.reason == "unexpected end of data" else ""
    return any("一" <= character <= "鿿" for character in text)


def _share(characters: Counter[str], encoding: str) -> int:
    """Percent of the characters that the encoding has."""
    fitting = sum(count for character, count in characters.items() if character.encode(encoding, "ignore"))
    return 100 * fitting // max(1, characters.total())


def _everyday(characters: Counter[str]) -> int:
    """Percent of the ideographs that belong to the 3,755 most used ones of GB 2312."""
    codes = {c.encode("gb18030"): count for c, count in characters.items() if "一" <= c <= "鿿"}
    everyday = sum(count for code, count in codes.items() if b"\xb0\xa1" <= code <= b"\xd7\xf9" and code[-1:] >= b"\xa1")
    return 100 * everyday // max(1, sum(codes.values()))


def _big5(data: bytes) -> bool:
    return first_bad(data, "big5") is None
