# The commands of this repository. They work from any folder (make -C ...), in a fresh clone, with nothing but Python and make.
.PHONY: demo test check bench accuracy soak defects crosscheck accepted parts requirements help
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PORT ?=
EVAL ?=
D ?=
N ?=
SEED ?=
T ?=
RUN := .venv/.run
DEV := .venv/.dev

# An environment whose Python is gone (upgraded, folder moved) is built again.
$(shell [ ! -e .venv ] || .venv/bin/python -c '' 2>/dev/null || rm -f $(RUN) $(DEV))

help:
	@echo 'make demo [PORT=8080]   start Parlance with its example product'
	@echo 'make test [T=tests/..]  run the tests'
	@echo 'make check              ruff, mypy, layout, built panel'
	@echo 'make bench              measure a turn'
	@echo 'make accuracy [EVAL=..] measure the built-in model on rows with known answers: bench/accuracy.md'
	@echo 'make soak [N=500 SEED=..]  random faults against real workers; the invariants at the ledger'
	@echo 'make defects            seed defects, and show which test or invariant catches each'
	@echo 'make crosscheck         hold our requests against uritemplate and openapi-core'
	@echo 'make accepted [D=..]    send an example of every operation of documents to Prism'

$(RUN): requirements.txt pyproject.toml make/venv
	@make/venv requirements.txt $@

$(DEV): requirements-dev.txt requirements.txt pyproject.toml make/venv
	@make/venv requirements-dev.txt $@ && touch $(RUN)

demo: $(RUN)
	@exec .venv/bin/python parlance.py demo $(if $(PORT),--port $(PORT))

parts: $(DEV)
	@make/parts

# Two at a time, since many tests wait (for a worker that was killed, say); what T names runs alone.
test: parts
	@.venv/bin/python -m pytest -q $(or $(T),-n 2 --dist worksteal)

check: $(DEV)
	@.venv/bin/ruff check --quiet --output-format concise .
	@.venv/bin/mypy --no-error-summary
	@.venv/bin/python -m pytest -q tests/test_layout.py
	@if command -v node >/dev/null && [ -d web/node_modules ]; then sh web/check_built.sh; else echo 'web: not built here (needs node and npm ci in web/)'; fi

bench: $(DEV)
	@.venv/bin/python bench/turn.py

accuracy: parts
	@.venv/bin/python -m bench.accuracy $(if $(EVAL),--eval $(EVAL))

soak: parts
	@.venv/bin/python -m bench.soak $(if $(N),--faults $(N)) $(if $(SEED),--seed $(SEED))

defects: parts
	@.venv/bin/python -m bench.defects

crosscheck: $(DEV)
	@make/oracle
	@.venv/bin/python -m bench.golden_requests >.oracle/requests.jsonl && .oracle/bin/python bench/crosscheck.py <.oracle/requests.jsonl

accepted: $(DEV)
	@make/oracle prism
	@.venv/bin/python -m bench.accepted $(D)

# For maintainers: pins and hashes for every Python we support; no registry's address and no machine's path inside.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
requirements:
	@$(COMPILE) pyproject.toml --group install -o requirements.txt
	@$(COMPILE) pyproject.toml --group install --group dev -c requirements.txt -o requirements-dev.txt
