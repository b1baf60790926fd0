# `make demo` and `make test` do all the set-up themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
JOBS ?= 2

.PHONY: demo test lint unit selftest attacks gallery verify-pages bench bench-class kill-test \
	verify-kernels verify-numerics verify-diagnosis docs languages clean help

help:
	@echo "make demo      grade sample submissions into HTML reports"
	@echo "make test      lint, types, layers, unit tests, every exercise's self-test"
	@echo "make bench     speed beside nbgrader, otter, nbclient and the floor"
	@echo "make verify-numerics   200,000 generated answers, judged: no right one rejected, no wrong one accepted"
	@echo "make bench-class   a class of 1,000 through grader batch, beside nbgrader"
	@echo "make kill-test a batch is killed twenty times, each process of it, and resumed"
	@echo "make attacks   notebooks that attack the grader, as this user and, for root, as nobody too"
	@echo "make gallery   every diagnosis, every kind of check in each outcome, in three languages, as pages"
	@echo "make verify-pages   the gallery and hostile reports in a real Chromium, with axe-core"
	@echo "make verify-kernels  every sample's result, in forked kernels and in ordinary ones"
	@echo "make verify-diagnosis   what the catalogue names on every sample, mutant and pair"
	@echo "make docs      the pages that are made from code: misconceptions, command line, specification"
	@echo "make languages what each language lacks"
	@echo "make lint | unit | selftest   parts of it"

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  || { echo "Python 3.11 to 3.13 is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Name another: make PYTHON=python3.12 …"; exit 3; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "$(PYTHON) cannot make environments. As root: apt-get install python3-venv"; exit 3; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,lint]'
	@touch $(READY)

demo: $(READY)
	$(BIN)/python scripts/demo.py

test: lint unit selftest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(READY)
	$(BIN)/pytest -q -n $(JOBS) --dist loadfile tests

selftest: $(READY)
	$(BIN)/pytest -q -n $(JOBS) exercises/

verify-numerics: $(READY)
	$(BIN)/python -m tests.numerics.verify

bench: $(READY)
	$(BIN)/python benchmarks/bench.py $(BENCH)

bench-class: $(READY)
	$(BIN)/python -m benchmarks.class_bench $(CLASS)

attacks: $(READY)
	$(BIN)/python -m tests.attacks

gallery: $(READY)
	$(BIN)/python -m scripts.gallery

verify-pages: $(READY)
	@$(BIN)/python -m tests.pages

verify-kernels: $(READY)
	$(BIN)/python -m tests.run.same

kill-test: $(READY)
	$(BIN)/python -m tests.batch.kills $(KILLS)

# The first time every sample is run (minutes); what it showed is kept in .diagnosis/.
verify-diagnosis: $(READY)
	$(BIN)/python -m tests.diagnose.verify --jobs $(JOBS)

docs: $(READY)
	$(BIN)/python scripts/misconceptions.py
	$(BIN)/python scripts/cli_reference.py
	$(BIN)/python scripts/specification.py

languages: $(READY)
	$(BIN)/python scripts/languages.py

clean:
	rm -rf $(VENV) .demo .gallery .grader .diagnosis
