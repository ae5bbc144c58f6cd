PORT ?= 8000
HOST ?= 127.0.0.1
# Demo data are for this machine alone; elsewhere only whoever says DEMO=1 gets them.
DEMO ?= $(if $(SITE_URL)$(ALLOWED_HOSTS)$(filter-out 127.0.0.1 localhost ::1,$(HOST)),,1)
VENV := .venv
PYTHON := $(VENV)/bin/python
MANAGE := $(PYTHON) manage.py
PIP := $(PYTHON) -m pip install --quiet --disable-pip-version-check
UV := uv==0.13.9
MUTMUT := mutmut==3.8.1
LOCK := $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header
CATALOGUE := tests/architecture/test_catalogue.py
TEMPLATES := templates evaluation/templates
SCRIPTS := evaluation/static/evaluation/js
LINT = $(MAKE) --no-print-directory lint  # by another name: `make -n` would run a recipe with that variable in it

.PHONY: run test test-long one-database check bench bench-nation lint mutants fmt messages lock clean test-programs
.DEFAULT_GOAL := run

# Each candidate is run: a pyenv shim may be on the path and still refuse to start. The system's own comes first: it is built
# with optimizations that pyenv leaves out, and a third faster.
define FIND_PYTHON
for python in /usr/bin/python3.1[3-9] /usr/bin/python3.12 python3.13 python3.12 python3 python \
    "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.1[3-9]*/bin/python "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.12*/bin/python \
    "$${UV_PYTHON_INSTALL_DIR:-$$HOME/.local/share/uv/python}"/cpython-3.1[2-9]*/bin/python3; do \
  if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then found=$$python; break; fi; \
done; \
if [ -z "$$found" ]; then \
  echo "No Python 3.12 or newer with its venv module was found: install python3 and python3-venv, or run 'pyenv install 3.13' or 'uv python install 3.13'." >&2; \
  exit 1; \
fi
endef

run: $(VENV)/.installed
	@DEMO=$(DEMO) $(MANAGE) serve --prepare --host $(HOST) --port $(PORT)

# Five workers and the processes that tests start read what the first has compiled.
test check one-database: export PYTHONDONTWRITEBYTECODE :=

# Databases, clusters and thousands of files that live for a second: in memory, where it has 4 GiB for them.
test test-long one-database: export TMPDIR := $(shell df --output=avail /dev/shm 2>/dev/null | \
  awk '$$1 > 4194304 { print "/dev/shm"; exit }' | grep . || echo $${TMPDIR:-/tmp})

# PostgreSQL is tried by one process while lint runs on the other core, then beside two for SQLite: each further process
# imports everything and walks through the year once more; what it has to say is shown at the end, whatever became of the
# rest. The check for untranslated messages belongs to lint: the tests on SQLite need not repeat it. Figures: docs/testing.md.
test: $(VENV)/.installed-dev test-programs
	@log=$$(mktemp); \
	$(PYTHON) -m tests.postgres -- $(PYTHON) -m pytest -n 1 --dist loadgroup >$$log 2>&1 & run=$$!; \
	trap 'kill $$run 2>/dev/null; rm -f $$log' EXIT; trap 'exit 130' INT TERM; \
	$(LINT) || exit 1; \
	echo "Tests on SQLite:"; $(PYTHON) -m pytest -n 2 --dist loadgroup --beside-postgresql --ignore $(CATALOGUE); sqlite=$$?; \
	wait $$run; postgres=$$?; echo "Tests on PostgreSQL:"; cat $$log; \
	[ $$sqlite -eq 0 ] && [ $$postgres -eq 0 ]

# What to run before each commit: lint, and all tests but those of the browser, of LibreOffice and of PostgreSQL.
check: $(VENV)/.installed-dev lint
	@$(PYTHON) -m pytest -q -n 2 --dist loadgroup -m "not browser and not office and not long" --ignore $(CATALOGUE)

# What takes more than a usual run gains by it: everything on PostgreSQL, tests marked `long`, and a thousand examples of
# every property. Hours.
test-long: $(VENV)/.installed-dev test-programs
	@$(PYTHON) -m tests.postgres -- $(PYTHON) -m pytest -n 2 --dist loadgroup --repeat-all
	@HYPOTHESIS_PROFILE=long $(PYTHON) -m pytest -n 3 --dist loadgroup -m "long or hypothesis"

# Which tests send one of the databases nothing that others do not send: tests/one_database.txt and left_to_postgresql.txt
# are written anew. Three quarters of an hour.
one-database: NOTING = -m pytest -p tests.statements -q -n 2 --dist loadgroup --repeat-all
one-database: $(VENV)/.installed-dev test-programs
	@notes=$$(mktemp -d); trap 'rm -r $$notes' EXIT; \
	STATEMENTS=$$notes/postgresql $(PYTHON) -m tests.postgres -- $(PYTHON) $(NOTING) \
	&& STATEMENTS=$$notes/sqlite $(PYTHON) $(NOTING) --beside-postgresql --ignore $(CATALOGUE) \
	&& $(PYTHON) -m tests.statements $$notes/postgresql $$notes/sqlite

