# Everything a developer or CI runs. Each target makes its own .venv: Python 3.11 or newer, pip and make are enough.
PYTHON ?= python3
READY := .venv/.ready
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo portal test lint check bench release-check format lock docs screenshots peers clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

$(READY): uv.lock pyproject.toml dev/setup
	@sh dev/setup "$(PYTHON)"
	@touch $@

# Its build looks by itself whether there is anything to do, and is asked only when a file is newer.
PORTAL := src/ghala/portal/dist/.stamp
$(PORTAL): $(READY) hatch_build.py $(shell find portal -path portal/node_modules -prune -o -type f ! -name .build.lock -print)
	@test "$$GHALA_PORTAL" = skip || { $(BIN)/python dev/portal.py build && touch $@; }

portal: $(PORTAL) ## build the portal, if it is not that of its sources

DEMO ?= .demo
SCALE ?= 1
SERVE ?= yes
demo: $(PORTAL) ## make, run and serve the example organisation in DEMO (.demo) at SCALE (1); SERVE=no ends before
	@test "$(DEMO)" != .demo || rm -rf .demo
	@echo 'note: `ghala` is $(BIN)/ghala here' >&2
	@$(BIN)/ghala demo "$(DEMO)" --scale $(SCALE) $(if $(filter no,$(SERVE)),--no-serve)

test: $(PORTAL) ## run the tests, without the long fault forms
	$(BIN)/pytest -q -n 2 --dist worksteal -m "not long"

lint: $(READY) ## format, style, types, import contracts, spelling, lock; the portal's likewise
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/python dev/lock.py --check
	$(BIN)/python dev/portal.py check

check: lint test ## all that CI runs: lint, tests, and that generated pages are current
	$(BIN)/python dev/docs.py --check

bench: $(READY) ## measure against the peers and write docs/reference/benchmarks.md
	$(BIN)/python -m benchmarks

release-check: check ## check, the long fault forms and the benchmarks
	$(BIN)/pytest -q -n 2 -m long -rP
	$(MAKE) bench

format: $(READY) ## format the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python dev/portal.py format

lock: $(READY) ## bring uv.lock up to date with pyproject.toml, and the portal's lock with its package.json
	$(BIN)/python dev/lock.py
	$(BIN)/python dev/portal.py lock

docs: $(READY) ## write the generated pages of docs/reference, and the portal's types of the API
	$(BIN)/python dev/docs.py

screenshots: $(PORTAL) ## make pictures of every page of the portal, in both themes and three widths, into docs/screenshots
	$(BIN)/python dev/screenshots.py

PEERS := .peers/.ready
$(PEERS): dev/peers dev/peers.txt $(READY)
	@sh dev/peers
	@touch $@

peers: $(PEERS) ## install an older DuckDB that makes the data and queries of TPC-DS and TPC-H, for the tests

clean: ## remove .venv, the demo and caches
	rm -rf .venv .peers .demo portal/node_modules src/ghala/portal .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
