# Everything runs in .venv, which the first target that needs it makes from the pins.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
BENCH := .bench-venv
LIFELINES := .bench-lifelines

# The same outputs every time, without bars of progress in notebooks.
REPEATABLE := PYTHONHASHSEED=0 TQDM_DISABLE=1 LIAISON_LANGUAGE=en

.PHONY: report test lint bench lab notebooks environment pins clean

report: .venv/.installed
	$(BIN)/liaison report data/liangjiang --out out/report

# Fonts are listed once beforehand: a notebook that has to do it says so among its outputs.
test: lint
	$(BIN)/python -c "import matplotlib.font_manager"
	$(REPEATABLE) $(BIN)/python -m pytest tests src notebooks -n 2 --dist loadfile \
		--nbval --nbval-current-env --nbval-sanitize-with tests/nbval_sanitize.cfg --cov

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

$(BENCH)/.installed: benchmarks/requirements.txt
	test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps bertopic==0.17.4
	touch $@

$(LIFELINES)/.installed: benchmarks/requirements-lifelines.txt
	test -x $(LIFELINES)/bin/python || $(PYTHON) -m venv $(LIFELINES)
	$(LIFELINES)/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements-lifelines.txt
	touch $@
