"""Small data classes that cost next to nothing until they are used.

`@dataclass` here reads as the standard one and makes the same classes: fields, defaults, `replace`, `match`, frozen or not, with
slots. The standard one writes and compiles some six methods of each class when its module is loaded; this one compiles a single one,
the first time a record of the class is made. A frozen record is filled while it still wears an open class of the same slots and is
then given its own, which takes less than half the time of setting each field behind the back of a class that refuses it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass", "replace"]

Class = type[Any]
_PLAIN = (object,)
_put_on = object.__dict__["__class__"].__set__
"""Changes the class an object wears, whatever that class says of assignments."""


def _dataclass(*, frozen: bool = False, slots: bool = False, eq: bool = True) -> Callable[[Class], Class]:
    """The standard decorator. A class without slots, or built on another class, is left to it."""

    def made(cls: Class) -> Class:
        if not slots or cls.__bases__ != _PLAIN:
            return dataclasses.dataclass(frozen=frozen, slots=slots, eq=eq)(cls)
        return _made(dataclasses.dataclass(init=False, repr=False, eq=False)(cls), frozen, eq)

    return made


if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:
    dataclass = _dataclass

    def replace(record, /, **changes):
        """The record with other values for some fields, all of which are given when one is made."""
        cls = record.__class__
        values = list(_reading(cls)(record))
        places = _places(cls)
        for name, value in changes.items():
            values[places[name]] = value
        return cls(*values)


def _made(read: Class, frozen: bool, eq: bool) -> Class:
    """The class of the fields that the standard decorator has read."""
    names = _names(read)
    body = {name: value for name, value in vars(read).items() if name not in {*names, "__dict__", "__weakref__"}}
    body["__slots__"] = ()
    body.setdefault("__repr__", _shown)
    if eq:
        body.setdefault("__eq__", _equal)
        body.setdefault("__hash__", _hashed if frozen else None)
    if frozen:
        body["__dataclass_params__"].frozen = True
        body.update(__setattr__=_refused, __delattr__=_refused, __reduce__=_reduced)
    unfilled = type(read.__name__, (), {"__slots__": names, "__module__": read.__module__})
    body |= {name: vars(unfilled)[name] for name in names}
    made = type(read.__name__, (unfilled,), body)
    made.__qualname__ = read.__qualname__
    made.__init__ = _first(made, unfilled if frozen else None)  # type: ignore[misc]
    return made


def _first(cls: Class, unfilled: Class | None) -> Callable[..., None]:
    """The `__init__` of a class of which there is no record yet: it writes the real one, and hands over to it."""

    def __init__(record: Any, *given: Any, **named: Any) -> None:  # noqa: N807
        cls.__init__ = _written(cls, unfilled)
        cls.__init__(record, *given, **named)

    return __init__


def _written(cls: Class, unfilled: Class | None) -> Callable[..., None]:
    """The real `__init__`; with `unfilled`, the class that a record wears while it is filled."""
    known = {"_put_on": _put_on, "_unfilled": unfilled, "_own": cls, "_none": dataclasses.MISSING}
    given = [each for each in dataclasses.fields(cls) if each.init]
    parameters = ", ".join(["self", *(_parameter(each, known) for each in given)])
    lines = [f"if {name} is _none: {name} = _make_{name}()" for name in (each.name for each in given) if f"_make_{name}" in known]
    lines += ["_put_on(self, _unfilled)"] * (unfilled is not None)
    lines += [f"self.{each.name} = {each.name}" for each in given]
    lines += ["_put_on(self, _own)"] * (unfilled is not None)
    lines += ["self.__post_init__()"] * hasattr(cls, "__post_init__")
    exec(f"def __init__({parameters}):\n " + "\n ".join(lines or ["pass"]), known)  # noqa: S102 - names of fields and nothing else
    written: Callable[..., None] = known["__init__"]
    return written


def _parameter(field: dataclasses.Field[Any], known: dict[str, Any]) -> str:
    """How a field is given; what stands for it when it is not goes to `known`."""
    if field.default_factory is not dataclasses.MISSING:
        known[f"_make_{field.name}"] = field.default_factory
        return f"{field.name}=_none"
    if field.default is not dataclasses.MISSING:
        known[f"_default_{field.name}"] = field.default
        return f"{field.name}=_default_{field.name}"
    return field.name


def _names(cls: Class) -> tuple[str, ...]:
    return tuple(each.name for each in dataclasses.fields(cls))


@cache
def _places(cls: Class) -> dict[str, int]:
    return {name: place for place, name in enumerate(_names(cls))}


@cache
def _reading(cls: Class) -> Callable[[Any], tuple[Any, ...]]:
    """Reads the values of a record of the class."""
    names = _names(cls)
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple(getattr(record, name) for name in names)


def _equal(self: Any, other: Any) -> Any:
    if other is self:
        return True
    if other.__class__ is not self.__class__:
        return NotImplemented
    values = _reading(self.__class__)
    return values(self) == values(other)


def _hashed(self: Any) -> int:
    return hash(_reading(self.__class__)(self))


def _shown(self: Any) -> str:
    said = ", ".join(f"{name}={getattr(self, name)!r}" for name in _names(self.__class__))
    return f"{self.__class__.__qualname__}({said})"


def _reduced(self: Any) -> tuple[Class, tuple[Any, ...]]:
    """How a frozen record is copied and kept on disk: made anew of its values."""
    return self.__class__, _reading(self.__class__)(self)


def _refused(_self: Any, name: str, *_value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot change field {name!r}")
