"""Our data classes against the standard ones: whatever can be asked of both is answered alike."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import field
from typing import Any

import pytest

from rules_engine import record


@record.dataclass(frozen=True, slots=True)
class Sack:
    """Frozen, with defaults of both kinds."""

    grain: str
    kilos: int = 50
    marks: list[str] = field(default_factory=list)

    def heavier(self) -> Sack:
        """A method that makes another."""
        return dataclasses.replace(self, kilos=self.kilos + 1)


@record.dataclass(slots=True)
class Scale:
    """Open, with a field that is not given and a last word."""

    limit: int
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.name = f"up to {self.limit}"


@record.dataclass(slots=True, eq=False)
class Heap:
    """One field, told by identity."""

    sacks: tuple[Sack, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class MarkedSack(Sack):
    """A standard class built on one of ours."""

    by: str = "nobody"


def standard(cls: type[Any], frozen: bool) -> type[Any]:
    """The standard class of the same body."""
    names = {each.name: each for each in dataclasses.fields(cls)}
    body = {key: value for key, value in vars(cls).items() if key in {"__doc__", "__post_init__", "heavier", "__module__"}}
    made: type[Any] = dataclasses.make_dataclass(
        cls.__name__, [(name, each.type, copy.copy(each)) for name, each in names.items()], namespace=body, slots=True, frozen=frozen
    )
    return made


OURS: list[Callable[..., Any]] = [Sack, standard(Sack, frozen=True)]


@pytest.mark.parametrize("make", OURS, ids=["ours", "standard"])
def test_a_frozen_record(make: Callable[..., Any]) -> None:
    sack = make("millet", marks=["a"])
    assert (sack.grain, sack.kilos, sack.marks) == ("millet", 50, ["a"])
    assert repr(sack) == "Sack(grain='millet', kilos=50, marks=['a'])"
    assert sack == make("millet", 50, ["a"])
    assert sack != make("millet", 51, ["a"])
    assert sack != ("millet", 50, ["a"])
    assert sack.heavier() == make("millet", 51, ["a"])
    assert make("rye").marks is not make("rye").marks
    assert hash(make("rye", marks=())) == hash(make("rye", marks=()))
    assert not hasattr(sack, "__dict__")
    assert [each.name for each in dataclasses.fields(sack)] == ["grain", "kilos", "marks"]
    assert copy.deepcopy(sack) == sack
    for name in ("kilos", "colour"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(sack, name, 1)
        with pytest.raises((AttributeError, TypeError)):
            delattr(sack, name)
    for given, named in (((), {}), (("rye",), {"weight": 1}), ((1, 2, 3, 4), {})):
        with pytest.raises(TypeError):
            make(*given, **named)


def test_a_record_is_matched_kept_and_found_again() -> None:
    match Sack("oats", 7):
        case Sack(grain, kilos):
            assert (grain, kilos) == ("oats", 7)
    assert pickle.loads(pickle.dumps(Sack("oats", 7))) == Sack("oats", 7)
    assert type(Sack("oats")) is Sack
    with pytest.raises(dataclasses.FrozenInstanceError):
        Sack("oats").kilos = 3  # type: ignore[misc]


def test_an_open_record() -> None:
    scale = Scale(100)
    assert scale.name == "up to 100"
    scale.limit = 5
    assert (scale.limit, scale) == (5, scale)
    assert scale != Scale(5)
    with pytest.raises(TypeError):
        hash(scale)
    with pytest.raises(AttributeError):
        scale.colour = 1  # type: ignore[attr-defined]
    assert pickle.loads(pickle.dumps(scale)) == scale
    assert Heap(()) != Heap(())
    assert Heap((Sack("rye"),)).sacks[0] == Sack("rye")


def test_a_standard_class_may_be_built_on_ours() -> None:
    marked = MarkedSack("rye", by="Li")
    assert (marked.grain, marked.kilos, marked.by) == ("rye", 50, "Li")
    assert pickle.loads(pickle.dumps(marked)) == marked
    assert copy.copy(marked) == marked


def test_replace_gives_the_same_as_the_standard_one() -> None:
    for changes in ({}, {"kilos": 3}, {"marks": ["b"], "grain": "rye"}):
        assert record.replace(Sack("oats", 7), **changes) == dataclasses.replace(Sack("oats", 7), **changes)
    assert record.replace(MarkedSack("rye"), by="Li") == MarkedSack("rye", by="Li")
    assert type(record.replace(MarkedSack("rye"))) is MarkedSack
