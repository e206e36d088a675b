# make run: everything, from nothing.  make test: all tests.  make help: the rest.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test quick check format format-check lint types contracts clean

VENV := .venv
PY := $(VENV)/bin/python
ROOMS := bot channels router tests docs

# A Python for which the embedded servers exist comes first; any from 3.11 on will do beside servers of your own.
PYTHON ?= $(shell for p in python3 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null && echo $$p && exit; done; echo python3)

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

run: $(VENV)/.embedded ## start everything; Ctrl+C stops it
	@exec $(PY) -m bot up

test: $(VENV)/.test ## run all tests, on real PostgreSQL and Redis
	$(PY) -m pytest $(ARGS)

quick: $(VENV)/.check format-check lint types contracts ## all that needs no server, in less than a minute
	$(PY) -m pytest -m pure

check: $(VENV)/.check format-check lint types contracts ## everything
	$(PY) -m pytest

format: $(VENV)/.check ## write all code in one form
	$(VENV)/bin/ruff format $(ROOMS)
	$(VENV)/bin/ruff check --fix $(ROOMS)

format-check: $(VENV)/.check ## see that all code has that form
	$(VENV)/bin/ruff format --check $(ROOMS)

lint: $(VENV)/.check ## look for mistakes
	$(VENV)/bin/ruff check $(ROOMS)

types: $(VENV)/.check ## check the types
	$(VENV)/bin/mypy

contracts: $(VENV)/.check ## see that imports go one way
	$(VENV)/bin/lint-imports

clean: ## remove what was installed and cached here
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Each extra is installed once, and again when pyproject.toml has changed.
$(VENV)/.embedded $(VENV)/.test $(VENV)/.check: $(VENV)/.%: pyproject.toml | $(VENV)/.made
	@echo "Installing Huiying with the extra $* into $(VENV) ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --editable ".[$*]"
	@touch $@

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Python 3.11 or 3.12 is needed and not here. Debian, Ubuntu: apt install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv is not here. Debian, Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(PY) -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@touch $@
