"""Statements as workbooks whose totals are formulas over their lines."""
