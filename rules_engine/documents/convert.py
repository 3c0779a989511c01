"""From a cell's text to its typed value: one strict converter a column, remembering the texts it has met."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from rules_engine.core.program import ColumnType
from rules_engine.documents.model import Cell
from rules_engine.record import dataclass
from rules_engine.values.amount import AMOUNT_WORDS, EXPECTED, AmountFault, parse_amount
from rules_engine.values.exact import EXACT, plain

Words = tuple[str, str]

FIELD_LIMIT = 64 * 1024
REMEMBERED = 65_536
YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a text is not the value its column asks for, and what was expected, in (English, Chinese)."""

    code: str
    reason: Words
    expected: Words


class Converter:
    """Reads one column's texts. `value[text]` is the typed cell, None where blank or refused; `canonical[text]` is
    `name=value` written in one way whatever the file's format, '' for none; `refused` holds every refusal met so far."""

    __slots__ = ("_name", "_plain", "_read", "canonical", "refused", "value")

    def __init__(self, column: ColumnType) -> None:
        self._name = column.name
        self._read = reader_of(column)
        self._plain = column.kind in _PLAIN_KINDS and not column.choices and column.low in (None, 0) and column.high is None
        self.refused: dict[str, Refusal] = {}
        self.value: dict[str, Cell] = _Remembered(self._learn)
        self.canonical: dict[str, str] = {}

    def _learn(self, text: str) -> Cell:
        if self._plain and _CANONICAL.fullmatch(text):
            self.canonical[text] = f"{self._name}={text}\x1f"
            return Decimal(text)
        found = self._read(text)
        if isinstance(found, Refusal):
            self.refused[text] = found
            found = None
        self.canonical[text] = "" if found is None else f"{self._name}={canonical(found)}\x1f"
        return found

    def forget(self) -> None:
        """Let go of remembered texts once they are many."""
        if len(self.canonical) > REMEMBERED:
            self.value.clear()
            self.canonical.clear()
            self.refused.clear()


class _Remembered(dict[str, Cell]):
    __slots__ = ("_learn",)

    def __init__(self, learn: Callable[[str], Cell]) -> None:
        super().__init__()
        self._learn = learn

    def __missing__(self, text: str) -> Cell:
        value = self[text] = self._learn(text)
        return value


def canonical(value: Cell) -> str:
    """The value as text, the same for every file format: `1.5` for 1.50, `2026-03-05`, `yes`, '' for none."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return plain(value)
        case date():
            return value.isoformat()
        case str():
            return value


def reader_of(column: ColumnType) -> Callable[[str], Cell | Refusal]:
    """The strict reader of a column's kind, with its bounds and choices."""
    if column.choices:
        return lambda text: _choice(text, column.choices)
    read = _READERS[column.kind]
    if column.low is None and column.high is None:
        return read
    signed = column.kind in _UNSIGNED and column.low == 0 and column.high is None
    return lambda text: _bounded(read(text), column.low, column.high, _NO_SIGN if signed else None)


def read_text(text: str) -> Cell | Refusal:
    """A text without surrounding blanks, in composed Unicode; invisible characters are refused."""
    if text.isascii() and text.isprintable() and len(text) <= FIELD_LIMIT:
        return text.strip() or None
    if len(text) > FIELD_LIMIT:
        return Refusal("SE0613", ("the cell is longer than 64 KiB", "单元格超过 64 KiB"), ("a shorter text", "较短的文本"))
    clean = unicodedata.normalize("NFC", text.strip())
    hidden = _INVISIBLE.search(clean)
    if hidden is None:
        return clean or None
    name = f"U+{ord(hidden.group()):04X}"
    return Refusal("SE0615", (f"{name} cannot be seen in print", f"{name} 打印时不可见"), ("visible text", "可见的文本"))


_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffd\ud800-\udfff]"
)


def read_number(text: str) -> Cell | Refusal:
    """An amount, quantity or plain number, exactly as written."""
    if not text:
        return None
    value = parse_amount(text)
    if not isinstance(value, AmountFault):
        return value
    return None if value is AmountFault.BLANK else Refusal("SE0601", AMOUNT_WORDS[value], EXPECTED)


PERCENT: Words = ("a rate such as 13% or 0.13", "税率或比率，例如 13% 或 0.13")


def read_percent(text: str) -> Cell | Refusal:
    """`13%` or `0.13` as a fraction; a bare number of 1 or more has two readings and is refused."""
    stripped = text.strip()
    if not stripped:
        return None
    value = parse_amount(stripped.removesuffix("%"))
    if isinstance(value, AmountFault):
        return Refusal("SE0601", AMOUNT_WORDS[value], PERCENT)
    if stripped.endswith("%"):
        return value.scaleb(-2, EXACT)
    if abs(value) < 1:
        return value
    written = plain(value)
    reading = (f"{written} may mean {written}% or {written}00%", f"{written} 可读作 {written}% 或 {written}00%")
    return Refusal("SE0601", reading, PERCENT)


def read_days(text: str) -> Cell | Refusal:
    """A whole number of days."""
    stripped = text.strip()
    if not stripped:
        return None
    if _DAYS.fullmatch(stripped):
        return Decimal(stripped)
    return Refusal("SE0601", ("not a whole number of days", "不是整数天数"), ("whole days such as 30", "整数天数，例如 30"))


def read_yes_no(text: str) -> Cell | Refusal:
    """`yes` or `no` (是, 否, true, false)."""
    stripped = text.strip().lower()
    if not stripped:
        return None
    if stripped in _YES_NO:
        return _YES_NO[stripped]
    return Refusal("SE0601", ("neither yes nor no", "既不是“是”也不是“否”"), ("yes or no", "是 或 否"))


