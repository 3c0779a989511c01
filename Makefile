# Everything runs from a virtual environment in .venv, made from the lock file on first use.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
UV_VERSION := 0.13.9
BIN := .venv/bin
SYNC := UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never $(BIN)/uv sync --quiet --frozen --inexact

.PHONY: demo test check bench docs nightly clean

.venv/uv:
	@test -n "$(PYTHON)" || { echo "Settlewright needs Python 3.11 or newer; none was found" >&2; exit 2; }
	@$(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

.venv/core: .venv/uv uv.lock pyproject.toml
	@$(SYNC) --no-dev
	@touch $@

.venv/everything: .venv/uv uv.lock pyproject.toml
	@$(SYNC) --all-extras
	@touch .venv/core $@

demo: .venv/core  ## settle the shipped example and write its statements
	@$(BIN)/settle demo --out demo

check: .venv/everything  ## style, types, layers, contracts
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --cache-dir .import_linter_cache
	$(BIN)/settle check --strict contracts
	$(BIN)/settle test contracts

test: check  ## everything; ends with what was skipped, by name
	$(BIN)/python -m pytest -n 2 --dist loadfile

bench: .venv/everything  ## what the engine takes: start, parse, check, settle, render, many contracts
	@$(SYNC) --all-extras --group bench
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.clauses
	$(BIN)/python -m tests.bench.targets 1000000 2000

docs: .venv/everything  ## run every code block of the documentation
	$(BIN)/python -m pytest tests/pages

nightly: .venv/everything  ## the same tests with far more generated cases
	HYPOTHESIS_PROFILE=nightly SETTLE_SCENARIOS=10000 $(BIN)/python -m pytest -n 2 --timeout 14400

clean:
	rm -rf .venv demo out build dist
