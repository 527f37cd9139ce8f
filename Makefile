# Every verb sets up whatever it needs first; `make` lists them.
.DEFAULT_GOAL := help
.PHONY: help install train run test test-slow check lint format lock bench clean

BIN := .venv/bin
export RASA_TELEMETRY_ENABLED := false
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

install: ## make .venv from requirements.lock
	@scripts/install

train: install ## train the model, if anything under data/ has changed
	@$(BIN)/nightdesk train --if-changed

run: train ## open the demo shop, the widget and the inbox on http://127.0.0.1:8080
	@$(BIN)/nightdesk serve --demo

test: train ## lint, types, contracts, data and the tests that need no server
	@$(MAKE) --no-print-directory lint
	@$(BIN)/pytest -m "not slow"

test-slow: train ## the tests with a browser, a database server and killed processes
	@$(BIN)/pytest -m slow

check: install ## everything under data/, in seconds
	@$(BIN)/nightdesk check

lint: install ## ruff, mypy, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: install ## let ruff write the layout
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: train ## Nightdesk's turn beside a stock Rasa bot's
	@$(BIN)/python benchmarks/turns.py

lock: ## renew requirements.lock (needs uv)
	@uv pip compile pyproject.toml --all-extras --universal --python-version 3.10 \
		--generate-hashes --no-emit-index-url --no-header -q -o requirements.lock

clean: ## remove models, databases and caches, but not .venv
	@rm -rf models var results .rasa .mypy_cache .ruff_cache .pytest_cache .hypothesis
