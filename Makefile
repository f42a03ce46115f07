# 与风景对话. `make run` starts the page, `make test` runs every test; both set up what is missing.
PYTHON ?= python3
BIN := .venv/bin
DATA := $(wildcard knowledge/data/*.* knowledge/data/cities/*)

.PHONY: run setup test quick check bench screenshots clean

run: setup
	@$(BIN)/fengjing ui

setup: .venv/.base
	@$(BIN)/fengjing model pull
	@$(BIN)/fengjing knowledge build --if-needed

.venv/.base: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, this is " + sys.version.split()[0] + "; try make PYTHON=python3.11")'
	@echo "Setting up .venv: about 1.3 GB of packages, then 0.5 GB for the model (once)."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/.dev: .venv/.base
	@echo "Adding what the tests need (torch among it): about 1.5 GB."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,tune,documents,server]'
	@touch $@

test: setup .venv/.dev
	@$(BIN)/python -m pytest

quick: .venv/.dev
	@$(BIN)/python -m pytest -m "not slow and not browser"

check: .venv/.dev
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/fengjing knowledge check

bench: setup .venv/.dev
	@$(BIN)/python -m tests.bench

clean:
	rm -rf .venv build *.egg-info
