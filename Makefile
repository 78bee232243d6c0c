# The project's verbs. Each of them works from a clean clone: manage.py makes the environment first.
.DEFAULT_GOAL := help
.PHONY: help run install test test-postgres test-browser check bench fuzz hostile screenshots format lock
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
export PORT

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

run: ## Prepare everything and serve on http://127.0.0.1:$(PORT)
	@$(PYTHON) manage.py up

install: ## Make .venv with all that the tests need
	@$(PYTHON) manage.py install dev

test: install ## The suite on SQLite, without a browser
	@$(BIN)/python -m pytest -n auto -m "not browser"

test-postgres: install ## What asks the database, but for the slow, on PostgreSQL; needs KENALI_TEST_POSTGRES_URL
	@test -n "$$KENALI_TEST_POSTGRES_URL" || { \
		echo "KENALI_TEST_POSTGRES_URL is not set: the PostgreSQL suite did not run."; \
		test -z "$$KENALI_TEST_REQUIRE_ALL"; exit $$?; }; \
	DATABASE_URL="$$KENALI_TEST_POSTGRES_URL" $(BIN)/python -m pytest -n auto \
		-m "not browser and (not slow or postgres)"

test-browser: install ## The tests in a real browser; needs Chromium (KENALI_CHROMIUM)
	@DJANGO_ALLOW_ASYNC_UNSAFE=true $(BIN)/python -m pytest -m browser -n 0

check: install ## Everything that must hold before a change is kept
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	git ls-files -z --cached --others --exclude-standard -- 'templates/*.html' 'templates/*.txt' \
		| xargs -0 -r $(BIN)/djade --target-version 5.2 --check
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python manage.py check_content
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m tests.harness.deploy_check
	@$(MAKE) --no-print-directory test
	@$(MAKE) --no-print-directory test-browser
	@$(MAKE) --no-print-directory test-postgres

bench: install ## Measure what the budgets in tests/benchmarks promise
	@$(BIN)/python -m pytest tests/benchmarks -m benchmark -p no:randomly -n 0 -s

fuzz: install ## Send 100,000 random and spoilt answers to every kind of item
	@$(BIN)/python -m tests.harness.fuzz_answers --posts 100000

hostile: install ## Write 10,000 hostile cells into files and read them back
	@KENALI_TEST_LONG=1 $(BIN)/python -m pytest tests/modules/test_export_files.py -n 0 -q

screenshots: install ## Take the pictures of the README anew
	@$(BIN)/python -m tests.harness.screenshots

format: install ## Put all code and templates into the agreed shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	git ls-files -z --cached --others --exclude-standard -- 'templates/*.html' 'templates/*.txt' \
		| xargs -0 -r $(BIN)/djade --target-version 5.2

UV_LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate pyproject.toml

lock: install ## Renew requirements/*.txt from pyproject.toml
	$(UV_LOCK) --extra postgres --extra dev -o requirements/dev.txt
	$(UV_LOCK) --extra postgres -c requirements/dev.txt -o requirements/postgres.txt
	$(UV_LOCK) -c requirements/dev.txt -o requirements/runtime.txt
