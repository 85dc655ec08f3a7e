# `make` builds the book, `make test` runs all tests, `make help` lists the rest. Works with GNU
# make 3.81 (macOS) and later.

BOOK = manuscript
OUTPUT = dist
SINCE =
PYTHON = python3

VENV := .venv
MAKEREADY := $(VENV)/bin/makeready
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --no-input --quiet
SYSTEM := scripts/makeready/bootstrap/system_packages.py

# Passed through the environment, folder names may contain any character.
export BOOK OUTPUT SINCE
WHERE = --book "$$BOOK" --output "$$OUTPUT"

# -I and -S ignore the environment and site-packages: up_to_date.py needs neither, and starts faster.
REMAKE = $(VENV)/bin/python -I -S scripts/makeready/bootstrap/up_to_date.py

# A Python that is not Homebrew's does not search Homebrew's libraries.
ifeq ($(shell uname),Darwin)
LIBRARIES := DYLD_FALLBACK_LIBRARY_PATH="/opt/homebrew/lib:/usr/local/lib:/usr/lib"
endif

.DEFAULT_GOAL := all
.NOTPARALLEL:
.PHONY: all pdf epub cover watch preview check proof onix dist-kit site docs explain test long quick bench compare mutants fuzz lint format lock clean distclean help

all: $(VENV)/.installed ## Build every edition (the default)
pdf: $(VENV)/.installed ## Build the print PDF and the screen PDF
epub: $(VENV)/.installed ## Build the EPUB and its cover image
cover: $(VENV)/.installed ## Build the cover image and the printed covers only

all pdf epub cover:
	@$(LIBRARIES) $(REMAKE) $@ $(WHERE) --makeready $(MAKEREADY)

watch: $(VENV)/.installed ## Build every edition, and again on every save
	@$(LIBRARIES) $(MAKEREADY) watch $(WHERE)

preview: $(VENV)/.installed ## Show the book in a browser, and follow every save
	@$(LIBRARIES) $(MAKEREADY) preview --book "$$BOOK"

check: all ## Check the finished files
	@$(LIBRARIES) $(MAKEREADY) check $(WHERE)

# SINCE is a revision in git, such as a tag.
proof: $(VENV)/.installed ## Make proofs with lines, queries and changes: make proof SINCE=v1.0
	@$(LIBRARIES) $(MAKEREADY) proof $(WHERE) --since "$$SINCE"

onix: all ## Write ONIX metadata for the book trade
	@$(LIBRARIES) $(MAKEREADY) onix $(WHERE)

dist-kit: all ## Make an upload folder for each printer and store
	@$(LIBRARIES) $(MAKEREADY) kit $(WHERE)

site: $(VENV)/.installed ## Make a web site of the book
	@$(LIBRARIES) $(MAKEREADY) site $(WHERE)

docs: $(VENV)/.installed ## Build the manual into dist/manual: PDF, EPUB, web site
	@$(LIBRARIES) $(REMAKE) all --book docs/manual --output "$$OUTPUT/manual" --makeready $(MAKEREADY)
	@$(LIBRARIES) $(MAKEREADY) site --book docs/manual --output "$$OUTPUT/manual"

explain: $(VENV)/.installed ## Explain a finding: make explain ID=MAN-001
	@$(LIBRARIES) $(MAKEREADY) explain "$(ID)"

test: lint .reading/.installed ## Run lint and all tests but those marked long
	@$(LIBRARIES) $(PYTHON) $(SYSTEM) test
	@$(LIBRARIES) $(VENV)/bin/pytest -m "not long"

long: $(VENV)/.installed-dev ## Run the tests marked long
	@$(LIBRARIES) $(VENV)/bin/pytest -m long

quick: $(VENV)/.installed-dev ## Run the tests that are not marked slow or long
	@$(LIBRARIES) $(VENV)/bin/pytest -m "not slow and not long"

