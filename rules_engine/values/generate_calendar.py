"""Writes `calendar_cn.txt` from the development package chinese-calendar: `python -m rules_engine.values.generate_calendar`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

from rules_engine.values.calendar import CALENDAR_VERSION

FIRST_YEAR, LAST_YEAR = 2004, 2026
HEAD = f"""\
# Working days in mainland China as announced by the State Council each year.
# Monday to Friday are working days; `off` lists the weekdays that are not, `work` the weekend days that are.
version {CALENDAR_VERSION}
"""
KNOWN_CORRECTIONS = {date(2005, 12, 31): True}
"""Days on which the announcement differs from the package: Saturday 2005-12-31 was worked for 2006-01-02 or -03."""


def exceptions(year: int, is_workday: Callable[[date], bool]) -> str:
    """The two lines of one year."""
    off: list[str] = []
    work: list[str] = []
    day = date(year, 1, 1)
    while day.year == year:
        worked = KNOWN_CORRECTIONS.get(day, is_workday(day))
        if worked != (day.weekday() < 5):
            (work if worked else off).append(f"{day:%m-%d}")
        day += timedelta(days=1)
    return " ".join([f"{year} off", *off]) + "\n" + " ".join([f"{year} work", *work]) + "\n"


def calendar_text() -> str:
    """The whole file."""
    is_workday: Callable[[date], bool] = import_module("chinese_calendar").is_workday
    return HEAD + "".join(exceptions(year, is_workday) for year in range(FIRST_YEAR, LAST_YEAR + 1))


def main() -> None:
    """Write the file beside this module."""
    Path(__file__).with_name("calendar_cn.txt").write_text(calendar_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
