from __future__ import annotations

import pytest

from rules_engine.diagnostics.model import ContractError
from rules_engine.statement.explain import explain
from rules_engine.statement.render import render
from tests.unit.statement.samples import settlement


@pytest.mark.parametrize("format", ["odt", "docx", ""])
def test_a_format_that_is_not_offered_is_refused_by_name(format: str) -> None:  # noqa: A002 - as in the library
    with pytest.raises(ContractError) as caught:
        render(settlement("zh"), format)
    (finding,) = caught.value.diagnostics
    assert finding.code == "SE0814"
    assert finding.language == "zh"
    assert "html" in finding.fix


@pytest.mark.parametrize("arguments", [{"lang": "fr"}, {"view": "bank"}])
def test_unknown_language_and_view(arguments: dict[str, str]) -> None:
    with pytest.raises(ContractError):
        render(settlement(), "text", **arguments)  # type: ignore[call-overload] # only texts are given


def test_unknown_line_names_the_nearest() -> None:
    with pytest.raises(ContractError) as caught:
        explain(settlement(), "guarantee-2026-3")
    (finding,) = caught.value.diagnostics
    assert finding.code == "SE0809"
    assert "guarantee-2026-03" in finding.fix
