"""The plan's queries in Spark's words, through SQLGlot.

The text that DuckDB runs is read as a tree, every node is held against the closed list, and what Spark words otherwise is
rewritten: whole numbers of 128 bits, hashes, files that are read. Nothing else is changed, so both engines are asked the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rules_engine.bulk.measures.functions import MEASURING, TYPES
from rules_engine.bulk.missing import library

WHOLE = "DECIMAL(38, 0)"
PLAIN = re.compile(r"\d+(\.\d+)?")
"""A number that is exact as it is written."""


@dataclass(slots=True)
class Views:
    """The names under which Spark finds tables: of the plan (`named`), and of files that a query reads."""

    prefix: str
    named: dict[str, str] = field(default_factory=dict)
    files: dict[tuple[str, ...], str] = field(default_factory=dict)

    def name(self, table: str) -> str:
        """The view of a table of the plan; a name that is not the plan's stays as it is."""
        return self.named.get(table, table)

    def file(self, paths: tuple[str, ...]) -> str:
        """The view of some files."""
        return self.files.setdefault(paths, f"{self.prefix}_files{len(self.files)}")


def spark_sql(text: str, views: Views, allowed: frozenset[str] = MEASURING, *, wide: bool = False) -> str:
    """A query of the plan for Spark. `wide`: sums of whole numbers are added up with 38 digits from the start; else with 64
    bits, which raises where they do not do. Raises `ValueError` for a query that says what is not in the list."""
    sqlglot = library("sqlglot", "spark")
    tree = sqlglot.parse_one(text, read="duckdb")
    strange = sorted(set(_strange(tree, allowed)))
    if strange:
        raise ValueError(f"not in the closed list of the plan: {', '.join(strange)}")
    return str(_rewritten(tree, views, wide=wide).sql("spark", identify=True))


def _strange(tree: Any, allowed: frozenset[str]) -> Iterator[str]:
    """The names of nodes and types that no plan has."""
    for node in tree.walk():
        name = type(node).__name__
        if name == "Anonymous":
            name = f"Anonymous:{node.name.lower()}"
        if name not in allowed:
            yield name
        if name == "DataType" and node.this.value not in TYPES:
            yield node.this.value
        if name == "Literal" and not node.is_string and not PLAIN.fullmatch(node.name):
            yield node.name


def _rewritten(tree: Any, views: Views, *, wide: bool) -> Any:
    exp = library("sqlglot", "spark").exp
    for cte in tree.find_all(exp.CTE):
        cte.set("materialized", None)
    defined: Mapping[str, Any] = {cte.alias: cte for cte in tree.find_all(exp.CTE)}

    def one(node: Any) -> Any:
        if isinstance(node, exp.Table):
            return _table(exp, node, views, defined)
        if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.INT128:
            return exp.DataType.build(WHOLE, dialect="spark")
        if isinstance(node, exp.IgnoreNulls):
            return node.this
        if isinstance(node, exp.Anonymous) and node.name.lower() == "hash":
            return exp.Anonymous(this="xxhash64", expressions=node.expressions)
        return node

    found = tree.transform(one)
    for total in list(found.find_all(exp.Sum)) if wide else ():
        total.set("this", exp.cast(total.this, WHOLE, dialect="spark"))
    return found


def _table(exp: Any, node: Any, views: Views, defined: Mapping[str, Any]) -> Any:
    read = node.this
    if isinstance(read, exp.ReadParquet):
        listed = read.expressions[0]
        name = views.file(tuple(item.name for item in (listed.expressions if isinstance(listed, exp.Array) else [listed])))
    else:
        name = node.name if node.name in defined else views.name(node.name)
    return exp.Table(this=exp.to_identifier(name), alias=node.args.get("alias"))
