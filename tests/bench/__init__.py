"""What the engine takes: `make bench`."""
