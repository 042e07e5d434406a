# Two commands are all there is to set up: `make run` and `make test`. See README.md.
PYTHON ?= python3
VENV ?= .venv
OUT ?= build
# One more than there are processors: tests wait for processes, browsers and clocks.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(os.cpu_count() + 1)')
UV_VERSION := 0.13.9
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
LOCKED := $(VENV)/.locked
INSTALLED := $(VENV)/.installed

.PHONY: run test check lint types tests quick outputs lab site page notebooks baseline codebook lock oldest newest clean

run: $(INSTALLED)  ## install, then run every notebook into $(OUT)
	$(BIN)/ewppr run --out $(OUT)

# Two of these at once: types and notebooks are looked at beside the tests, and say what they found when they end.
test: $(INSTALLED)  ## everything, as CI runs it: lint, floors, docstrings, types, tests, doctests, notebooks
	@$(MAKE) --no-print-directory -j2 lint types tests outputs

check: $(INSTALLED)  ## for every change, in two minutes: as `test`, without slow tests and the notebooks
	@$(MAKE) --no-print-directory -j2 lint types quick

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	@echo numpydoc lint; $(BIN)/numpydoc lint $(shell find crossfoot nbedition ewppr_lib -name '*.py')

types: $(INSTALLED)
	@said=$$($(BIN)/mypy 2>&1); ended=$$?; echo "mypy: $$said"; exit $$ended

tests: $(INSTALLED)
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

quick: $(INSTALLED)
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not slow"

outputs: $(INSTALLED)
	@said=$$($(BIN)/pytest --nbval notebooks/ 2>&1); ended=$$?; echo "notebooks: $$said"; exit $$ended

lab: $(INSTALLED)  ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab notebooks

site: run  ## build the site into $(OUT)/site; notebooks that have not changed are not run again
	-@$(MAKE) --no-print-directory page
	$(BIN)/ewppr site --from $(OUT) --out $(OUT)/site

page: $(INSTALLED)  ## build the page that checks tables in a browser, into $(OUT); npm fetches Pyodide for it
	$(BIN)/python -m crossfoot.offline_page $(OUT)/check-your-table.html

notebooks: $(INSTALLED)  ## execute the notebooks in place, to commit their outputs anew
	$(BIN)/jupyter nbconvert --to notebook --execute --inplace --ExecutePreprocessor.record_timing=False notebooks/*.ipynb \
	  template/notebooks/*.ipynb
	$(BIN)/ewppr run 02 --out $(OUT)
	cp $(OUT)/02_funding_analysis/figures/enterprise_share.png docs/

baseline: $(INSTALLED)  ## store anew the pictures of figures that look different, to compare with from now on
	PYTHONPATH=tests $(BIN)/python tests/pictures.py

codebook: $(INSTALLED)  ## rewrite the tables of data/README.md from data/datapackage.yml
	$(BIN)/python -m nbedition.data.codebook

lock:  ## resolve pyproject.toml anew into requirements.lock and environment.yml's test
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet uv==$(UV_VERSION)
	build/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --extra test --extra site \
	  --generate-hashes --no-emit-index-url --no-header --output-file requirements.lock pyproject.toml

# Both make an environment of their own below build/; the quick tests must pass in each.
oldest: RESOLUTION := lowest-direct  ## the quick tests on the oldest versions that pyproject.toml declares
newest: RESOLUTION := highest  ## the quick tests on the newest versions there are
oldest newest:
	$(PYTHON) -m venv --clear build/$@
	build/$@/bin/pip install --quiet uv==$(UV_VERSION)
	build/$@/bin/uv pip compile --quiet --resolution $(RESOLUTION) --extra test --extra site --no-header \
	  --output-file build/$@/versions.txt pyproject.toml
	build/$@/bin/uv pip install --quiet --python build/$@/bin/python --requirement build/$@/versions.txt
	touch build/$@/.locked
	@$(MAKE) --no-print-directory quick VENV=build/$@

clean:  ## remove what running leaves behind; the notebooks and data stay
	rm -rf $(OUT) $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(LOCKED): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "This package needs Python 3.11 or newer; " + sys.executable + " is " + sys.version.split()[0] + ". Try: make $(MAKECMDGOALS) PYTHON=python3.12")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock
	@touch $@

$(INSTALLED): $(LOCKED) pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
