# `make site` and `make test` do all the set-up they need, on a machine with python3 (and its venv) and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help site test test-all serve bench lock clean

help:
	@echo "make site      build/catalog.sqlite, the pages, build/site/index.html"
	@echo "make test      lint, types and tests"
	@echo "make test-all  the same over every page, with the long checks"
	@echo "make serve     the site on localhost, rebuilt on change"
	@echo "make bench     benchmarks as a table of ratios"
	@echo "make lock      resolve the locked versions again"
	@echo "make clean     remove what was built"

$(READY): requirements/all.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/all.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)

site/node_modules/.package-lock.json: $(READY) site/package-lock.json
	$(BIN)/python scripts/install_packages.py

site: $(READY) site/node_modules/.package-lock.json
	$(BIN)/python scripts/build_site.py

test test-all: $(READY) site/node_modules/.package-lock.json
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python scripts/build_site.py
	$(BIN)/pytest -n 2 --dist loadgroup $(if $(filter test-all,$@),-m "long or not long")

serve: $(READY) site/node_modules/.package-lock.json
	$(BIN)/python scripts/serve.py

bench: $(READY)
	$(BIN)/python scripts/bench.py
	$(BIN)/python scripts/bench_site.py

# Versions and hashes only, no addresses of package registries.
lock:
	uv pip compile --quiet pyproject.toml --all-extras --generate-hashes --no-emit-index-url --no-header \
		--universal --python-version 3.11 --output-file requirements/all.txt
	cd site && npm install --ignore-scripts --omit-lockfile-registry-resolved
	cd scripts/lighthouse && npm install --ignore-scripts --omit-lockfile-registry-resolved

clean:
	rm -rf build dist
