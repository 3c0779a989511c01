"""`python -m rules_engine` is `settle`."""

from __future__ import annotations

import sys

from rules_engine.cli.main import main

sys.exit(main())
