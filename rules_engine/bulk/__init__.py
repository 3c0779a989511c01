"""Many contracts at once: the same kernel over documents that a database adds up."""
