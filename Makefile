# The portal's commands. `make demo` needs Python 3.11 or newer and nothing else; `make test` fetches the rest.

PYTHON := $(shell for python in python3.13 python3.12 python3.11 python3 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
CHROMIUM := $(shell for name in chromium chromium-browser google-chrome; do command -v $$name && break; done; \
	ls -d /Applications/Chromium.app "/Applications/Google Chrome.app" 2>/dev/null | head -n 1)
MANAGE := .venv/bin/python manage.py
CODE := opinovi network projects guidance manage.py

# What `manage.py check --deploy` looks at: the settings of a real portal.
PRODUCTION := OPINOVI_ADDRESS=https://ohjaus.example.fi OPINOVI_CONTACT_EMAIL=palaute@example.fi \
	OPINOVI_SECRET_KEY=an-example-of-fifty-letters-that-no-real-portal-may-ever-use \
	DATABASE_URL=postgres://opinovi:word@db.example.fi/opinovi EMAIL_URL=smtp+tls://opinovi:word@mail.example.fi:587

.PHONY: demo test check bench bench-many open-data clean browser lint types deployment migrations templates translations
.SILENT:

demo: .venv/.runtime
	exec $(MANAGE) demo $(if $(PORT),--port $(PORT)) $(if $(DATA),--data $(DATA))

test: .venv/.development browser
	.venv/bin/pytest -n 2 --dist loadfile $(ARGS)

check: lint types deployment migrations templates translations

bench-many: .venv/.development
	.venv/bin/python -m tests.bench.many $(if $(JSON),--json $(JSON)) $(ARGS)

bench: .venv/.development
	.venv/bin/python -m tests.bench $(if $(JSON),--json $(JSON))

open-data: .venv/.development # VALIDATOR: a program that walks the open data of the portal whose address it is given
	.venv/bin/python -m tests.open_data $(VALIDATOR)

clean: # everything that is made anew by itself; the demo's data and .venv stay
	rm -rf .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis static-collected test-results
	find $(CODE) tests \( -name __pycache__ -o -name '*.mo' \) -prune -exec rm -rf {} +

lint: .venv/.development
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: .venv/.development
	.venv/bin/mypy $(CODE)

deployment: .venv/.development
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

migrations: .venv/.development
	OPINOVI_DATA=.cache/check $(MANAGE) database start >/dev/null
	OPINOVI_DATA=.cache/check $(MANAGE) makemigrations --check --dry-run; status=$$?; \
		OPINOVI_DATA=.cache/check $(MANAGE) database stop >/dev/null; exit $$status

templates: .venv/.development
	.venv/bin/djangofmt --check templates

translations: .venv/.development
	$(MANAGE) translations check

# Installed again only when the lock has changed.

.venv/.runtime: requirements.lock | .venv/bin/pip
	echo "Installing what the portal needs; this takes about half a minute."
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

.venv/.development: requirements-dev.lock | .venv/bin/pip
	echo "Installing what tests and checks need; this takes about a minute."
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

.venv/bin/pip:
	test -n "$(PYTHON)" || { echo "Opinovi needs Python 3.11 or newer: install it and try again." >&2; exit 1; }
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(call apt,$(notdir $(PYTHON))-venv)
	$(PYTHON) -m venv --clear .venv

browser:
	test -n "$(CHROMIUM)" || $(call apt,chromium)

# Debian's packages, as root or with a sudo that asks nothing; otherwise a sentence.
define apt
{ command -v apt-get >/dev/null && if [ "$$(id -u)" = 0 ]; then as=; else as="sudo -n"; $$as true; fi 2>/dev/null && \
	echo "Installing Debian's $(1)." && $$as apt-get update -qq && \
	$$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1) >/dev/null; } || \
	{ echo "$(1) is missing: install it (Debian, Ubuntu: apt install $(1)) and try again." >&2; exit 1; }
endef
