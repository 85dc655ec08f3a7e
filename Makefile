# The book is made with `make`, and everything is tested with `make test`. `make help` lists the
# rest. Works with GNU make 3.81 (macOS) and later.

BOOK = manuscript
OUTPUT = dist
PYTHON = python3

VENV := .venv
MAKEREADY := $(VENV)/bin/makeready
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --no-input --quiet
SYSTEM := scripts/makeready/bootstrap/system.py

# Through the environment, a folder's name reaches the command whatever characters it has.
export BOOK OUTPUT
WHERE = --book "$$BOOK" --output "$$OUTPUT"

# -I and -S leave out what the environment adds: nothing here needs it, and it is quicker.
REMAKE = $(VENV)/bin/python -I -S scripts/makeready/bootstrap/remake.py

# Homebrew's libraries are not on the path a Python from elsewhere searches.
ifeq ($(shell uname),Darwin)
LIBRARIES := DYLD_FALLBACK_LIBRARY_PATH="/opt/homebrew/lib:/usr/local/lib:/usr/lib"
endif

.DEFAULT_GOAL := all
.NOTPARALLEL:
.PHONY: all pdf epub cover watch check onix dist-kit explain test quick bench lint format lock clean distclean help

all: $(VENV)/.installed ## Make every edition (the default)
pdf: $(VENV)/.installed ## Make the print PDF and the screen PDF
epub: $(VENV)/.installed ## Make the EPUB and its cover image
cover: $(VENV)/.installed ## Make the cover image and the printed covers alone

all pdf epub cover:
	@$(LIBRARIES) $(REMAKE) $@ $(WHERE) --makeready $(MAKEREADY)

watch: $(VENV)/.installed ## Make every edition, and again whenever something is saved
	@$(LIBRARIES) $(MAKEREADY) watch $(WHERE)

check: all ## Check the finished files
	@$(LIBRARIES) $(MAKEREADY) check $(WHERE)

onix: all ## Tell the trade of the book, in ONIX
	@$(LIBRARIES) $(MAKEREADY) onix $(WHERE)

dist-kit: all ## Make the folder that is uploaded to each printer and store
	@$(LIBRARIES) $(MAKEREADY) kit $(WHERE)

explain: $(VENV)/.installed ## Explain a finding: make explain ID=MAN-001
	@$(LIBRARIES) $(MAKEREADY) explain "$(ID)"

test: lint .reading/.installed ## Run every test, and what lint does
	@$(LIBRARIES) $(PYTHON) $(SYSTEM) test
	@$(LIBRARIES) $(VENV)/bin/pytest

quick: $(VENV)/.installed-dev ## Run the tests that take no more than a moment each
	@$(LIBRARIES) $(VENV)/bin/pytest -m "not slow"

# The whole of it takes an hour; less: make bench PAGES=300 REPEATS=1 ONLY="cold typst" SKIP=all
PAGES = 100 300 1000
REPEATS = 3 counter@1000=1

bench: $(VENV)/.installed-dev .bench/.installed ## Time makeready beside its peers
	@$(LIBRARIES) $(VENV)/bin/python tests/bench/run.py --pages $(PAGES) --repeats $(REPEATS) \
		--only $(ONLY) --skip $(SKIP)

lint: $(VENV)/.installed-dev ## Check style, form and types
	@$(VENV)/bin/ruff check scripts tests
	@$(VENV)/bin/ruff format --check scripts tests
	@$(VENV)/bin/mypy

format: $(VENV)/.installed-dev ## Put the code into its form
	@$(VENV)/bin/ruff check --fix scripts tests
	@$(VENV)/bin/ruff format scripts tests

# The first file is what the book is made with, the second adds the tests' tools to the same
# versions. To take newer versions: make lock UPGRADE=--upgrade
COMPILE = $(VENV)/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url $(UPGRADE)

lock: $(VENV)/.installed-dev ## Write the lock files anew
	@$(COMPILE) --group build --output-file requirements.lock
	@$(COMPILE) --group build --group dev --constraint requirements.lock \
		--output-file requirements-dev.lock
	@$(COMPILE:pyproject.toml=tests/bench/requirements.in) \
		--output-file tests/bench/requirements.lock

clean: ## Take away what was made, and the caches
	@rm -rf .makeready .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@$(PYTHON) scripts/makeready/bootstrap/remake.py clean $(WHERE)

distclean: clean ## Take away the environment too
	@rm -rf $(VENV) .bench .reading

# A target is listed when a "##" and a few words follow it on its line.
help: ## List the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' Makefile | \
		while IFS='|' read -r name words; do printf '  make %-10s %s\n' "$$name" "$$words"; done
	@echo "  with: BOOK=$$BOOK OUTPUT=$$OUTPUT PYTHON=$(PYTHON)"

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(LIBRARIES) $(PYTHON) $(SYSTEM) build
	@echo "Installing what the book is made with (once)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@$(LIBRARIES) $(PYTHON) $(SYSTEM) test
	@echo "Installing what the tests need (once)"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# What the tests open e-books with, locked by hash; nothing of it is run when it is installed.
.reading/.installed: tests/reading/package.json tests/reading/package-lock.json
	@$(LIBRARIES) $(PYTHON) $(SYSTEM) test
	@echo "Installing what e-books are read with (once)"
	@mkdir -p .reading
	@cp tests/reading/package.json tests/reading/package-lock.json .reading
	@cd .reading && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# What makeready is timed beside has an environment of its own.
.bench/.installed: tests/bench/requirements.lock
	@echo "Installing what makeready is timed beside (once)"
	@$(PYTHON) -m venv .bench
	@.bench/bin/python -m pip --disable-pip-version-check --no-input --quiet install \
		--require-hashes -r tests/bench/requirements.lock
	@touch $@
