"""Every clause of the gallery: lowered and the same as by the kernel, or refused for a reason that is listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import localcontext
from functools import cache
from pathlib import Path
from random import Random

from rules_engine.api import SourceFile, diagnose
from rules_engine.core.program import Clause, Program
from rules_engine.lowered.model import Lowered, Reason, Refusal
from rules_engine.lowered.shape import shape_of
from rules_engine.lowered.single import single
from rules_engine.settlement.schedule import windows
from rules_engine.values.exact import EXACT
from tests.properties.lowering import case_of, kernel_says

CONTRACTS = sorted((Path(__file__).parents[2] / "contracts").rglob("*.contract"))
ROWS = 4


@cache
def gallery() -> dict[Path, Program]:
    """The contracts that stand alone, in English and in Chinese."""
    found = {path: diagnose(SourceFile(path.name, path.read_text(encoding="utf-8")))[0] for path in CONTRACTS}
    return {path: program for path, program in found.items() if program is not None}


def clauses() -> Iterator[tuple[Program, Clause]]:
    """Every clause of theirs."""
    return ((program, clause) for program in gallery().values() for clause in program.clauses.values())


def test_a_contract_in_two_languages_has_one_shape_and_one_set_of_numbers() -> None:
    compared = 0
    for path, program in gallery().items():
        twin = gallery().get(path.with_name(path.name.replace(".contract", ".zh.contract")))
        if twin is None:
            continue
        pairs = zip(program.clauses.values(), twin.clauses.values(), strict=True)
        for one, other in ((shape_of(program, mine), shape_of(twin, theirs)) for mine, theirs in pairs):
            assert one == other, path
            compared += isinstance(one, Lowered)
    assert compared > 100, "twins of the gallery were compared"


def test_lowered_clauses_of_the_gallery_come_to_what_the_kernel_says() -> None:
    drawn, refused, compared = Random(7), Counter[str](), Counter[str]()
    with localcontext(EXACT):
        for program, clause in clauses():
            over = windows(program, clause)
            if not over:
                continue
            window = drawn.choice(over)
            upto = window.end if drawn.random() < 0.7 else window.start + timedelta(days=drawn.randint(1, window.days))
            case = case_of(program, clause, window, upto, tuple("x" for _ in clause.per))
            if case is None:
                found = shape_of(program, clause, day=upto - timedelta(days=1))
                refused[found.reason if isinstance(found, Refusal) else ""] += 1
                continue
            for most in (0, 10**4, 10**7, 10**24)[:ROWS]:
                inputs = tuple(drawn.randint(-most // 9, most) for _ in case.lowered.shape.inputs)
                said = case.said(single(case.lowered.shape)(inputs, case.parameters()))
                compared["sure" if said is not None else "unsure"] += 1
                assert said is None or said == kernel_says(case, inputs), (clause.text, inputs)
    assert set(refused) == set(Reason) - NEVER_IN_THE_GALLERY, refused
    assert compared["sure"] // ROWS > refused.total(), "more clauses are lowered than refused"
    assert compared["sure"] > 20 * compared["unsure"]


NEVER_IN_THE_GALLERY = {Reason.CHANGES, Reason.UNEVEN_BANDS}
"""Constructs that the language has and no contract of the gallery uses, or that nothing else stands in the way of."""