# Speed as ratios, on SQLite and PostgreSQL; takes some minutes, wants an idle machine and writes docs/benchmarks.md.
bench: $(VENV)/.installed-dev test-programs
	@$(PYTHON) -m tests.benchmarks

# A nation copied from one province, on PostgreSQL: pages, searches, verbs and closing. NATION="--agencies 64 --provinces 31
# --years 10" is the whole one; the usual size takes some minutes. Writes docs/benchmarks.md.
bench-nation: $(VENV)/.installed-dev test-programs
	@$(PYTHON) -m tests.benchmarks.nation $(NATION)

lint: $(VENV)/.installed-dev
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(VENV)/bin/djhtml --check $(TEMPLATES)
	@$(VENV)/bin/oxlint --quiet $(SCRIPTS)
	@$(VENV)/bin/lint-imports
	@$(VENV)/bin/mypy
	@$(MANAGE) makemigrations --check --dry-run
	@folder=$$(mktemp -d) && DATA_DIR=$$folder SITE_URL=https://evaluation.example.ir SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(60))') \
	  $(MANAGE) check --deploy --fail-level WARNING && rm -r $$folder
	@$(PYTHON) -m pytest -q --no-header $(CATALOGUE)

# Each small change of evaluation/scoring, tried against tests/scoring, then 300 of those of evaluation/rules against the
# tests that reach them (another sample: `python -m tests.mutation --seed word`). Half an hour each, not part of the tests.
# What survives in scoring is told by `.venv/bin/mutmut show NAME`; docs/testing.md says what was found.
mutants: $(VENV)/.installed-dev
	@$(PIP) $(MUTMUT)
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" HYPOTHESIS_PROFILE=mutants nice -n 19 $(VENV)/bin/mutmut run --max-children 2
	@$(VENV)/bin/mutmut results
	@nice -n 19 $(PYTHON) -m tests.mutation

fmt: $(VENV)/.installed-dev
	@$(PYTHON) -m ruff check --quiet --fix --exit-zero .
	@$(PYTHON) -m ruff format .
	@$(VENV)/bin/djhtml $(TEMPLATES)

# The catalogues follow the sources: places and new texts. Their Persian is written by hand after that.
messages: $(VENV)/.installed-dev
	@$(PYTHON) -m tests.messages

# After a change of requirements.in or requirements-dev.in. What is locked already keeps its version.
lock: $(VENV)/.made
	@$(PIP) $(UV)
	@$(LOCK) --output-file requirements.txt requirements.in
	@$(LOCK) --constraint requirements.txt --output-file requirements-dev.txt requirements-dev.in

# Debian's programs that some tests drive: package and a command of it. The scanner is light only where no service
# manager would start it: it would fetch all signatures and keep a gigabyte of memory.
test-programs:
	@missing=""; \
	command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
	  || missing="$$missing $$(apt-cache show chromium-headless-shell >/dev/null 2>&1 && echo chromium-headless-shell || echo chromium)"; \
	command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	command -v xgettext >/dev/null || missing="$$missing gettext"; \
	command -v soffice >/dev/null || missing="$$missing libreoffice-calc"; \
	command -v pdftotext >/dev/null || missing="$$missing poppler-utils"; \
	command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing="$$missing nginx-light"; \
	command -v clamd >/dev/null || ls /usr/sbin/clamd >/dev/null 2>&1 || [ -d /run/systemd/system ] || missing="$$missing clamav-daemon"; \
	[ -z "$$missing" ] && exit 0; \
	if command -v apt-get >/dev/null; then \
	  if [ "$$(id -u)" = 0 ]; then as_root="env"; elif sudo -n true 2>/dev/null; then as_root="sudo -n env"; fi; \
	fi; \
	if [ -n "$$as_root" ]; then \
	  echo "Installing for the tests:$$missing"; \
	  { $$as_root apt-get update -qq; $$as_root DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; } >/dev/null \
	    || echo "apt-get could not install all of:$$missing. The tests that need them are left out."; \
	else \
	  echo "Not installed, and neither root nor sudo is at hand:$$missing. The tests that need them are left out:"; \
	  echo "  chromium: tests/browser; postgresql: the second run of all tests; gettext: the check for untranslated messages;"; \
	  echo "  libreoffice-calc: workbooks that LibreOffice has saved; poppler-utils: what is printed in PDF; clamav-daemon: infected uploads;"; \
	  echo "  nginx-light: the web server behind nginx."; \
	fi

clean:
	rm -rf $(VENV) var mutants .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	@$(FIND_PYTHON); "$$found" -m venv $(VENV)
	@touch $@

$(VENV)/.installed: requirements.txt $(VENV)/.made
	@echo "Installing requirements.txt …"
	@$(PIP) --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.made
	@echo "Installing requirements-dev.txt …"
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@
