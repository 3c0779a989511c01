"""The closed list of what a query of the measure plan may say, on every engine.

A query that says anything else is not printed for another engine: `/`, rounding, averages and floating numbers are not in the
list, so they can not come in unseen. Every function has a test on every engine against Python's whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

DIGITS = 38
"""The digits of a sum; one more raises."""


@dataclass(frozen=True, slots=True)
class Function:
    """A word of the plan: its nodes in the tree of a query, what it gives, and whether a result may be too long: then it
    raises, on every engine."""

    name: str
    nodes: tuple[str, ...]
    gives: str
    raises: bool = False


FUNCTIONS = (
    Function("and", ("And",), "truth; NULL where neither side decides"),
    Function("or", ("Or",), "truth; NULL where neither side decides"),
    Function("not", ("Not",), "truth"),
    Function("=", ("EQ",), "truth"),
    Function("<>", ("NEQ",), "truth"),
    Function("<", ("LT",), "truth"),
    Function("<=", ("LTE",), "truth"),
    Function(">", ("GT",), "truth"),
    Function("is null", ("Is",), "truth, never NULL"),
    Function("in", ("In",), "truth"),
    Function("case", ("Case", "If"), "the type of its branches"),
    Function("coalesce", ("Coalesce",), "the type of its parts; zero for a sum over nothing"),
    Function("cast", ("Cast",), "the type named: a whole number, a decimal, a day or a text", raises=True),
    Function("+", ("Add",), "a whole number: the marks of blank columns, at most 62 of them", raises=True),
    Function("-", ("Neg",), "a whole number: the code of what no line has"),
    Function("*", ("Mul",), "a whole number of at most 38 digits; one side is widened first", raises=True),
    Function("sum", ("Sum",), "a whole number of at most 38 digits; NULL over nothing", raises=True),
    Function("count", ("Count",), "a whole number of 64 bits; 0 over nothing"),
    Function("max", ("Max",), "the type of its column; NULL over nothing"),
    Function("filter", ("Filter",), "the type of what is filtered"),
    Function("bool_or", ("LogicalOr",), "truth; NULL over nothing"),
    Function("any_value", ("AnyValue", "IgnoreNulls"), "the type of its column"),
    Function("hash", ("Anonymous:hash",), "a number of 64 bits that only tells rows apart"),
    Function("rtrim", ("Trim",), "a text"),
    Function("row_number", ("RowNumber",), "a whole number from 1"),
)
STRUCTURE = frozenset(
    {
        "Select", "From", "Join", "Where", "Having", "Group", "With", "CTE", "Subquery", "Table", "TableAlias", "Alias", "Column",
        "Identifier", "Star", "Literal", "Null", "Boolean", "Paren", "Union", "Distinct", "Order", "Ordered", "Window", "DataType",
        "DataTypeParam", "Limit", "ReadParquet", "Var", "Array",
    }
)  # fmt: skip
"""The frame of a query: what it reads, joins, groups and names."""
TYPES = frozenset({"BOOLEAN", "SMALLINT", "INT", "BIGINT", "INT128", "DECIMAL", "TEXT", "VARCHAR", "DATE"})
"""The types a value may be cast to; no floating number is among them."""
MEASURING = frozenset(node for function in FUNCTIONS for node in function.nodes) | STRUCTURE