DATE: Words = ("a day such as 2026-03-05, 2026/3/5 or 2026年3月5日", "日期，例如 2026-03-05、2026/3/5 或 2026年3月5日")


def read_date(text: str) -> Cell | Refusal:
    """A day written year first; a time of day after it is read as local time and left out."""
    stripped = text.strip()
    if not stripped:
        return None
    found = _DATE.fullmatch(stripped) or _DATE_ZH.fullmatch(stripped)
    if found is None:
        return Refusal("SE0601", _why_no_date(stripped), DATE)
    year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    if year not in YEARS:
        return Refusal("SE0601", (f"the year {year} is not plausible", f"年份 {year} 不合理"), DATE)
    return _day(year, month, day)


MOMENT: Words = ("a moment such as 2026-03-05 14:30 or 2026-03-05T14:30", "时刻，例如 2026-03-05 14:30 或 2026-03-05T14:30")


def read_moment(text: str) -> Cell | Refusal:
    """A day written year first with its time of day, local time; a day alone is refused, its hour is not known."""
    stripped = text.strip()
    if not stripped:
        return None
    found = _MOMENT.fullmatch(stripped)
    if found is None:
        day = read_date(stripped)
        why = day.reason if isinstance(day, Refusal) else ("the time of day is missing", "缺少时刻")
        return Refusal("SE0601", why, MOMENT)
    day = read_date(found["day"])
    if not isinstance(day, date):
        return day
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 59:
        return Refusal("SE0601", ("no clock shows this time", "没有这样的时刻"), MOMENT)
    return datetime(day.year, day.month, day.day, hour, minute, second)  # noqa: DTZ001 - local time of the contract


def _day(year: int, month: int, day: int) -> Cell | Refusal:
    try:
        return date(year, month, day)
    except ValueError:
        return Refusal("SE0601", ("the calendar has no such day", "日历上没有这一天"), DATE)


def _why_no_date(text: str) -> Words:
    if _ZONED.fullmatch(text):
        return ("the time is in another zone, the day may differ", "时间属于其他时区，日期可能不同")
    if text.isdecimal() and text.isascii() and len(text) == 5:
        day = (date(1899, 12, 30) + timedelta(days=int(text))).isoformat()
        return (f"a spreadsheet's day number (it would be {day})", f"是表格软件的日期序号（相当于 {day}）")
    if _DAY_FIRST.fullmatch(text):
        return ("day and month can be read in two orders", "日与月的先后有两种读法")
    return ("not a day written year first", "不是以年份开头的日期")


_TIME = r"(?:[ T]\s?\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:\+08:?00)?)?"
_DATE = re.compile(rf"(?P<year>\d{{4}})([-/])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}}){_TIME}", re.ASCII)
_DATE_ZH = re.compile(rf"(?P<year>\d{{4}})年(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日{_TIME}", re.ASCII)
_MOMENT = re.compile(
    r"(?P<day>\d{4}[-/年]\d{1,2}[-/月]\d{1,2}日?)[ T]\s?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.0{1,9})?)?(?:\+08:?00)?",
    re.ASCII,
)
_ZONED = re.compile(r"\d{4}-\d{1,2}-\d{1,2}[ T][\d:.]+(Z|[+-]\d{2}:?\d{2})", re.ASCII)
_DAY_FIRST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", re.ASCII)
_DAYS = re.compile(r"-?\d{1,6}", re.ASCII)
_CANONICAL = re.compile(r"(?:0|[1-9]\d{0,27})(?:\.\d{0,9}[1-9])?", re.ASCII)
_PLAIN_KINDS = ("amount", "quantity", "number")
_YES_NO = {"yes": True, "true": True, "是": True, "no": False, "false": False, "否": False}

_READERS: dict[str, Callable[[str], Cell | Refusal]] = {
    "text": read_text,
    "amount": read_number,
    "quantity": read_number,
    "number": read_number,
    "percent": read_percent,
    "days": read_days,
    "date": read_date,
    "moment": read_moment,
    "yes_no": read_yes_no,
}


_UNSIGNED = ("amount", "quantity")
_NO_SIGN: Words = ("negative, though the document's type already gives the sign", "为负数，而单据类型已经决定了方向")


def _choice(text: str, choices: tuple[str, ...]) -> Cell | Refusal:
    value = read_text(text)
    if value is None or isinstance(value, Refusal) or value in choices:
        return value
    listed = ", ".join(choices)
    return Refusal(
        "SE0608", ("none of the texts the contract allows", "不在合同允许的取值之内"), (f"one of {listed}", f"其一：{listed}")
    )


def _bounded(value: Cell | Refusal, low: Decimal | None, high: Decimal | None, below: Words | None) -> Cell | Refusal:
    if not isinstance(value, Decimal):
        return value
    if low is not None and value < low:
        return Refusal("SE0608", below or (f"below {plain(low)}", f"小于 {plain(low)}"), _range(low, high))
    if high is not None and value > high:
        return Refusal("SE0608", (f"above {plain(high)}", f"大于 {plain(high)}"), _range(low, high))
    return value


def _range(low: Decimal | None, high: Decimal | None) -> Words:
    if low is not None and high is not None:
        return (f"{plain(low)} to {plain(high)}", f"{plain(low)} 至 {plain(high)}")
    if low is not None:
        return (f"{plain(low)} or more", f"{plain(low)} 或以上")
    return (f"{plain(high or Decimal(0))} or less", f"{plain(high or Decimal(0))} 或以下")
