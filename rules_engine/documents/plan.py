"""How one table's columns become one type's documents: which header is which column, and its converter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rules_engine.core.builtin import BUILTIN_TYPES
from rules_engine.core.program import ColumnType
from rules_engine.documents.convert import Converter
from rules_engine.documents.faults import Faults
from rules_engine.documents.schema import Schema
from rules_engine.record import dataclass


@dataclass(frozen=True, slots=True)
class Headers:
    """A header row understood: `position` of every known column, `unknown` headers with their positions."""

    written: tuple[str, ...]
    position: Mapping[str, int]
    unknown: tuple[tuple[str, int], ...]


def understand(header: Sequence[str], schema: Schema, file: str, faults: Faults) -> Headers:
    """Match headers to columns; two headers for one column are a fault."""
    position: dict[str, int] = {}
    unknown: list[tuple[str, int]] = []
    for index, written in enumerate(header):
        name = column_name(written, schema)
        if name is None:
            unknown += [(written.strip(), index)] if written.strip() else []
        elif name in position:
            _twice(name, header[position[name]], written, index, file, faults)
        else:
            position[name] = index
    return Headers(tuple(header), position, tuple(unknown))


def column_name(written: str, schema: Schema) -> str | None:
    """The column a header means, whatever its case."""
    name = written.strip()
    return schema.column_names.get(name) or schema.column_names.get(name.lower())


def _twice(name: str, first: str, second: str, index: int, file: str, faults: Faults) -> None:
    text = (f"`{second}` means `{name}`, as `{first}` does", f"“{second}”与“{first}”都表示 `{name}`")
    faults.add("SE0609", file, text, position=index, fix=("keep one of the two columns", "请只保留其中一列"))


@dataclass(frozen=True, slots=True)
class Planned:
    """A column of one type in one table."""

    name: str
    header: str
    position: int
    converter: Converter


@dataclass(frozen=True, slots=True)
class Plan:
    """`columns` are read, in order of name; `ignored` are known headers the type does not have or computes itself.
    With `date_is_clock` the column `date` stands in for a clock column that is not written."""

    type: str
    clock: str
    date_is_clock: bool
    columns: tuple[Planned, ...]
    ignored: tuple[tuple[str, int], ...]


IDENTITY = frozenset({"type", "contract", "currency"})


def plan_for(type_name: str, headers: Headers, schema: Schema, converters: dict[ColumnType, Converter]) -> Plan:
    """The plan of a type under a header; converters are shared by equal columns."""
    kinds = schema.columns(type_name)
    columns: list[Planned] = []
    ignored: list[tuple[str, int]] = []
    for name in sorted(headers.position):
        index, kind = headers.position[name], kinds.get(name)
        if name in IDENTITY:
            continue
        if kind is None or kind.formula is not None:
            ignored.append((name, index))
            continue
        converter = converters.get(kind) or converters.setdefault(kind, Converter(kind))
        columns.append(Planned(name, headers.written[index].strip(), index, converter))
    return Plan(type_name, schema.types[type_name].clock, type_name not in BUILTIN_TYPES, tuple(columns), tuple(ignored))
