from __future__ import annotations

import pytest

from rules_engine.diagnostics.build import AnyPlace, diagnostic
from rules_engine.diagnostics.catalogue import CATALOGUE
from rules_engine.diagnostics.model import Findings, Place, Severity
from rules_engine.source import Span

SPAN = Span("a.contract", 2, 3, 2, 6)


def test_texts_are_taken_in_the_language_of_the_file() -> None:
    places: list[AnyPlace] = [(SPAN, ("here", "此处")), Place(SPAN, "as it is"), SPAN]
    english = diagnostic("SE0301", "en", places, why=("why", "因为"), fix=("fix", "改为"))
    chinese = diagnostic("SE0301", "zh", places, why=("why", "因为"), fix=("fix", "改为"))
    assert (english.title, chinese.title) == CATALOGUE["SE0301"]
    assert (english.why, english.fix, chinese.why, chinese.fix) == ("why", "fix", "因为", "改为")
    assert [place.text for place in english.places] == ["here", "as it is", ""]
    assert [place.text for place in chinese.places] == ["此处", "as it is", ""]
    assert (english.language, chinese.language) == ("en", "zh")


def test_one_place_needs_no_list() -> None:
    assert diagnostic("SE0301", "en", SPAN).places == (Place(SPAN),)
    assert diagnostic("SE0301", "en", Place(SPAN, "x")).places == (Place(SPAN, "x"),)
    assert diagnostic("SE0301", "en").places == ()


def test_severity_follows_the_code_unless_given() -> None:
    assert diagnostic("SE0301", "en").severity is Severity.ERROR
    assert diagnostic("SW0902", "en").severity is Severity.WARNING
    assert diagnostic("SW0902", "en", severity=Severity.NOTE).severity is Severity.NOTE


def test_a_title_may_be_worded_closer_but_the_code_must_exist() -> None:
    assert diagnostic("SE0301", "zh", title=("no `x`", "没有 `x`")).title == "没有 `x`"
    with pytest.raises(KeyError):
        diagnostic("SE0399", "en", title=("no", "no"))


def test_findings_are_sorted_by_place_each_once() -> None:
    findings = Findings()
    late, early = diagnostic("SE0301", "en", Span("a", 9, 1, 9, 2)), diagnostic("SE0302", "en", Span("a", 2, 1, 2, 2))
    for item in (late, early, late):
        findings.add(item)
    assert findings.sorted() == (early, late)
    assert findings.failed
