"""A clause as straight-line arithmetic on scaled integers: one lowering, printed for one row and for columns."""
