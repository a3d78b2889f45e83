# SPDX-License-Identifier: Apache-2.0
# Two commands for newcomers: `make demo` and `make test`. Each does all of its own set-up.
.PHONY: help demo test check fuzz lint type arch docs bench clean setup-demo setup-test lock
.DEFAULT_GOAL := help
PY := .venv/bin/python
export PYTHONDONTWRITEBYTECODE := 1

help: ## Show what there is.
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup-demo ## Collect from this machine and simulated devices, judge, publish. SERVE=1 serves the portal.
	@$(PY) -m plantproof.cli demo --dir demo-out $(if $(SERVE),--serve,)

test: setup-test ## Run every check and every test, on real parts.
	@$(MAKE) --no-print-directory lint type arch docs
	@$(PY) -m pytest -n 2 --dist loadgroup --cov --cov-report=term:skip-covered --cov-report=

check: test ## The same as `make test`: what continuous integration runs.

fuzz: setup-test ## Property tests with fresh random input, many times as much.
	@$(PY) -m pytest -n 2 -m "not integration" --hypothesis-profile=fresh

lint: setup-test ## Style, of Python and shell, and spelling.
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/codespell catalog checks profiles site *.md
	@shellcheck -s sh scripts/*.sh collectors/roles/*/files/*.sh

type: setup-test ## Types, strictly.
	@.venv/bin/mypy

arch: setup-test ## Which room may import which.
	@.venv/bin/lint-imports

docs: setup-test ## Build the documentation, strictly.
	@NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --quiet --strict

bench: setup-test ## Benchmarks against peers; they print ratios.
	@for file in benchmarks/*.py; do echo "== $$file"; $(PY) $$file; done

lock: setup-test ## Pin the libraries anew (hashes, no index hosts).
	@scripts/lock.sh

clean: ## Remove everything that was made here.
	rm -rf .venv demo-out dist site/build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*

setup-demo:
	@scripts/setup.sh demo

setup-test:
	@scripts/setup.sh test
