"""A contract text becomes a program, or everything about it that is unclear is told."""
