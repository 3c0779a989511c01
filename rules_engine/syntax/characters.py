"""Characters: full-width ones read as their plain twins, dangerous ones refused, look-alikes warned of."""

from __future__ import annotations

import re

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_MARKS = {
    "、": ",",
    "。": ".",
    "−": "-",
    "–": "-",
    "×": "*",
    "÷": "/",
    "\u3000": " ",
    "\u00a0": " ",
    "\u2009": " ",
    "\u202f": " ",
}
PLAIN = str.maketrans({**{chr(wide): chr(plain) for wide, plain in _WIDE.items()}, **_MARKS})
"""One character to one character, so columns stay what they were."""

QUOTES = {'"': '"', "“": "”", "「": "」"}
"""Opening quotes and what closes them."""
QUOTED = re.compile("|".join(f"{opened}[^{closed}]*(?:{closed}|$)" for opened, closed in QUOTES.items()))

DANGEROUS = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad\u180e\U000e0000-\U000e0fff]")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufff9-\uffff\ue000-\uf8ff]")

_TWINS = dict(
    zip("аеорсхуіјѕԁһАВЕКМНОРСТХУІЈЅοαρνικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcxyijsdhABEKMHOPCTXYIJSoapvikABEZHIKMNOPTYX", strict=True)
)


def look_alikes(word: str) -> str:
    """The word in Latin letters if it holds letters that pass for Latin ones beside Latin or Han, or is made of nothing else; else ''."""
    if word.isascii():
        return ""
    letters = [char for char in word if char.isalpha()]
    twins = [char for char in letters if char in _TWINS]
    mixed = any(char.isascii() or "\u3400" <= char <= "\u9fff" for char in letters)
    if not twins or not (mixed or len(twins) == len(letters)):
        return ""
    return "".join(_TWINS.get(char, char) for char in word)
