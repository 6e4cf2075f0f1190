# Everything runs in .venv, which the first target that needs it makes from the pins.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
BENCH := .bench-venv
LIFELINES := .bench-lifelines

# The same outputs every time, without bars of progress in notebooks.
REPEATABLE := PYTHONHASHSEED=0 TQDM_DISABLE=1 LIAISON_LANGUAGE=en
# Two processes; what shares expensive results stays in one (tests/conftest.py), the longest first.
IN_TWO := -n 2 --dist loadfile --no-loadscope-reorder
# Without tests that are slow (tests/data/slow_tests.csv) or need Spark or Chromium.
QUICK := tests src -m "not slow and not spark and not browser"
# Python of `make check-newest`: the one that is named, else the newest that is installed.
NEWEST := .newest-venv
NEWEST_PYTHON = $(if $(filter file,$(origin PYTHON)),$(shell for one in python3.14 python3.13 python3.12; do \
	$$one -c "" 2>/dev/null && { command -v $$one; break; }; done),$(PYTHON))

.PHONY: report check check-newest test lint quick-tests all-tests bench lab notebooks environment pins clean

report: .venv/.installed
	$(BIN)/liaison report data/liangjiang --out out/report

# Lint, types and import contracts, with the quick tests beside them: under 90 seconds on two cores.
check: .venv/.installed
	+$(MAKE) --no-print-directory -j 2 lint quick-tests

# Everything, about five minutes on two cores; make test COVERAGE=1 counts branches, which takes some minutes more.
test: .venv/.installed
	+$(MAKE) --no-print-directory -j 2 lint all-tests

quick-tests: .venv/.installed
	$(REPEATABLE) $(BIN)/python -m pytest $(QUICK) $(IN_TWO)

# Fonts are listed once beforehand: a notebook that has to do it says so among its outputs.
all-tests: .venv/.installed
	$(BIN)/python -c "import matplotlib.font_manager"
	$(REPEATABLE) $(BIN)/python -m pytest tests src notebooks $(IN_TWO) \
		--nbval --nbval-current-env --nbval-sanitize-with tests/nbval_sanitize.cfg $(if $(COVERAGE),--cov)

# The quick tests on another Python: make check-newest PYTHON=/path/to/python3.13.
check-newest: $(NEWEST)/.installed
	$(REPEATABLE) $(NEWEST)/bin/python -m pytest $(QUICK) $(IN_TWO)

lint: .venv/.installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo

# Each script starts its peers in an environment of their own; OR-Tools is called directly, so salons.py runs there.
bench: .venv/.installed $(BENCH)/.installed $(LIFELINES)/.installed
	set -e; for name in introductions graph themes taxonomy names names_strangers privacy suppliers supply_links followup \
		policies policies_pages; do $(BIN)/python benchmarks/$$name.py; done
	PYTHONPATH=src $(BENCH)/bin/python benchmarks/salons.py --quick

lab: .venv/.installed
	$(BIN)/jupyter lab notebooks/00_start_here.ipynb

# Runs the notebooks and records their outputs in place.
notebooks: .venv/.installed
	$(BIN)/python -c "import matplotlib.font_manager"
	$(REPEATABLE) $(BIN)/jupyter nbconvert --to notebook --execute --inplace \
		--ExecutePreprocessor.record_timing=False notebooks/[0-9]*.ipynb

# environment.yml from pyproject.toml.
environment: .venv/.installed
	$(BIN)/python .ci/dependencies.py environment

# requirements.txt from pyproject.toml: the newest versions that agree.
pins:
	$(PYTHON) .ci/dependencies.py pins

clean:
	rm -rf out dist .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed; name it: make PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(NEWEST)/.installed: requirements.txt pyproject.toml
	test -n "$(NEWEST_PYTHON)" || { echo "name a Python: make check-newest PYTHON=/path/to/python3.13"; exit 1; }
	test -x $(NEWEST)/bin/python || $(NEWEST_PYTHON) -m venv $(NEWEST)
	$(NEWEST)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(BENCH)/.installed: benchmarks/requirements.txt
	test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	# pip 23, which comes with Python 3.11, stops at an extra that two packages name (lxml's html-clean).
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps bertopic==0.17.4
	touch $@

$(LIFELINES)/.installed: benchmarks/requirements-lifelines.txt
	test -x $(LIFELINES)/bin/python || $(PYTHON) -m venv $(LIFELINES)
	$(LIFELINES)/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements-lifelines.txt
	touch $@
