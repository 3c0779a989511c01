"""The exit codes of `settle`."""

from __future__ import annotations

DONE, FINDINGS, UNUSABLE = 0, 1, 2
INTERRUPTED = 130
PIPE_CLOSED = 141
