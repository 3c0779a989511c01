"""An explanation is made when it is first read, once, and is the one that would have been made at once."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from rules_engine.api import load, read_documents, render, settle
from rules_engine.core.trace import TraceStep
from rules_engine.settlement.later import Later
from rules_engine.settlement.lines import lines as printing
from rules_engine.settlement.model import Line, Settlement

CASE = Path(__file__).parents[3] / "contracts" / "grain_oil"


def _settled() -> Settlement:
    program = load(CASE / "grain_oil.contract")
    return settle(program, read_documents(CASE / "documents.csv", program), "2026-03")


def _held(line: Line) -> object:
    return Line.__dict__["trace"]._slot.__get__(line, Line)


def test_nothing_is_explained_before_it_is_read() -> None:
    lines = _settled().lines
    assert all(isinstance(_held(line), Later) for line in lines)
    first = lines[0].trace
    assert isinstance(first, TraceStep)
    assert lines[0].trace is first
    assert isinstance(_held(lines[1]), Later)


def test_read_late_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    late = _settled()
    monkeypatch.setattr(printing, "Later", lambda work, _lock: work())
    at_once = _settled()
    assert not any(isinstance(_held(line), Later) for line in at_once.lines)
    assert late.receipt == at_once.receipt
    assert late.lines == at_once.lines


def test_copies_and_pickles_hold_the_explanation() -> None:
    line = _settled().lines[0]
    assert pickle.loads(pickle.dumps(line)) == line
    assert replace(line, title="other").trace is line.trace


def test_threads_may_read_one_settlement() -> None:
    found = _settled()
    wanted = render(_settled(), format="json")
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: render(found, format="json"), range(8))) == {wanted}
