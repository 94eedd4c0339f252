# CDO Forum. `make` lists the commands.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# An environment is made anew when its pinned requirements change.
$(VENV)/.demo: requirements/base.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version)."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what the forum needs …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.demo
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(VENV)/.demo ## The forum with believable content, on http://127.0.0.1:8000 (PORT=8001 for another port)
	@DJANGO_SETTINGS_MODULE=cdoforum.settings.dev $(BIN)/python manage.py demo --port $(PORT)

test: $(VENV)/.dev ## The tests; DATABASE_URL and REDIS_URL choose PostgreSQL and Redis
	@$(BIN)/python -m pytest -q $(ARGS)

check: $(VENV)/.dev ## Lint, format, types, import contracts, templates, migrations, deploy checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/djlint --quiet --lint templates
	DJANGO_SETTINGS_MODULE=cdoforum.settings.test $(BIN)/python manage.py makemigrations --check --dry-run
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') ALLOWED_HOSTS=forum.example SITE_URL=https://forum.example \
	  DATABASE_URL=postgres://forum@localhost/forum REDIS_URL=redis://localhost EMAIL_URL=smtp://localhost \
	  DEFAULT_FROM_EMAIL=forum@council.example MEDIA_ROOT=/var/lib/forum/media \
	  DJANGO_SETTINGS_MODULE=cdoforum.settings.production $(BIN)/python manage.py check --deploy --fail-level WARNING

deploy-check: $(VENV)/.dev ## Starts deploy/ as it is shipped, behind nginx (DATABASE_URL and REDIS_URL name PostgreSQL and Redis)
	@$(BIN)/python -m pytest -q tests/deploy $(ARGS)

mutate: $(VENV)/.dev ## Breaks access and actions line by line: does a test notice? (FILES="community/access.py")
	@$(BIN)/python -m tests.mutation $(FILES)

bench: $(VENV)/.dev ## Measures the budgets; writes bench/results.json (DATABASE_URL and REDIS_URL as for test)
	@$(BIN)/python -m bench $(ARGS)

format: $(VENV)/.dev ## Puts Python and templates in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

requirements: $(VENV)/.dev ## Pins what pyproject.toml asks for, with hashes, for Python 3.11.0 and newer (needs uv)
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements/base.txt
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group dev pyproject.toml -o requirements/dev.txt

screenshots: $(VENV)/.dev ## Takes the README's pictures anew from a running demo (PORT)
	@$(BIN)/python docs/screenshots.py --port $(PORT) $(ARGS)

.PHONY: help demo test check deploy-check mutate bench format requirements screenshots
