"""The codes of all findings, one module an area; `rules_engine.diagnostics.catalogue` joins them."""
