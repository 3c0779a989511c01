"""Which encoding a text file has, found by strict decoding; a file that is only nearly right is refused, never mangled."""

from __future__ import annotations

import re
from collections import Counter

from rules_engine.record import dataclass

UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
COMMON_SHARE = 80
"""Percent of the non-ASCII characters that must be everyday simplified Chinese before GB18030 is believed."""

EVERYDAY_SHARE = 95
"""Percent that must be so where the bytes are Big5 as well."""

PUNCTUATION = (b"\xa1", b"\xa3")
"""First bytes of punctuation and full-width forms in GB 2312."""


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
        return "utf-8-sig" if start else _surely_utf8(data)
    if start:
        return Undecodable(start + bad, ("the file says UTF-8, this byte is not", "文件声明为 UTF-8，但此字节不是"))
    return _chinese(data, bad)


def _surely_utf8(data: bytes) -> str | Undecodable:
    """Short Chinese words can be valid UTF-8 by chance (联通): Cyrillic or rarer letters that are everyday Chinese throughout."""
    if data.isascii() or _LONG.search(data) or first_bad(data, "gb18030") is not None:
        return "utf-8"
    letters = (character for character in data.decode("utf-8") if not character.isascii())
    if all(letter <= LATIN for letter in letters) or _everyday(_foreign(data)) < 100:
        return "utf-8"
    first = next(at for at, byte in enumerate(data) if byte > 0x7F)
    return Undecodable(first, ("it may be UTF-8 or GB18030, both give letters", "按 UTF-8 或 GB18030 都能读出文字"))


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
        at = bad if data[:not_utf8].isascii() else not_utf8
        return Undecodable(at, ("neither UTF-8 nor GB18030", "既不是 UTF-8，也不是 GB18030"))
    if any(_is_utf8_chinese(line) for line in data.splitlines()):
        return Undecodable(not_utf8, ("most is UTF-8, this byte is not: two encodings are mixed or a character is cut",
                                      "其余部分是 UTF-8，此字节不是：混用了两种编码或字符被截断"))  # fmt: skip
    foreign = _foreign(data)
    if _share(foreign, "gb2312") < COMMON_SHARE or (_big5(data) and _everyday(foreign) < EVERYDAY_SHARE):
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


def _foreign(data: bytes) -> Counter[str]:
    counted = Counter(data.decode("gb18030"))
    return Counter({character: count for character, count in counted.items() if not character.isascii()})


def _share(characters: Counter[str], encoding: str) -> int:
    """Percent of the characters that the encoding has."""
    fitting = sum(count for character, count in characters.items() if character.encode(encoding, "ignore"))
    return 100 * fitting // max(1, characters.total())


def _everyday(characters: Counter[str]) -> int:
    """Percent of the letters that belong to the 3,755 most used ideographs of GB 2312; punctuation does not count."""
    codes = {character.encode("gb18030"): count for character, count in characters.items()}
    letters = {code: count for code, count in codes.items() if code[:1] not in PUNCTUATION}
    everyday = sum(count for code, count in letters.items() if b"\xb0\xa1" <= code <= b"\xd7\xf9" and code[-1:] >= b"\xa1")
    return 100 * everyday // max(1, sum(letters.values()))


_LONG = re.compile(rb"[\xe0-\xff]")
LATIN = "\u017f"
"""The last letter of Latin Extended-A: European words end there, and chance pairs of Chinese bytes lie above."""


def _big5(data: bytes) -> bool:
    return first_bad(data, "big5") is None
