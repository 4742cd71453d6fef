# make build: set up and do the main job. make test: set up and run every test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
PACKAGES := $(VENV)/.npm-ready

.PHONY: build test lint bench setup bundle clean

build: setup
	$(BIN)/parksite build

test: setup
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

bench: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,bench]'
	$(BIN)/python -m benchmarks

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python hatch_build.py npm run --silent lint

setup: bundle

# the map's scripts and styles, made anew where they are not up to date
bundle: $(STAMP) $(PACKAGES)
	$(BIN)/python hatch_build.py

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c "import sys; sys.exit('parksite needs Python 3.11 or later' if sys.version_info < (3, 11) else 0)"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $(STAMP)

$(PACKAGES): maps/web/package-lock.json | $(STAMP)
	$(BIN)/python hatch_build.py npm ci --loglevel=error
	touch $(PACKAGES)

clean:
	rm -rf $(VENV) maps/gallery maps/web/dist maps/web/node_modules
