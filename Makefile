# Two commands matter: “make run” and “make test”. The rest is for those who work on Redress.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Given on the command line or in the environment, these reach the program: make run PORT=8123 REDRESS_HOME=DIR
ifdef PORT
export PORT
endif
ifdef REDRESS_HOME
export REDRESS_HOME
endif

.PHONY: help run install test lint trials bench lock docs clean

help:
	@echo "make run       start Redress here (PORT=8123 REDRESS_HOME=DIR choose the port and the folder of data)"
	@echo "make install   set up only; the command then stands at $(BIN)/redress"
	@echo "make test      run every test and check (FOLDERS=\"rulebook records\" runs only those)"
	@echo "make lint      only lint, format, types, imports and migrations"
	@echo "make trials    the long counts: random kills during the main job, seeded and resumable"
	@echo "make bench     the benchmarks; each prints a ratio"
	@echo "make lock      pin what the dependencies bring along, with digests, after changing pyproject.toml"
	@echo "make docs      write the generated pages of docs/reference and dotenv-sample"

run: install
	@exec $(BIN)/redress run

install:
	@$(PYTHON) tools/install.py

test:
	@$(PYTHON) tools/install.py --dev
	@$(BIN)/python tools/run_tests.py $(FOLDERS)

lint:
	@$(PYTHON) tools/install.py --dev
	@$(BIN)/python tools/run_tests.py --checks-only

trials:
	@$(PYTHON) tools/install.py --dev
	@$(BIN)/python -m trials $(ARGS)

bench:
	@$(PYTHON) tools/install.py --dev
	@for one in bench/*.py; do $(BIN)/python $$one $(ARGS) || exit 1; done

lock:
	@$(PYTHON) tools/install.py --dev
	@$(BIN)/python tools/lock.py

docs:
	@$(PYTHON) tools/install.py --dev
	@$(BIN)/python tools/write_docs.py

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
