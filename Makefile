# Two front doors and a bench. Everything else is the `trellis` command in .venv/bin.

PYTHON ?= python3
PORT ?= 8000

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PEER := .bench/pybkt

.PHONY: demo test bench browser

# A simulated school, served with its pages. Ctrl-C ends it; a second run reuses what is there.
demo: $(VENV)/.ready-demo
	$(BIN)/trellis demo --port $(PORT)

# Every check: style, types, then the tests (whose closing line is the last thing printed).
test: $(VENV)/.ready-test browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q

# Trellis beside its peers on the same work; each peer has an environment of its own.
bench: $(VENV)/.ready-demo $(PEER)/.ready
	$(BIN)/trellis bench fitting items large tracing startup --peer $(PEER)/bin/python

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready-demo: pyproject.toml | $(BIN)/python
	$(PIP) install --editable ".[serving,training]"
	touch $@

$(VENV)/.ready-test: pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --editable ".[dev]"
	touch $@ $(VENV)/.ready-demo

# pyBKT's wheel, and its build under a setuptools that it does not know, are a slow pure-Python
# version without a word, which pip also keeps. The last line makes sure that the C++ is there.
$(PEER)/.ready:
	$(PYTHON) -m venv $(PEER)
	$(PEER)/bin/python -m pip --disable-pip-version-check install --quiet \
		"setuptools<70" wheel "numpy<2.4" pandas "scikit-learn<1.8" pyarrow requests
	$(PEER)/bin/python -m pip --disable-pip-version-check install --quiet \
		--no-cache-dir --no-build-isolation --no-binary pyBKT "pyBKT==1.4.3"
	$(PEER)/bin/python -c "import pyBKT.fit.E_step"
	touch $@

# What the browser tests drive. They skip, saying so, where it cannot be had.
browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
		echo "installing chromium for the browser tests"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || \
		echo "no chromium here: the browser tests will skip"
	@test -f node_modules/axe-core/axe.min.js || \
		npm install --no-save --no-package-lock --silent axe-core >/dev/null 2>&1 || \
		echo "no axe-core here: the accessibility checks will skip"