# The full run takes an hour. A shorter run: make bench PAGES=300 REPEATS=1 ONLY="cold typst"
PAGES = 100 300 1000
REPEATS = 3 counter@1000=1

bench: $(VENV)/.installed-dev .bench/.installed ## Compare the speed with other programs
	@$(LIBRARIES) $(VENV)/bin/python tests/bench/run.py --pages $(PAGES) --repeats $(REPEATS) \
		--only $(ONLY) --skip $(SKIP)

# A fault takes some two seconds, and a module has about fifty.
mutants: $(VENV)/.installed-dev ## List seeded faults that no test sees: make mutants MODULES="book/roman"
	@$(LIBRARIES) $(VENV)/bin/python tests/mutants/seed_faults.py $(MODULES)

# A failing input is kept in .hypothesis/fuzz and tried first in the next run.
EXAMPLES = 10000

fuzz: $(VENV)/.installed-dev ## Try random input for as long as you like: make fuzz EXAMPLES=100000
	@$(LIBRARIES) FUZZ_EXAMPLES=$(EXAMPLES) $(VENV)/bin/pytest tests/fuzz

REVISION = HEAD

compare: $(VENV)/.installed-dev ## Compare the books with those that another revision makes
	@$(LIBRARIES) $(VENV)/bin/python tests/bench/compare_artefacts.py $(REVISION)

lint: $(VENV)/.installed-dev ## Check style, formatting and types
	@$(VENV)/bin/ruff check scripts tests
	@$(VENV)/bin/ruff format --check scripts tests
	@$(VENV)/bin/mypy

format: $(VENV)/.installed-dev ## Format the code
	@$(VENV)/bin/ruff check --fix scripts tests
	@$(VENV)/bin/ruff format scripts tests

# The first file locks the packages for the build, the second adds those for the tests. For newer
# versions: make lock UPGRADE=--upgrade
COMPILE = $(VENV)/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url $(UPGRADE)

lock: $(VENV)/.installed-dev ## Update the lock files
	@$(COMPILE) --group build --output-file requirements.lock
	@$(COMPILE) --group build --group dev --constraint requirements.lock \
		--output-file requirements-dev.lock
	@$(COMPILE:pyproject.toml=tests/bench/requirements.in) \
		--output-file tests/bench/requirements.lock

clean: ## Delete the built files and the caches of the tests
	@rm -rf .makeready .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@$(PYTHON) scripts/makeready/bootstrap/up_to_date.py clean $(WHERE)
	@$(PYTHON) scripts/makeready/bootstrap/up_to_date.py clean --book docs/manual --output "$$OUTPUT/manual"

distclean: clean ## Delete the environment too
	@rm -rf $(VENV) .bench .reading

# A target is listed if its line ends in "##" and a description.
help: ## List the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' Makefile | \
		while IFS='|' read -r name words; do printf '  make %-10s %s\n' "$$name" "$$words"; done
	@echo "  with: BOOK=$$BOOK OUTPUT=$$OUTPUT PYTHON=$(PYTHON)"

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(LIBRARIES) $(PYTHON) $(SYSTEM) build
	@echo "Installing the packages for the build (once)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@$(LIBRARIES) $(PYTHON) $(SYSTEM) test
	@echo "Installing the packages for the tests (once)"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# The reading engines for the tests, locked by hash; no install scripts are run.
.reading/.installed: tests/reading/package.json tests/reading/package-lock.json
	@$(LIBRARIES) $(PYTHON) $(SYSTEM) test
	@echo "Installing the reading engines for the tests (once)"
	@mkdir -p .reading
	@cp tests/reading/package.json tests/reading/package-lock.json .reading
	@cd .reading && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# The programs for the benchmark have an environment of their own.
.bench/.installed: tests/bench/requirements.lock
	@echo "Installing the programs for the benchmark (once)"
	@$(PYTHON) -m venv .bench
	@.bench/bin/python -m pip --disable-pip-version-check --no-input --quiet install \
		--require-hashes -r tests/bench/requirements.lock
	@touch $@
